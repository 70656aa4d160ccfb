"""Any setting that GET shows and POST changes: `Setting` with what the program says of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.kinds import undeclared
from pulumi_openai_admin.handlers.kinds.undeclared import PROPERTIES, Undeclared, flat, opened
from pulumi_openai_admin.handlers.restoration import HIDDEN
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.schema.paths import PATH, ids_in, template_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client


@dataclass(frozen=True)
class _OneSetting(Setting):
    """The shape, for one resource.

    Args:
        is_secret: Whether messages show no value of the setting.
    """

    is_secret: bool = False

    def format_value(self, name: str, value: Any) -> str:
        """See `Handler.format_value`."""
        return HIDDEN if self.is_secret else super().format_value(name, value)

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it.

        Raises:
            errors.ConfigurationError: The path has a list of objects.
        """
        shown = super().live(client, remote)
        if isinstance(shown.get("data"), list) and "has_more" in shown:
            what = f"The path {self.path_of(remote)} leads to a list of objects, not to a setting"
            raise errors.ConfigurationError(what, "Declare an ApiObject for each object.")
        return shown

    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        """See `Setting.write`. OpenAI may show a value in another form."""
        before = dict(remote.attributes)
        reply = super().write(client, remote, properties, action)
        undeclared.note_normalized(remote, properties, before)
        return reply


@dataclass(frozen=True)
class ApiSettings(Undeclared):
    """The handler."""

    traits: ClassVar[Traits] = replace(Undeclared.traits, manages_existing=True)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a setting that already holds what is wanted: nothing is written."""
        self.create(client, remote, wanted)

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The whole setting."""
        path = str(parents[PATH])
        return self._setting(path).claims(ids_in(path), flat(wanted), document)

    def _setting(self, path: str, names: Sequence[str] = (), *, is_secret: bool = False) -> _OneSetting:
        return _OneSetting(template_of(path), undeclared.noun_of(path), settable=tuple(names), is_secret=is_secret)

    @contextmanager
    def opened(self, remote: Remote, wanted: Wanted | None) -> Iterator[tuple[_OneSetting, Remote]]:
        """See `Undeclared.opened`."""
        names = remote.attributes.get(PROPERTIES, {}) if wanted is None else flat(wanted).settings
        secret = PROPERTIES in remote.step.secret
        setting = self._setting(undeclared.path_of(remote), sorted(names), is_secret=secret)
        with opened(remote, wanted) as inner:
            yield setting, inner

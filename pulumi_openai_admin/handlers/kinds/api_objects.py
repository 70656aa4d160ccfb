"""Objects of any collection: `Collection` with what the program says of the collection."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.baseline import HIDDEN
from pulumi_openai_admin.handlers.kinds import undeclared
from pulumi_openai_admin.handlers.kinds.undeclared import IDENTITY, PROPERTIES, Undeclared, flat, opened
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema.paths import PATH, Paging, ids_in, template_of
from pulumi_openai_admin.schema.shapes import are_same
from pulumi_openai_admin.schema.unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Traits, Wanted
    from pulumi_openai_admin.handlers.lost_requests import LostRequests
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Objects(Collection):
    """The shape, for one resource.

    Args:
        is_secret: Whether messages show no value of the program.
    """

    is_secret: bool = False

    def _fits(self, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether an object may be the one that was sent. A property that no list shows recognizes nothing."""
        shown = {name: documents.get(row, name) for name in body}
        are_named = self.has_optional_name or all(shown.get(name) is not None for name in self.recognized_by)
        known = [name for name, value in shown.items() if value is not None]
        return are_named and bool(known) and all(remote.are_equal(name, shown[name], body[name]) for name in known)

    def _called(self, body: Mapping[str, Any]) -> object:
        return HIDDEN if self.is_secret else super()._called(body)

    def _name(self, remote: Remote) -> str:
        if not self.is_secret:
            return super()._name(remote)
        return f"{self.noun} {remote.id} of {self._parent(remote)}" if remote.parents else f"{self.noun} {remote.id}"


@dataclass(frozen=True)
class ApiObjects(Undeclared):
    """The handler."""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the object, once."""
        with self.opened(remote, wanted) as (collection, inner):
            collection.create(client, inner, flat(wanted))
            _note_normalized(collection, inner, flat(wanted).settings, {})

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Import an object as it is."""
        with self.opened(remote, wanted) as (collection, inner):
            collection.read(client, inner)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send what may be changed in place, if any of it differs."""
        with self.opened(remote, wanted) as (collection, inner):
            before = dict(inner.attributes)
            collection.update(client, inner, flat(wanted))
            sent = {name: value for name, value in flat(wanted).settings.items() if name in collection.settable}
            _note_normalized(collection, inner, sent, before)

    def lost_requests(self, client: Client, remote: Remote) -> list[LostRequests]:
        """See `Handler.lost_requests`."""
        with self.opened(remote, None) as (collection, inner):
            return collection.lost_requests(client, inner)

    def needs_replacement(self, remote: Remote, wanted: Wanted, name: str) -> bool:
        """Whether a property has another value that is not in `settable`. One that is removed stays as it is."""
        if name != PROPERTIES:
            return False
        shown, settable = undeclared.by_openais_names(remote.attributes), wanted.options.get("settable") or ()
        return any(
            is_unknown(value) or not are_same(undeclared.as_sent(remote, key, shown.get(key), value), value)
            for key, value in flat(wanted).settings.items()
            if key not in settable
        )

    @contextmanager
    def opened(self, remote: Remote, wanted: Wanted | None) -> Iterator[tuple[_Objects, Remote]]:
        """See `Undeclared.opened`."""
        options = remote.options if wanted is None else wanted.options
        identity = str(options.get(IDENTITY) or "id")
        known = remote.attributes.get(PROPERTIES, {}) if wanted is None else flat(wanted).settings
        recognized_by = tuple(options.get("recognized_by") or ())
        path = undeclared.path_of(remote)
        collection = _Objects(
            template_of(path),
            noun=undeclared.noun_of(path).removesuffix("s"),
            recognized_by=recognized_by or tuple(sorted(known)) or (identity,),
            paging=Paging(options.get("paging") or Paging.LAST_ID.value),
            settable=tuple(options.get("settable") or ()),
            identity=identity,
            is_dated=False,  # objects that show a time are recognized by it, too
            has_optional_name=not recognized_by,
            is_secret=PROPERTIES in remote.step.secret,
        )
        with opened(remote, wanted, identity) as inner:
            yield collection, inner


def _note_normalized(collection: _Objects, remote: Remote, sent: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Remember the values that OpenAI shows in another form than they were sent, and warn of them once."""
    others = undeclared.note_normalized(remote, sent, before)
    if others:
        logger.warning(
            "%s: OpenAI shows another value of %s than the program sets. The output `object` has it.",
            capitalized(collection._name(remote)), ", ".join(others),  # noqa: SLF001 - of this module
        )  # fmt: skip


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

"""A setting that may be absent: GET shows it, POST sets all of it, DELETE removes it. There is one in each place.

What was found before the first change is kept, and restored on destroy; a setting that was absent is deleted.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import restoration
from pulumi_openai_admin.handlers.baseline import BASELINE, Baseline, not_applied
from pulumi_openai_admin.handlers.handler import Remote, Shows, Traits
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.http.call import Call

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pulumi_openai_admin.http.client import Client

_WHOLE = "setting"
"""The whole setting, as one property of `Baseline`: a mapping of what a program could set, or None."""


@dataclass(frozen=True)
class OptionalSetting(Setting):
    """The handler; see `Setting` for its arguments. All that a program sets is sent together."""

    traits: ClassVar[Traits] = replace(Setting.traits, shows=Shows.ONE_OR_NONE)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the setting up to date; one that somebody deleted no longer exists."""
        self.learn(remote, self.declared(client, remote))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it.

        Raises:
            errors.ResourceGoneError: There is none.
        """
        live = self.live(client, remote)
        if not live:
            raise errors.ResourceGoneError.absent(self.name(remote), ". The next update sets it again.")
        return live

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it; empty where there is none."""
        try:
            return super().live(client, remote)
        except errors.NotFoundError:
            return {}

    def settle(self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Set all of it, if it differs."""
        with self._whole(client, remote, live) as whole:
            self.warn(remote, whole.settle({_WHOLE: self._ordered(remote, settings)}))

    def parts(self, settings: Mapping[str, Any]) -> Collection[str]:  # noqa: ARG002
        """See `Setting.parts`: the whole setting."""
        return (_WHOLE,)

    def undo(self, client: Client, remote: Remote) -> bool:
        """Restore what this run found."""
        with self._whole(client, remote, self.live(client, remote)) as whole:
            return whole.undo()

    def restore(self, client: Client, remote: Remote, live: Mapping[str, Any]) -> None:
        """Set what was found, or delete the setting if it was absent; what others have changed since is left."""
        if live:
            with self._whole(client, remote, live) as whole:
                self.warn(remote, whole.restore())

    @contextmanager
    def _whole(self, client: Client, remote: Remote, live: Mapping[str, Any]) -> Iterator[Baseline]:
        """The baseline of the setting as one property; what it learns is written into `remote`."""
        self.learn(remote, live)
        found = remote.attributes[BASELINE]
        whole = Remote(
            remote.parents, remote.id, {_WHOLE: self._settings(remote, live) or None}, remote.memory, step=remote.step
        )
        whole.attributes[BASELINE] = {_WHOLE: found} if found else {}

        def write(properties: Mapping[str, Any], action: str) -> None:
            settings = properties[_WHOLE]
            self._put(client, remote, settings or {}, action.replace(_WHOLE, ", ".join(settings or ()), 1))
            whole.attributes[_WHOLE] = settings

        def format_value(_: str, settings: Any) -> str:
            return ", ".join(f"{name} {shown(name, value)}" for name, value in (settings or {}).items()) or "none"

        def shown(name: str, value: Any) -> str:
            is_secret = self.called.get(name, name) in remote.step.secret
            return restoration.HIDDEN if is_secret else self.format_value(name, value)

        try:
            yield Baseline(
                whole,
                self.name(remote),
                write,
                can_unset=(_WHOLE,),
                format_value=format_value,
                is_managed_elsewhere=self._managed_elsewhere(client, remote),
            )
        finally:
            remote.memory = whole.memory
            remote.attributes[BASELINE] = whole.attributes[BASELINE].get(_WHOLE, {})

    def _put(self, client: Client, remote: Remote, settings: Mapping[str, Any], action: str) -> None:
        """Set it, or delete it where nothing is to be there."""
        if settings:
            self._send(client, remote, settings, action)
            return
        try:
            with client.inside(remote.parents):
                client.send(Call("DELETE", self.path_of(remote), f"delete {self.name(remote)}"))
        except errors.NotFoundError:
            return  # somebody else was faster, or the response to an earlier attempt was lost

    def _send(self, client: Client, remote: Remote, settings: Mapping[str, Any], action: str) -> None:
        """POST, and compare the response with the body."""
        reply = self._settings(remote, self.write(client, remote, settings, action))
        wrong = {name: reply[name] for name in settings if name in reply and reply[name] != settings[name]}
        if wrong:
            differences = {
                name: (self.format_value(name, value), self.format_value(name, settings[name]))
                for name, value in wrong.items()
            }
            raise not_applied(self.name(remote), differences)

    def _settings(self, remote: Remote, shown: Mapping[str, Any]) -> dict[str, Any]:
        """What a program could set, of what OpenAI shows."""
        return self._ordered(remote, {name: shown[name] for name in self.settable if shown.get(name) is not None})

    @staticmethod
    def _ordered(remote: Remote, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {name: sorted(value) if name in remote.unordered else value for name, value in settings.items()}

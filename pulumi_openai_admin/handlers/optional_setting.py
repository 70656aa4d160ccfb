"""A setting that may be absent: GET shows it, POST sets all of it, DELETE removes it. There is one in each place.

What was found before the first change is kept, and restored on destroy; a setting that was absent is deleted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.handlers.kept_values import BASELINE
from pulumi_openai_admin.handlers.setting import Setting
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

# What is remembered from one run to the next (`Remote.private`):
_IS_KEPT = "is_kept"
"""Whether the baseline holds what was found before the first change; an empty one says that nothing was there."""
_WRITTEN = "written"
"""The settings that this resource wrote last, or found as wanted."""
_MAY_HOLD = "may_hold"
"""After lost replies: other settings that this resource may have left there."""


@dataclass(frozen=True)
class OptionalSetting(Setting):
    """The handler; see `Setting` for its arguments. All that a program sets is sent together."""

    shows: ClassVar[Shows] = Shows.ONE_OR_NONE

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the setting up to date; one that somebody deleted is gone."""
        self.learn(remote, self.declared(client, remote))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it.

        Raises:
            errors.ResourceGoneError: There is none.
        """
        live = self.live(client, remote)
        if not live:
            what = f"{self.name(remote)} is not at OpenAI any more"
            raise errors.ResourceGoneError(what, Advice(remedies.REFRESH_THEN_RUN, ". That sets it again."))
        return live

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it; empty where there is none."""
        try:
            return super().live(client, remote)
        except errors.NotFoundError:
            return {}

    def settle(self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Set all of it, if it differs."""
        self.learn(remote, live)
        found = self._settings(remote, live)
        if not remote.private.get(_IS_KEPT):
            remote.private[_IS_KEPT] = True
            remote.attributes[BASELINE] = found
        remote.rollback.setdefault("found", found)
        wanted = self._ordered(remote, settings)
        if found == wanted:
            remote.private[_WRITTEN] = wanted
            remote.private.pop(_MAY_HOLD, None)
        else:
            self._post(client, remote, wanted)

    def undo(self, client: Client, remote: Remote) -> bool:
        """Put back what this run found."""
        found = remote.rollback.get("found", {})
        if self._settings(remote, self.live(client, remote)) != found:
            self._put(client, remote, found)
        return True

    def restore(self, client: Client, remote: Remote, live: Mapping[str, Any]) -> None:
        """Set what was found, or delete the setting if it was absent; what others have changed since is left."""
        baseline = dict(remote.attributes.get(BASELINE, {}))
        settings = self._settings(remote, live)
        if not live or not remote.private.get(_IS_KEPT) or settings == baseline:
            return
        if settings not in [remote.private.get(_WRITTEN), *remote.private.get(_MAY_HOLD, ())]:
            now = ", ".join(f"{name} {self.told(name, value)}" for name, value in settings.items())
            logger.warning("%s was not restored: it was changed outside Pulumi to %s.", self.name(remote), now)
            return
        self._put(client, remote, baseline)

    def _put(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> None:
        """Set it, or delete it where nothing is to be there."""
        if settings:
            self._send(client, remote, settings, f"restore {self.name(remote)}")
            return
        try:
            with client.inside(remote.parents):
                client.send(Call("DELETE", self.path_of(remote), f"delete {self.name(remote)}"))
        except errors.NotFoundError:
            return  # somebody else was faster, or the reply to an earlier try was lost

    def _post(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> None:
        """Set it; where the reply is lost, what may be there now is remembered."""
        private, has_changed = dict(remote.private), remote.has_changed
        before = remote.private.get(_WRITTEN)
        may_hold = [*remote.private.get(_MAY_HOLD, ()), *([before] if before is not None else [])]
        if may_hold:
            remote.private[_MAY_HOLD] = may_hold
        remote.private[_WRITTEN] = dict(settings)
        remote.has_changed = True  # until the contrary is known: a lost reply may hide a change
        try:
            self._send(client, remote, settings, f"set {', '.join(settings)} of {self.name(remote)}")
        except errors.AdminError as error:
            if not error.may_have_acted:
                remote.private, remote.has_changed = private, has_changed
            raise
        remote.private.pop(_MAY_HOLD, None)

    def _send(self, client: Client, remote: Remote, settings: Mapping[str, Any], action: str) -> None:
        """POST, and compare what OpenAI answers with what was sent."""
        reply = self._settings(remote, self.write(client, remote, settings, action))
        wrong = {name: reply[name] for name in settings if name in reply and reply[name] != settings[name]}
        if wrong:
            told = ", ".join(
                f"{name} is {self.told(name, value)} instead of {self.told(name, settings[name])}"
                for name, value in wrong.items()
            )
            what = f"OpenAI accepted the change of {self.name(remote)} without making it: {told}"
            raise errors.UpdateNotAppliedError(what)

    def _settings(self, remote: Remote, shown: Mapping[str, Any]) -> dict[str, Any]:
        """What a program could set, of what OpenAI shows."""
        return self._ordered(remote, {name: shown[name] for name in self.settable if shown.get(name) is not None})

    @staticmethod
    def _ordered(remote: Remote, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {name: sorted(value) if name in remote.unordered else value for name, value in settings.items()}

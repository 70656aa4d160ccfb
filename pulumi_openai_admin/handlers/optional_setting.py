"""A setting that may be absent: GET shows it, POST sets it, DELETE removes it. There is one in each place.

What was found before the first change is kept, and restored on destroy; a setting that was absent is deleted.
"""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Adoptable, Claim, Shows
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger("pulumi_openai_admin")

# What is remembered from one run to the next (`Remote.private`):
_IS_KEPT = "is_kept"
"""Whether `baseline` holds what was found before the first change; an empty one says that nothing was there."""
_WRITTEN = "written"
"""The settings that this resource wrote last, or found as wanted."""
_MAY_HOLD = "may_hold"
"""After lost replies: other settings that this resource may have left there."""


@dataclass(frozen=True)
class OptionalSetting(Adoptable):
    """The shape.

    Args:
        path: Where the setting is.
        noun: What it is called: "spend limit".
        settable: What a program sets, in OpenAI's spelling.
        constants: What OpenAI asks for besides, and has one value only.
    """

    manages_existing: ClassVar[bool] = True
    remembers_settings: ClassVar[bool] = True
    shows: ClassVar[Shows] = Shows.ONE
    not_shown: ClassVar[tuple[str, ...]] = ("baseline",)

    path: str
    noun: str
    settable: tuple[str, ...]
    constants: tuple[tuple[str, Any], ...] = ()

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Keep what is there, and write what differs."""
        remote.id = [*remote.parents.values(), "organization"][0]
        self.update(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a setting that already holds what is wanted: nothing is written."""
        self.create(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the setting up to date; one that somebody deleted is gone."""
        live = self._live(client, remote)
        if live is None:
            what = f"{self._name(remote)} is not at OpenAI any more"
            raise errors.ResourceGoneError(what, "Run `pulumi refresh`, then `pulumi up` to set it again.")
        self._learn(remote, live)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Write what differs."""
        remote.acquire(client, self._path(remote))
        with client.turn(self._path(remote), f"look at {self._name(remote)}"):
            live = self._live(client, remote)
            self._learn(remote, live or {})
            if not remote.private.get(_IS_KEPT):
                remote.private[_IS_KEPT] = True
                remote.attributes["baseline"] = self._settings(live or {})
            remote.rollback.setdefault("found", self._settings(live or {}))
            settings = {name: wanted.settings[name] for name in self.settable if name in wanted.settings}
            if self._settings(live or {}) == settings:
                remote.private[_WRITTEN] = settings
                remote.private.pop(_MAY_HOLD, None)
            else:
                self._post(client, remote, settings)

    def delete(self, client: Client, remote: Remote) -> None:
        """Restore what was found, or delete the setting if it was absent.

        Raises:
            errors.ProjectNotFoundError: The key does not show the project, so nothing can be restored.
        """
        with client.turn(self._path(remote), f"look at {self._name(remote)}"):
            if client.is_owned(self._path(remote)):
                logger.warning("%s was left as it is: another resource of this run manages it.", self._name(remote))
                return
            try:
                live = self._live(client, remote)
                self._restore(client, remote, live)
            except errors.ParentNotFoundError:
                raise
            except errors.ResourceGoneError as gone:
                logger.warning("%s was not restored: %s.", self._name(remote), gone.event)

    def undo(self, client: Client, remote: Remote) -> bool:
        """Put back what this run found."""
        found = remote.rollback.get("found", {})
        live = self._settings(self._live(client, remote) or {})
        if live != found:
            self._put(client, remote, found)
        return True

    def claim(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Claim | None:  # noqa: ARG002
        """The whole setting."""
        place = fill(self.path, **{name: str(value) for name, value in parents.items()})
        return Claim(place, what=f"the {self.noun} of {describe({name: str(id_) for name, id_ in parents.items()})}")

    def _restore(self, client: Client, remote: Remote, live: Mapping[str, Any] | None) -> None:
        baseline = dict(remote.attributes.get("baseline", {}))
        settings = self._settings(live or {})
        if live is None or not remote.private.get(_IS_KEPT) or settings == baseline:
            return
        if settings not in [remote.private.get(_WRITTEN), *remote.private.get(_MAY_HOLD, ())]:
            logger.warning("%s was not restored: it was changed outside Pulumi to %s.", self._name(remote), settings)
            return
        self._put(client, remote, baseline)

    def _put(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> None:
        """Set it, or delete it where nothing is to be there."""
        if settings:
            self._send(client, remote, settings, f"restore {self._name(remote)}")
            return
        try:
            with client.inside(remote.parents):
                client.send(Call("DELETE", self._path(remote), f"delete {self._name(remote)}"))
        except errors.NotFoundError:
            return  # somebody else was faster, or the reply to an earlier try was lost

    def _post(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> None:
        """Set it; where the reply is lost, what may be there now is remembered."""
        private, has_changed = copy.deepcopy(remote.private), remote.has_changed
        before = remote.private.get(_WRITTEN)
        may_hold = [*remote.private.get(_MAY_HOLD, ()), *([before] if before is not None else [])]
        if may_hold:
            remote.private[_MAY_HOLD] = may_hold
        remote.private[_WRITTEN] = dict(settings)
        remote.has_changed = True  # until the contrary is known: a lost reply may hide a change
        try:
            reply = self._send(client, remote, settings, f"set {', '.join(settings)} of {self._name(remote)}")
        except errors.AdminError as error:
            if not error.may_have_acted:
                remote.private, remote.has_changed = private, has_changed
            raise
        self._learn(remote, {**settings, **reply})
        remote.private.pop(_MAY_HOLD, None)

    def _send(self, client: Client, remote: Remote, settings: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        """POST, and compare what OpenAI answers with what was sent."""
        with client.inside(remote.parents):
            reply = client.send(Call("POST", self._path(remote), action, body={**dict(self.constants), **settings}))
        wrong = {name: reply[name] for name in settings if name in reply and reply[name] != settings[name]}
        if wrong:
            told = ", ".join(f"{name} is {value} instead of {settings[name]}" for name, value in wrong.items())
            what = f"OpenAI accepted the change of {self._name(remote)} without making it: {told}"
            raise errors.UpdateNotAppliedError(what, "Run `pulumi up` again; if it stays so, ask OpenAI's support.")
        return reply

    def _live(self, client: Client, remote: Remote) -> dict[str, Any] | None:
        """The setting as OpenAI shows it; None where there is none."""
        try:
            with client.inside(remote.parents):
                return client.send(Call("GET", self._path(remote), f"read {self._name(remote)}"))
        except errors.NotFoundError:
            return None

    def _settings(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return {name: document[name] for name in self.settable if document.get(name) is not None}

    def _learn(self, remote: Remote, live: Mapping[str, Any]) -> None:
        remote.attributes = {**live, "baseline": dict(remote.attributes.get("baseline", {}))}

    def _path(self, remote: Remote) -> str:
        return fill(self.path, **remote.parents)

    def _name(self, remote: Remote) -> str:
        return f"{self.noun} of {describe(remote.parents)}"

"""Access for a limited time: the option `until`, for one object and for the members of a set.

Access whose time is over is removed by the next update, as if it had left the program: whoever added it. The state
then remembers that it has ended, so that the declaration can stay in the program. Access that has ended is no longer
managed: nothing of it is read, and destroy leaves what others have added since.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.batch import HANDOVER_SECONDS
from pulumi_openai_admin.handlers.handler import Handler, PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.schema import formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.http.client import Client

UNTIL = "until"
"""The option: of one object a moment, of a set the moments by the names of members."""
NOTICE_SECONDS = 7 * 86_400
"""How long before the end previews say when it is."""
_OBJECT = ""
"""In place of a member's name, of a resource that manages one object."""


@dataclass(eq=False, repr=False)
class EndedAccess(MemoryPart):
    """The access that no longer exists, and whose time is over."""

    ended: list[str] = field(default_factory=list)
    """The names of the members of a set; `_OBJECT` of a resource with one object."""


def deadlines(options: Mapping[str, Any], after: float = -math.inf, until: float = math.inf) -> dict[str, Any]:
    """Return when access ends, by the names of members, as the program writes it: what is known and valid.

    Args:
        after: Only what ends after this time, in seconds since 1970.
        until: Only what ends until this time.
    """
    moments = options.get(UNTIL)
    entries = moments if isinstance(moments, dict) else {_OBJECT: moments}
    seconds = {name: formats.moment_seconds(value) for name, value in entries.items()}
    return {name: entries[name] for name, moment in seconds.items() if moment is not None and after < moment <= until}


def are_same_moments(known: Any, value: Any) -> bool:
    """Return whether two values of `until` are the same moments, however they are written."""
    if isinstance(known, dict) and isinstance(value, dict):
        return known.keys() == value.keys() and all(are_same_moments(known[name], value[name]) for name in known)
    moment = formats.moment_seconds(known)
    return moment is not None and moment == formats.moment_seconds(value)


def has_ended(remote: Remote) -> bool:
    """Return whether the one object of a resource has ended because its time was over."""
    return _OBJECT in remote.memory[EndedAccess].ended


class TemporaryAccess(Handler):
    """A handler of access that may have an end."""

    @abstractmethod
    def holder(self, remote: Remote, names: Sequence[str]) -> str:
        """Whose access it is, in words: "user user-1 of project proj_1"."""

    @abstractmethod
    def read_list(self, client: Client, remote: Remote) -> None:
        """Read the list that the access is in: its response shows OpenAI's time."""

    @property
    def access_noun(self) -> str:
        """What ends, in words."""
        return "access"

    def existing_access(self, remote: Remote, entries: Mapping[str, Any]) -> dict[str, Any]:
        """The entries whose names have the access by the state. The only name is `_OBJECT` for one object."""
        return {} if has_ended(remote) else dict(entries)

    @override
    def is_scheduled(self, inputs: Mapping[str, Any]) -> bool:
        return inputs.get(UNTIL) is not None

    def pending_actions(self, remote: Remote, wanted: Wanted, now: float) -> list[PendingAction]:
        """See `Handler.pending_actions`: access whose time is over, and that is still there."""
        over = self.existing_access(remote, deadlines(wanted.options, until=now))
        if not over:
            return []
        return [PendingAction(self._say(remote, over, "ended"), f"remove the {self.access_noun}", renews=False)]

    def announcements(self, remote: Remote, wanted: Wanted, now: float) -> list[str]:
        """See `Handler.announcements`: access that ends in the next days."""
        soon = self.existing_access(remote, deadlines(wanted.options, now, now + NOTICE_SECONDS))
        return [f"{self._say(remote, soon, 'ends')}."] if soon else []

    def reminders(self, remote: Remote, wanted: Wanted) -> list[str]:
        """See `Handler.reminders`: access that has ended, and is still in the program."""
        ended = self.ended(remote, wanted.options)
        return [f"{self._say(remote, ended, 'ended')}. It can be removed from the program."] if ended else []

    def ended(self, remote: Remote, options: Mapping[str, Any], now: float | None = None) -> dict[str, Any]:
        """The moments of access that has ended, unless the program has another moment for it now.

        Args:
            now: The time in seconds since 1970: also those of access whose time is over; see `Handler.without_ended`.
        """
        before, known = deadlines(remote.options), remote.memory[EndedAccess].ended
        entries = {
            name: value
            for name, value in deadlines(options).items()
            if name in known and are_same_moments(before.get(name), value)
        }
        existing = self.existing_access(remote, entries)
        ended = {name: value for name, value in entries.items() if name not in existing}
        return ended if now is None else {**ended, **deadlines(options, until=now)}

    @override
    def past_deadline(self, before: Mapping[str, Any], given: Mapping[str, Any], now: float) -> str:
        known = deadlines(before)
        for name, value in deadlines(given, until=now).items():
            if not are_same_moments(known.get(name), value):
                return _past(name, value)
        return ""

    def means_same(self, remote: Remote, name: str, value: Any) -> bool:
        """See `Handler.means_same`: the same moments."""
        return name == UNTIL and are_same_moments(remote.options.get(UNTIL), value)

    def over(self, client: Client, remote: Remote, options: Mapping[str, Any]) -> dict[str, Any]:
        """The moments that have passed by OpenAI's clock. If it is not known yet, OpenAI is asked first."""
        if not deadlines(options):
            return {}
        if client.clock.now() is None:
            with suppress(errors.ParentEndedError):
                self.read_list(client, remote)
        return deadlines(options, until=client.clock.now_or_local())

    def refuse_past(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Refuse to give access whose time is over."""
        for name, value in self.over(client, remote, wanted.options).items():
            raise errors.ConfigurationError(_past(name, value).removesuffix("."))

    def _say(self, remote: Remote, entries: Mapping[str, Any], verb: str) -> str:
        subject = f"The {self.access_noun} of {self.holder(remote, list(entries))} {verb}"
        if len(entries) == 1:
            return f"{subject} on {formats.moment_in_words(*entries.values())}"
        ends = [f"{name} on {formats.moment_in_words(at)}" for name, at in entries.items()]
        return f"{subject}: {bounded(', ', ends)}"


class TemporaryObject(TemporaryAccess):
    """A handler of one object that may have an end."""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Give the access, or manage access that exists."""
        self.refuse_past(client, remote, wanted)
        self.grant(client, remote, wanted, is_new=True)

    @abstractmethod
    def grant(self, client: Client, remote: Remote, wanted: Wanted, *, is_new: bool = False) -> None:
        """Give the access, or change what differs of it.

        Args:
            is_new: Whether the resource did not manage the access before this step.
        """

    @abstractmethod
    def end(self, client: Client, remote: Remote) -> None:
        """Remove the access, whoever gave it."""

    def has_returned(self, client: Client, remote: Remote) -> bool:
        """Whether the person whom the program names has the access again, under another id than the state has."""
        return False

    @override
    def without_ended(self, remote: Remote, inputs: Mapping[str, Any], now: float | None) -> Mapping[str, Any] | None:
        return None if self.ended(remote, inputs, now) else inputs

    @abstractmethod
    def refresh(self, client: Client, remote: Remote) -> None:
        """See `Handler.read`, of access that has not ended."""

    @abstractmethod
    def remove(self, client: Client, remote: Remote) -> object:
        """See `Handler.delete`, of access whose time is not over."""

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the object up to date. Access that somebody else has removed, and whose time is over, has ended."""
        if has_ended(remote):
            return
        try:
            self.refresh(client, remote)
        except errors.ResourceGoneError as gone:
            is_certain = not isinstance(gone, errors.ParentNotFoundError)
            if not (is_certain and self.over(client, remote, remote.options)):
                raise
            if not self.has_returned(client, remote):  # otherwise the next update removes it
                remote.memory.put(EndedAccess([_OBJECT]))

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """End access whose time is over, give access again that has ended before, or change what differs."""
        if self.over(client, remote, wanted.options):
            if not has_ended(remote):
                client.pause(HANDOVER_SECONDS, f"remove {self.holder(remote, [])}")
            self._end(client, remote)
            remote.attributes.update(wanted.settings)  # the state agrees with a program that still has it
        else:
            is_new = has_ended(remote)
            remote.memory.put(EndedAccess())
            self.grant(client, remote, wanted, is_new=is_new)

    def delete(self, client: Client, remote: Remote) -> None:
        """Remove what the resource declares, unless another resource declares it; all access if its time is over."""
        if has_ended(remote) or self.over(client, remote, remote.options):
            self._end(client, remote)
        else:
            self.remove(client, remote)

    def _end(self, client: Client, remote: Remote) -> None:
        if not has_ended(remote):
            self.end(client, remote)
            remote.memory.put(EndedAccess([_OBJECT]))


def _past(name: str, value: Any) -> str:
    place = f"{UNTIL} of {name}" if name else UNTIL
    when = formats.moment_in_words(value)
    return f"{place} is {when}, which is in the past: set a later time, or remove it from the program."

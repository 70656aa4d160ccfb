"""Keys that are rotated on a schedule: `rotate_every`, and `overlap`, in which the old key continues to work.

Without an overlap the engine replaces a key that is due, as if `triggers` had changed: it creates the new one, updates
what uses it, and then revokes the old one. With an overlap, an update puts the new key in the place of the old one, and
a later update revokes the old one. The Pulumi id then keeps the id of the first key, because an update can't change it.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import KEY_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.creation import IN_RUN_SECONDS, is_open
from pulumi_openai_admin.handlers.handler import Handler, PendingAction, Remote, StepContext
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.lost_keys import DeadKey, LostKeys, note_leftovers, warn_of_leftovers
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import REVOKED, Removal
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import NOTE
from pulumi_openai_admin.schema import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.creation import CreationPlace, LostRequests
    from pulumi_openai_admin.handlers.handler import Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

RETIRING_KEYS = "retiring_api_keys"
"""The attribute that shows the old keys: by id, when their overlap ends, in seconds since 1970."""
_ANOTHER = "create another key"
_VALUE = "value"
_ROTATE_EVERY = "rotate_every"
_OVERLAP = "overlap"

_REPLACED_AT = "replaced_at"
_KNOWN = ("created_at", "redacted_value", delivered_keys.PLACE, delivered_keys.VERSION)
"""What is known of an old key."""


@dataclass
class RetiringKeys(MemoryPart):
    """The old keys that still work, by id: `_REPLACED_AT`, in seconds since 1970, and `_KNOWN`."""

    retiring: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """When a key is rotated, and how long the old key then continues to work. Pure."""

    every: str | None = None
    overlap: str | None = None
    delivers: bool = False
    """Whether the new key is delivered to a secret store."""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Schedule:
        """The schedule that a program sets; nothing falls due before all of it is known."""
        every, overlap = options.get(_ROTATE_EVERY), options.get(_OVERLAP)
        if not all(
            value is None or (isinstance(value, str) and formats.DURATION.is_met(value)) for value in (every, overlap)
        ):
            return cls()
        return cls(every, overlap, bool(options.get(delivered_keys.DELIVER_TO)))

    def is_due(self, created_at: object, now: float) -> bool:
        """Whether a key that was created at a time has to be rotated."""
        return (
            self.every is not None
            and isinstance(created_at, int | float)
            and created_at + formats.duration_seconds(self.every) <= now
        )

    def ends_at(self, replaced_at: float) -> float:
        """When an old key is revoked that was replaced at a time."""
        return replaced_at + (formats.duration_seconds(self.overlap) if self.overlap else 0)

    def due(self, key: str, created_at: float, now: float) -> PendingAction:
        """Why a key has to be rotated, and what the next update does.

        Args:
            key: What messages call it.
            created_at: When it was created.
            now: The time.
        """
        every, age = formats.duration_in_words(str(self.every)), formats.age_in_words(now - created_at)
        what = f"{capitalized(key)} was created {age} ago and is rotated every {every}"
        if self.overlap is None:
            return PendingAction(what, "replace it", replaces=_ROTATE_EVERY)
        purpose = "create and deliver a new key" if self.delivers else "create a new key"
        return PendingAction(
            what, f"{purpose}. The current key is revoked {formats.duration_in_words(self.overlap)} later"
        )


class RotatedKeys(Handler):
    """A handler of keys that can be rotated on a schedule. `Remote.id` is the id of the current key."""

    audit_events: ClassVar[AuditEvents] = KEY_EVENTS

    key_noun: ClassVar[str]
    """What messages call one key: "API key"."""

    @abstractmethod
    def minting(self, remote: Remote, wanted: Wanted) -> str:
        """What `mint` does, for messages: it completes "Could not …"."""

    @abstractmethod
    def mint(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create a key. `remote` gets its id and its attributes only if the key can be used.

        What is left to revoke because a response was lost is kept for the next update.
        """

    @abstractmethod
    def read_key(self, client: Client, remote: Remote) -> None:
        """Update the current key to what OpenAI shows; see `Handler.read`."""

    @abstractmethod
    def change(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Change the current key in place."""

    @abstractmethod
    def revoke(self, client: Client, remote: Remote) -> None:
        """Revoke one key, unless it no longer exists, and remove it from where it was delivered."""

    @abstractmethod
    def called(self, remote: Remote) -> str:
        """What messages call a key."""

    @abstractmethod
    def place(self, client: Client, remote: Remote) -> CreationPlace:
        """Where it is created."""

    @staticmethod
    def retiring(remote: Remote) -> list[str]:
        """The old keys that still work."""
        return [*_retiring(remote)]

    def lost_keys(self, client: Client, remote: Remote) -> LostKeys:
        """What requests for keys may have created."""
        return LostKeys(client, remote, self.place(client, remote))

    @override
    def lost_requests(self, client: Client, remote: Remote) -> list[LostRequests]:
        return [self.lost_keys(client, remote)]

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the key, and deliver it. If the response is lost, revoke what it created, and create another one."""
        self._create(client, remote, wanted)
        self.lost_keys(client, remote).look(IN_RUN_SECONDS)
        note_leftovers(client, remote, self.place(client, remote), wanted.settings.get("name"))

    def read(self, client: Client, remote: Remote) -> None:
        """Read the key. An ended key is treated as deleted, but not while the state is needed to revoke old keys."""
        try:
            self.read_key(client, remote)
        except (errors.ParentEndedError, errors.ParentNotFoundError):
            raise
        except errors.ResourceGoneError as gone:
            if not _retiring(remote):
                raise
            remote.memory[DeadKey].dead_key = remote.id
            remote.due = [PendingAction(gone.what, _ANOTHER)]
        else:
            if remote.memory[DeadKey].dead_key:
                remote.memory.put(DeadKey())
                remote.due = [due for due in remote.due if due.purpose != _ANOTHER]
            self._warn_of_leftovers(client, remote)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Rotate the key if it is due, or else change it in place; then revoke old keys whose overlap is over."""
        schedule = Schedule.of(wanted.options)
        now = self._now(client, remote, wanted)
        is_dead = remote.memory[DeadKey].dead_key == remote.id
        renews = is_dead or (schedule.overlap and schedule.is_due(remote.attributes.get("created_at"), now))
        if renews:
            self._renew(client, remote, wanted)
        else:
            self.change(client, remote, wanted)
        self._revoke_retired(client, remote, schedule, now)
        if renews:
            self.lost_keys(client, remote).look(IN_RUN_SECONDS)
            note_leftovers(client, remote, self.place(client, remote), wanted.settings.get("name"))
        else:
            self._warn_of_leftovers(client, remote)

    def delete(self, client: Client, remote: Remote) -> None:
        """Revoke the key and the old keys that still work."""
        for key_id in _retiring(remote):
            self.revoke(client, _old(remote, key_id))
        self.revoke(client, remote)
        self.lost_keys(client, remote).forget(remote.id)

    def removal(self, remote: Remote, now: float) -> Removal:  # noqa: ARG002 - whatever the schedule
        """See `Handler.removal`: the keys stop working."""
        return REVOKED

    @override
    def is_scheduled(self, inputs: Mapping[str, Any]) -> bool:
        return True

    def pending_actions(self, remote: Remote, wanted: Wanted, now: float) -> list[PendingAction]:
        """A rotation, and the end of overlaps."""
        schedule, created_at = Schedule.of(wanted.options), remote.attributes.get("created_at")
        due = [
            PendingAction(
                f"The overlap of the old {self.key_noun} {key_id} ended at {_moment(ends_at)}",
                "revoke it",
                renews=False,
            )
            for key_id, ends_at in _ends(remote, schedule).items()
            if ends_at <= now
        ]
        if not remote.memory[DeadKey].dead_key and schedule.is_due(created_at, now):
            due.append(schedule.due(f"{self.key_noun} {remote.id}", float(created_at or 0), now))
        return due

    def key_ids(self, remote: Remote) -> list[str]:
        """The current key and the old keys that still work."""
        return [remote.id, *_retiring(remote)]

    def creation_note(self, wanted: Wanted) -> str:
        """Where the key is delivered."""
        return delivered_keys.note(wanted)

    def _now(self, client: Client, remote: Remote, wanted: Wanted) -> float:
        """The time at OpenAI. If something is due by the local clock, OpenAI is asked first: it lists the keys."""
        if client.clock.now() is None and self.pending_actions(remote, wanted, client.clock.now_or_local()):
            with client.inside(remote.parents):
                self.place(client, remote).listing.rows()
        return client.clock.now_or_local()

    def _create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Check that the key can be delivered, create it, and deliver it; see `delivered_keys`."""
        delivery = delivered_keys.prepare(wanted.options, self.minting(remote, wanted))
        self.mint(client, remote, wanted)
        if delivery is None:
            return
        lost, value = self.lost_keys(client, remote), remote.attributes.pop(_VALUE)
        # Of a rotation, only this record has the id of a key that the store may have.
        lost.note(remote.id, remote.attributes.get("created_at"))
        # If the engine has ended, nobody would know of a delivered key. One that nobody has is named by the next run.
        client.requestor.guard()
        delivery.deliver(remote, value, self.called(remote), lost.revoke_noted)
        lost.forget(remote.id)

    def _renew(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create a new key, and put it in the place of the current one, which becomes an old key."""
        for key_id in (remote.id, *_retiring(remote)):
            remote.acquire(client, key_id)  # so that none is taken for the new one, or for a key of somebody else
        step = StepContext(is_in_state=remote.step.is_in_state)
        new = Remote(
            remote.parents, memory=remote.memory, options=remote.options, unordered=remote.unordered, step=step
        )
        try:
            self._create(client, new, wanted)
        finally:
            may_have_created = new.step.has_changed or is_open(remote)
            remote.step.has_changed = remote.step.has_changed or may_have_created
            if new.id and not new.due:  # else nobody has the new key: it is one of the lost keys
                _replace(remote, new, client.clock.now_or_local())

    def _revoke_retired(self, client: Client, remote: Remote, schedule: Schedule, now: float) -> None:
        """Revoke the old keys whose overlap is over. One whose revocation fails stays an old key."""
        try:
            for key_id, ends_at in _ends(remote, schedule).items():
                if ends_at <= now:
                    self.revoke(client, _old(remote, key_id))
                    del _retiring(remote)[key_id]
                    remote.step.has_changed = True
                elif key_id in remote.step.acquired:
                    logger.log(
                        NOTE,
                        "The old %s %s still works. The first update after %s revokes it.",
                        self.key_noun, key_id, _moment(ends_at),
                    )  # fmt: skip
        finally:
            remote.attributes[RETIRING_KEYS] = _ends(remote, schedule) or None

    def _warn_of_leftovers(self, client: Client, remote: Remote) -> None:
        warn_of_leftovers(client, remote, lambda: self.place(client, remote))


def _retiring(remote: Remote) -> dict[str, dict[str, Any]]:
    return remote.memory[RetiringKeys].retiring


def _ends(remote: Remote, schedule: Schedule) -> dict[str, int]:
    return {key_id: int(schedule.ends_at(old[_REPLACED_AT])) for key_id, old in _retiring(remote).items()}


def _old(remote: Remote, key_id: str) -> Remote:
    old = _retiring(remote)[key_id]
    known = {name: old[name] for name in _KNOWN if name in old}
    return Remote(remote.parents, key_id, known, memory=remote.memory, options=remote.options)


def _replace(remote: Remote, new: Remote, now: float) -> None:
    """Put a new key in the place of the current one, which becomes an old key if it is valid."""
    if remote.memory[DeadKey].dead_key != remote.id:
        known = {name: remote.attributes[name] for name in _KNOWN if remote.attributes.get(name) is not None}
        replaced_at = new.attributes.get("created_at") or int(now)
        _retiring(remote)[remote.id] = {**known, _REPLACED_AT: replaced_at}
    remote.memory.put(DeadKey())
    remote.id, remote.attributes = new.id, new.attributes


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")

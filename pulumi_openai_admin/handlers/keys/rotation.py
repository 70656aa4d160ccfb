"""Keys whose values only the response to their creation shows, and that are rotated on a schedule.

A key that a request without a response created is revoked, because its value is lost.

`rotate_every` says when a key is due, and `overlap` how long the old key then continues to work.

Without an overlap the engine replaces a key that is due, as if `triggers` had changed: it creates the new one, updates
what uses it, and then revokes the old one. With an overlap, an update puts the new key in the place of the old one, and
a later update revokes the old one. The Pulumi id then keeps the id of the first key, because an update can't change it.
"""

from __future__ import annotations

import logging
import time
from abc import abstractmethod
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import KEY_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.creation import Creations, LostCreations, in_run_seconds, is_open
from pulumi_openai_admin.handlers.handler import Claim, Handler, PendingAction, Remote, StepContext, Wanted
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.delivered_keys import explained_refusal
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import REVOKED, Removal
from pulumi_openai_admin.handlers.shapes.collection import learn
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import NOTE, REFRESH, RUN_AGAIN, Advice
from pulumi_openai_admin.schema import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

RETIRING_KEYS = "retiring_api_keys"
"""The attribute that shows the old keys: by id, when their overlap ends, in seconds since 1970."""
_ANOTHER = "create another key"
VALUE = "value"
ROTATE_EVERY = "rotate_every"
_OVERLAP = "overlap"

_REPLACED_AT = "replaced_at"
_KNOWN = ("created_at", "redacted_value", delivered_keys.PLACE, delivered_keys.VERSION)
"""What is known of an old key."""


def has_expired(client: Client, key: Mapping[str, Any]) -> bool:
    """Return whether a key has expired, by OpenAI's clock; False if no response has shown the clock yet."""
    now = client.clock.now()
    return now is not None and expires_before(now, key)


def expires_before(now: float, key: Mapping[str, Any]) -> bool:
    """Return whether a key expires at a time, or earlier."""
    expires_at = key.get("expires_at")
    return isinstance(expires_at, int | float) and expires_at <= now


def unless_expired(change: Callable[[], None]) -> bool:
    """Change a key, and return whether it could be changed: OpenAI refuses any change of an expired key."""
    try:
        change()
    except errors.BadRequestError as refusal:
        if refusal.facts.code != "api_key_expired":
            raise
        return False
    return True


@dataclass(eq=False, repr=False)
class DeadKey(MemoryPart):
    """The id of the key in the state, once it is known to be revoked or expired."""

    dead_key: str | None = None


@dataclass(eq=False, repr=False)
class Leftovers(MemoryPart):
    """The keys that were never used when this resource created its key."""

    unused: list[str] = field(default_factory=list)
    """Their ids. It is not known yet whether they are left."""
    name: str | None = None
    """The name that they share with the new key; None if it has none."""


@dataclass(eq=False, repr=False)
class KeyCreations(Creations):
    """See `Creations`. The ids of keys whose revocation is not confirmed are remembered, too."""

    def mint(self, call: Call) -> dict[str, Any]:
        """Create a key, and return the response with its value. A key whose value was lost is revoked."""
        body = call.body or {}
        # One at a time: two lost responses could not be distinguished.
        with self.client.exclusively(call.path, call.action), explained_refusal(body):
            key = self.create(call, {"name": body.get("name")}, discards=True)
        if not key.get(VALUE):
            self.note(str(key["id"]), key.get("created_at"))
            self.revoke_noted()
            what = f"Could not {call.action}: the response does not contain the value of the key"
            raise errors.InvalidResponseError(what, Advice("The key was revoked; ", RUN_AGAIN, "."))
        return key

    def resolve(self, seconds: float = 0, *, removes: bool = True) -> None:
        """See `Creations.resolve`; first, the keys are revoked of which the ids are known."""
        if removes:
            self.revoke_noted()
        super().resolve(seconds, removes=removes)

    def remove(self, id_: str, row: Mapping[str, Any]) -> None:
        """Revoke a key of the list, and name it. If that fails, the next run revokes it."""
        self.note(id_, row.get("created_at"))
        super().remove(id_, row)
        self.forget(id_)

    def note(self, key_id: str, created_at: object) -> None:
        """Remember a key that has to be revoked because its value was lost."""
        self._ids[key_id] = created_at or 0
        self.remote.step.has_changed = True

    def revoke(self, key_id: str, created_at: object = 0) -> None:
        """Revoke a key. If the response is lost, the next run tries again."""
        if key_id in self._may_be_delivered:
            self._may_be_delivered.remove(key_id)
        try:
            self.delete(key_id, {"created_at": self._ids.get(key_id, created_at)})
        except errors.AdminError as error:
            if error.may_have_acted:
                self.note(key_id, 0)
            raise
        self.forget(key_id)
        self.remote.step.has_changed = True

    def revoke_noted(self) -> None:
        """Revoke the keys of which the ids are known, except those that a secret store may have."""
        for key_id in [*self._ids]:
            if key_id not in self._may_be_delivered:
                self.revoke(key_id)

    @override
    def end(self) -> None:
        super().end()
        self._ids.clear()
        self._may_be_delivered.clear()

    def forget(self, key_id: str) -> None:
        """Remove a key that is revoked from the record."""
        self._ids.pop(key_id, None)

    def begin_delivery(self, key_id: str) -> None:
        """Note that a secret store may have a key from now on."""
        self._may_be_delivered.append(key_id)

    def end_delivery(self) -> None:
        """Note that the store has no key of the record: another one was delivered, or the resource ends."""
        self._may_be_delivered.clear()

    @property
    def _ids(self) -> dict[str, Any]:
        return self.remote.memory[LostCreations].to_revoke

    @property
    def _may_be_delivered(self) -> list[str]:
        return self.remote.memory[LostCreations].may_be_delivered

    def note_leftovers(self, name: str | None) -> None:
        """Note the keys that a run may have left behind that was killed: nothing is recorded of them.

        One of them may be in the state of a resource that this run deletes, which no creation can know. So only the
        next refresh or update names those that are left.
        """
        unused = self._unused(name)
        self.remote.memory.put(Leftovers(unused, name))
        if unused:
            logger.warning(
                "%s has other %ss with %s that were never used. An interrupted run may have left one of them behind. "
                "After this update, %s: it names those that are left.",
                capitalized(self.owner), self.noun, _same_name(name), REFRESH,
            )  # fmt: skip

    def warn_of_leftovers(self) -> None:
        """Name the keys that `note_leftovers` noted, and that are left and still unused."""
        noted = self.remote.memory[Leftovers]
        if not noted.unused:
            return
        left = [id_ for id_ in self._unused(noted.name) if id_ in noted.unused]
        self.remote.memory.put(Leftovers())
        if left:
            logger.warning(
                "%s has %ss with %s that were never used: %s. An interrupted run may have left one of these keys "
                "behind, and a secret store may have its value. If no stack has this key in its state, revoke it in "
                "OpenAI's dashboard after all applications use the new key.",
                capitalized(self.owner), self.noun, _same_name(noted.name), bounded(", ", left),
            )  # fmt: skip

    def _unused(self, name: str | None) -> list[str]:
        """The ids of the keys of a name that were never used, and that no state has that this run knows."""
        try:
            rows = self.listing.rows()
        except errors.AdminError:
            return []  # the key was created: a list that can't be read again does not make the step fail
        return [
            id_
            for id_, row in rows.items()
            if id_ not in self.in_state
            and self.is_ours(row, {"name": name})
            and not row.get("last_used_at")
            and not self.client.is_owned(id_)
            and not self.remote.step.is_in_state(id_)
        ]


def _same_name(name: str | None) -> str:
    return "any name" if name is None else f"the name {name!r}"


@dataclass(eq=False, repr=False)
class RetiringKeys(MemoryPart):
    """The old keys that still work, by id: `_REPLACED_AT`, in seconds since 1970, and `_KNOWN`."""

    retiring: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class Schedule:
    """When a key is rotated, and how long the old key then continues to work. Pure."""

    every: str | None = None
    overlap: str | None = None
    delivers: bool = False
    """Whether the new key is delivered to a secret store."""
    is_overlap_known: bool = True

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Schedule:
        """The schedule that a program sets; nothing falls due before all of it is known."""
        every, overlap = options.get(ROTATE_EVERY), options.get(_OVERLAP)
        is_every_known, is_overlap_known = (
            value is None or (isinstance(value, str) and formats.DURATION.is_met(value)) for value in (every, overlap)
        )
        return cls(
            every if is_every_known and is_overlap_known else None,
            overlap if is_overlap_known else None,
            bool(options.get(delivered_keys.DELIVER_TO)),
            is_overlap_known,
        )

    def is_due(self, created_at: object, now: float) -> bool:
        """Whether a key that was created at a time has to be rotated."""
        return (
            self.every is not None
            and isinstance(created_at, int | float)
            and created_at + formats.duration_seconds(self.every) <= now
        )

    def due(self, key: str, created_at: float, now: float) -> PendingAction:
        """Why a key has to be rotated, and what the next update does."""
        every, age = formats.duration_in_words(str(self.every)), formats.age_in_words(now - created_at)
        what = f"{capitalized(key)} was created {age} ago and is rotated every {every}"
        if self.overlap is None:
            return PendingAction(what, "replace it", replaces=ROTATE_EVERY)
        purpose = "create and deliver a new key" if self.delivers else "create a new key"
        return PendingAction(
            what, f"{purpose}. The current key is revoked {formats.duration_in_words(self.overlap)} later"
        )


class RotatedKeys(Handler):
    """A handler of keys that can be rotated on a schedule. `Remote.id` is the id of the current key."""

    audit_events: ClassVar[AuditEvents] = KEY_EVENTS

    noun: str

    @abstractmethod
    def creation_call(self, remote: Remote, wanted: Wanted) -> Call:
        """Return the POST that creates a key."""

    @abstractmethod
    def read_key(self, client: Client, remote: Remote) -> None:
        """Update the current key to what OpenAI shows; see `Handler.read`."""

    def change(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Change the current key in place, as far as OpenAI can."""

    @abstractmethod
    def revoke(self, client: Client, remote: Remote) -> None:
        """Revoke one key, unless it no longer exists, and remove it from where it was delivered."""

    @abstractmethod
    def name(self, remote: Remote) -> str:
        """What messages call a key."""

    @abstractmethod
    def key_creations(self, client: Client, remote: Remote) -> KeyCreations:
        """Return the creations of keys."""

    @override
    def creations(self, client: Client, remote: Remote) -> list[Creations]:
        return [self.key_creations(client, remote)]

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the key, and deliver it. If the response is lost, revoke what it created, and create another one."""
        self._create(client, remote, wanted)
        self._look_for_others(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """Read the key. An ended key is treated as deleted, but not while the state is needed to revoke old keys."""
        try:
            self.read_key(client, remote)
        except (errors.ParentEndedError, errors.ParentNotFoundError):
            raise
        except errors.ResourceGoneError as gone:
            if not remote.memory[RetiringKeys].retiring:
                raise
            remote.memory[DeadKey].dead_key = remote.id
            remote.pending_actions = [PendingAction(gone.what, _ANOTHER)]
        else:
            has_overlap = Schedule.of(remote.options).overlap
            delivered_keys.notice(remote, self.name(remote), delivered_keys.IN_PLACE if has_overlap else "")
            if remote.memory[DeadKey].dead_key:
                remote.memory.put(DeadKey())
                remote.pending_actions = [due for due in remote.pending_actions if due.purpose != _ANOTHER]
            self.key_creations(client, remote).warn_of_leftovers()

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Rotate the key if it is due, or else change it in place; then revoke old keys whose overlap is over."""
        schedule = Schedule.of(wanted.options)
        if client.clock.now() is None and self.pending_actions(remote, wanted, client.clock.now_or_local()):
            with client.inside(remote.parents):  # the list shows the time at OpenAI
                self.key_creations(client, remote).listing.rows()
        now = client.clock.now_or_local()
        dead = remote.memory[DeadKey]
        renews = (
            dead.dead_key == remote.id
            or remote.memory[LostCreations].may_be_delivered
            or any(action.purpose == delivered_keys.IN_PLACE for action in remote.pending_actions)
            or (schedule.overlap and schedule.is_due(remote.attributes.get("created_at"), now))
        )
        if not renews and not unless_expired(lambda: self.change(client, remote, wanted)):
            dead.dead_key, renews = remote.id, True
        if renews:
            self._renew(client, remote, wanted)
        self._revoke_retired(client, remote, schedule, now)
        if renews:
            self._look_for_others(client, remote, wanted)
        else:
            self.key_creations(client, remote).warn_of_leftovers()

    def delete(self, client: Client, remote: Remote) -> None:
        """Revoke the key and the old keys that still work."""
        for key_id in remote.memory[RetiringKeys].retiring:
            self.revoke(client, _old(remote, key_id))
        self.revoke(client, remote)
        lost = self.key_creations(client, remote)
        lost.end_delivery()
        lost.forget(remote.id)

    def removal(self, remote: Remote, now: float) -> Removal:
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
                f"The overlap of the old {self.noun} {key_id} ended at {formats.moment_in_words(ends_at)}",
                "revoke it",
                renews=False,
            )
            for key_id, ends_at in _ends(remote, schedule).items()
            if ends_at <= now
        ]
        if not remote.memory[DeadKey].dead_key and schedule.is_due(created_at, now):
            due.append(schedule.due(f"{self.noun} {remote.id}", float(created_at or 0), now))
        return due

    def renews(self, remote: Remote, wanted: Wanted) -> bool:
        """Whether a change may create another key, because this one has expired by the clock of your machine."""
        return expires_before(time.time(), remote.attributes)

    def key_ids(self, remote: Remote) -> list[str]:
        """The current key and the old keys that still work."""
        return [remote.id, *remote.memory[RetiringKeys].retiring]

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """See `delivered_keys.claims`."""
        return delivered_keys.claims(wanted)

    def is_in_store(self, remote: Remote) -> bool:
        """See `delivered_keys.is_in_store`."""
        return delivered_keys.is_in_store(remote)

    def creation_note(self, wanted: Wanted) -> str:
        """Where the key is delivered."""
        return delivered_keys.note(wanted)

    def _create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Check that the key can be delivered, create it, and deliver it; see `delivered_keys`."""
        call, lost = self.creation_call(remote, wanted), self.key_creations(client, remote)
        destination = delivered_keys.prepare(wanted.options, call.action)
        with client.inside(remote.parents):
            reply = lost.mint(call)
        # Before anything else can fail: OpenAI does not show the value again.
        learn(remote, {**wanted.settings, **reply})
        remote.step.has_changed = True
        if destination is None:
            return
        value = remote.attributes.pop(VALUE)
        # Of a rotation, only this record has the id of a key that the store may have.
        lost.note(remote.id, remote.attributes.get("created_at"))
        # If the engine has ended, nobody would know of a delivered key. One that nobody has is named by the next run.
        client.requestor.guard()
        lost.begin_delivery(remote.id)
        delivered_keys.deliver(destination, remote, value, self.name(remote), partial(lost.revoke, remote.id))
        lost.end_delivery()
        lost.forget(remote.id)

    def _renew(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create a new key, and put it in the place of the current one, which becomes an old key if it is valid."""
        for key_id in (remote.id, *remote.memory[RetiringKeys].retiring):
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
            if new.id and not new.pending_actions:  # else nobody has the new key: it is one of the lost keys
                if remote.memory[DeadKey].dead_key != remote.id and not has_expired(client, remote.attributes):
                    known = {
                        name: remote.attributes[name] for name in _KNOWN if remote.attributes.get(name) is not None
                    }
                    replaced_at = new.attributes.get("created_at") or int(client.clock.now_or_local())
                    remote.memory[RetiringKeys].retiring[remote.id] = {**known, _REPLACED_AT: replaced_at}
                remote.memory.put(DeadKey())
                remote.id, remote.attributes, remote.pending_actions = new.id, new.attributes, []

    def _revoke_retired(self, client: Client, remote: Remote, schedule: Schedule, now: float) -> None:
        """Revoke the old keys whose overlap is over. One whose revocation fails stays an old key."""
        try:
            for key_id, ends_at in _ends(remote, schedule).items():
                if ends_at <= now:
                    self.revoke(client, _old(remote, key_id))
                    del remote.memory[RetiringKeys].retiring[key_id]
                    remote.step.has_changed = True
                elif key_id in remote.step.acquired:
                    logger.log(
                        NOTE,
                        "The old %s %s still works. The first update after %s revokes it.",
                        self.noun, key_id, formats.moment_in_words(ends_at),
                    )  # fmt: skip
        finally:
            remote.attributes[RETIRING_KEYS] = _ends(remote, schedule) or None

    def _look_for_others(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """After a creation, look for what earlier requests, or a run that was killed, have left."""
        lost = self.key_creations(client, remote)
        lost.resolve(in_run_seconds())
        lost.note_leftovers(wanted.settings.get("name"))


def _ends(remote: Remote, schedule: Schedule) -> dict[str, int]:
    """Return when the overlap of each old key ends, by its id; nothing if that is not known yet."""
    retiring, overlap = remote.memory[RetiringKeys].retiring, schedule.overlap
    if not schedule.is_overlap_known:
        return {}
    seconds = formats.duration_seconds(overlap) if overlap else 0
    return {key_id: int(old[_REPLACED_AT] + seconds) for key_id, old in retiring.items()}


def _old(remote: Remote, key_id: str) -> Remote:
    old = remote.memory[RetiringKeys].retiring[key_id]
    known = {name: old[name] for name in _KNOWN if name in old}
    return Remote(remote.parents, key_id, known, memory=remote.memory, options=remote.options)

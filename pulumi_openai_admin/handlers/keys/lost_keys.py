"""Keys whose values were in responses that were lost: they are revoked in the same run, or in the next one.

`LostKeyRecord` keeps what is left to revoke until it is revoked.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from typing_extensions import Required

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import creation
from pulumi_openai_admin.handlers.creation import Window
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.schema import moments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.creation import Creation, Made
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)


class LostRequest(TypedDict, total=False):
    """A POST whose response was lost, and which may have created a key."""

    start: Required[int]
    """When the first attempt was sent, in seconds since 1970, by OpenAI's clock."""
    end: Required[int]
    known: list[str]
    """The ids of earlier keys."""
    name: object
    """The name of the key, if the POST sets one."""


class LostKeyRecord(TypedDict, total=False):
    """Valid keys whose values were lost."""

    ids: dict[str, Any]
    """By id, when a key that this resource created was created; 0 if it may be revoked already."""
    windows: list[LostRequest]


@dataclass
class Unrevoked(MemoryPart):
    """What is left to revoke."""

    lost_keys: LostKeyRecord = field(default_factory=LostKeyRecord)


@dataclass
class DeadKey(MemoryPart):
    """The id of the key in the state, once it is known to be revoked or expired."""

    dead_key: str | None = None


class Keys(Protocol):
    """The keys among which a resource creates its own: those of a service account, or of the organization."""

    @property
    def owner(self) -> str:
        """Whose keys they are, for messages."""
        ...

    @property
    def noun(self) -> str:
        """What messages call them: "API keys"."""
        ...

    def listing(self) -> Listing:
        """The list in which they are."""
        ...

    def valid(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of those that can be used, by id."""
        ...

    def revoke(self, key_id: str, created_at: object) -> None:
        """Revoke a key; nothing is done if it no longer exists."""
        ...


@dataclass(frozen=True)
class LostKeys:
    """What a resource knows of keys whose values were lost.

    Args:
        client: Sends the requests.
        remote: The resource; its private state keeps what is left to revoke.
        keys: The keys among which it creates its own.
    """

    client: Client
    remote: Remote
    keys: Keys

    @contextmanager
    def noting(self, attempt: Creation, name: object = None) -> Iterator[list[str]]:
        """Create a key. If it is not known what was created, record what the next run has to revoke.

        Args:
            attempt: The creation, which has not begun.
            name: The name of the key, if the POST sets one. It distinguishes the key from keys that other clients
                create for the same owner at the same time.

        Returns:
            The ids of the keys that exist before.
        """
        known = list(self.keys.valid())
        try:
            yield known
        except (errors.ResponseLostError, errors.InvalidResponseError):
            self.note_window(attempt.window, known, name)
            self.remote.step.has_changed = True
            raise

    def discard(self, key_id: str, row: Mapping[str, Any]) -> None:
        """Revoke a key whose value was lost. If that fails, the next run revokes it."""
        self.remote.step.has_changed = True
        self.note(key_id, row.get("created_at"))
        self.revoke(key_id, row.get("created_at"))

    def discard_found(self, key_id: str, row: Mapping[str, Any]) -> None:
        """Revoke a key of the list that fits a request whose response was lost; see `discard`."""
        self.discard(key_id, row)
        self._tell_revoked(key_id, row)

    def note_late(self, made: Made, known: Iterable[str], name: object) -> None:
        """Record the keys that earlier attempts of a successful creation created, or may have created."""
        if made.late_duplicates == ():
            return
        for key_id in made.late_duplicates or ():
            self.note(key_id, made.reply.get("created_at"))
        self.note_window(made.window, known, name)

    def note(self, key_id: str, created_at: object) -> None:
        """Record a key that has to be revoked because its value was lost."""
        self._record["ids"] = {**self._ids, key_id: created_at or 0}

    def note_window(self, window: Window | None, known: Iterable[str], name: object = None) -> None:
        """Record a period in which a request of this resource may have created a key whose value was lost."""
        if window:
            request: LostRequest = {"start": window.start, "end": window.end, "known": sorted(known)}
            if name is not None:
                request["name"] = name
            self._record["windows"] = [*self._record.get("windows", ()), request]

    def was_tried(self, key_id: str) -> bool:
        """Whether an earlier request may have revoked a key already."""
        return key_id in self._ids

    def revoke(self, key_id: str, created_at: object) -> None:
        """Revoke a key. If the response is lost, the next run tries again."""
        try:
            self.keys.revoke(key_id, created_at)
        except errors.AdminError as error:
            if error.may_have_acted:
                self.note(key_id, 0)
                self.remote.step.has_changed = True
            raise
        self.forget(key_id)
        self.remote.step.has_changed = True

    def revoke_noted(self) -> None:
        """Revoke the keys of which the ids are known."""
        for key_id, created_at in dict(self._ids).items():
            self.revoke(key_id, created_at)

    def revoke_all(self, own: Collection[str]) -> None:
        """Revoke keys whose values were in lost responses.

        Only keys that were created while a request of this resource was running: other clients may create keys too.

        Args:
            own: The ids of the keys that the resource keeps.
        """
        self.revoke_noted()
        windows = self._record.get("windows", [])
        if windows:
            self._revoke_created_in(windows, own)
        self.remote.memory.put(Unrevoked())

    def _revoke_created_in(self, windows: Sequence[LostRequest], own: Collection[str]) -> None:
        known = set.intersection(*(set(window.get("known", ())) for window in windows)) | set(own)
        foreign = []
        for key_id, row in look_for_others(self.client, self.keys, known).items():
            if self.client.is_owned(key_id):
                continue  # another resource of this run has just created it
            if any(_may_be_lost(key_id, row, window) for window in windows):
                self.revoke(key_id, row.get("created_at"))
                self._tell_revoked(key_id, row)
            else:
                foreign.append(key_id)
        if foreign:
            logger.warning(
                "%s has %s that were not created by the failed request. They are not revoked: %s.",
                capitalized(self.keys.owner), self.keys.noun, bounded(", ", sorted(foreign)),
            )  # fmt: skip

    def _tell_revoked(self, key_id: str, row: Mapping[str, Any]) -> None:
        """Name a key that was revoked because it fits. Another client may have created it in the same seconds."""
        name, created_at = row.get("name"), row.get("created_at")
        logger.warning(
            "Key %s of %s was revoked: it was created at %s%s, and the response to a request of this resource at that "
            "time was lost. If another client created the key, that client needs a new one.",
            key_id, self.keys.owner, moments.in_words(created_at), f" with the name {name!r}" if name else "",
        )  # fmt: skip

    def forget(self, key_id: str) -> None:
        """Remove a key that is revoked from the record."""
        self._record["ids"] = {id_: created_at for id_, created_at in self._ids.items() if id_ != key_id}
        if not self._record["ids"]:
            del self._record["ids"]

    @property
    def _record(self) -> LostKeyRecord:
        return self.remote.memory[Unrevoked].lost_keys

    @property
    def _ids(self) -> dict[str, Any]:
        return self._record.get("ids", {})


def warn_of_leftovers(client: Client, remote: Remote, keys: Keys, name: object) -> None:
    """Name the keys that a run may have left behind that was killed: nothing is recorded of them.

    Args:
        client: Sends the requests.
        remote: The resource, after it has created its key and revoked the lost ones.
        keys: The keys among which the new one is.
        name: The name of the new one; None if it has none.
    """
    try:
        valid = keys.valid()
    except errors.AdminError:
        return  # the key was created: a list that can't be read again does not make the step fail
    unused = [
        id_
        for id_, row in valid.items()
        if name in (None, row.get("name"))
        and not row.get("last_used_at")
        and not client.is_owned(id_)
        and not remote.step.is_in_state(id_)
    ]
    if unused:
        logger.warning(
            "%s has %s with %s that were never used: %s. An interrupted run may have left one of these keys behind, "
            "and a secret store may have its value. If no stack has this key in its state, revoke it in OpenAI's "
            "dashboard after all applications use the new key.",
            capitalized(keys.owner), keys.noun, "any name" if name is None else "the same name", bounded(", ", unused),
        )  # fmt: skip


def look_for_others(client: Client, keys: Keys, known: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The valid keys that are not in `known`.

    A list may lag behind, so it is requested until two lists show the same keys, or until the last wait.
    """
    others: dict[str, Mapping[str, Any]] = {}
    for wait in creation.POLL_DELAYS:
        client.pause(wait, f"find the {keys.noun} of {keys.owner}")
        keys.listing().forget()
        before = others
        others = {id_: row for id_, row in keys.valid().items() if id_ not in known}
        if others and set(others) == set(before):
            break
    return others


def _may_be_lost(key_id: str, row: Mapping[str, Any], window: LostRequest) -> bool:
    """Whether a key may be from a request of this resource whose response was lost."""
    fits = key_id not in window.get("known", ()) and window.get("name") in (None, row.get("name"))
    return fits and Window(window["start"], window["end"]).contains(row)

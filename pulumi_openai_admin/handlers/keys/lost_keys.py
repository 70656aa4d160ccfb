"""Keys that requests without a response have created: they are revoked, because their values are lost."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import LostRequests, OpenRequests
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import REFRESH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.handlers.creation import CreationPlace
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


@dataclass
class DeadKey(MemoryPart):
    """The id of the key in the state, once it is known to be revoked or expired."""

    dead_key: str | None = None


@dataclass(frozen=True)
class LostKeys(LostRequests):
    """See `LostRequests`. The ids of keys whose revocation is not confirmed are remembered, too."""

    def look(self, seconds: float = 0, *, removes: bool = True) -> None:
        """See `LostRequests.look`; first, the keys are revoked of which the ids are known."""
        if removes:
            self.revoke_noted()
        super().look(seconds, removes=removes)

    def remove(self, id_: str, row: Mapping[str, Any]) -> None:
        """Revoke a key of the list, and name it. If that fails, the next run revokes it."""
        self.note(id_, row.get("created_at"))
        super().remove(id_, row)
        self.forget(id_)

    def discard(self, key_id: str, row: Mapping[str, Any]) -> None:
        """Revoke a key whose value was not in the response. If that fails, the next run revokes it."""
        self.note(key_id, row.get("created_at"))
        self.revoke(key_id, row)

    def note(self, key_id: str, created_at: object) -> None:
        """Remember a key that has to be revoked because its value was lost."""
        self._ids[key_id] = created_at or 0
        self.remote.step.has_changed = True

    def was_tried(self, key_id: str) -> bool:
        """Whether an earlier request may have revoked a key already."""
        return key_id in self._ids

    def revoke(self, key_id: str, row: Mapping[str, Any]) -> None:
        """Revoke a key. If the response is lost, the next run tries again."""
        try:
            self.place.remove(key_id, row)
        except errors.AdminError as error:
            if error.may_have_acted:
                self.note(key_id, 0)
            raise
        self.forget(key_id)
        self.remote.step.has_changed = True

    def revoke_noted(self) -> None:
        """Revoke the keys of which the ids are known."""
        for key_id, created_at in dict(self._ids).items():
            self.revoke(key_id, {"created_at": created_at})

    @override
    def end(self) -> None:
        super().end()
        self._ids.clear()

    def forget(self, key_id: str) -> None:
        """Remove a key that is revoked from the record."""
        self._ids.pop(key_id, None)

    @property
    def _ids(self) -> dict[str, Any]:
        return self.remote.memory[OpenRequests].to_revoke


@dataclass
class Leftovers(MemoryPart):
    """The keys that were never used when this resource created its key."""

    unused: list[str] = field(default_factory=list)
    """Their ids. It is not known yet whether they are left."""
    name: str | None = None
    """The name that they share with the new key; None if it has none."""


def note_leftovers(client: Client, remote: Remote, keys: CreationPlace, name: str | None) -> None:
    """Note the keys that a run may have left behind that was killed: nothing is recorded of them.

    One of them may be in the state of a resource that this run deletes, which no creation can know. So only the next
    refresh or update names those that are left.

    Args:
        remote: The resource, after it has created its key and revoked the lost ones.
        keys: The keys among which the new one is.
        name: The name of the new one; None if it has none.
    """
    unused = _unused(client, remote, keys, name)
    remote.memory.put(Leftovers(unused, name))
    if unused:
        logger.warning(
            "%s has other %ss with %s that were never used. An interrupted run may have left one of them behind. After "
            "this update, %s: it names those that are left.",
            capitalized(keys.owner), keys.noun, _same_name(name), REFRESH,
        )  # fmt: skip


def warn_of_leftovers(client: Client, remote: Remote, keys: Callable[[], CreationPlace]) -> None:
    """Name the keys that `note_leftovers` noted, and that are left and still unused.

    Args:
        keys: Gives the keys among which they are.
    """
    noted = remote.memory[Leftovers]
    if not noted.unused:
        return
    place, name = keys(), noted.name
    left = [id_ for id_ in _unused(client, remote, place, name) if id_ in noted.unused]
    remote.memory.put(Leftovers())
    if left:
        logger.warning(
            "%s has %ss with %s that were never used: %s. An interrupted run may have left one of these keys behind, "
            "and a secret store may have its value. If no stack has this key in its state, revoke it in OpenAI's "
            "dashboard after all applications use the new key.",
            capitalized(place.owner), place.noun, _same_name(name), bounded(", ", left),
        )  # fmt: skip


def _same_name(name: str | None) -> str:
    return "any name" if name is None else f"the name {name!r}"


def _unused(client: Client, remote: Remote, keys: CreationPlace, name: str | None) -> list[str]:
    """The ids of the keys of a name that were never used, and that no state has that this run knows."""
    try:
        rows = keys.listing.rows()
    except errors.AdminError:
        return []  # the key was created: a list that can't be read again does not make the step fail
    return [
        id_
        for id_, row in rows.items()
        if id_ not in {remote.id, *keys.own}
        and keys.is_ours(row, {"name": name})
        and not row.get("last_used_at")
        and not client.is_owned(id_)
        and not remote.step.is_in_state(id_)
    ]

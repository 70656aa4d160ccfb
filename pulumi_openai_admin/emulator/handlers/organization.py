"""The organization: what is stored, what the switches say, and which kinds there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pulumi_openai_admin.emulator.store.catalogue import Catalogue
from pulumi_openai_admin.emulator.store.identifiers import new_id, new_unseen_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.emulator.handlers.world import World
    from pulumi_openai_admin.emulator.store.catalogue import Row
    from pulumi_openai_admin.emulator.store.record import Record
    from pulumi_openai_admin.emulator.store.store import RecordStore


class StoredKind(Protocol):
    """What is asked of a kind by its name, or through an operation, without knowing its class: see `Kind`."""

    @property
    def name(self) -> str:
        """Its name in the store."""

    @property
    def title(self) -> str:
        """Its name in messages."""

    @property
    def needs_project_key(self) -> bool:
        """Whether its operations take the API key of a project."""

    @property
    def has_bare_not_found(self) -> bool:
        """Whether the specification's examples show a parent's 404 without the wrapper `error`."""

    def dependents_of(self, organization: Organization, record: Record) -> list[Record]:
        """Give its records that end when another one is deleted."""

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Say whether a record that is not deleted shows something that exists."""


@dataclass
class _Lag:
    """How long a new object is not seen yet."""

    until: float
    reads: int


class Organization:
    """All objects, and what else is deleted when one of them is."""

    def __init__(self, world: World, store: RecordStore, kinds: Sequence[StoredKind]) -> None:
        """Use the records in the store."""
        self.world = world
        self.store = store
        self.kinds = {kind.name: kind for kind in kinds}
        self.catalogue = Catalogue()
        self._lags: dict[tuple[str, str, str], _Lag] = {}

    def clear(self) -> None:
        """Delete everything."""
        self.store.clear()
        self._lags.clear()

    def new_id(self, prefix: str) -> str:
        """Make the id of a new object."""
        return new_unseen_id() if self.world.unseen_ids else new_id(prefix)

    def rate_limits(self) -> Mapping[str, Row]:
        """Give the rate limits of a project by id, in the list's order."""
        return self.catalogue.rows(self.world.rate_limit_rows, unseen_ids=self.world.unseen_ids)

    def remove(self, record: Record) -> None:
        """Delete a record, with all that is below it or refers to it."""
        record.deleted_at = self.world.now()
        self.store.update(record)
        self.remove_what_depends_on(record)

    def remove_what_depends_on(self, record: Record) -> None:
        """Delete all that is below a record or refers to it."""
        for kind in self.kinds.values():
            for dependent in kind.dependents_of(self, record):
                self.remove(dependent)

    # --- what is not seen yet ---

    def hide_for_a_while(self, record: Record, seconds: float, reads: int) -> None:
        """Keep a new object from being seen for a time and for a number of reads."""
        if seconds or reads:
            self._lags[record.kind, record.parent, record.id] = _Lag(self.world.monotonic() + seconds, reads)

    def is_seen(self, record: Record) -> bool:
        """Say whether a new object is seen yet, and count the read."""
        lag = self._lags.get((record.kind, record.parent, record.id))
        if lag is None:
            return True
        if lag.reads > 0:
            lag.reads -= 1
            return False
        if self.world.monotonic() < lag.until:
            return False
        del self._lags[record.kind, record.parent, record.id]
        return True

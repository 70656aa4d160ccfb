"""What the store keeps: records of the organization's objects, and the events of its audit log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Record:
    """One object of a kind.

    Its id is unique below its parent: a membership has the member's id, and the id of its group for parent. A deleted
    record is kept, so that tests can count what was ever created.
    """

    kind: str
    id: str
    parent: str = ""
    """The ids in the path of its collection, joined by `/`; empty for an object of the organization itself."""
    content: dict[str, Any] = field(default_factory=dict)
    """What is known of it. A name that starts with `_` is for the emulator only."""
    deleted_at: int | None = None
    position: int = 0
    """Its place among all records, in the order of their creation; set by the store."""

    def __getitem__(self, name: str) -> Any:
        """Give one value of the content."""
        return self.content[name]

    def get(self, name: str) -> Any:
        """Give one value of the content, or None."""
        return self.content.get(name)


@dataclass
class Event:
    """One entry of the audit log."""

    id: str
    type: str
    effective_at: int
    project_id: str
    actor_ids: tuple[str, ...]
    """The tracking id of the key, and the id of its owner."""
    actor_email: str | None
    resource_id: str
    content: dict[str, Any]
    """The entry as the list shows it."""
    position: int = 0

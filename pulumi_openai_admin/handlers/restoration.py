"""What could not be restored when a resource gave up fields of an object, and the one line that says so. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MAX_NAMED = 12
"""How many objects or fields one message names."""


@dataclass(frozen=True)
class Unrestored:
    """A field that does not hold what it held before the resource managed it."""

    field: str
    value: Any
    """What it holds now."""
    reason: str
    """Why, in words that follow "stays at …": "(it had no value before)"."""

    def __str__(self) -> str:
        return f"{self.field} stays at {self.value} ({self.reason})"


def of_one(unrestored: Sequence[Unrestored]) -> str:
    """What was not restored of one object: "max_requests_per_1_minute stays at 77 (…); …"."""
    return bounded("; ", map(str, unrestored))


def of_many(unrestored: Mapping[str, Sequence[Unrestored]]) -> str:
    """What was not restored of several objects, grouped by what happened: objects that agree are named together."""
    groups: dict[str, list[str]] = {}
    for name, fields in sorted(unrestored.items()):
        groups.setdefault(of_one(fields), []).append(name)
    return bounded("; ", (f"{bounded(', ', names)}: {told}" for told, names in groups.items()))


def bounded(separator: str, items: Iterable[str]) -> str:
    """The items in one line, the first `MAX_NAMED` of them, and how many more there are."""
    listed = list(items)
    more = [f"and {len(listed) - MAX_NAMED} more"] if len(listed) > MAX_NAMED else []
    return separator.join([*listed[:MAX_NAMED], *more])

"""Messages about values that could not be restored when a resource stopped managing them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.printable import bounded

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Unrestored:
    """A field whose value from before the resource managed it was not restored."""

    field: str
    value: Any
    """Its current value."""
    reason: str
    """The reason, for example "it had no value before"."""
    original: str = ""
    """The value from before the first change, in words; empty if it had none."""

    def __str__(self) -> str:
        instead = f" instead of {self.original}" if self.original else ""
        return f"{self.field} stays at {self.value}{instead} ({self.reason})"


def of_one(unrestored: Sequence[Unrestored]) -> str:
    """The fields of one object: "max_requests_per_1_minute stays at 77 instead of 500 (…); …"."""
    return bounded("; ", map(str, unrestored))


def warn(name: str, unrestored: Sequence[Unrestored]) -> None:
    """Warn, once, of what was not restored of an object."""
    if unrestored:
        logger.warning("Could not fully restore %s: %s.", name, of_one(unrestored))


def unrecorded(values: Sequence[str]) -> str:
    """A sentence, after a space, with the original values that are no longer recorded; empty if there are none."""
    return f" Its original values ({bounded(', ', values)}) are no longer recorded." if values else ""


def of_many(unrestored: Mapping[str, Sequence[Unrestored]]) -> str:
    """The fields of several objects. Objects with the same fields and reasons are grouped."""
    groups: dict[str, list[str]] = {}
    for name, fields in sorted(unrestored.items()):
        groups.setdefault(of_one(fields), []).append(name)
    return bounded("; ", (f"{bounded(', ', names)}: {what}" for what, names in groups.items()))

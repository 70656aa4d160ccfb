"""Messages about values that could not be restored when a resource stopped managing them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import remedies
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.remedies import Advice

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


MANAGED_ELSEWHERE = "another resource manages it now"
"""The reason for a value that this run has written for another resource."""
HIDDEN = "[secret]"
"""What messages have in place of a value that the program marks as secret."""
_RENAMED = Advice(" If you only renamed the resource, ", remedies.DECLARE_OLD_NAME, ".")
_REPLACED = (
    " Before you force a replacement again (--replace, or a taint), declare the resource option deleteBeforeReplace "
    "(delete_before_replace in Python)."
)


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


def warn(name: str, unrestored: Sequence[Unrestored], *, is_replaced: bool = False) -> None:
    """Warn, once, of what was not restored of an object.

    Args:
        name: What messages call it.
        unrestored: The fields.
        is_replaced: See `StepContext.is_replaced`.
    """
    if unrestored:
        advice = keeping(unrestored, is_replaced=is_replaced)
        logger.warning("Could not fully restore %s: %s.%s", name, of_one(unrestored), advice)


def keeping(unrestored: Iterable[Unrestored], *, is_replaced: bool) -> Advice | str:
    """How the original values are kept the next time, after a space; empty if no other resource has them."""
    if all(value.reason != MANAGED_ELSEWHERE for value in unrestored):
        return ""
    return _REPLACED if is_replaced else _RENAMED


def of_many(unrestored: Mapping[str, Sequence[Unrestored]]) -> str:
    """The fields of several objects. Objects with the same fields and reasons are grouped."""
    groups: dict[str, list[str]] = {}
    for name, fields in sorted(unrestored.items()):
        groups.setdefault(of_one(fields), []).append(name)
    return bounded("; ", (f"{bounded(', ', names)}: {what}" for what, names in groups.items()))

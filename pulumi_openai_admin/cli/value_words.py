"""Values of resources as people write them: money in dollars, numbers with separators. Pure."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.spend_table import NOTHING as ABSENT
from pulumi_openai_admin.cli.spend_table import money

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ABSENT", "in_words"]

_MONEY = ("threshold_amount",)
"""Amounts in cents."""
_TIMES = ("_at",)
"""The last letters of fields with seconds since 1970."""
_EARLIEST = 946_684_800
"""2000-01-01: a smaller number is not a time."""


def in_words(path: Sequence[str], value: Any) -> str:
    """A value as people write it: `10,000`, `$1,000.00 (100,000 cents)`.

    Args:
        path: The field, then the keys inside of it.
        value: Its value.
    """
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(path, value)
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value) or "(empty)"
    return json.dumps(value, ensure_ascii=False)


def _number(path: Sequence[str], value: float) -> str:
    name = path[0] if path else ""
    if name in _MONEY or (len(path) > 1 and path[-1] in _MONEY):
        return f"{money(value / 100)} ({value:,} cents)"
    if name.endswith(_TIMES) and value > _EARLIEST:
        return f"{datetime.fromtimestamp(value, timezone.utc):%Y-%m-%d %H:%M} UTC"
    return f"{value:,}"

"""Errors, counts and values of resources, as people read them in the output of commands. Pure."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import remedies
from pulumi_openai_admin.engine.wording import COMMAND_LINE
from pulumi_openai_admin.schema.formats import format_dollars, moment_in_words, moment_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.errors import AdminError

ABSENT = "–"  # noqa: RUF001 - an en dash is intended
"""The text of a value or a cell that there is not."""
_EARLIEST = 946_684_800
"""2000-01-01: a smaller number is not a time."""


def describe(error: BaseException) -> str:
    """Return what a user of the command is shown of an error."""
    return remedies.describe(error, COMMAND_LINE)


def event_of(error: AdminError) -> str:
    """Return what happened, without the full stop and without the advice."""
    return error.happened.in_words(COMMAND_LINE)


def advice_of(error: AdminError) -> str:
    """Return what to do about an error."""
    return error.guidance.in_words(COMMAND_LINE)


def date_of(seconds: float, form: str = "%Y-%m-%d") -> str:
    """Return the day (UTC) of a time in seconds since 1970; a number that is no time of a date as it is."""
    return str(seconds) if moment_seconds(seconds) is None else datetime.fromtimestamp(seconds, UTC).strftime(form)


def in_iso(seconds: float) -> str:
    """Return a time in seconds since 1970 as programs read it: `2026-11-01T08:00:00Z`."""
    return date_of(seconds, "%Y-%m-%dT%H:%M:%SZ")


def in_words(path: Sequence[str], value: Any) -> str:
    """Return a value as people write it: `10,000`, `$1,000`. The path is the field, then the keys inside of it."""
    if value is None:
        return ABSENT
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_time = any(name.endswith("_at") for name in path[:1]) and value > _EARLIEST
        number = moment_in_words(value) if is_time else f"{value:,}"
        return format_dollars(int(value)) if is_money(path) and math.isfinite(value) else number
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value) or "(empty)"
    return json.dumps(value, ensure_ascii=False)


def is_money(path: Sequence[str]) -> bool:
    """Return whether a field, or a value inside of it, is an amount in cents."""
    return "threshold_amount" in (*path[:1], *path[-1:])

"""Moments as a program writes them: a date, a time with its zone, or seconds since 1970. Pure.

A date is the end of that day in UTC. Two values are the same if they are the same moment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone

from pulumi_openai_admin.schema.constraints import Pattern

EARLIEST, LATEST = 1, 253_402_300_799
"""The seconds of the years 1970 to 9999. A number of milliseconds is larger, and is refused."""
_DAY_SECONDS = 86_400
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2})")


@dataclass(frozen=True)
class _Moment(Pattern):
    """A text that is a moment."""

    def is_met(self, value: str) -> bool:
        """See `Constraint.is_met`."""
        return seconds(value) is not None


MOMENT = _Moment("", "a date such as '2026-12-31', a time with its zone such as '2026-12-31T18:00:00Z'")


def seconds(value: object) -> int | None:
    """A moment in seconds since 1970; None if the value is not a moment, or is not known yet."""
    if isinstance(value, str):
        return _of_text(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return int(value) if EARLIEST <= value <= LATEST else None


def in_words(value: object) -> str:
    """A moment for messages: a date as it is, and any other moment with its time in UTC."""
    moment = seconds(value)
    if moment is None or (isinstance(value, str) and _DATE.fullmatch(value)):
        return str(value)
    return f"{datetime.fromtimestamp(moment, timezone.utc):%Y-%m-%d %H:%M} UTC"


def _of_text(text: str) -> int | None:
    is_date = _DATE.fullmatch(text) is not None
    parts = _TIME.fullmatch(text)
    if not is_date and parts is None:
        return None
    if parts is not None:
        day, clock, zone = parts.groups()
        text = f"{day}T{clock}{zone if zone not in 'Zz' else '+00:00'}"
    else:
        text = f"{text}T00:00:00+00:00"
    try:
        moment = int(datetime.fromisoformat(text).timestamp()) + (_DAY_SECONDS if is_date else 0)
    except (ValueError, OverflowError):
        return None
    return moment if moment >= EARLIEST else None

"""Forms of values, as OpenAI has them and as people read them: amounts, durations, moments, certificates. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from typing_extensions import override

from pulumi_openai_admin.printable import counted
from pulumi_openai_admin.schema.constraints import Pattern

CENTS = "cents"
"""The unit of OpenAI's amounts."""
_IN_A_DOLLAR = 100


def format_dollars(cents: int) -> str:
    """An amount in US dollars: `$1,000`, and with cents where there are some, `$10.50`.

    Args:
        cents: The amount in cents, as OpenAI and the resources have it.
    """
    sign, (dollars, rest) = "-" if cents < 0 else "", divmod(abs(cents), _IN_A_DOLLAR)
    return f"{sign}${dollars:,}.{rest:02}" if rest else f"{sign}${dollars:,}"


DURATION = Pattern(
    "[1-9][0-9]{0,3}[mhdw]", "a number of minutes, hours, days or weeks, such as '30m', '24h', '90d' or '2w'"
)
_UNITS = {"m": ("minute", 60), "h": ("hour", 3600), "d": ("day", 86_400), "w": ("week", 604_800)}


def duration_seconds(duration: str) -> int:
    """The seconds of a duration.

    Raises:
        ValueError: The text is not a duration.
    """
    number, (_, unit) = _parts(duration)
    return number * unit


def duration_in_words(duration: str) -> str:
    """A duration in words: "90 days"."""
    number, (noun, _) = _parts(duration)
    return counted(number, noun)


def age_in_words(age: float) -> str:
    """A number of seconds in the largest unit up to days of which it has at least two: "93 days"."""
    units = [(noun, unit) for noun, unit in _UNITS.values() if noun != "week" and age >= 2 * unit]
    noun, unit = units[-1] if units else _UNITS["m"]
    return counted(int(age // unit), noun)


def _parts(duration: str) -> tuple[int, tuple[str, int]]:
    if not DURATION.is_met(duration):
        raise ValueError(f"{duration!r} is not {DURATION.words}")
    return int(duration[:-1]), _UNITS[duration[-1]]


EARLIEST, LATEST = 1, 253_402_300_799
"""The seconds of the years 1970 to 9999. A number of milliseconds is larger, and is refused."""
_DAY_SECONDS = 86_400
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2})")


@dataclass(eq=False, repr=False)
class _Moment(Pattern):
    """A text that is a moment."""

    @override
    def is_met(self, value: str) -> bool:
        return moment_seconds(value) is not None


MOMENT = _Moment("", "a date such as '2026-12-31', a time with its zone such as '2026-12-31T18:00:00Z'")


def moment_seconds(value: object) -> int | None:
    """A moment in seconds since 1970; None if the value is not a moment, or is not known yet."""
    if isinstance(value, str):
        return _of_text(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return int(value) if EARLIEST <= value <= LATEST else None


def moment_in_words(value: object) -> str:
    """A moment for messages: a date as it is, and any other moment with its time in UTC."""
    moment = moment_seconds(value)
    if moment is None or (isinstance(value, str) and _DATE.fullmatch(value)):
        return str(value)
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"


def _of_text(text: str) -> int | None:
    is_date = _DATE.fullmatch(text) is not None
    parts = _TIME.fullmatch(f"{text}T00:00Z" if is_date else text)
    if parts is None:
        return None
    try:
        moment = int(datetime.fromisoformat("".join(parts.groups()).upper()).timestamp())
        moment += _DAY_SECONDS if is_date else 0
    except (ValueError, OverflowError):
        return None
    return moment if moment >= EARLIEST else None


BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_COLUMNS = 64
"""The length of a line, as RFC 7468 has it."""
_ONE = re.compile(rf"\s*{BEGIN}([A-Za-z0-9+/=\s]+){END}\s*")


def canonical(text: str) -> str:
    """The certificate with the white space and line endings of RFC 7468; a text that is none stays as it is."""
    found = _ONE.fullmatch(text)
    content = "".join(found[1].split()) if found else ""
    if not content:
        return text
    lines = [content[start : start + _COLUMNS] for start in range(0, len(content), _COLUMNS)]
    return "\n".join([BEGIN, *lines, END, ""])

"""Durations as text, such as `90d` and `24h`. Pure.

Not a library: those that parse durations accept many more forms, and none of them says which one a text has.
"""

from __future__ import annotations

from pulumi_openai_admin.schema.constraints import Pattern

DURATION = Pattern(
    "[1-9][0-9]{0,3}[mhdw]", "a number of minutes, hours, days or weeks, such as '30m', '24h', '90d' or '2w'"
)
_UNITS = {"m": ("minute", 60), "h": ("hour", 3600), "d": ("day", 86_400), "w": ("week", 604_800)}


def seconds(duration: str) -> int:
    """The seconds of a duration.

    Raises:
        ValueError: The text is not a duration.
    """
    number, (_, unit) = _parts(duration)
    return number * unit


def in_words(duration: str) -> str:
    """A duration in words: "90 days".

    Raises:
        ValueError: The text is not a duration.
    """
    number, (noun, _) = _parts(duration)
    return counted(number, noun)


def age_in_words(age: float) -> str:
    """A number of seconds in the largest unit up to days of which it has at least two: "93 days"."""
    units = [(noun, unit) for noun, unit in _UNITS.values() if noun != "week" and age >= 2 * unit]
    noun, unit = units[-1] if units else _UNITS["m"]
    return counted(int(age // unit), noun)


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 day", "2 days"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _parts(duration: str) -> tuple[int, tuple[str, int]]:
    if not DURATION.is_met(duration):
        raise ValueError(f"{duration!r} is not {DURATION.words}")
    return int(duration[:-1]), _UNITS[duration[-1]]

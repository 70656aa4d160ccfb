"""What a measurement is, and how several become one figure. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOORS = "x floor"
"""The unit of a time divided by the floor's in the same run."""


class NotMeasuredError(Exception):
    """Something could not be measured, and why."""


@dataclass(frozen=True)
class Figure:
    """One number that is kept and compared."""

    name: str
    value: float
    """What is compared: a ratio, a count or a size, so that another machine gives much the same."""
    unit: str
    at_most: float | None = None
    """The target, if there is one."""
    absolute: dict[str, float] = field(default_factory=dict)
    """What it was made of: seconds on this machine, requests."""

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without one."""
        return None if self.at_most is None else self.value <= self.at_most


@dataclass(frozen=True)
class Table:
    """Numbers that belong together."""

    title: str
    columns: list[str]
    rows: list[list[str]]


@dataclass
class Report:
    """What a benchmark found."""

    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    series: dict[str, Any] = field(default_factory=dict)
    """What is plotted."""
    notes: list[str] = field(default_factory=list)
    """What a reader has to know, or what could not be measured and why."""


@dataclass(frozen=True)
class Sample:
    """One command, run once."""

    seconds: float
    requests: list[dict[str, Any]] = field(default_factory=list)
    """The emulator's log."""
    peak_bytes: int | None = None
    """The most memory that the provider, or the command itself, had; None where there is no way to tell."""

    def count(self, method: str) -> int:
        """How many requests of a method there were."""
        return sum(request["method"] == method for request in self.requests)

    @property
    def refused(self) -> int:
        """How many requests were throttled."""
        return sum(request["status"] == 429 for request in self.requests)  # noqa: PLR2004 - known by its number


def beside_floor(name: str, subject: Sequence[Sample], floor: Sequence[Sample], at_most: float | None = None) -> Figure:
    """The median of the ratios of neighbours: what else the machine did hit both alike."""
    ratios = [ours.seconds / theirs.seconds for ours, theirs in zip(subject, floor, strict=True)]
    absolute = {
        "seconds": round(median(sample.seconds for sample in subject), 3),
        "floor_seconds": round(median(sample.seconds for sample in floor), 3),
        "requests": median(len(sample.requests) for sample in subject),
        "least_ratio": round(min(ratios), 3),
        "largest_ratio": round(max(ratios), 3),
    }
    return Figure(name, round(median(ratios), 3), FLOORS, at_most, absolute)


def counted(name: str, samples: Sequence[Sample], method: str, at_most: float) -> Figure:
    """The most requests of a method in any of the runs."""
    return Figure(name, max(sample.count(method) for sample in samples), f"{method} requests", at_most)

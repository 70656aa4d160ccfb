"""What a table of rate limits says, on the terminal and on the page: columns, words, marks and bars. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from pulumi_openai_admin.resources.project_rate_limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult

TITLES = {
    "max_requests_per_1_minute": "Requests/min",
    "max_tokens_per_1_minute": "Tokens/min",
    "max_images_per_1_minute": "Images/min",
    "max_audio_megabytes_per_1_minute": "Audio MB/min",
    "max_requests_per_1_day": "Requests/day",
    "batch_1_day_max_input_tokens": "Batch tokens/day",
}
"""The head of each field's column; which fields there are, and their order, says `LIMITS`."""
UNLIMITED = 2**31 - 1
"""What OpenAI shows where it sets no bound."""
BLOCKED = 0
"""What shuts a model for a project."""
NOTHING = "–"  # noqa: RUF001 - a dash is what is meant
"""What stands where a model has no such limit."""
BAR_DECADES = 5
"""How many times a bar shows ten times as much: limits go from 1 to 10^10, and on an even scale most bars were none."""
SHORTEST_BAR = 0.02
"""So much of a bar is seen of any limit but 0."""


Usual = Mapping[tuple[str, str], int]
"""By model and field, what most projects have."""


@dataclass(frozen=True)
class ProjectLimits:
    """A project and the limits of its models."""

    project: GetProjectResult
    limits: Sequence[GetProjectRateLimitResult]


def in_order(projects: Iterable[GetProjectResult]) -> list[GetProjectResult]:
    """By name, whatever its case; projects without a name come last."""
    return sorted(projects, key=lambda one: (not one.name, (one.name or "").casefold(), one.project_id))


def models_in_order(limits: Iterable[GetProjectRateLimitResult]) -> list[GetProjectRateLimitResult]:
    """By name, whatever its case."""
    return sorted(limits, key=lambda one: (one.model.casefold(), one.model, one.rate_limit_id))


def value_of(limits: GetProjectRateLimitResult, field: str) -> int | None:
    """What one field of a model is; `None` where the model has no such limit."""
    return cast("int | None", getattr(limits, field))


def in_words(value: int | None) -> str:
    """A limit as people read it: `1,234,567`, `unlimited`, `0`, or a dash where there is none."""
    if value is None:
        return NOTHING
    return "unlimited" if value == UNLIMITED else f"{value:,}"


_UNITS = ((10**9, "B"), (10**6, "M"), (10**3, "k"))
_DECIMALS = 1000
"""Of a unit, so much can be said exactly."""


def in_short(value: int, unlimited: str) -> str:
    """A limit in few characters and exactly: `150M`, `1.5k`, `1,234,567`; never rounded.

    Args:
        value: The limit.
        unlimited: What stands for no limit.
    """
    if value == UNLIMITED:
        return unlimited
    for unit, letter in _UNITS:
        if unit <= value < unit * 1000 and value * _DECIMALS % unit == 0:
            return min(f"{value / unit:.3f}".rstrip("0").rstrip(".") + letter, f"{value:,}", key=len)
    return f"{value:,}"


def is_blocked(limits: GetProjectRateLimitResult) -> bool:
    """Whether a limit of 0 shuts the model for the project."""
    return any(value_of(limits, field) == BLOCKED for field in LIMITS)


def usual_instead(limits: GetProjectRateLimitResult, field: str, usual: Usual | None) -> int | None:
    """What most projects have where this one has something else; `None` where it has the same, or there is no usual.

    Args:
        limits: The limits of a model in a project.
        field: One of `LIMITS`.
        usual: By model and field, what most projects have.
    """
    most, here = (usual or {}).get((limits.model, field)), value_of(limits, field)
    return most if here is not None and most != here else None


def differs(limits: GetProjectRateLimitResult, usual: Usual | None) -> bool:
    """Whether any limit of the model is not what most projects have."""
    return any(usual_instead(limits, field, usual) is not None for field in LIMITS)


@dataclass(frozen=True)
class Counts:
    """How many rows a project has, and how many of them are special."""

    project: GetProjectResult
    rows: int
    blocked: int
    different: int


@dataclass
class Survey:
    """What can be said of all rows together."""

    projects: list[Counts] = field(default_factory=list)
    models: set[str] = field(default_factory=set)
    greatest: dict[str, int] = field(default_factory=dict)
    """Of each field that any model has, the greatest number, which bars are compared with. `unlimited` is no number."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that any model has: a column that would be empty is left out."""
        return tuple(name for name in LIMITS if name in self.greatest)

    @classmethod
    def of(cls, projects: Iterable[ProjectLimits], usual: Usual | None) -> Survey:
        """Look at all projects once, one after the other: not all of them fit into memory."""
        survey = cls()
        for one in projects:
            blocked = sum(is_blocked(limits) for limits in one.limits)
            different = sum(differs(limits, usual) for limits in one.limits)
            survey.projects.append(Counts(one.project, len(one.limits), blocked, different))
            for limits in one.limits:
                survey.models.add(limits.model)
                survey._compare(limits)
        return survey

    def _compare(self, limits: GetProjectRateLimitResult) -> None:
        for name in LIMITS:
            value = value_of(limits, name)
            if value is not None:
                number = 0 if value == UNLIMITED else value
                self.greatest[name] = max(self.greatest.get(name, 0), number)


def share_of_bar(value: int | None, greatest: int) -> float:
    """How long the bar of a limit is, from 0 to 1: a tenth of the limit is `1 / BAR_DECADES` shorter."""
    if not value:
        return 0.0
    if value >= greatest or value == UNLIMITED:
        return 1.0
    return max(1 - math.log10(greatest / value) / BAR_DECADES, SHORTEST_BAR)

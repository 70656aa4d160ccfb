"""What a table of rate limits says, on the terminal and on the page: columns, words, marks and bars."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from pulumi_openai_admin.resources.project_rate_limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.functions.project import GetProjectResult
    from pulumi_openai_admin.functions.project_rate_limit import GetProjectRateLimitResult

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


@dataclass(frozen=True)
class ProjectLimits:
    """A project and the limits of its models."""

    project: GetProjectResult
    limits: Sequence[GetProjectRateLimitResult]


def in_order(projects: Iterable[ProjectLimits]) -> list[ProjectLimits]:
    """By the projects' names, and the models' in them, whatever their case; projects without a name come last."""

    def by_name(one: ProjectLimits) -> tuple[bool, str, str]:
        return (not one.project.name, (one.project.name or "").casefold(), one.project.project_id)

    def by_model(limits: GetProjectRateLimitResult) -> tuple[str, str, str]:
        return (limits.model.casefold(), limits.model, limits.rate_limit_id)

    return [replace(one, limits=sorted(one.limits, key=by_model)) for one in sorted(projects, key=by_name)]


def value_of(limits: GetProjectRateLimitResult, field: str) -> int | None:
    """What one field of a model is; `None` where the model has no such limit."""
    return cast("int | None", getattr(limits, field))


def shown_fields(projects: Iterable[ProjectLimits]) -> tuple[str, ...]:
    """The fields that any model has: a column that would be empty is left out."""
    rows = [limits for one in projects for limits in one.limits]
    return tuple(field for field in LIMITS if any(value_of(limits, field) is not None for limits in rows))


def in_words(value: int | None) -> str:
    """A limit as people read it: `1,234,567`, `unlimited`, `0`, or a dash where there is none."""
    if value is None:
        return NOTHING
    return "unlimited" if value == UNLIMITED else f"{value:,}"


def is_blocked(limits: GetProjectRateLimitResult) -> bool:
    """Whether a limit of 0 shuts the model for the project."""
    return any(value_of(limits, field) == BLOCKED for field in LIMITS)


def usual_instead(
    limits: GetProjectRateLimitResult, field: str, usual: Mapping[tuple[str, str], int] | None
) -> int | None:
    """What most projects have where this one has something else; `None` where it has the same, or there is no usual.

    Args:
        limits: The limits of a model in a project.
        field: One of `LIMITS`.
        usual: By model and field, what most projects have.
    """
    most, here = (usual or {}).get((limits.model, field)), value_of(limits, field)
    return most if here is not None and most != here else None


def differs(limits: GetProjectRateLimitResult, usual: Mapping[tuple[str, str], int] | None) -> bool:
    """Whether any limit of the model is not what most projects have."""
    return any(usual_instead(limits, field, usual) is not None for field in LIMITS)


def greatest_of(projects: Iterable[ProjectLimits]) -> dict[str, int]:
    """Of each field, the greatest number in all projects: what bars are compared with. `unlimited` is no number."""
    rows = [limits for one in projects for limits in one.limits]
    numbers = {field: [value_of(limits, field) for limits in rows] for field in LIMITS}
    return {field: max((n for n in found if n and n != UNLIMITED), default=0) for field, found in numbers.items()}


def share_of_bar(value: int | None, greatest: int) -> float:
    """How long the bar of a limit is, from 0 to 1: a tenth of the limit is `1 / BAR_DECADES` shorter."""
    if not value:
        return 0.0
    if value >= greatest or value == UNLIMITED:
        return 1.0
    return max(1 - math.log10(greatest / value) / BAR_DECADES, SHORTEST_BAR)

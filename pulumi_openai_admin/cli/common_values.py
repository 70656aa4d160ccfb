"""What most of the projects have: a limit is worth a line in a program where it differs from that. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pulumi_openai_admin.resources.project_rate_limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin import GetProjectRateLimitResult

_FEWEST = 2
"""A single project is no majority."""


def usual_limits(projects: Iterable[Iterable[GetProjectRateLimitResult]]) -> dict[tuple[str, str], int]:
    """The usual value of each limit of each model.

    Usual is what more than half of the projects that have the model hold, and two at least. A limit of which
    no value is so frequent has none.

    Args:
        projects: The rows of each project; they are looked at once, one project after the other.

    Returns:
        Values by model and limit: `{("gpt-4o", "max_requests_per_1_minute"): 500}`.
    """
    having: Counter[str] = Counter()
    values: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for project in projects:
        for row in project:
            having[row.model] += 1
            for limit, value in limits_of(row).items():
                values[row.model, limit][value] += 1
    return {
        (model, limit): value
        for (model, limit), counts in values.items()
        for value, count in counts.most_common(1)
        if count >= _FEWEST and count * 2 > having[model]
    }


def limits_of(row: GetProjectRateLimitResult) -> dict[str, int]:
    """The limits that a row has, by their names."""
    return {limit: value for limit in LIMITS if (value := getattr(row, limit)) is not None}


def unusual_limits(row: GetProjectRateLimitResult, usual: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """The limits of a row that are not what most of the projects have."""
    return {limit: value for limit, value in limits_of(row).items() if usual.get((row.model, limit)) != value}

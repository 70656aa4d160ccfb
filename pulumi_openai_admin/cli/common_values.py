"""The limits that most projects have: `adopt` writes only limits that differ from them. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pulumi_openai_admin.resources.project_rate_limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_openai_admin import GetProjectRateLimitResult

_MIN_PROJECTS = 2
"""A single project is not a majority."""


def common_limits(projects: Iterable[Iterable[GetProjectRateLimitResult]]) -> dict[tuple[str, str], int]:
    """The common value of each limit of each model.

    A value is common if more than half of the projects with the model have it, and at least two. A limit without such a
    value is omitted.

    Args:
        projects: The rate limits of each project; they are read once, one project after the other.

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
        if count >= _MIN_PROJECTS and count * 2 > having[model]
    }


def limits_of(row: GetProjectRateLimitResult) -> dict[str, int]:
    """The limits of a model, by name."""
    return {limit: value for limit in LIMITS if (value := getattr(row, limit)) is not None}

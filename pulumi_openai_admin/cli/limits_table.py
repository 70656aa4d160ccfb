"""The contents of a table of rate limits on the terminal and on the page: columns, strings, marks and bars. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli.limits_columns import COLUMNS, LIMIT_COLUMNS, UNLIMITED, is_blocked
from pulumi_openai_admin.cli.value_words import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.cli.limits_columns import LimitColumn, Value

BAR_DECADES = 5
"""The number of powers of ten that a bar covers. Limits go from 1 to 10^10, so a linear scale would be useless."""
MIN_BAR = 0.02
"""The shortest bar of a limit that is not 0."""


CommonLimits = Mapping[tuple[str, str], int]
"""By model and field, what most projects have."""


@dataclass(frozen=True)
class ProjectLimits:
    """A project and the limits of its models."""

    project: GetProjectResult
    limits: Sequence[GetProjectRateLimitResult]


def in_order(projects: Iterable[GetProjectResult]) -> list[GetProjectResult]:
    """Sorted by name, case-insensitive; projects without a name are last."""
    return sorted(projects, key=lambda project: (not project.name, (project.name or "").casefold(), project.project_id))


def models_in_order(limits: Iterable[GetProjectRateLimitResult]) -> list[GetProjectRateLimitResult]:
    """Sorted by name, case-insensitive."""
    return sorted(limits, key=lambda row: (row.model.casefold(), row.model, row.rate_limit_id))


def in_words(value: Value) -> str:
    """A value for people: `1,234,567`, `unlimited`, `0`, or a dash if there is none."""
    return "unlimited" if value == UNLIMITED else _plain(value)


def _plain(value: Value) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.{_DIGITS}f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else value


_DIGITS = 3
"""The decimals of numbers that are not whole: such a number is rounded, because it is calculated."""
_UNITS = ((10**9, "B"), (10**6, "M"), (10**3, "k"))
_DECIMALS = 10**_DIGITS


def in_short(value: Value, unlimited: str) -> str:
    """A value in few characters, a whole number never rounded: `150M`, `1.5k`, `1,234,567`.

    Args:
        value: The value.
        unlimited: The text for no limit.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        return _plain(value)
    if value == UNLIMITED:
        return unlimited
    for unit, letter in _UNITS:
        if unit <= value < unit * 1000 and value * _DECIMALS % unit == 0:
            return min(f"{value / unit:.{_DIGITS}f}".rstrip("0").rstrip(".") + letter, f"{value:,}", key=len)
    return _plain(value)


def common_if_different(
    limits: GetProjectRateLimitResult, column: LimitColumn, common: CommonLimits | None
) -> int | None:
    """The value of most projects if this one differs; `None` if it is the same, or if there is no common value.

    Args:
        limits: The limits of a model in a project.
        column: A column of the table.
        common: By model and field, what most projects have.
    """
    most, here = (common or {}).get((limits.model, column.name)), column.of(limits)
    return most if here is not None and most != here else None


def differs(limits: GetProjectRateLimitResult, common: CommonLimits | None) -> bool:
    """Whether any limit of the model differs from most projects."""
    return any(common_if_different(limits, column, common) is not None for column in COLUMNS)


@dataclass(frozen=True)
class Counts:
    """How many models a project has, how many are blocked, and how many differ from most projects."""

    project: GetProjectResult
    rows: int
    blocked: int
    different: int


@dataclass
class LimitFigures:
    """Figures of all projects."""

    projects: list[Counts] = field(default_factory=list)
    models: set[str] = field(default_factory=set)
    greatest: dict[str, int] = field(default_factory=dict)
    """The greatest number of each limit that any model has: a whole bar. `unlimited` is not a number."""
    shown: set[str] = field(default_factory=set)
    """The names of the columns in which any model has a value: empty columns are omitted."""
    without_common: set[str] = field(default_factory=set)
    """The models of several projects that have a limit for which most projects have no common value."""

    @property
    def columns(self) -> list[LimitColumn]:
        """The columns, without empty ones."""
        return [column for column in COLUMNS if column.name in self.shown]

    @classmethod
    def of(cls, projects: Iterable[ProjectLimits], common: CommonLimits | None) -> LimitFigures:
        """Read all projects once, one after the other: not all of them fit into memory."""
        survey, seen = cls(), set[tuple[str, str]]()
        for project in projects:
            blocked = sum(is_blocked(limits) for limits in project.limits)
            different = sum(differs(limits, common) for limits in project.limits)
            survey.projects.append(Counts(project.project, len(project.limits), blocked, different))
            for limits in project.limits:
                survey.models.add(limits.model)
                survey._compare(limits)
                having = {
                    (limits.model, name) for name, column in LIMIT_COLUMNS.items() if column.of(limits) is not None
                }
                if common is not None:
                    survey.without_common |= {model for model, name in having & seen if (model, name) not in common}
                seen |= having
        return survey

    def _compare(self, limits: GetProjectRateLimitResult) -> None:
        for column in COLUMNS:
            value = column.of(limits)
            if value is not None:
                self.shown.add(column.name)
            if column.is_limit and isinstance(value, int):
                number = 0 if value == UNLIMITED else value
                self.greatest[column.name] = max(self.greatest.get(column.name, 0), number)


def share_of_bar(value: int | None, greatest: int) -> float:
    """The length of a limit's bar, from 0 to 1: a tenth of the limit is `1 / BAR_DECADES` shorter."""
    if not value:
        return 0.0
    if value >= greatest or value == UNLIMITED:
        return 1.0
    return max(1 - math.log10(greatest / value) / BAR_DECADES, MIN_BAR)

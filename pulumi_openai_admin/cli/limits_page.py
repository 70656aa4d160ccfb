"""The page of `limits --html`: one file that can be searched, printed and mailed, and that loads nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli import limits_table as table
from pulumi_openai_admin.cli import page
from pulumi_openai_admin.cli.limits_columns import UNLIMITED, blocks, is_blocked
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import TextIO

    from pulumi_openai_admin import GetProjectRateLimitResult
    from pulumi_openai_admin.cli.limits_columns import LimitColumn
    from pulumi_openai_admin.cli.limits_table import ProjectLimits


class _LimitCell(NamedTuple):
    """A value."""

    text: str
    css: str
    common: str
    """The value of most projects, if this one differs."""


class _LimitRow(NamedTuple):
    """A model."""

    model: str
    css: str
    cells: list[_LimitCell]


class _LimitSection(NamedTuple):
    """A project."""

    name: str
    project_id: str
    is_archived: bool
    is_short: bool
    rows: Sequence[_LimitRow]
    counts: table.Counts


def write(
    file: TextIO,
    projects: Iterable[ProjectLimits],
    read_at: datetime,
    source: str,
    common: table.CommonLimits | None = None,
) -> table.LimitFigures:
    """Write the page, project by project, because it may be large.

    Args:
        file: The file.
        projects: The projects, sorted; they are read twice.
        read_at: When they were read, with a time zone.
        source: The base URL that they were read from.
        common: What most projects have: limits that differ are marked. Without it, no limit is marked.

    Returns:
        Figures of the page.
    """
    survey = table.LimitFigures.of(projects, common)
    rows = sum(counts.rows for counts in survey.projects)
    page.write(
        file,
        "limits_page.html.jinja",
        read_at=read_at,
        source=source,
        title="OpenAI rate limits",
        placeholder="model, project or id",
        group="project",
        groups="projects",
        titles=[column.title for column in survey.columns],
        index=[_head(counts) for counts in survey.projects],
        sections=(
            _section(project, counts, survey, common) for project, counts in zip(projects, survey.projects, strict=True)
        ),
        models=len(survey.models),
        rows=rows,
        is_open=rows <= page.MAX_OPEN,
        blocked=sum(counts.blocked for counts in survey.projects),
        different=None if common is None else sum(counts.different for counts in survey.projects),
        without_common=len(survey.without_common),
        decades=table.BAR_DECADES,
    )
    return survey


def _head(counts: table.Counts) -> _LimitSection:
    """A project without its rows."""
    project = counts.project
    return _LimitSection(
        name=printable(project.name or "(no name)"),
        project_id=printable(project.project_id),
        is_archived=project.is_archived,
        is_short=counts.rows <= page.MAX_SHORT,
        rows=(),
        counts=counts,
    )


def _section(
    project: ProjectLimits, counts: table.Counts, survey: table.LimitFigures, common: table.CommonLimits | None
) -> _LimitSection:
    return _head(counts)._replace(rows=[_row(limits, survey, common) for limits in project.limits])


def _row(limits: GetProjectRateLimitResult, survey: table.LimitFigures, common: table.CommonLimits | None) -> _LimitRow:
    marks = ["blocked"] * is_blocked(limits) + ["differs"] * table.differs(limits, common)
    cells = [_cell(limits, column, survey, common) for column in survey.columns]
    return _LimitRow(printable(limits.model), " ".join(marks), cells)


def _cell(
    limits: GetProjectRateLimitResult,
    column: LimitColumn,
    survey: table.LimitFigures,
    common: table.CommonLimits | None,
) -> _LimitCell:
    value, instead = column.of(limits), table.common_if_different(limits, column, common)
    return _LimitCell(
        text="" if value is None else printable(table.in_words(value)),
        css=css_of(value, survey.greatest[column.name]) if column.is_limit else page.PLAIN,
        common="" if instead is None else table.in_words(instead),
    )


def css_of(value: object, greatest: int) -> str:
    """The CSS class of the cell of a limit.

    Args:
        value: The limit, or a text in its place.
        greatest: The greatest value of the limit on the page: a whole bar.
    """
    if value is None:
        return ""
    if not isinstance(value, int):
        return page.PLAIN
    if value == UNLIMITED:
        return "max"
    return "zero" if blocks(value) else page.bar(table.share_of_bar(value, greatest))

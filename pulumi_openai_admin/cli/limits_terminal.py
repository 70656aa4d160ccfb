"""The table of rate limits on a terminal: readable in 80 columns, and written project by project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.limits_columns import COLUMNS, blocks
from pulumi_openai_admin.cli.limits_table import common_if_different, in_short
from pulumi_openai_admin.cli.organization import names_of
from pulumi_openai_admin.cli.streamed_table import StreamedTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.text import Text

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.cli.limits_columns import LimitColumn
    from pulumi_openai_admin.cli.limits_table import CommonLimits, ProjectLimits

_INFINITE = "\N{INFINITY}"
_PROJECT, _MODEL = "project", "model"


def show(projects: Iterable[ProjectLimits], common: CommonLimits | None) -> None:
    """Print one table of all projects, with a column for the project if there are several.

    Args:
        projects: The projects, sorted; they are read twice.
        common: What most projects have: where a limit differs, it stands behind it in parentheses.
    """
    words = _Words(common)
    found: list[GetProjectResult] = []
    numbers = {column.head: True for column in COLUMNS}
    table = StreamedTable({_PROJECT: False, _MODEL: False, **numbers}, gaps=(2, 1))
    for project in projects:
        found.append(project.project)
        for row in project.limits:
            table.measure(_MODEL, row.model)
            for column in COLUMNS:
                if column.of(row) is not None:
                    table.measure(column.head, words.of(row, column))
    names = _names(found)
    if len(names) == 1:
        terminal.show(terminal.cell(next(iter(names.values())), "bold"))
    else:
        for name in names.values():
            table.measure(_PROJECT, name)
    if table.show(
        _cells(row, names[project.project.project_id], words) for project in projects for row in project.limits
    ):
        terminal.say(words.legend(column for column in COLUMNS if column.head in table.heads))


class _Words:
    """The strings of the cells."""

    def __init__(self, common: CommonLimits | None) -> None:
        self._usual = common
        self._unlimited = _INFINITE if terminal.can_show(_INFINITE) else "none"

    def of(self, row: GetProjectRateLimitResult, column: LimitColumn) -> str:
        here, most = in_short(column.of(row), self._unlimited), common_if_different(row, column, self._usual)
        return here if most is None else f"{here} ({in_short(most, self._unlimited)})"

    def legend(self, columns: Iterable[LimitColumn]) -> str:
        heads = "; ".join(f"{column.head}: {column.meaning}" for column in columns)
        most = " In parentheses: the value of most projects." if self._usual is not None else ""
        return f"{heads}; {self._unlimited}: no limit is set.{most}"


def _names(projects: Sequence[GetProjectResult]) -> dict[str, str]:
    """The name, with the id if it is not unique or if there is only one project."""
    if len(projects) == 1:
        only = projects[0]
        return {only.project_id: f"{only.name or 'Without a name'} ({only.project_id})"}
    return names_of(projects)


def _cells(row: GetProjectRateLimitResult, project: str, words: _Words) -> dict[str, Text]:
    """The cells of a row; a limit that blocks the model is red."""
    cells = {_PROJECT: terminal.cell(project), _MODEL: terminal.cell(row.model)}
    for column in COLUMNS:
        is_blocking = column.is_limit and blocks(column.of(row))
        cells[column.head] = terminal.cell(words.of(row, column), "red" if is_blocking else "")
    return cells

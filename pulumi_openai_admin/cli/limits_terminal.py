"""The table of rate limits on a terminal: readable in 80 columns, and written project by project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.limits_columns import COLUMNS, blocks
from pulumi_openai_admin.cli.limits_table import common_if_different, in_short
from pulumi_openai_admin.cli.organization import names_of
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.text import Text

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.cli.limits_columns import LimitColumn
    from pulumi_openai_admin.cli.limits_table import CommonLimits, ProjectLimits

_INFINITE = "\N{INFINITY}"
_PROJECT, _MODEL = "project", "model"
_GAPS = (2, 1)
"""Spaces between columns: the first number with which the table fits."""
_MIN_WIDTH = len(_PROJECT)
"""The smallest width of a name's column. Longer names continue on the next line."""


def show(projects: Iterable[ProjectLimits], common: CommonLimits | None) -> None:
    """Print one table of all projects, with a column for the project if there are several.

    Args:
        projects: The projects, sorted; they are read twice.
        common: What most projects have: where a limit differs, it stands behind it in parentheses.
    """
    words = _Words(common)
    names, widths = _widths(projects, words)
    if len(names) == 1:
        terminal.show(terminal.cell(next(iter(names.values())), "bold"))
        del widths[_PROJECT]
    gap = _fitted(widths)
    for number, project in enumerate(projects):
        if project.limits:
            terminal.show(_table(project, names[project.project.project_id], widths, gap, words, has_heads=number == 0))
    if shown := [column for column in COLUMNS if column.name in widths]:
        terminal.say(words.legend(shown))


class _Words:
    """The texts of the cells."""

    def __init__(self, common: CommonLimits | None) -> None:
        self._usual = common
        self._unlimited = _INFINITE if terminal.can_show(_INFINITE) else "none"

    def of(self, row: GetProjectRateLimitResult, column: LimitColumn) -> str:
        here, most = in_short(column.of(row), self._unlimited), common_if_different(row, column, self._usual)
        return here if most is None else f"{here} ({in_short(most, self._unlimited)})"

    def legend(self, columns: Iterable[LimitColumn]) -> str:
        heads = "; ".join(f"{column.head}: {column.meaning}" for column in columns)
        most = " In parentheses: what most projects have." if self._usual is not None else ""
        return f"{heads}; {self._unlimited}: no limit is set.{most}"


def _widths(projects: Iterable[ProjectLimits], words: _Words) -> tuple[dict[str, str], dict[str, int]]:
    """The displayed name of each project, by id, and the width that each column needs; empty columns are left out."""
    found: list[GetProjectResult] = []
    widths = {_PROJECT: len(_PROJECT), _MODEL: len(_MODEL)}
    for project in projects:
        found.append(project.project)
        for row in project.limits:
            widths[_MODEL] = max(widths[_MODEL], cell_len(printable(row.model)))
            for column in COLUMNS:
                if column.of(row) is not None:
                    needed = cell_len(printable(words.of(row, column)))
                    widths[column.name] = max(widths.get(column.name, len(column.head)), needed)
    names = _names(found)
    widths[_PROJECT] = max([widths[_PROJECT], *(cell_len(printable(name)) for name in names.values())])
    return names, {
        name: widths[name] for name in (_PROJECT, _MODEL, *(column.name for column in COLUMNS)) if name in widths
    }


def _names(projects: Sequence[GetProjectResult]) -> dict[str, str]:
    """The name, with the id if it is not unique or if there is only one project."""
    if len(projects) == 1:
        only = projects[0]
        return {only.project_id: f"{only.name or 'Without a name'} ({only.project_id})"}
    return names_of(projects)


def _fitted(widths: dict[str, int]) -> int:
    """Narrow the columns of names until the table fits; returns the gap between columns."""
    names = [name for name in (_PROJECT, _MODEL) if name in widths]
    room = {gap: terminal.columns() - gap * (len(widths) - 1) for gap in _GAPS}
    gap = next((gap for gap in _GAPS if sum(widths.values()) <= room[gap]), _GAPS[-1])
    available = room[gap] - sum(width for name, width in widths.items() if name not in names)
    for name in names:
        others = sum(widths[other] for other in names if other != name)
        widths[name] = max(_MIN_WIDTH, min(widths[name], max(available - others, available // 2)))
    return gap


def _table(  # noqa: PLR0913 - all but the first two are the same for every project
    limits: ProjectLimits, project: str, widths: Mapping[str, int], gap: int, words: _Words, *, has_heads: bool
) -> Table:
    table = Table(box=None, show_header=has_heads, padding=(0, gap, 0, 0), pad_edge=False)
    shown = [column for column in COLUMNS if column.name in widths]
    names = [name for name in (_PROJECT, _MODEL) if name in widths]
    for name in names:
        table.add_column(name, width=widths[name], overflow="fold")
    for column in shown:
        table.add_column(column.head, width=widths[column.name], justify="right", overflow="fold")
    for row in limits.limits:
        texts = {_PROJECT: project, _MODEL: row.model}
        table.add_row(*(terminal.cell(texts[name]) for name in names), *(_cell(row, column, words) for column in shown))
    return table


def _cell(row: GetProjectRateLimitResult, column: LimitColumn, words: _Words) -> Text:
    """A value; a limit that blocks the model is red."""
    is_blocking = column.is_limit and blocks(column.of(row))
    return terminal.cell(words.of(row, column), "red" if is_blocking else "")

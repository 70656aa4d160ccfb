"""The table of `drift` on a terminal: readable in 80 columns, and written resource by resource."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Group
from rich.padding import Padding
from rich.table import Table

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.value_words import ABSENT, in_words
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.cli.changes import Change
    from pulumi_openai_admin.cli.drift.report import Author, Difference

ORGANIZATION = "The organization"
_GAP = 2
_INDENT = 2
"""The width of an empty first column, and of a level below."""
_MOST = (44, 44, 40)
"""The greatest widths of the columns. Longer strings continue on the next line, between words."""


def show(differences: Iterable[Difference], project_names: Mapping[str, str]) -> None:
    """Print a block for each resource that differs, below the name of its project.

    Args:
        differences: They come project by project.
        project_names: The names of the projects in the state.
    """
    project_id: str | None = None
    for difference in differences:
        if difference.project_id != project_id:
            project_id = difference.project_id
            terminal.show(terminal.cell(place_name(project_id, project_names), "bold"))
        terminal.show(terminal.cell(f"  {difference.title}"))
        show_rows([(field, change, by(author)) for field, change, author in lines(difference)])


def show_rows(rows: Sequence[Row]) -> None:
    """Print the rows of a block: beside each other where no word has to be broken, else below each other."""
    widths = _widths(rows)
    terminal.show(_table(rows, widths) if widths else _stacked(rows))


def place_name(project_id: str, names: Mapping[str, str]) -> str:
    """A project in a headline: its name and its id."""
    if not project_id:
        return ORGANIZATION
    return f"{names[project_id]} ({project_id})" if project_id in names else f"Project {project_id}"


Row = Sequence[str]
"""The field, what changed, and who changed it; or what there is, and who made it."""
_STYLES = ("", "yellow", "dim")


def _widths(rows: Sequence[Row]) -> list[int]:
    """The widths of the columns in which no word has to be broken; empty if they do not fit."""
    columns = [list(map(printable, texts)) for texts in zip(*rows, strict=True)]
    least = [max(cell_len(word) for text in texts for word in text.split() or [""]) for texts in columns]
    most = [max(limit, width) for limit, width in zip(_MOST[-len(columns) :], least, strict=True)]
    _, *widths = terminal.narrowed((_INDENT, *most), (_INDENT, *least), _GAP)
    is_fitting = sum(widths) + _INDENT + _GAP * len(widths) <= terminal.columns()
    return widths if is_fitting else []


def _table(rows: Sequence[Row], widths: Sequence[int]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, _GAP, 0, 0), pad_edge=False)
    table.add_column(width=_INDENT)
    for width in widths:
        table.add_column(width=width, overflow="fold")
    for row in rows:
        table.add_row("", *map(terminal.cell, row, _STYLES[-len(row) :]))
    return table


def _stacked(rows: Sequence[Row]) -> Group:
    """The same below each other, for a narrow terminal: what changed is indented below its field."""
    lines = []
    for row in rows:
        for number, (text, style) in enumerate(zip(row, _STYLES[-len(row) :], strict=True)):
            if text != ABSENT:
                lines.append(Padding(terminal.cell(text, style), (0, 0, 0, 2 * _INDENT + _INDENT * bool(number))))
    return Group(*lines)


def lines(difference: Difference) -> list[tuple[str, str, Author | None]]:
    """What is shown of a resource: fields with their values, and who changed each."""
    if difference.gone:
        return [("gone", difference.gone, difference.author)]
    found = [
        (change.field, words_of(change, difference.member_of(change)), difference.author_of(index))
        for index, change in enumerate(difference.changes)
    ]
    return [*found, *(("due", note, difference.author) for note in difference.notes)]


def words_of(change: Change, member: str | None) -> str:
    """A change in words: what is in the state, and what OpenAI shows.

    Args:
        change: The change.
        member: The address of the user that an item of a list is the id of.
    """
    if change.is_item:
        sign, item = ("+", change.after) if change.before is None else ("-", change.before)
        return f"{sign} {named(item, member)}"
    before, after = (in_words(change.path, value) for value in (change.before, change.after))
    if change.before is None:
        return f"+ {after}"
    return f"- {before}" if change.after is None else f"{before} → {after}"


def named(item: Any, member: str | None) -> str:
    """An item of a list, with the address of the user if it is known."""
    return f"{member} ({item})" if member else str(item)


def by(author: Author | None) -> str:
    """Who changed something, and when; a dash if that is not known."""
    return ABSENT if author is None else f"{author.name}, {time_of(author.at)}"


def time_of(seconds: float) -> str:
    """A time as people write it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def documents(differences: Iterable[Difference]) -> Iterable[Any]:
    """The same for programs."""
    return (difference.document() for difference in differences)

"""The table of `members` on a terminal: readable in 80 columns, and written person by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.members_table import OWNER, Line
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADS = ("person", *Line._fields)
_GAP = 2
_MIN_WIDTH = 10
"""The smallest width of a column; long texts continue on the next line."""

_RED = ("role", OWNER)
"""The column and the text that is red."""

Block = tuple[list[str], list[Line]]
"""The lines of the first column, and the rows beside them."""


def show(blocks: Iterable[Block]) -> bool:
    """Print one table of all people and invites; returns whether there were any.

    Args:
        blocks: They are read twice.
    """
    widths = terminal.narrowed(_widths(blocks), [_MIN_WIDTH] * len(HEADS), _GAP)
    is_first = True
    for names, lines in blocks:
        terminal.show(_table(names, lines, widths, has_heads=is_first))
        is_first = False
    return not is_first


def _widths(blocks: Iterable[Block]) -> list[int]:
    widths = [len(head) for head in HEADS]
    for names, lines in blocks:
        for name in names:
            widths[0] = max(widths[0], cell_len(printable(name)))
        for line in lines:
            for column, text in enumerate(line, 1):
                widths[column] = max(widths[column], cell_len(printable(text)))
    return widths


def _table(names: list[str], lines: list[Line], widths: Sequence[int], *, has_heads: bool) -> Table:
    table = Table(box=None, show_header=has_heads, padding=(0, _GAP, 0, 0), pad_edge=False)
    for head, width in zip(HEADS, widths, strict=True):
        table.add_column(head, width=width, overflow="fold")
    for number in range(max(len(names), len(lines))):
        name = names[number] if number < len(names) else ""
        cells = lines[number]._asdict() if number < len(lines) else {}
        table.add_row(
            terminal.cell(name, "bold" if number == 0 else "dim"),
            *(terminal.cell(text, "red" if (head, text) == _RED else "") for head, text in cells.items()),
        )
    return table

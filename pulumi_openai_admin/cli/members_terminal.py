"""The table of `members` on a terminal: readable in 80 columns, and written person by person."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.members_table import OWNER, TableLine
from pulumi_openai_admin.cli.streamed_table import StreamedTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.text import Text

_PERSON = "person"
_RED = ("role", OWNER)
"""The column and the text that is red."""

Block = tuple[list[str], list[TableLine]]
"""The lines of the first column, and the rows beside them."""


def show(blocks: Iterable[Block]) -> bool:
    """Print one table of all people and invites; returns whether there were any.

    Args:
        blocks: They are read twice.
    """
    table = StreamedTable(dict.fromkeys((_PERSON, *TableLine._fields), False))
    for names, lines in blocks:
        for name in names:
            table.measure(_PERSON, name)
        for line in lines:
            for head, text in line._asdict().items():
                table.measure(head, text)
    return table.show(row for names, lines in blocks for row in _rows(names, lines))


def _rows(names: list[str], lines: list[TableLine]) -> Iterator[dict[str, Text]]:
    for number, (name, line) in enumerate(zip_longest(names, lines)):
        cells = {_PERSON: terminal.cell(name or "", "dim" if number else "bold")}
        for head, text in line._asdict().items() if line else ():
            cells[head] = terminal.cell(text, "red" if (head, text) == _RED else "")
        yield cells

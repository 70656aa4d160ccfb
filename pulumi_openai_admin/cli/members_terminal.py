"""The table of `members` and `access` on a terminal: readable in 80 columns, and written person by person."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.members_table import OWNER, TableLine
from pulumi_openai_admin.cli.streamed_table import StreamedTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.text import Text

    from pulumi_openai_admin.cli.access.table import AccessLine

_PERSON = "person"
RED = ("role", OWNER)
"""The column and the text that is red in the table of `members`."""

LineT = TypeVar("LineT", bound="TableLine | AccessLine")
Block = tuple[list[str], list[LineT]]
"""The lines of the first column, and the rows beside them."""


def show(blocks: Iterable[Block[LineT]], heads: Sequence[str] = TableLine._fields, red: tuple[str, str] = RED) -> bool:
    """Print one table of all people and invites; returns whether there were any.

    Args:
        blocks: They are read twice.
        heads: The heads of the columns of rows.
        red: The column and the text that is red.
    """
    table = StreamedTable(dict.fromkeys((_PERSON, *heads), False))
    for names, lines in blocks:
        for name in names:
            table.measure(_PERSON, name)
        for line in lines:
            for head, text in line._asdict().items():
                table.measure(head, text)
    return table.show(row for names, lines in blocks for row in _rows(names, lines, red))


def _rows(names: list[str], lines: list[LineT], red: tuple[str, str]) -> Iterator[dict[str, Text]]:
    for number, (name, line) in enumerate(zip_longest(names, lines)):
        cells = {_PERSON: terminal.cell(name or "", "dim" if number else "bold")}
        for head, text in line._asdict().items() if line else ():
            cells[head] = terminal.cell(text, "red" if (head, text) == red else "")
        yield cells

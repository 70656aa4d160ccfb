"""The table of `members` and `access` on a terminal: readable in 80 columns, and written person by person."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.members_table import OWNER, TableLine
from pulumi_openai_admin.cli.streamed_table import StreamedTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.text import Text

    from pulumi_openai_admin.cli.members_table import PeopleEntry

_PERSON = "person"
OWNER_CELL = ("role", OWNER)
"""The column and the text that is red in the table of `members`."""


def show(
    entries: Callable[[], Iterable[PeopleEntry]],
    heads: Sequence[str] = TableLine._fields,
    red: tuple[str, str] = OWNER_CELL,
) -> bool:
    """Print one table of all people and invites; returns whether there were any.

    Args:
        entries: Gives them; it is called twice.
        heads: The heads of the columns of rows.
        red: The column and the text that is red.
    """
    table = StreamedTable(dict.fromkeys((_PERSON, *heads), False))
    for entry in entries():
        for name in entry.titles:
            table.measure(_PERSON, name)
        for row in entry.rows:
            for head, text in row.items():
                table.measure(head, text)
    return table.show(row for entry in entries() for row in _rows(entry, red))


def _rows(entry: PeopleEntry, red: tuple[str, str]) -> Iterator[dict[str, Text]]:
    for number, (name, row) in enumerate(zip_longest(entry.titles, entry.rows)):
        cells = {_PERSON: terminal.cell(name or "", "dim" if number else "bold")}
        for head, text in row.items() if row else ():
            cells[head] = terminal.cell(text, "red" if (head, text) == red else "")
        yield cells

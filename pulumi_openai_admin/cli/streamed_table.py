"""A table on a terminal whose rows may not fit into memory: they are read twice, to measure them and to print them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.text import Text

_MIN_WIDTH = 7
"""The smallest width of a column of strings. Longer strings continue on the next line."""
_ROWS_AT_A_TIME = 500


class StreamedTable:
    """A table. Columns without a text are omitted.

    Args:
        columns: The heads in their order, and whether the column contains numbers. Numbers are aligned, and never
            continue on the next line.
        gaps: Spaces between columns: the first number with which the table fits, or else the last one.
    """

    def __init__(self, columns: Mapping[str, bool], gaps: Sequence[int] = (2,)) -> None:
        self._columns = columns
        self._gaps = gaps
        self._widths: dict[str, int] = {}

    @property
    def heads(self) -> list[str]:
        """The heads of the columns that have a text."""
        return [head for head in self._columns if head in self._widths]

    def measure(self, head: str, text: str) -> None:
        """Make room for a text in a column."""
        self._widths[head] = max(self._widths.get(head, len(head)), cell_len(printable(text)))

    def show(self, rows: Iterable[Mapping[str, Text]]) -> bool:
        """Print the rows, with the heads above the first one; returns whether there are any.

        Args:
            rows: The cells of each row, by the head of the column. A cell that is missing is empty.
        """
        widths = [self._widths[head] for head in self.heads]
        is_fitting = (gap for gap in self._gaps if sum(widths) + gap * (len(widths) - 1) <= terminal.columns())
        gap = next(is_fitting, self._gaps[-1])
        least = [self._widths[head] if self._columns[head] else _MIN_WIDTH for head in self.heads]
        widths, rest, has_heads = terminal.narrowed(widths, least, gap), iter(rows), True
        while part := list(islice(rest, _ROWS_AT_A_TIME)):
            table = Table(box=None, show_header=has_heads, padding=(0, gap, 0, 0), pad_edge=False)
            for head, width in zip(self.heads, widths, strict=True):
                table.add_column(head, width=width, justify="right" if self._columns[head] else "left", overflow="fold")
            for row in part:
                table.add_row(*(row.get(head, "") for head in self.heads))
            terminal.show(table)
            has_heads = False
        return not has_heads

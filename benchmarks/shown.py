"""What the reader of a terminal sees: where the run is, then tables."""

from __future__ import annotations

import time
from textwrap import wrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable
from rich.text import Text

if TYPE_CHECKING:
    from typing import Self

    from rich.console import Console, RenderableType

    from benchmarks.measure import Figure, Report

_HEADER_WIDTH, _UNIT_WIDTH = 9, 12
_VERDICT = {True: "[green]met[/]", False: "[red]not met[/]", None: ""}


class Steps:
    """The step that is being measured: on a terminal redrawn, elsewhere a line for each."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
        )
        self._task = self._progress.add_task("starting")
        self._name = ""
        self._began = time.monotonic()

    def begin(self, name: str) -> None:
        """Go on to the next benchmark."""
        self._name = name
        self.tell("starting")

    def tell(self, what: str) -> None:
        """Say what is measured now."""
        self._progress.update(self._task, description=f"{self._name}: {what}")
        if not self._console.is_terminal:
            self._console.print(f"{time.monotonic() - self._began:6.0f} s  {self._name}: {what}", markup=False)

    def __enter__(self) -> Self:
        """Show."""
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the line."""
        if self._console.is_terminal:
            self._progress.stop()


def report(console: Console, name: str, found: Report, committed: dict[str, float]) -> None:
    """Print what one benchmark found."""
    if found.figures:
        console.print(_figures(name, found.figures, committed))
    for table in found.tables:
        drawn = _empty(table.title, table.columns)
        for row in table.rows:
            drawn.add_row(*map(escape, row))
        console.print(drawn)
    for note in found.notes:
        console.print(f"[yellow]{name}:[/] {escape(note)}")


def _figures(name: str, figures: list[Figure], committed: dict[str, float]) -> RichTable:
    table = _empty(name, ["measured", "", "", "target", "÷ committed"])
    table.columns[2].no_wrap, table.columns[2].max_width, table.columns[2].justify = False, _UNIT_WIDTH, "left"
    for figure in figures:
        before = committed.get(figure.name)
        table.add_row(
            _with_what_it_is_made_of(figure),
            f"{figure.value:,.4g}" if figure.value < 1e4 else f"{figure.value:,.0f}",  # noqa: PLR2004 - digits
            figure.unit,
            "" if figure.at_most is None else f"≤ {figure.at_most:g} {_VERDICT[figure.is_met]}",
            f"{figure.value / before:.2f}" if before else "-",
        )
    return table


def _with_what_it_is_made_of(figure: Figure) -> Group:
    """Its name; below it, smaller, the seconds and counts behind it."""
    lines: list[RenderableType] = [Text(figure.name)]
    if figure.absolute:
        made_of = ", ".join(f"{key.replace('_', ' ')} {value:g}" for key, value in figure.absolute.items())
        lines.append(Padding(Text(made_of, style="dim"), (0, 0, 0, 2)))
    return Group(*lines)


def _empty(title: str, columns: list[str]) -> RichTable:
    """A table whose text wraps and whose numbers never do, so that it can be read at 80 columns."""
    table = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for number, column in enumerate(columns):
        if number:
            table.add_column("\n".join(wrap(column, _HEADER_WIDTH)), justify="right", no_wrap=True)
        else:
            table.add_column(column, ratio=1)
    return table

"""What the reader of a terminal sees: where the run is, then tables."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from benchmarks.measure import Figure, Report, Table, compared

if TYPE_CHECKING:
    from rich.console import Console
    from typing_extensions import Self

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
        console.print(_plain(table))
    for note in found.notes:
        console.print(f"[yellow]{name}:[/] {escape(note)}")


def _figures(name: str, figures: list[Figure], committed: dict[str, float]) -> RichTable:
    table = RichTable("measured", "", "", "target", "", "÷ committed", "made of", title=name, title_justify="left")
    for column in (1, 5):
        table.columns[column].justify = "right"
    for figure in figures:
        ratio = compared(figure, committed)
        table.add_row(
            escape(figure.name),
            f"{figure.value:,.4g}" if figure.value < 1e4 else f"{figure.value:,.0f}",  # noqa: PLR2004 - digits
            figure.unit,
            "" if figure.at_most is None else f"≤ {figure.at_most:g}",
            _VERDICT[figure.is_met],
            "-" if ratio is None else f"{ratio:.2f}",
            ", ".join(f"{key} {value:g}" for key, value in figure.absolute.items()),
        )
    return table


def _plain(table: Table) -> RichTable:
    drawn = RichTable(*table.columns, title=table.title, title_justify="left")
    for column in drawn.columns[1:]:
        column.justify = "right"
    for row in table.rows:
        drawn.add_row(*map(escape, row))
    return drawn

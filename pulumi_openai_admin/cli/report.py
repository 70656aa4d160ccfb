"""A report in all its forms: a table on a terminal and CSV from its columns, JSON, and an HTML page.

A page is one file that loads nothing else, and forbids all scripts and styles but its own.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import re
import sys
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import quote

import typer
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from rich.cells import cell_len
from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.words import ABSENT, date_of, in_iso
from pulumi_openai_admin.printable import capitalized, counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from jinja2 import Template
    from rich.console import JustifyMethod

Row = TypeVar("Row")


@dataclass(frozen=True, eq=False)
class Column(Generic[Row]):
    """A column."""

    head: str
    """Its head in the table, in lower case."""
    text: Callable[[Row], str | None]
    """The text of a cell; None if the row has no value. A column without any value is omitted."""
    values: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)
    """What JSON and CSV have of it, by name. JSON may have lists."""
    is_number: bool = False
    """Whether it contains numbers, which are aligned and never continue on the next line."""
    style: Callable[[Row], str] = lambda _: ""
    """The style of a cell on a terminal."""
    css: Callable[[Row], str] = lambda _: ""
    """The CSS classes of a cell on a page."""


def attributes(*names: str) -> Mapping[str, Callable[[Any], Any]]:
    """Return the values of a column that are attributes of its rows, by their names."""
    return {name: attrgetter(name) for name in names}


def print_table(columns: Iterable[Column[Row]], rows: Sequence[Row], gaps: Sequence[int] = (2,)) -> list[str]:
    """Print a table without the columns that have no value; returns the heads of the others, none without rows.

    Gaps are the spaces between columns: the first number with which the table fits, or else the last one.
    """
    needed: dict[Column[Row], int] = {}
    for column in columns:
        texts = [text for row in rows if (text := column.text(row)) is not None]
        if texts:
            needed[column] = max(cell_len(text) for text in (column.head, *map(printable, texts)))
    room = terminal.columns() - sum(needed.values())
    gap = next((gap for gap in gaps if gap * (len(needed) - 1) <= room), gaps[-1])
    least = [width if column.is_number else _MIN_WIDTH for column, width in needed.items()]
    widths = dict(zip(needed, terminal.narrowed([*needed.values()], least, gap), strict=True))
    rest, has_heads = iter(rows), True
    while part := list(islice(rest, _ROWS_AT_A_TIME)):
        table = Table(box=None, show_header=has_heads, padding=(0, gap, 0, 0), pad_edge=False)
        for column, width in widths.items():
            side: JustifyMethod = "right" if column.is_number else "left"
            table.add_column(column.head, width=width, justify=side, overflow="fold")
        for row in part:
            cells = [(column.text(row), column.style(row)) for column in widths]
            table.add_row(*(terminal.cell(ABSENT if text is None else text, style) for text, style in cells))
        terminal.show(table)
        has_heads = False
    return [column.head for column in widths]


class Source(NamedTuple):
    """Where a report was read from, and when."""

    read_at: float
    """In seconds since 1970."""
    base_url: str
    not_read: Sequence[str] = ()
    """What could not be read, each as a sentence."""

    @property
    def extent(self) -> str:
        """What a sentence that denies something speaks of, at its end: empty if everything was read."""
        return " in the lists that could be read" if self.not_read else ""


class ShownReport(ABC, Generic[Row]):
    """What a command found: the rows of the table and of the page, and what they were read from."""

    template: str
    """The page, which extends `page.html.jinja`."""
    listed: str
    """The name of the list of rows in JSON."""

    gaps: Sequence[int] = (2,)
    """See `print_table`."""
    rows_are = "rows"
    """What rows are, in a word."""

    def __init__(self, columns: Sequence[Column[Row]], rows: Sequence[Row], source: Source) -> None:
        self.columns = columns
        self.rows = rows
        self.source = source

    def show(self, html: Path | None, *, as_json: bool, as_csv: bool = False) -> None:
        """Print JSON or CSV, and write the page. Without these, print the table."""
        if as_json:
            terminal.show_json(self.document())
        elif as_csv:
            print_csv(all_values(self.columns), self.records())
        if html is not None:
            with terminal.whole_file(html) as file:
                self.write(file)
            terminal.say(f"Wrote {terminal.named(html)} ({self.size()}).")
        elif not (as_json or as_csv):
            self.show_table()

    def document(self) -> Any:
        """Return what JSON shows."""
        return {**self.head(), self.listed: (values_of(self.columns, row) for row in self.records())}

    def head(self) -> Mapping[str, Any]:
        """Return what JSON has before the list of rows."""
        return {"read_at": in_iso(self.source.read_at), "not_read": list(self.source.not_read)}

    def records(self) -> Iterable[Row]:
        """Give the rows of JSON and CSV."""
        return self.rows

    def show_table(self) -> None:
        """Print it for people."""
        self.print_rows()

    def print_rows(self) -> list[str]:
        """Print the rows; see `print_table`."""
        return print_table(self.columns, self.rows, self.gaps)

    def size(self) -> str:
        """Return how much the page shows, in words."""
        return f"{self.rows_are}: {len(self.rows):,}"

    @property
    def heads(self) -> list[str]:
        """The heads of the columns on a page."""
        return [capitalized(column.head) for column in self.columns]

    def cells(self, row: Row) -> list[tuple[str, str]]:
        """Return the cells of a row on a page, each with its CSS classes."""
        return [(column.text(row) or "", column.css(row)) for column in self.columns]

    @abstractmethod
    def page(self) -> Mapping[str, Any]:
        """Return what the page shows beside the report itself.

        The template sets `title`, `placeholder` (of the search field), `group` and `groups` (the words for a group of
        rows and several; absent for a page without groups).
        """

    def write(self, file: TextIO) -> None:
        """Write the page, part by part, because it may be large."""
        bars = "".join(f".b{step}{{--w:{step / _BAR_STEPS}}}" for step in range(_BAR_STEPS + 1))
        style, script = f"{_text_of('page.css')}{bars}\n", _text_of("page.js")
        page = _template(self.template).stream(style=style, script=script, **self.page(), report=self)
        page.enable_buffering(500)
        file.writelines(page)


_MIN_WIDTH = 7
"""The smallest width of a column of strings. Longer strings continue on the next line."""
_ROWS_AT_A_TIME = 500


def all_values(columns: Iterable[Column[Row]]) -> dict[str, Callable[[Row], Any]]:
    """Return what JSON and CSV have of a row, by name."""
    return {name: value for column in columns for name, value in column.values.items()}


def values_of(columns: Iterable[Column[Row]], row: Row) -> dict[str, Any]:
    """Return what JSON has of a row. Amounts are strings: a program may read numbers of JSON as floats."""
    values = {name: value(row) for name, value in all_values(columns).items()}
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in values.items()}


def print_csv(values: Mapping[str, Callable[[Row], Any]], rows: Iterable[Row]) -> None:
    """Print rows for a spreadsheet, as they come: the values by the heads of their columns."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(values)
    out.writerows([_in_csv(value(row)) for value in values.values()] for row in rows)


def _in_csv(value: Any) -> Any:
    """A text that a spreadsheet does not run as a formula: anybody who can name a project could write one."""
    if isinstance(value, Decimal):
        return f"{value:f}"  # `str` would write a small one as 1E-7
    if isinstance(value, list):
        value = ";".join(map(str, value))
    if not isinstance(value, str):
        return value
    return _FORMULA.sub(r"\g<0>'", printable(value))


_FORMULA = re.compile(r"(?:^|;)\s*(?=[=+\-@＝＋－＠])")  # noqa: RUF001 - Excel reads the wide signs as the others
"""The beginning of a formula, also where a semicolon separates the cells. Tabs and line ends are escaped."""


def _beginning(page: Path) -> bytes:
    with page.open("rb") as file:
        return file.read(len(_DOCTYPE)).lower()


def refuse_unusable(
    page: Path | None, *, as_json: bool = False, as_csv: bool = False, as_markdown: bool = False
) -> None:
    """Check the options of a report, and the file of the page, before the organization is read, which may take long."""
    if as_csv and as_json:
        raise typer.BadParameter("Give --csv or --json, not both.", param_hint="--csv")
    if page is None:
        return
    if terminal.is_standard_output(page):
        if as_json or as_csv or as_markdown:
            option = "--json" if as_json else "--csv" if as_csv else "--markdown"
            text = f"Standard output has what {option} prints: name a file for the page."
            raise typer.BadParameter(text, param_hint="--html")
        return
    folder = page.parent
    if page.is_dir() or not folder.is_dir() or not os.access(page if page.exists() else folder, os.W_OK):
        raise errors.ConfigurationError(f"The page {page} can't be written", "Name a file in an existing folder.")
    # It may be the preview or the state that the command reads. An empty file may be replaced.
    if page.is_file() and _beginning(page) not in (_DOCTYPE, b""):
        what = f"The page {page} can't be written: this file is not a page"
        raise errors.ConfigurationError(what, "Name another file.")


_DOCTYPE = b"<!doctype html"
_FOLDER = "cli"
_BAR_STEPS = 100
PLAIN = "plain"
"""The CSS class of a cell without a bar, in a table with bars."""
MAX_SHORT = 20
"""A table of up to this many rows is not split when it is printed; a longer one starts a new sheet."""
MAX_OPEN = 1000
"""With more rows, all groups are collapsed at first, so that one can be found without scrolling."""


def bar(share: float) -> str:
    """Return the CSS class of a bar of a length from 0 to 1. An inline style would be forbidden by the page."""
    return f"b{round(min(max(share, 0), 1) * _BAR_STEPS)}"


def _hash_of(text: str) -> str:
    """The hash of a style or a script, for the Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text_of(name: str) -> str:
    return (resources.files("pulumi_openai_admin") / _FOLDER / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    """A template, which escapes all values, and all characters of a text that are invisible."""

    def figure(number: int, singular: str, plural: str) -> Markup:
        return Markup("<b>{}</b> {}").format(*counted(number, singular, plural).split(" ", 1))

    environment = Environment(
        loader=PackageLoader("pulumi_openai_admin", _FOLDER),
        autoescape=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"counted": counted, "figure": figure, "hash_of": _hash_of, "printable": printable}
    environment.globals |= {"date_of": date_of, "in_iso": in_iso, "max_open": MAX_OPEN, "max_short": MAX_SHORT}
    return environment.get_template(name)


MAX_ROWS, MAX_COLUMNS = 400, 60
"""How many rows and columns a page shows."""


def link_to(group: str, id_: str) -> str:
    """Return the fragment of a group of rows on the page."""
    return f"#{group}={quote(printable(id_), safe='')}"


class MatrixCell(NamedTuple):
    """A value or a letter."""

    text: str
    css: str = ""
    about: str = ""
    """What it means, in words: on hover, and for screen readers. Empty for a value that needs no words."""


class Head(NamedTuple):
    """The head of a column."""

    name: str
    link: str = ""
    """What the page shows of it, as a fragment; empty if nothing."""


class MatrixRow(NamedTuple):
    """A row."""

    key: str
    """The id of a group of rows on the page, or the first cell of rows in several groups: a search that shows one of
    them shows this row, too."""
    name: str
    cells: Mapping[str, MatrixCell]
    """By the id of the column; absent where there is nothing."""
    link: str = ""
    about: str = ""
    """On hover."""
    mark: str = ""
    is_usual: bool = False
    """Whether it is hidden until the reader wants to see all rows."""


@dataclass(frozen=True)
class Matrix:
    """The matrix, as the template draws it."""

    title: str
    corner: str
    """The head of the rows."""
    columns: Mapping[str, Head]
    rows: Sequence[MatrixRow]
    legend: Sequence[MatrixCell]
    notes: Sequence[str]
    switch: str = ""
    """What shows all rows; empty if they are shown."""

    def limited(self, rows: tuple[str, str], columns: tuple[str, str], first: str) -> Matrix | None:
        """Return the part that a page has room for, with a note where something is missing; None without two columns.

        Rows and columns have the words for one and for several; `first` says which rows come first.
        """
        if not self.rows or len(self.columns) < 2:  # noqa: PLR2004 - two can be compared
            return None
        marked = Counter(id_ for row in self.rows for id_, cell in row.cells.items() if cell.about)
        kept = {*sorted(self.columns, key=lambda id_: -marked[id_])[:MAX_COLUMNS]}
        shown = {id_: head for id_, head in self.columns.items() if id_ in kept}
        notes = [*self.notes]
        if len(self.rows) > MAX_ROWS:
            notes += [f"The matrix shows {MAX_ROWS:,} of {counted(len(self.rows), *rows)}: {first} first."]
        if len(self.columns) > MAX_COLUMNS:
            of_all = counted(len(self.columns), *columns)
            notes += [f"The matrix shows {MAX_COLUMNS:,} of {of_all}: those with most to see."]
        return replace(self, columns=shown, rows=self.rows[:MAX_ROWS], notes=notes)

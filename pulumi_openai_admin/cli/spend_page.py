"""The page of `spend --html`: one file that can be searched, sorted, printed and mailed, and loads nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli import page
from pulumi_openai_admin.cli.spend_table import COLUMNS, ORGANIZATION, USED, Spend, money
from pulumi_openai_admin.handlers.kinds.costs import DOLLARS
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import TextIO


class _SpendCell(NamedTuple):
    text: str
    bar: str
    """The CSS class of the bar of spent / limit; empty without a bar."""


class _SpendRow(NamedTuple):
    cells: Sequence[_SpendCell]
    project_id: str
    is_enforcing: bool
    spent: float
    share: float | None


def write(file: TextIO, rows: Iterable[Spend], since: datetime, read_at: datetime, source: str) -> int:
    """Write the page, row by row, because it may be large.

    Args:
        file: The file.
        rows: The rows; they are read twice.
        since: When the month began.
        read_at: When they were read, with a time zone.
        source: The base URL that they were read from.

    Returns:
        The number of rows.
    """
    count, blocked, near, total, currency = 0, 0, 0, 0.0, DOLLARS
    for row in rows:
        count += 1
        blocked += row.is_enforcing
        near += row.mark == "near"
        total += row.spent if row.name != ORGANIZATION or row.project_id else 0
        currency = row.currency
    page.write(
        file,
        "spend_page.html.jinja",
        read_at=read_at,
        source=source,
        title="OpenAI spend",
        placeholder="project or id",
        group="",
        groups="",
        total=money(total, currency),
        currency="US dollars" if currency == DOLLARS else currency.upper(),
        blocked=blocked,
        near=near,
        since=since,
        heads=[column.head.capitalize() for column in COLUMNS],
        rows=map(_row, rows),
    )
    return count


def _row(row: Spend) -> _SpendRow:
    bar = "" if row.share is None else f"bar {page.bar(row.share)} {row.mark}".rstrip()
    cells = [_SpendCell(printable(column.text(row)), bar if column.head == USED else "") for column in COLUMNS]
    return _SpendRow(cells, printable(row.project_id), row.is_enforcing, round(row.spent, 6), row.share)

"""The matrix that a page opens with: people, or models, by projects. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from pulumi_openai_admin.cli.words import ABSENT, counted
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.cli.memberships import Grant

MAX_ROWS, MAX_COLUMNS = 400, 60
"""How many rows and columns a page shows."""
_NARROW = 12
"""With more columns, their heads are vertical."""


def link_to(group: str, id_: str) -> str:
    """Return the fragment of a group of rows on the page."""
    return f"#{group}={quote(printable(id_), safe='')}"


class Cell(NamedTuple):
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
    cells: Mapping[str, Cell]
    """By the id of the column; absent where there is nothing."""
    link: str = ""
    about: str = ""
    """On hover."""
    mark: str = ""
    is_usual: bool = False
    """Whether it is hidden until the reader wants to see all rows."""


class Meaning(NamedTuple):
    """What a cell means, for the legend."""

    cell: Cell
    text: str


@dataclass(frozen=True)
class Matrix:
    """The matrix, as the template draws it."""

    title: str
    corner: str
    """The head of the rows."""
    columns: Mapping[str, Head]
    rows: Sequence[MatrixRow]
    legend: Sequence[Meaning]
    notes: Sequence[str]
    switch: str = ""
    """What shows all rows; empty if they are shown."""

    @property
    def is_wide(self) -> bool:
        """Whether there is room only for vertical heads."""
        return len(self.columns) > _NARROW

    def limited(self, rows: tuple[str, str], columns: tuple[str, str], first: str) -> Matrix | None:
        """Return the part that a page has room for, with a note where something is missing.

        Args:
            rows: The words for a row and several.
            columns: The words for a column and several.
            first: Which rows come first.

        Returns:
            None if there is nothing to compare: no row, or a single column.
        """
        if not self.rows or len(self.columns) < 2:  # noqa: PLR2004 - two can be compared
            return None
        marked = Counter(id_ for row in self.rows for id_, cell in row.cells.items() if cell.about)
        kept = {*sorted(self.columns, key=lambda id_: -marked[id_])[:MAX_COLUMNS]}
        shown = {id_: head for id_, head in self.columns.items() if id_ in kept}
        of_rows = f"The matrix shows {MAX_ROWS:,} of {counted(len(self.rows), *rows)}: {first} first."
        of_columns = (
            f"The matrix shows {MAX_COLUMNS:,} of {counted(len(self.columns), *columns)}: those with most to see."
        )
        notes = [
            *self.notes,
            *[of_rows] * (len(self.rows) > MAX_ROWS),
            *[of_columns] * (len(self.columns) > MAX_COLUMNS),
        ]
        return replace(self, columns=shown, rows=self.rows[:MAX_ROWS], notes=notes)


_LETTERS = {"owner": "O", "member": "M", "reader": "R", "viewer": "V"}
"""Base roles, the highest first. Custom roles have no place in this order."""
_CUSTOM, _NOT_KNOWN, _BY_GROUP = "+", "?", "by-group"
OWNED = _LETTERS["owner"]
"""What the letter of an owner begins with."""
ROLES = (
    *(Meaning(Cell(letter, f"role-{role}"), role) for role, letter in _LETTERS.items()),
    Meaning(Cell(_CUSTOM, "role-custom"), "a custom role, alone or beside the base role"),
    Meaning(Cell(_NOT_KNOWN, "role-custom"), "not known"),
    Meaning(Cell(_LETTERS["member"], f"role-member {_BY_GROUP}"), "only through a group"),
)
"""What the letters of roles mean."""


def of_roles(grants: Iterable[Grant], through: str = "") -> Cell:
    """Return the letter of the highest role that somebody has in a place, with all roles in words.

    Args:
        grants: The roles, at least one.
        through: Where they come from, if they do not say it.
    """
    all_ = list(dict.fromkeys(grants))
    names = [grant.role for grant in all_]
    base = next((role for role in _LETTERS if role in names), None)
    has_custom = any(name and name not in _LETTERS for name in names)
    text = _LETTERS.get(base or "", "") + _CUSTOM * has_custom or _NOT_KNOWN
    is_by_group = all(grant.group_id is not None for grant in all_ if base in (None, grant.role))
    css = [f"role-{base or 'custom'}", *[_BY_GROUP] * is_by_group]
    about = "; ".join(f"{grant.role or ABSENT}, {through or grant.through}" for grant in all_)
    return Cell(text, " ".join(css), about)

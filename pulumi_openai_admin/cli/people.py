"""The output of `members` and `access`: JSON, and a page that can be searched and printed, and loads nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin.cli import page, terminal
from pulumi_openai_admin.cli.members_table import OWNER
from pulumi_openai_admin.cli.whole_file import named, whole_file
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import TextIO

    from pulumi_openai_admin.cli.members_table import PeopleEntry

_INVITED = "invited"


@dataclass(frozen=True)
class PeopleSource:
    """Where and when it was read, and what could not be read."""

    address: str
    read_at: datetime
    """With a time zone."""
    not_read: Sequence[str] = ()

    def show_json(self, lists: Mapping[str, Iterable[Any]], **head: Any) -> None:
        """Print the result for programs."""
        read_at = self.read_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        terminal.show_json_lists({"read_at": read_at, "not_read": list(self.not_read), **head}, lists)

    def warn(self) -> bool:
        """Report what could not be read; returns whether everything was read."""
        for line in self.not_read:
            terminal.say(f"warning: {line}", "yellow")
        return not self.not_read


@dataclass(frozen=True)
class PeoplePage:
    """A page with a table for each person, service account and invite."""

    template: str
    """It extends `people_page.html.jinja`."""
    title: str
    placeholder: str
    """Of the search field."""
    heads: Sequence[str]
    """The columns."""
    owner_cell: tuple[str, str]
    """The column and the text that mark a row in which somebody owns a place."""

    def save(
        self, path: Path, entries: Callable[[], Iterable[PeopleEntry]], source: PeopleSource, **values: Any
    ) -> None:
        """Write the page to a file."""
        with whole_file(path) as file:
            count = self.write(file, entries, source, **values)
        terminal.say(f"Wrote {named(path)} (people and invites: {count:,}).")

    def write(
        self, file: TextIO, entries: Callable[[], Iterable[PeopleEntry]], source: PeopleSource, **values: Any
    ) -> int:
        """Write the page, one person after the other, because it may be large.

        Args:
            file: The file.
            entries: Gives the people, service accounts and invites, sorted; it is called twice.
            source: Where it was read.
            values: What the template shows in addition.

        Returns:
            The number of people, service accounts and invites.
        """
        figures = _Figures.of(entries())
        page.write(
            file,
            self.template,
            read_at=source.read_at,
            source=source.address,
            title=self.title,
            placeholder=self.placeholder,
            group="person",
            groups="people",
            searched="row",
            heads=[head.capitalize() for head in self.heads],
            figures=figures,
            not_read=[printable(text) for text in source.not_read],
            is_open=figures.rows <= page.MAX_OPEN,
            sections=map(self._section, entries()),
            **values,
        )
        return figures.people + figures.invites

    def _section(self, entry: PeopleEntry) -> _PeopleSection:
        rows = [self._row(row, is_invite=entry.is_invite) for row in entry.rows]
        return _PeopleSection(
            printable(entry.id),
            printable(entry.titles[0]),
            printable(" ".join(entry.titles[1:])),
            _INVITED if entry.is_invite else entry.mark,
            entry.total,
            sum(OWNER in row.css for row in rows),
            len(rows) <= page.MAX_SHORT,
            rows,
        )

    def _row(self, row: Mapping[str, str], *, is_invite: bool) -> _PeopleRow:
        marks = [*[OWNER] * (self.owner_cell in row.items()), *[_INVITED] * is_invite]
        return _PeopleRow([printable(text) for text in row.values()], " ".join(marks))


class _PeopleRow(NamedTuple):
    cells: Sequence[str]
    css: str


class _PeopleSection(NamedTuple):
    """A person, a service account or an invite."""

    id: str
    name: str
    about: str
    """The address, or what it is."""
    mark: str
    """What is special about it."""
    total: int
    """The number of projects or permissions."""
    owns: int
    """The number of rows in which it owns a place."""
    is_short: bool
    rows: Sequence[_PeopleRow]


@dataclass
class _Figures:
    people: int = 0
    owners: int = 0
    invites: int = 0
    rows: int = 0

    @classmethod
    def of(cls, entries: Iterable[PeopleEntry]) -> _Figures:
        """Read everybody once, one after the other: not all of them fit into memory."""
        figures = cls()
        for entry in entries:
            figures.people += not entry.is_invite
            figures.invites += entry.is_invite
            figures.owners += entry.is_owner
            figures.rows += len(entry.rows)
        return figures

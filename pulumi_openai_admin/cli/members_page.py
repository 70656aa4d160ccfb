"""The page of `members --html`: one file that can be searched, sorted, printed and mailed, and loads nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli import page
from pulumi_openai_admin.cli.members_table import OWNER, TableLine, lines_of_invite, lines_of_person
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from typing import TextIO

    from pulumi_openai_admin.cli.members_table import ListedInvite, Person

_INVITED = "invited"


class _MemberRow(NamedTuple):
    cells: TableLine
    css: str


class _MemberSection(NamedTuple):
    """A person, or an invite."""

    id: str
    name: str
    email: str
    mark: str
    """What is special about the person."""
    owns: int
    """In how many rows the role is owner."""
    projects: int
    is_short: bool
    rows: Sequence[_MemberRow]


@dataclass
class MemberFigures:
    """Figures of the page."""

    people: int = 0
    owners: int = 0
    invites: int = 0
    rows: int = 0

    @classmethod
    def of(cls, people: Iterable[Person], invites: Iterable[ListedInvite]) -> MemberFigures:
        """Read everybody once, one after the other: not all of them fit into memory."""
        survey = cls()
        for person in people:
            survey.people += 1
            survey.owners += person.is_owner
            survey.rows += len(lines_of_person(person))
        for invite in invites:
            survey.invites += 1
            survey.rows += len(lines_of_invite(invite))
        return survey


def write(  # noqa: PLR0913 - each is a part of the page
    file: TextIO,
    people: Callable[[], Iterable[Person]],
    invites: Callable[[], Iterable[ListedInvite]],
    read_at: datetime,
    source: str,
    *,
    not_read: Sequence[str] = (),
) -> int:
    """Write the page, person by person, because it may be large.

    Args:
        file: The file.
        people: Gives the people, sorted; it is called twice.
        invites: Gives the pending invites, sorted; it is called twice.
        read_at: When they were read, with a time zone.
        source: The base URL that they were read from.
        not_read: What the key may not read.

    Returns:
        The number of people and invites.
    """
    survey = MemberFigures.of(people(), invites())
    page.write(
        file,
        "members_page.html.jinja",
        read_at=read_at,
        source=source,
        title="OpenAI members",
        placeholder="person, project, role or group",
        group="person",
        groups="people",
        searched="row",
        heads=[name.capitalize() for name in TableLine._fields],
        survey=survey,
        not_read=[printable(text) for text in not_read],
        is_open=survey.rows <= page.MAX_OPEN,
        sections=_sections(people(), invites()),
    )
    return survey.people + survey.invites


def _sections(people: Iterable[Person], invites: Iterable[ListedInvite]) -> Iterator[_MemberSection]:
    for person in people:
        rows = [_row(line) for line in lines_of_person(person)]
        mark = "owner of the organization" if person.is_owner else ""
        yield _section(person.user_id, (person.title, " ".join(person.titles[1:]), mark), len(person.projects), rows)
    for invite in invites:
        rows = [_row(line, _INVITED) for line in lines_of_invite(invite)]
        yield _section(invite.invite_id, (invite.email, "", _INVITED), len(invite.projects), rows)


def _section(id_: str, about: tuple[str, str, str], projects: int, rows: Sequence[_MemberRow]) -> _MemberSection:
    name, email, mark = about
    return _MemberSection(
        printable(id_),
        printable(name),
        printable(email),
        mark,
        owns=sum(row.cells.role == OWNER for row in rows),
        projects=projects,
        is_short=len(rows) <= page.MAX_SHORT,
        rows=rows,
    )


def _row(line: TableLine, mark: str = "") -> _MemberRow:
    marks = [*["owner"] * (line.role == OWNER), *[mark] * bool(mark)]
    return _MemberRow(TableLine._make(map(printable, line)), " ".join(marks))

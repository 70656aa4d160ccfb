"""The page of `access --html`: one file that can be searched, printed and mailed, and loads nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli import page
from pulumi_openai_admin.cli.access.permissions import EVERY
from pulumi_openai_admin.cli.access.table import NOTES, AccessLine
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from typing import TextIO

    from pulumi_openai_admin.cli.access.table import Holder, Question

_INVITED = "invited"


@dataclass(frozen=True)
class AccessSource:
    """Where and when it was read, and what could not be read."""

    address: str
    read_at: datetime
    not_read: Sequence[str] = ()


class _AccessRow(NamedTuple):
    cells: AccessLine
    css: str


class _AccessSection(NamedTuple):
    """A person, a service account or an invite."""

    id: str
    name: str
    about: str
    """The address, or what it is."""
    mark: str
    permissions: int
    is_short: bool
    rows: Sequence[_AccessRow]


@dataclass
class _Figures:
    people: int = 0
    owners: int = 0
    invites: int = 0
    rows: int = 0


def write(file: TextIO, holders: Callable[[], Iterable[Holder]], question: Question, source: AccessSource) -> int:
    """Write the page, one person after the other, because it may be large.

    Args:
        file: The file.
        holders: Gives the people, service accounts and invites; it is called twice.
        question: What was asked for.
        source: Where it was read.

    Returns:
        The number of people, service accounts and invites.
    """
    figures = _figures(holders(), question)
    page.write(
        file,
        "access_page.html.jinja",
        read_at=source.read_at,
        source=source.address,
        title="OpenAI access",
        placeholder="person, permission, project, role or group",
        group="person",
        groups="people",
        searched="row",
        heads=[name.capitalize() for name in AccessLine._fields],
        figures=figures,
        notes=NOTES,
        asked_for=[printable(pattern) for pattern in question.permissions],
        not_read=[printable(text) for text in source.not_read],
        is_open=figures.rows <= page.MAX_OPEN,
        sections=_sections(holders(), question),
    )
    return figures.people + figures.invites


def _figures(holders: Iterable[Holder], question: Question) -> _Figures:
    figures = _Figures()
    for holder in holders:
        figures.people += not holder.is_invite
        figures.invites += holder.is_invite
        figures.owners += holder.has_every
        figures.rows += len(question.lines(holder))
    return figures


def _sections(holders: Iterable[Holder], question: Question) -> Iterator[_AccessSection]:
    for holder in holders:
        rows = [_row(line, is_invite=holder.is_invite) for line in question.lines(holder)]
        yield _AccessSection(
            printable(holder.holder_id),
            printable(holder.titles[0]),
            printable(" ".join(holder.titles[1:])),
            _INVITED if holder.is_invite else "",
            len(holder.access),
            len(rows) <= page.MAX_SHORT,
            rows,
        )


def _row(line: AccessLine, *, is_invite: bool) -> _AccessRow:
    marks = [*["owner"] * (line.permission == EVERY), *[_INVITED] * is_invite]
    return _AccessRow(AccessLine._make(map(printable, line)), " ".join(marks))

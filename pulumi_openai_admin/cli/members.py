"""The command `members`: who is where with which role, and through what, as a table, a page or JSON."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from typing_extensions import override

from pulumi_openai_admin.cli import connection, matrix, memberships, report, terminal
from pulumi_openai_admin.cli.matrix import Matrix
from pulumi_openai_admin.cli.memberships import (
    ACCOUNT,
    DIRECT,
    OWNER,
    HeldRole,
    MemberReader,
    Memberships,
    Selection,
    refuse_unknown,
    roles_of_invite,
    roles_of_person,
    selected,
    texts_of,
)
from pulumi_openai_admin.cli.options import READ, AsJson, Html, MaxWait, Parallel, declare, flag, repeatable
from pulumi_openai_admin.cli.words import ABSENT
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.memberships import Grant, ListedGroup, ListedInvite, Person

    CellOnPage = str | Sequence[str]
    """What a cell shows; several are shown by their number until the reader opens the cell."""

ORGANIZATION = "organization"
INVITED = "invite"


@declare(page="command-line.md#members", scopes=[READ])
def members(  # noqa: PLR0913 - the options of the command
    *,
    projects: Annotated[
        list[str] | None, repeatable("--project", "PROJECT", "Show only this project (name or id) and its people.")
    ] = None,
    users: Annotated[
        list[str] | None,
        repeatable(
            "--user",
            "PATTERN",
            "Show only people whose email address, id or name matches, for example `*@example.com`.",
        ),
    ] = None,
    owners: Annotated[
        bool, flag("--owners", "Show only owners of the organization and of projects, with the objects that they own.")
    ] = False,
    all_roles: Annotated[
        bool,
        flag(
            "--all-roles", "Also read custom roles of users in projects. Sends one more request per person and project."
        ),
    ] = False,
    html: Html = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """List people, their roles in the organization and its projects, and how they got each role: directly, through a
    group, or through a pending invite.

    If the key may not read some lists, the command names them, shows the other lists, and exits with code 1.

    Examples:
    ```console
    pulumi-openai-admin members
    pulumi-openai-admin members --project "Web shop" --owners
    pulumi-openai-admin members --user ada@example.com --all-roles
    pulumi-openai-admin members --html members.html
    ```
    """
    report.refuse_unwritable(html)
    settings = connection.settings(max_wait, parallel)
    reader = MemberReader(connection.read_only_client(settings))
    names = reader.projects(projects or ())
    read_at = datetime.now(UTC)
    found = Memberships(names, only_in_projects=bool(projects))
    reader.people_and_groups(found)
    invites = [invite for invite in reader.invites_to(names) if invite.projects or not projects]
    selection = Selection(users or ())
    if found.lists_people:  # before the projects are read, which may take long
        refuse_unknown(selection, found, invites)
    reader.in_projects(found, names, lambda _, row: all_roles and selection.has(*texts_of(row)))
    invites = selected(selection, found, invites)
    reader.roles_in_organization(found)
    people = list(found)
    if owners:
        people = [owned for person in people if (owned := only_owned(person)) is not None]
        invites = [will_own for invite in invites if (will_own := only_owned_invite(invite)) is not None]
    result = MembersReport(people, invites, read_at, settings.base_url, reader.refused())
    result.show(html, as_json=as_json)
    if not (result.entries or as_json or html):
        where = " in these projects" if projects else ""
        terminal.say("No matching person is an owner." if owners else f"There are no people to show{where}.")
    return result.warn()


class TableLine(NamedTuple):
    """A row of the table of a person. The names of the fields are the heads of the columns, here and on the page."""

    where: str
    role: str
    through: str


def lines_of_person(person: Person) -> list[TableLine]:
    """Return the rows of a person: the organization, then groups, then projects."""
    return [
        *_in_organization(person),
        *(TableLine(f"group {group.name}", "member", _through(group)) for group in person.groups),
        *(
            TableLine(project.name, grant.role or ABSENT, grant.through)
            for project in person.projects
            for grant in project.roles
        ),
    ] or [TableLine(ORGANIZATION, ABSENT, ABSENT)]


def _in_organization(person: Person) -> Iterator[TableLine]:
    if person.is_in_organization is False and not person.is_service_account:
        yield TableLine(ORGANIZATION, ABSENT, "not listed there")
    if person.role:
        yield TableLine(ORGANIZATION, person.role, DIRECT)
    for grant in person.organization_roles:
        yield TableLine(ORGANIZATION, grant.role or ABSENT, grant.through)


def _through(group: ListedGroup) -> str:
    return "identity provider" if group.is_scim_managed else DIRECT


def lines_of_invite(invite: ListedInvite) -> list[TableLine]:
    """Return the rows of an invite."""
    until = "" if invite.expires_at is None else f", expires {_date(invite.expires_at)}"
    return [
        TableLine(ORGANIZATION, invite.role or ABSENT, f"{INVITED}{until}"),
        *(TableLine(project.name, project.role or ABSENT, INVITED) for project in invite.projects),
    ]


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def only_owned(person: Person) -> Person | None:
    """Return a person with only the places that the person owns; None if there are none."""
    projects = [
        replace(project, roles=owned)
        for project in person.projects
        if (owned := [grant for grant in project.roles if grant.role == OWNER])
    ]
    if not projects and not person.is_owner:
        return None
    return replace(
        person,
        role=person.role if person.role == OWNER else None,
        organization_roles=[grant for grant in person.organization_roles if grant.role == OWNER],
        groups=[],
        projects=projects,
    )


def only_owned_invite(invite: ListedInvite) -> ListedInvite | None:
    """Return an invite with only the places that the person will own; None if there are none."""
    projects = [project for project in invite.projects if project.role == OWNER]
    if not projects and invite.role != OWNER:
        return None
    return replace(invite, role=invite.role if invite.role == OWNER else None, projects=projects)


class PeopleEntry(NamedTuple):
    """A person, a service account or an invite, as the tables and pages of `members` and `access` show it."""

    id: str
    titles: Sequence[str]
    """The lines of the first column."""
    rows: Sequence[Mapping[str, str]]
    """The rows beside them: the cells, by the heads of their columns."""
    total: int
    """The number of projects or permissions."""
    held: Sequence[HeldRole]
    """The roles, for the matrix."""
    is_owner: bool = False
    mark: str = ""
    """What is special about it."""
    is_invite: bool = False


def entry_of_person(person: Person) -> PeopleEntry:
    """Return a person as `members` shows it."""
    mark = "owner of the organization" if person.is_owner else ""
    rows, held = [line._asdict() for line in lines_of_person(person)], [*roles_of_person(person)]
    return PeopleEntry(person.user_id, person.titles, rows, len(person.projects), held, person.is_owner, mark)


def entry_of_invite(invite: ListedInvite) -> PeopleEntry:
    """Return an invite as `members` shows it."""
    rows, held = [line._asdict() for line in lines_of_invite(invite)], [*roles_of_invite(invite)]
    return PeopleEntry(invite.invite_id, invite.titles, rows, len(invite.projects), held, is_invite=True)


class _PeopleRow(NamedTuple):
    """A row of the table: one of the titles of a person, and one of the person's rows."""

    title: str
    is_first: bool
    cells: Mapping[str, str]


def _rows_of(entry: PeopleEntry) -> Iterator[_PeopleRow]:
    """The rows of a person. A place is shown once, in the first of its rows."""
    place: tuple[str, str] | None = None
    for number, (title, cells) in enumerate(zip_longest(entry.titles, entry.rows)):
        before, place = place, next(iter((cells or {}).items()), None)
        shown = {**(cells or {}), **({place[0]: ""} if place and place == before else {})}
        yield _PeopleRow(title or "", number == 0, shown)


class PeopleReport(report.ShownReport[_PeopleRow]):
    """People, service accounts and invites, each with rows.

    Args:
        entries: Everybody, in order.
        projects: The names of projects by id, in order.
        read_at: When it was read, with a time zone.
        source: The base URL that it was read from.
        not_read: What could not be read.
    """

    title: str
    placeholder: str
    """Of the search field."""
    heads: Sequence[str]
    """The heads of the rows."""
    owner_cell: tuple[str, str]
    """The column and the text that mark a row in which somebody owns a place."""

    def __init__(
        self,
        entries: Sequence[PeopleEntry],
        projects: Mapping[str, str],
        read_at: datetime,
        source: str,
        not_read: Sequence[str] = (),
    ) -> None:
        self.entries = entries
        self.projects = projects
        self.not_read = not_read
        columns = [
            report.Column[_PeopleRow](
                "person", lambda row: row.title, style=lambda row: "bold" if row.is_first else "dim"
            ),
            *map(self._column, self.heads),
        ]
        super().__init__(columns, [row for entry in entries for row in _rows_of(entry)], read_at, source)

    def _column(self, head: str) -> report.Column[_PeopleRow]:
        def style(row: _PeopleRow) -> str:
            return "red" if (head, row.cells.get(head)) == self.owner_cell else ""

        return report.Column(head, lambda row: row.cells.get(head, ""), style=style)

    def print_lists(self, people: Iterable[Any], invites: Iterable[Any], **head: Any) -> None:
        """Print the result for programs."""
        read_at = self.read_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        terminal.show_json_lists(
            {"read_at": read_at, "not_read": list(self.not_read), **head}, {"people": people, "invites": invites}
        )

    @override
    def show_table(self) -> None:
        self.print_rows()

    def warn(self) -> int:
        """Report what could not be read; returns the exit code."""
        return terminal.warn_of_unread(self.not_read)

    @override
    def size(self) -> str:
        return f"people and invites: {len(self.entries):,}"

    def rows_on_page(self, entry: PeopleEntry) -> Iterable[Mapping[str, CellOnPage]]:
        """Give the rows of a person on the page: the cells, by the heads of their columns."""
        return entry.rows

    @override
    def page(self) -> dict[str, Any]:
        shown = [[*self.rows_on_page(entry)] for entry in self.entries]
        rows = sum(map(len, shown))
        invites = sum(entry.is_invite for entry in self.entries)
        return {
            "title": self.title,
            "placeholder": self.placeholder,
            "group": "person",
            "groups": "people",
            "searched": "row",
            "heads": [head.capitalize() for head in self.heads],
            "figures": {
                "people": len(self.entries) - invites,
                "owners": sum(entry.is_owner for entry in self.entries),
                "invites": invites,
                "rows": rows,
            },
            "not_read": [printable(text) for text in self.not_read],
            "is_open": rows <= report.MAX_OPEN,
            "matrix": self._matrix(),
            "sections": map(self._section, self.entries, shown),
        }

    def _matrix(self) -> Matrix | None:
        """People by projects: owners first, of the organization, then of projects."""
        rows = [_matrix_row(entry) for entry in self.entries]
        places = {place for row in rows for place in row.cells}
        names = {memberships.ORGANIZATION: ORGANIZATION, **self.projects}
        return Matrix(
            "Roles by project",
            "Person",
            {id_: matrix.Head(name) for id_, name in names.items() if id_ in places},
            sorted(rows, key=_owners_first),
            matrix.ROLES,
            ["Owners of the organization can act in all projects."],
        ).limited(("person", "people"), ("place", "places"), "owners")

    def _section(self, entry: PeopleEntry, rows: Sequence[Mapping[str, CellOnPage]]) -> _PersonSection:
        owned = [self.owner_cell in row.items() for row in rows]
        marks = ["invited"] * entry.is_invite
        return _PersonSection(
            printable(entry.id),
            printable(entry.titles[0]),
            printable(" ".join(entry.titles[1:])),
            "invited" if entry.is_invite else entry.mark,
            entry.total,
            sum(owned),
            len(rows) <= report.MAX_SHORT,
            [
                _PersonRow([*row.values()], " ".join([*[OWNER] * is_owned, *marks]))
                for row, is_owned in zip(rows, owned, strict=True)
            ],
        )


def _matrix_row(entry: PeopleEntry) -> matrix.MatrixRow:
    grants: dict[str, list[Grant]] = defaultdict(list)
    for held in entry.held:
        grants[held.place].append(held.grant)
    through, mark = (INVITED, "invited") if entry.is_invite else ("", ACCOUNT if ACCOUNT in entry.titles[1:] else "")
    return matrix.MatrixRow(
        entry.id,
        entry.titles[0],
        {place: matrix.of_roles(held, through) for place, held in grants.items()},
        matrix.link_to("person", entry.id),
        " ".join(entry.titles[1:]),
        mark,
    )


def _owners_first(row: matrix.MatrixRow) -> tuple[bool, bool]:
    owned = [place for place, cell in row.cells.items() if cell.text.startswith(matrix.OWNED)]
    return memberships.ORGANIZATION not in owned, not owned


class _PersonRow(NamedTuple):
    """A row on the page."""

    cells: Sequence[CellOnPage]
    css: str


class _PersonSection(NamedTuple):
    """A person, a service account or an invite on the page."""

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
    rows: Sequence[_PersonRow]


def _projects_of(holders: Iterable[Person | ListedInvite]) -> dict[str, str]:
    """The names of the projects by id, in order."""
    names = {project.project_id: project.name for holder in holders for project in holder.projects}
    return dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0])))


class MembersReport(PeopleReport):
    """People and invites with their roles."""

    template = "members_page.html.jinja"
    title = "OpenAI members"
    placeholder = "person, project, role or group"
    heads = TableLine._fields
    owner_cell = ("role", OWNER)

    def __init__(
        self,
        people: Sequence[Person],
        invites: Sequence[ListedInvite],
        read_at: datetime,
        source: str,
        not_read: Sequence[str] = (),
    ) -> None:
        self._people = people
        self._invites = invites
        entries = [*map(entry_of_person, people), *map(entry_of_invite, invites)]
        super().__init__(entries, _projects_of([*people, *invites]), read_at, source, not_read)

    @override
    def show_json(self) -> None:
        self.print_lists(
            (person.document() for person in self._people), (invite.document() for invite in self._invites)
        )

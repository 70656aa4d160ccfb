"""The command `members`: who is where with which role, and through what, as a table, a page or JSON."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from typing_extensions import override

from pulumi_openai_admin.cli import connection, report, terminal
from pulumi_openai_admin.cli.memberships import DIRECT, IN_ORGANIZATION, INVITED, ORGANIZATION, OWNER, Memberships
from pulumi_openai_admin.cli.options import READ, AsJson, Html, MaxWait, Parallel, declare
from pulumi_openai_admin.cli.report import Column, Head, Matrix, MatrixCell, MatrixRow
from pulumi_openai_admin.cli.words import ABSENT, date_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pulumi_openai_admin.cli.memberships import HeldRole, Member

    CellOnPage = str | Sequence[str]
    """What a cell shows; several are shown by their number until the reader opens the cell."""


@declare(page="command-line.md#members", scopes=[READ])
def members(  # noqa: PLR0913 - the options of the command
    *,
    projects: list[str] | None = None,
    users: list[str] | None = None,
    owners: bool = False,
    all_roles: bool = False,
    html: Html = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """List people, their roles in the organization and its projects, and how they got each role: directly, through a
    group, or through a pending invite.

    If the key may not read some lists, the command names them, shows the other lists, and exits with code 4.

    Examples:
    ```console
    pulumi-openai-admin members
    pulumi-openai-admin members --project "Web shop" --owners
    pulumi-openai-admin members --user ada@example.com --all-roles
    pulumi-openai-admin members --html members.html
    ```

    Options:
        projects (PROJECT): Show only this project (name or id) and its people. Repeatable.
        users (PATTERN): Show only people whose email address, id or name matches, for example `*@example.com`.
            Repeatable.
        owners: Show only owners of the organization and of projects, with the objects that they own.
        all_roles: Also read custom roles of users in projects. Sends one more request per person and project.
    """
    report.refuse_unusable(html, as_json=as_json)
    settings = connection.settings(max_wait, parallel)
    found = Memberships(settings, projects or (), users or (), only_in_projects=bool(projects))
    found.read_people()
    found.read_projects(lambda _: all_roles)
    found.read_organization_roles()
    shown = [*found]
    if owners:
        shown = [owned for member in shown if (owned := only_owned(member)) is not None]
    MembersReport(shown, found.projects, found.source).show(html, as_json=as_json)
    if not (shown or as_json or html):
        where = " in these projects" if projects else ""
        nobody = "No matching person is an owner" if owners else "There are no people to show"
        terminal.say(f"{nobody}{where}{found.source.extent}.")
    return terminal.warn(found.source.not_read)


TableLine = tuple[str, str, str]
"""A row of the table: where, the role, and through what."""


def lines_of(member: Member, names: Mapping[str, str]) -> list[TableLine]:
    """Return the rows of somebody: the organization, then groups, then projects, by their names."""
    places = {ORGANIZATION: IN_ORGANIZATION, **names}
    roles = [(places[held.place], held.role or ABSENT, held.through) for held in member.held]
    in_organization = sum(held.place == ORGANIZATION for held in member.held)
    if member.is_invite:
        until = "" if member.expires_at is None else f", expires {date_of(member.expires_at)}"
        return [(IN_ORGANIZATION, member.role or ABSENT, f"{INVITED}{until}"), *roles[in_organization:]]
    is_outside = member.is_in_organization is False and not member.is_service_account
    return [
        *[(IN_ORGANIZATION, ABSENT, "not listed there")] * is_outside,
        *roles[:in_organization],
        *(
            (f"group {group.name}", "member", "identity provider" if group.is_scim_managed else DIRECT)
            for group in member.groups
        ),
        *roles[in_organization:],
    ] or [(IN_ORGANIZATION, ABSENT, ABSENT)]


def only_owned(member: Member) -> Member | None:
    """Return somebody with only the places that it owns, or will own; None if there are none."""
    roles = [held for held in member.roles if held.role == OWNER]
    if not roles and member.role != OWNER:
        return None
    return replace(member, role=member.role if member.role == OWNER else None, groups=[], roles=roles)


class PeopleEntry(NamedTuple):
    """A person, a service account or an invite, as the tables and pages of `members` and `access` show it."""

    member: Member
    rows: Sequence[TableLine]
    """The rows beside its titles."""
    total: int
    """The number of projects or permissions."""
    held: Sequence[HeldRole]
    """The roles, for the matrix."""
    is_owner: bool
    document: Callable[[], Mapping[str, Any]]
    """Returns what programs read."""


class _PeopleRow(NamedTuple):
    """A row of the table: one of the titles of a person, and one of the person's rows."""

    title: str
    is_first: bool
    where: str
    what: str
    through: str


class PeopleReport(report.ShownReport[_PeopleRow]):
    """People, service accounts and invites in order, each with rows; and the names of projects by id, in order."""

    what: str
    """What a row shows of a place, in a word."""
    owner_text: str
    """The text of this cell in a row in which somebody owns a place."""
    owner_mark = ""
    """What the page says of an owner."""

    def __init__(self, entries: Sequence[PeopleEntry], projects: Mapping[str, str], source: report.Source) -> None:
        self.entries = entries
        self.projects = projects
        columns = [
            Column[_PeopleRow]("person", lambda row: row.title, style=lambda row: "bold" if row.is_first else "dim"),
            Column[_PeopleRow]("where", lambda row: row.where),
            Column[_PeopleRow](
                self.what, lambda row: row.what, style=lambda row: "red" if row.what == self.owner_text else ""
            ),
            Column[_PeopleRow]("through", lambda row: row.through),
        ]
        rows = []
        for entry in entries:
            place: str | None = None  # it is shown once, in the first of its rows
            for number, (title, cells) in enumerate(zip_longest(entry.member.titles, entry.rows)):
                before, place = place, cells[0] if cells else None
                where, what, through = cells or ("", "", "")
                rows.append(_PeopleRow(title or "", number == 0, "" if place == before else where, what, through))
        super().__init__(columns, rows, source)

    @override
    def document(self) -> Mapping[str, Any]:
        return {
            **self.head(),
            "people": (entry.document() for entry in self.entries if not entry.member.is_invite),
            "invites": (entry.document() for entry in self.entries if entry.member.is_invite),
        }

    @override
    def size(self) -> str:
        return f"people and invites: {len(self.entries):,}"

    def rows_on_page(self, entry: PeopleEntry) -> Iterable[Sequence[CellOnPage]]:
        """Give the rows of a person on the page."""
        return entry.rows

    @override
    def page(self) -> dict[str, Any]:
        shown = [[*self.rows_on_page(entry)] for entry in self.entries]
        invites = sum(entry.member.is_invite for entry in self.entries)
        return {
            "figures": {
                "people": len(self.entries) - invites,
                "owners": sum(entry.is_owner for entry in self.entries),
                "invites": invites,
                "rows": sum(map(len, shown)),
            },
            "matrix": self._matrix(),
            "sections": map(self._section, self.entries, shown),
        }

    def _matrix(self) -> Matrix | None:
        """People by projects: owners first, of the organization, then of projects."""

        def owners_first(row: MatrixRow) -> tuple[bool, bool]:
            owned = [place for place, cell in row.cells.items() if cell.text.startswith(_LETTERS[OWNER])]
            return ORGANIZATION not in owned, not owned

        rows = []
        for entry in self.entries:
            by_place: dict[str, list[HeldRole]] = defaultdict(list)
            for held in entry.held:
                by_place[held.place].append(held)
            id_, (name, *about) = entry.member.id, entry.member.titles
            mark = _MARK if entry.member.is_invite else about[0] if entry.member.is_service_account else ""
            cells = {place: cell_of(roles) for place, roles in by_place.items()}
            rows.append(MatrixRow(id_, name, cells, report.link_to("person", id_), " ".join(about), mark))
        places = {place for row in rows for place in row.cells}
        names = {ORGANIZATION: IN_ORGANIZATION, **self.projects}
        return Matrix(
            "Roles by project",
            "Person",
            {id_: Head(name) for id_, name in names.items() if id_ in places},
            sorted(rows, key=owners_first),
            _ROLES,
            ["Owners of the organization can act in all projects."],
        ).limited(("person", "people"), ("place", "places"), "owners")

    def _section(self, entry: PeopleEntry, rows: Sequence[Sequence[CellOnPage]]) -> dict[str, Any]:
        owned = [row[1] == self.owner_text for row in rows]
        is_invite = entry.member.is_invite
        marks = [" ".join([*[OWNER] * is_owned, *[_MARK] * is_invite]) for is_owned in owned]
        return {
            "member": entry.member,
            "mark": _MARK if is_invite else self.owner_mark * entry.is_owner,
            "total": entry.total,
            "owns": sum(owned),
            "rows": list(zip(rows, marks, strict=True)),
        }


_MARK = "invited"
_LETTERS = {"owner": "O", "member": "M", "reader": "R", "viewer": "V"}
"""Base roles, the highest first. Custom roles have no place in this order."""
_CUSTOM, _NOT_KNOWN, _BY_GROUP = "+", "?", "by-group"
_ROLES = (
    *(MatrixCell(letter, f"role-{role}", role) for role, letter in _LETTERS.items()),
    MatrixCell(_CUSTOM, "role-custom", "a custom role, alone or beside the base role"),
    MatrixCell(_NOT_KNOWN, "role-custom", "not known"),
    MatrixCell(_LETTERS["member"], f"role-member {_BY_GROUP}", "only through a group"),
)
"""What the letters of roles mean."""


def cell_of(roles: Iterable[HeldRole]) -> MatrixCell:
    """Return the letter of the highest role that somebody has in a place, with all roles in words."""
    all_ = list(dict.fromkeys(roles))
    names = [held.role for held in all_]
    base = next((role for role in _LETTERS if role in names), None)
    has_custom = any(name and name not in _LETTERS for name in names)
    text = _LETTERS.get(base or "", "") + _CUSTOM * has_custom or _NOT_KNOWN
    is_by_group = all(held.group_id is not None for held in all_ if base in (None, held.role))
    css = [f"role-{base or 'custom'}", *[_BY_GROUP] * is_by_group]
    about = "; ".join(f"{held.role or ABSENT}, {held.through}" for held in all_)
    return MatrixCell(text, " ".join(css), about)


class MembersReport(PeopleReport):
    """People and invites with their roles."""

    template = "members_page.html.jinja"
    what, owner_text = "role", OWNER
    owner_mark = "owner of the organization"

    def __init__(self, members: Iterable[Member], names: Mapping[str, str], source: report.Source) -> None:
        entries = [
            PeopleEntry(
                member,
                lines_of(member, names),
                len({held.place for held in member.roles} - {ORGANIZATION}),
                member.held,
                member.is_owner and not member.is_invite,
                partial(member.document, names),
            )
            for member in members
        ]
        super().__init__(entries, dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0]))), source)

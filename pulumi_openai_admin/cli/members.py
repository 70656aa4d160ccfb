"""The command `members`: who is where with which role, and through what, as a table, a page or JSON."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, members_page, members_terminal, terminal
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.cli.limits_table import in_order
from pulumi_openai_admin.cli.members_table import (
    InvitedProject,
    ListedGroup,
    ListedInvite,
    Selection,
    group_ids,
    lines_of_invite,
    lines_of_person,
    only_owned,
    only_owned_invite,
    role_name,
)
from pulumi_openai_admin.cli.memberships import Memberships
from pulumi_openai_admin.cli.organization import chosen_projects, names_of, read_each, read_list, refuse_unwritable
from pulumi_openai_admin.cli.whole_file import whole_file
from pulumi_openai_admin.cli.words import describe
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pulumi_openai_admin.cli.journal import Rows
    from pulumi_openai_admin.cli.members_table import Person
    from pulumi_openai_admin.cli.members_terminal import Block
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

_LISTS = {
    "Project": "the projects",
    "OrganizationUser": "the users of the organization",
    "Group": "the groups",
    "Invite": "the invites",
    "GroupUser": "the users of groups",
    "UserRole": "the organization roles of users",
    "ProjectUser": "the users of projects",
    "ProjectGroup": "the groups of projects",
    "ProjectGroupRole": "the roles of groups in projects",
    "ProjectUserRole": "the roles of users in projects",
}
"""The kinds of lists that are read, in the words of messages."""
_PENDING = "pending"


@dataclass(frozen=True)
class MembersOptions:
    """The options of the command."""

    projects: Sequence[str] = ()
    users: Sequence[str] = ()
    """Addresses, ids, names, or globs."""
    owners: bool = False
    all_roles: bool = False
    html: Path | None = None
    as_json: bool = False


def members(options: MembersOptions, *, max_wait: float, parallel: int) -> bool:
    """Read who is where, and show it.

    Lists are kept in a file and shown person by person, because an organization may be larger than memory.

    Returns:
        Whether the key could read every list. Lists that it may not read are reported, and the rest is shown.

    Raises:
        errors.AdminError: Something else could not be read: a table without it would be wrong.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    settings = connection.settings(max_wait, parallel)
    reader = _Reader(connection.read_only_client(settings))
    projects = reader.projects(options.projects)
    read_at = datetime.now(timezone.utc)
    with Memberships(projects, only_in_projects=bool(options.projects)) as found:
        reader.people_and_groups(found)
        invites = [
            invite for row in reader.invites if (invite := _invite(row, projects)).projects or not options.projects
        ]
        selection = Selection(options.users)
        if found.lists_people:  # before the projects are read, which may take long
            _refuse_unknown(selection, found, invites)
        reader.in_projects(found, projects, selection if options.all_roles else None)
        view = _View(found, _selected(selection, found, invites), owners=options.owners)
        reader.roles_in_organization(found)
        _show(options, view, _Source(settings.base_url, read_at, reader.refused()))
    for line in reader.refused():
        terminal.say(f"warning: {line}", "yellow")
    return not reader.refused()


@dataclass(frozen=True)
class _View:
    """What is shown."""

    found: Memberships
    all_invites: Sequence[ListedInvite]
    owners: bool

    def people(self) -> Iterator[Person]:
        """The people, by name."""
        for person in self.found:
            shown = only_owned(person) if self.owners else person
            if shown is not None:
                yield shown

    def invites(self) -> Iterator[ListedInvite]:
        """The invites, by address."""
        for invite in self.all_invites:
            shown = only_owned_invite(invite) if self.owners else invite
            if shown is not None:
                yield shown


@dataclass(frozen=True)
class _Source:
    """Where and when it was read, and what could not be read."""

    address: str
    read_at: datetime
    not_read: Sequence[str]


def _refuse_unknown(selection: Selection, found: Memberships, invites: Sequence[ListedInvite]) -> None:
    """Refuse a word of `--user` that matches nobody.

    Raises:
        errors.NoMatchError: The message suggests the nearest names.
    """
    if not selection.words:
        return
    known = [*found.texts(), *((invite.invite_id, invite.email) for invite in invites)]
    for word in selection.unmatched(known):
        advice = suggestion(
            word, {text for texts in known for text in texts if text}, "Settings > Organization > People"
        )
        raise errors.NoMatchError(f"Nobody in the organization, and no pending invite, matches {word!r}", advice)


def _selected(selection: Selection, found: Memberships, invites: Sequence[ListedInvite]) -> list[ListedInvite]:
    """Select people; returns the selected invites."""
    if not selection.words:
        return list(invites)
    _refuse_unknown(selection, found, invites)
    found.select([texts[0] for texts in found.texts() if selection.has(*texts)])
    return [invite for invite in invites if selection.has(invite.invite_id, invite.email)]


def _invite(row: Mapping[str, Any], projects: Mapping[str, str]) -> ListedInvite:
    return ListedInvite(
        row["id"],
        str(row.get("email") or ""),
        row.get("role"),
        row.get("expires_at"),
        [
            InvitedProject(project["id"], projects[project["id"]], str(project.get("role") or ""))
            for project in row.get("projects") or ()
            if project.get("id") in projects
        ],
    )


@dataclass
class _ProjectLists:
    """What was read of a project: by the id of a user or a group, the roles."""

    people: Rows = field(default_factory=list)
    roles: list[tuple[str, str | None]] = field(default_factory=list)


class _Reader:
    """Reads the lists: one for each kind and parent. A list that the key may not read counts as empty."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._refused: dict[str, tuple[errors.PermissionDeniedError, int]] = {}
        self.invites: Rows = []
        """The pending invites, by address."""

    def refused(self) -> list[str]:
        """What could not be read, one line for each kind of list."""
        return [
            f"Not shown: {_LISTS[name]}{f' ({count:,} lists)' if count > 1 else ''}. {describe(error)}"
            for name, (error, count) in sorted(self._refused.items())
        ]

    def projects(self, wanted: Sequence[str]) -> dict[str, str]:
        """The names of the projects by id, sorted."""
        try:
            return names_of(in_order(chosen_projects(self._client, wanted)))
        except errors.PermissionDeniedError as error:
            if wanted:
                raise
            self._refuse("Project", error)
            return {}

    def people_and_groups(self, found: Memberships) -> None:
        """Read the lists of the organization, and the users of each group."""
        names = ("OrganizationUser", "Group", "Invite")
        lists: dict[str, Rows] = {}
        with terminal.waiting("Listing people, groups and invites"):
            for name, result in run_concurrently(self._list, names, self._client.parallel):
                if isinstance(result, Exception):
                    raise result
                lists[name] = result
        found.lists_people = "OrganizationUser" not in self._refused
        found.add_people(lists["OrganizationUser"], is_listed=True)
        found.add_groups(
            ListedGroup(row["id"], row.get("name") or row["id"], bool(row.get("is_scim_managed")))
            for row in lists["Group"]
        )
        pending = (row for row in lists["Invite"] if row.get("status") == _PENDING)
        self.invites = sorted(pending, key=lambda row: str(row.get("email") or "").casefold())
        groups = [row["id"] for row in lists["Group"]]
        for group_id, rows in read_each(
            "Reading groups", lambda id_: self._list("GroupUser", group_id=id_), groups, self._client.parallel
        ):
            found.add_group_users(group_id, rows)

    def in_projects(self, found: Memberships, projects: Mapping[str, str], all_roles_of: Selection | None) -> None:
        """Read who is in each project.

        Args:
            found: Where it is added.
            projects: The names of the projects by id.
            all_roles_of: Whose role assignments to read, too: one more list for each person and project. None: no
                assignments.
        """

        def read(project_id: str) -> _ProjectLists:
            lists = _ProjectLists(self._list("ProjectUser", project_id=project_id))
            for row in lists.people:
                lists.roles.append((row["id"], row.get("role")))
                if all_roles_of and all_roles_of.has(row["id"], row.get("email"), row.get("name")):
                    lists.roles.extend((row["id"], role) for role in self._more_roles(project_id, row))
            for group in self._list("ProjectGroup", project_id=project_id):
                id_ = group["group_id"]
                assigned = self._list("ProjectGroupRole", project_id=project_id, group_id=id_)
                lists.roles.extend((id_, role) for role in [role_name(assignment) for assignment in assigned] or [None])
            return lists

        for project_id, lists in read_each("Reading projects", read, list(projects), self._client.parallel):
            found.add_people(lists.people, is_listed=False)
            for principal, role in lists.roles:
                found.add_project_role(project_id, principal, role)

    def _more_roles(self, project_id: str, user: Mapping[str, Any]) -> list[str | None]:
        """The roles that are assigned to a user in a project, without the one that the list of users shows."""
        assigned = self._list("ProjectUserRole", project_id=project_id, user_id=user["id"])
        names = [role_name(assignment) for assignment in assigned if not group_ids(assignment)]
        return [name for name in names if name != user.get("role")]

    def roles_in_organization(self, found: Memberships) -> None:
        """Read the organization roles of each person who is shown."""
        people = list(found.may_have_roles())
        for user_id, rows in read_each(
            "Reading roles", lambda id_: self._list("UserRole", user_id=id_), people, self._client.parallel
        ):
            for row in rows:
                groups = group_ids(row)
                if not groups and role_name(row) != found.role_of(user_id):
                    found.add_organization_role(user_id, role_name(row), None)
                for group_id in groups:
                    found.add_organization_role(user_id, role_name(row), group_id)

    def _list(self, name: str, **parents: str) -> Rows:
        try:
            return read_list(self._client, cast("LookUpKind", kinds.kind(name)), **parents)
        except errors.PermissionDeniedError as error:
            self._refuse(name, error)
            return []

    def _refuse(self, name: str, error: errors.PermissionDeniedError) -> None:
        with self._lock:
            first, count = self._refused.get(name, (error, 0))
            self._refused[name] = first, count + 1


@dataclass(frozen=True)
class _Blocks:
    """The rows of the table, person by person. Each iteration reads them again."""

    view: _View

    def __iter__(self) -> Iterator[Block]:
        for person in self.view.people():
            yield person.titles, lines_of_person(person)
        for invite in self.view.invites():
            yield [invite.email or invite.invite_id], lines_of_invite(invite)


def _show(options: MembersOptions, view: _View, source: _Source) -> None:
    if options.as_json:
        terminal.show_json_lists(
            {"read_at": source.read_at.strftime("%Y-%m-%dT%H:%M:%SZ"), "not_read": list(source.not_read)},
            {
                "people": (person.document() for person in view.people()),
                "invites": (invite.document() for invite in view.invites()),
            },
        )
    if options.html is not None:
        with whole_file(options.html) as file:
            count = members_page.write(
                file, view.people, view.invites, source.read_at, source.address, not_read=source.not_read
            )
        terminal.say(f"Wrote {options.html} (people and invites: {count:,}).")
    elif not options.as_json and not members_terminal.show(_Blocks(view)):
        terminal.say(_why_nobody(options))


def _why_nobody(options: MembersOptions) -> str:
    if options.owners:
        return "Nobody of those who were asked for is an owner."
    where = " in these projects" if options.projects else ""
    return f"There is nobody to show{where}."

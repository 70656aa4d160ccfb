"""What `members` and `access` read: one list for each kind and parent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.cli.limits_table import in_order
from pulumi_openai_admin.cli.members_table import InvitedProject, ListedGroup, ListedInvite, group_ids, role_name
from pulumi_openai_admin.cli.organization import chosen_projects, names_of, read_each, read_list
from pulumi_openai_admin.cli.words import describe
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.cli.journal import Rows
    from pulumi_openai_admin.cli.members_table import Selection
    from pulumi_openai_admin.cli.memberships import Memberships
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

HasMoreRoles = Callable[[str, Mapping[str, Any]], bool]
"""Whether a user may have more roles in a project than the list of its users shows, by the project's id and the row."""

_LISTS = {
    "Project": "the projects",
    "Role": "the roles of the organization",
    "GroupRole": "the organization roles of groups",
    "ProjectRole": "the roles of projects",
    "ProjectServiceAccount": "the service accounts",
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


def refuse_unknown(selection: Selection, found: Memberships, invites: Sequence[ListedInvite]) -> None:
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


def texts_of(row: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """The id, address and name of a user, as a list shows it."""
    return row["id"], row.get("email"), row.get("name")


def selected(selection: Selection, found: Memberships, invites: Sequence[ListedInvite]) -> list[ListedInvite]:
    """Select people; returns the selected invites."""
    if not selection.words:
        return list(invites)
    refuse_unknown(selection, found, invites)
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


class MemberReader:
    """Reads the lists: one for each kind and parent. A list that the key may not read counts as empty."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._refused: dict[str, tuple[errors.PermissionDeniedError, int]] = {}
        self._invites: Rows = []

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

    def invites_to(self, projects: Mapping[str, str]) -> list[ListedInvite]:
        """The pending invites, by address, with those of the given projects that the person joins.

        Args:
            projects: The names of the projects by id.
        """
        return [_invite(row, projects) for row in self._invites]

    def people_and_groups(self, found: Memberships) -> None:
        """Read the lists of the organization, and the users of each group."""
        names = ("OrganizationUser", "Group", "Invite")
        lists: dict[str, Rows] = {}
        with terminal.waiting("Listing people, groups and invites"):
            for name, result in run_concurrently(self.list, names, self._client.parallel):
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
        self._invites = sorted(pending, key=lambda row: str(row.get("email") or "").casefold())
        groups = [row["id"] for row in lists["Group"]]
        for group_id, rows in read_each(
            "Reading groups", lambda id_: self.list("GroupUser", group_id=id_), groups, self._client.parallel
        ):
            found.add_group_users(group_id, rows)

    def in_projects(self, found: Memberships, projects: Mapping[str, str], has_more_roles: HasMoreRoles) -> None:
        """Read who is in each project.

        Args:
            found: Where it is added.
            projects: The names of the projects by id.
            has_more_roles: Whose role assignments to read, too: one more list for each person and project.
        """

        def read(project_id: str) -> _ProjectLists:
            lists = _ProjectLists(self.list("ProjectUser", project_id=project_id))
            for row in lists.people:
                lists.roles.append((row["id"], row.get("role")))
                if has_more_roles(project_id, row):
                    lists.roles.extend((row["id"], role) for role in self._more_roles(project_id, row))
            for group in self.list("ProjectGroup", project_id=project_id):
                id_ = group["group_id"]
                assigned = self.list("ProjectGroupRole", project_id=project_id, group_id=id_)
                lists.roles.extend((id_, role) for role in [role_name(assignment) for assignment in assigned] or [None])
            return lists

        for project_id, lists in read_each("Reading projects", read, list(projects), self._client.parallel):
            found.add_people(lists.people, is_listed=False)
            for principal, role in lists.roles:
                found.add_project_role(project_id, principal, role)

    def _more_roles(self, project_id: str, user: Mapping[str, Any]) -> list[str | None]:
        """The roles that are assigned to a user in a project, without the one that the list of users shows."""
        assigned = self.list("ProjectUserRole", project_id=project_id, user_id=user["id"])
        names = [role_name(assignment) for assignment in assigned if not group_ids(assignment)]
        return [name for name in names if name != user.get("role")]

    def roles_in_organization(self, found: Memberships) -> None:
        """Read the organization roles of each person who is shown."""
        people = list(found.may_have_roles())
        for user_id, rows in read_each(
            "Reading roles", lambda id_: self.list("UserRole", user_id=id_), people, self._client.parallel
        ):
            for row in rows:
                groups = group_ids(row)
                if not groups and role_name(row) != found.role_of(user_id):
                    found.add_organization_role(user_id, role_name(row), None)
                for group_id in groups:
                    found.add_organization_role(user_id, role_name(row), group_id)

    def list(self, name: str, **parents: str) -> Rows:
        """A list; empty if the key may not read it."""
        return self.list_or_none(name, **parents) or []

    def list_or_none(self, name: str, **parents: str) -> Rows | None:
        """A list; None if the key may not read it.

        Args:
            name: The kind that it is a list of.
            parents: The ids of what it is inside, such as `project_id`.
        """
        try:
            return read_list(self._client, cast("LookUpKind", kinds.kind(name)), **parents)
        except errors.PermissionDeniedError as error:
            self._refuse(name, error)
            return None

    def _refuse(self, name: str, error: errors.PermissionDeniedError) -> None:
        with self._lock:
            first, count = self._refused.get(name, (error, 0))
            self._refused[name] = first, count + 1

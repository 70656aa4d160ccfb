"""Who is where: people with their groups and roles, and how they are read from OpenAI.

`members` and `access` show them.
"""

from __future__ import annotations

import fnmatch
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from itertools import count as counter
from typing import TYPE_CHECKING, Any, cast

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.organization import (
    chosen_projects,
    in_order,
    names_of,
    read_each,
    read_list,
    run_concurrently,
)
from pulumi_openai_admin.cli.words import describe
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.handlers.kinds.roles import canonical
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pulumi_openai_admin.cli.organization import Rows
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

DIRECT = "direct"
OWNER = "owner"
ORGANIZATION = ""
"""In the place of the id of a project: the organization."""
_PREDEFINED = ("role-api-organization-", "role-api-project-")
"""What the aliases of predefined roles begin with; the short name follows."""


@dataclass(frozen=True)
class ListedGroup:
    """A group of the organization."""

    group_id: str
    name: str
    is_scim_managed: bool
    """Whether an identity provider manages its members."""


@dataclass(frozen=True)
class Grant:
    """A role, and where it comes from."""

    role: str | None
    """`owner`, `member`, …, or the name of a custom role; None if it is not known."""
    group_id: str | None = None
    """The group that it comes from; None if the person has it directly."""
    group_name: str | None = None

    @property
    def through(self) -> str:
        """Where it comes from, in words."""
        return DIRECT if self.group_id is None else f"group {self.group_name or self.group_id}"


@dataclass(frozen=True)
class RolesInProject:
    """A project, and the roles of a person there. A person can have several: directly, and from groups."""

    project_id: str
    name: str
    roles: Sequence[Grant]


ACCOUNT = "service account"


@dataclass(frozen=True)
class Person:
    """A person, or a service account in a group, and everything that the person has."""

    user_id: str
    name: str | None
    email: str | None
    is_in_organization: bool | None
    """Whether the organization lists the person; None if the key may not list the users of the organization."""
    role: str | None
    """The role in the organization: `owner` or `reader`."""
    organization_roles: Sequence[Grant] = ()
    """Roles that are assigned in the organization in addition to `role`."""
    groups: Sequence[ListedGroup] = ()
    projects: Sequence[RolesInProject] = ()
    is_service_account: bool = False

    @property
    def title(self) -> str:
        """Name, or address, or id."""
        return self.name or self.email or self.user_id

    @property
    def titles(self) -> list[str]:
        """The title, and the address where it is another one, or that it is a service account."""
        if self.is_service_account:
            return [self.title, ACCOUNT]
        return [self.title, self.email] if self.email and self.email != self.title else [self.title]

    @property
    def is_owner(self) -> bool:
        """Whether the person owns the organization."""
        return self.role == OWNER or any(grant.role == OWNER for grant in self.organization_roles)

    def document(self) -> dict[str, Any]:
        """Return the same for programs. `dataclasses.asdict` takes nine times as long."""
        return {
            **vars(self),
            "organization_roles": [vars(grant) for grant in self.organization_roles],
            "groups": [vars(group) for group in self.groups],
            "projects": [
                {**vars(project), "roles": [vars(grant) for grant in project.roles]} for project in self.projects
            ],
        }


@dataclass(frozen=True)
class InvitedProject:
    """A project that a person joins by accepting an invite."""

    project_id: str
    name: str
    role: str


@dataclass(frozen=True)
class ListedInvite:
    """An invite that was not accepted yet."""

    invite_id: str
    email: str
    role: str | None
    expires_at: int | None
    """In seconds since 1970 (UTC)."""
    projects: Sequence[InvitedProject]

    @property
    def titles(self) -> list[str]:
        """The address."""
        return [self.email or self.invite_id]

    def document(self) -> dict[str, Any]:
        """Return the same for programs."""
        return asdict(self)


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has in a place, directly or by a group."""

    place: str
    """The id of the project, or `ORGANIZATION`."""
    grant: Grant


def roles_of_person(person: Person) -> Iterator[HeldRole]:
    """Give the roles of a person or a service account: those of the organization, then those of projects."""
    if person.role:
        yield HeldRole(ORGANIZATION, Grant(person.role))
    for grant in person.organization_roles:
        yield HeldRole(ORGANIZATION, grant)
    for project in person.projects:
        for grant in project.roles:
            yield HeldRole(project.project_id, grant)


def roles_of_invite(invite: ListedInvite) -> Iterator[HeldRole]:
    """Give the roles that a person will have who accepts the invite."""
    if invite.role:
        yield HeldRole(ORGANIZATION, Grant(invite.role))
    for project in invite.projects:
        yield HeldRole(project.project_id, Grant(project.role))


@dataclass(frozen=True)
class Selection:
    """Which people are shown: by address in any case, id, name, or a glob for one of them. Without words: everybody."""

    words: Sequence[str] = ()

    def has(self, *texts: str | None) -> bool:
        """Return whether a person with these strings is selected."""
        return not self.words or any(self._is_it(word, texts) for word in self.words)

    def unmatched(self, people: Iterable[Iterable[str | None]]) -> list[str]:
        """Return the words that match nobody.

        Args:
            people: The strings of each person.
        """
        unmatched = list(self.words)
        for texts in people:
            known = list(texts)
            unmatched = [word for word in unmatched if not self._is_it(word, known)]
        return unmatched

    @staticmethod
    def _is_it(word: str, texts: Iterable[str | None]) -> bool:
        return any(text and fnmatch.fnmatchcase(text.casefold(), word.casefold()) for text in texts)


def role_name(assignment: Mapping[str, Any]) -> str | None:
    """Return the name of an assigned role; of a predefined one the short name that other lists show: `owner`."""
    alias = canonical(str(assignment.get("id", "")))
    for prefix in _PREDEFINED:
        if assignment.get("predefined_role") and alias.startswith(prefix):
            return alias.removeprefix(prefix)
    name = assignment.get("name")
    return str(name) if name else None


def group_ids(assignment: Mapping[str, Any]) -> list[str]:
    """Return the groups that an assigned role is inherited from; empty if it is assigned directly."""
    sources = assignment.get("assignment_sources")
    return [str(source.get("principal_id", "")) for source in sources or () if isinstance(source, dict)]


class Memberships:
    """The people of an organization, with roles and groups. Service accounts are among them if they are in a group.

    Args:
        projects: The names of the projects that are read, by id, in the order in which they are shown.
        only_in_projects: Whether to show only people who are in one of these projects.
    """

    def __init__(self, projects: Mapping[str, str], *, only_in_projects: bool) -> None:
        self._projects = projects
        self._numbers = {id_: number for number, id_ in enumerate(projects)}
        self._only_in_projects = only_in_projects
        self.lists_people = False
        """Whether the users of the organization could be listed."""
        self._people: dict[str, Person] = {}
        """By id, without what is in the other tables."""
        self._selected: set[str] | None = None
        self._groups: dict[str, ListedGroup] = {}
        self._users_of: dict[str, dict[str, None]] = defaultdict(dict)
        self._groups_of: dict[str, dict[str, None]] = defaultdict(dict)
        """The users of groups, and the groups of users, by id."""
        self._organization_roles: dict[str, dict[tuple[str | None, str | None], None]] = defaultdict(dict)
        """By user, each role with the group that it comes from."""
        self._project_roles: dict[str, dict[str, list[tuple[int, str | None]]]] = defaultdict(lambda: defaultdict(list))
        """By the id of a user or a group, then by project: the roles, each with its place in the order of reading."""
        self._places = counter()

    def add_people(self, rows: Iterable[Mapping[str, Any]], *, is_listed: bool) -> None:
        """Add people whom a list shows; people who are known stay as they are.

        Args:
            rows: Each with `id`, and where OpenAI shows them `name`, `email`, `role` and `is_service_account`.
            is_listed: Whether it is the list of the organization, whose roles are those of the organization.
        """
        for row in rows:
            if row["id"] not in self._people:
                self._people[row["id"]] = Person(
                    row["id"],
                    row.get("name"),
                    row.get("email"),
                    is_listed,
                    row.get("role") if is_listed else None,
                    is_service_account=bool(row.get("is_service_account")),
                )

    def add_groups(self, groups: Iterable[ListedGroup]) -> None:
        """Add groups of the organization."""
        self._groups.update((group.group_id, group) for group in groups)

    def add_group_users(self, group_id: str, users: Sequence[Mapping[str, Any]]) -> None:
        """Add the users of a group."""
        self.add_people(users, is_listed=False)
        for user in users:
            self._users_of[group_id][user["id"]] = None
            self._groups_of[user["id"]][group_id] = None

    def add_organization_role(self, user_id: str, role: str | None, group_id: str | None) -> None:
        """Add a role of the organization that is assigned to a person; `group_id` if it is inherited."""
        self._organization_roles[user_id][role, group_id] = None

    def add_group_role(self, group_id: str, role: str | None) -> None:
        """Add a role of the organization that all users and service accounts of a group have."""
        for user_id in self._users_of[group_id]:
            self.add_organization_role(user_id, role, group_id)

    def add_project_role(self, project_id: str, principal: str, role: str | None) -> None:
        """Add a role that a person or a group has in a project."""
        self._project_roles[principal][project_id].append((next(self._places), role))

    def group_ids(self) -> list[str]:
        """Return the ids of the groups that are listed."""
        return list(self._groups)

    def texts(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Give the id, address and name of everybody, by name."""
        for person in sorted(self._people.values(), key=_by_name):
            yield person.user_id, person.email, person.name

    def select(self, user_ids: Iterable[str]) -> None:
        """Show only these people."""
        self._selected = set(user_ids)

    def _shown(self) -> Iterator[Person]:
        """The people and service accounts to show, by name."""
        for person in sorted(self._people.values(), key=_by_name):
            is_selected = self._selected is None or person.user_id in self._selected
            principals = (person.user_id, *self._groups_of.get(person.user_id, ()))
            if is_selected and (not self._only_in_projects or any(map(self._project_roles.__contains__, principals))):
                yield person

    def may_have_roles(self) -> Iterator[str]:
        """Give the ids of those to show who may have roles of the organization: users that it lists."""
        for person in self._shown():
            if person.is_in_organization or not (self.lists_people or person.is_service_account):
                yield person.user_id

    def role_of(self, user_id: str) -> str | None:
        """Return the `role` of a person in the organization."""
        return self._people[user_id].role if user_id in self._people else None

    def __iter__(self) -> Iterator[Person]:
        """Give the people to show, by name."""
        for person in self._shown():
            ids = self._groups_of.get(person.user_id, ())
            groups = sorted(map(self.group, ids), key=lambda group: (group.name.casefold(), group.group_id))
            roles = self._organization_roles.get(person.user_id, ())
            yield replace(
                person,
                is_in_organization=person.is_in_organization if self.lists_people else None,
                organization_roles=[self._grant(role, group_id) for role, group_id in roles],
                groups=groups,
                projects=list(self._in_projects(person.user_id, groups)),
            )

    def group(self, group_id: str) -> ListedGroup:
        """Return a group; without its name if the key may not list groups."""
        return self._groups.get(group_id) or ListedGroup(group_id, group_id, is_scim_managed=False)

    def _in_projects(self, user_id: str, groups: Iterable[ListedGroup]) -> Iterator[RolesInProject]:
        """The projects of a person in order, with own roles before those of groups."""
        own = self._project_roles.get(user_id, {})
        of_groups = {
            group.group_id: self._project_roles[group.group_id]
            for group in groups
            if group.group_id in self._project_roles
        }
        for project_id in sorted({*own, *chain.from_iterable(of_groups.values())}, key=self._numbers.__getitem__):
            inherited = sorted(
                (place, role, id_) for id_, roles in of_groups.items() for place, role in roles.get(project_id, ())
            )
            grants = [Grant(role) for _, role in own.get(project_id, ())]
            grants += [self._grant(role, group_id) for _, role, group_id in inherited]
            yield RolesInProject(project_id, self._projects[project_id], grants)

    def _grant(self, role: str | None, group_id: str | None) -> Grant:
        return Grant(role, group_id, None if group_id is None else self.group(group_id).name)


def _by_name(person: Person) -> tuple[bool, str, str]:
    """By name, case-insensitive; people without a name are last."""
    return not person.name, (person.name or person.email or "").casefold(), person.user_id


HasMoreRoles = Callable[[str, Mapping[str, Any]], bool]
"""Whether a user may have more roles in a project than the list of its users shows, by the project's id and the row."""

_LISTS = {
    "Project": "the projects",
    "AdminApiKey": "the Admin API keys",
    "OrganizationSpendAlert": "the spend alerts of the organization",
    "ProjectSpendAlert": "the spend alerts of projects",
    "ProjectApiKey": "the API keys of projects",
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
    """Return the id, address and name of a user, as a list shows it."""
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
        """Return what could not be read, one line for each kind of list."""
        return [
            f"Not shown: {_LISTS[name]}{f' ({count:,} lists)' if count > 1 else ''}. {describe(error)}"
            for name, (error, count) in sorted(self._refused.items())
        ]

    def projects(self, wanted: Sequence[str]) -> dict[str, str]:
        """Return the names of the projects by id, sorted."""
        try:
            return names_of(in_order(chosen_projects(self._client, wanted)))
        except errors.PermissionDeniedError as error:
            if wanted:
                raise
            self._refuse("Project", error)
            return {}

    def invites_to(self, projects: Mapping[str, str]) -> list[ListedInvite]:
        """Return the pending invites, by address, with those of the given projects that the person joins.

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
        """Return a list; empty if the key may not read it."""
        return self.list_or_none(name, **parents) or []

    def list_or_none(self, name: str, **parents: str) -> Rows | None:
        """Return a list; None if the key may not read it.

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

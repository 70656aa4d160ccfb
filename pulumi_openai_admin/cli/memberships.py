"""Who is where: people with their groups and roles, and how they are read from OpenAI."""

from __future__ import annotations

import fnmatch
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import count as counter
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.connection import look_up, names_of, read_each, read_list, run_concurrently
from pulumi_openai_admin.cli.report import Source
from pulumi_openai_admin.cli.words import describe
from pulumi_openai_admin.handlers.removals import is_base_role, short_name
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.paths import USER
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.connection import Rows
    from pulumi_openai_admin.config import Settings

DIRECT, INVITED = "direct", "invite"
OWNER = "owner"
ORGANIZATION = ""
"""In the place of the id of a project: the organization."""
IN_ORGANIZATION = "organization"
"""Where something is that is outside of projects, in tables."""


@dataclass(frozen=True)
class ListedGroup:
    """A group of the organization."""

    group_id: str
    name: str
    is_scim_managed: bool
    """Whether an identity provider manages its members."""


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has in a place, and where it comes from."""

    place: str
    """The id of the project, or `ORGANIZATION`."""
    role: str | None
    """`owner`, `member`, …, or the name of a custom role; None if it is not known."""
    group_id: str | None = None
    """The group that it comes from; None if the person has it directly."""
    group_name: str | None = None
    is_invited: bool = False
    """Whether the person gets it by accepting an invite."""

    @property
    def through(self) -> str:
        """Where it comes from, in words."""
        if self.group_id is not None:
            return f"group {self.group_name or self.group_id}"
        return INVITED if self.is_invited else DIRECT

    def document(self) -> dict[str, Any]:
        """Return the same for programs, beside its place."""
        return {"role": self.role, "group_id": self.group_id, "group_name": self.group_name}


ACCOUNT = "service account"


@dataclass(frozen=True)
class Member:
    """A person, a service account or a pending invite, and everything that it has, or that its acceptance gives."""

    id: str
    name: str | None
    email: str | None
    role: str | None
    """The role in the organization: `owner` or `reader`."""
    is_in_organization: bool | None = None
    """Whether the organization lists the person; None if the key may not list the users of the organization."""
    groups: Sequence[ListedGroup] = ()
    roles: Sequence[HeldRole] = ()
    """Roles in addition to `role`: in the organization, then project by project, direct ones first."""
    is_service_account: bool = False
    is_invite: bool = False
    expires_at: int | None = None
    """When an invite expires, in seconds since 1970 (UTC)."""

    @property
    def titles(self) -> list[str]:
        """Name, or address, or id; then the address where it is another one, or that it is a service account."""
        title = self.name or self.email or self.id
        if self.is_service_account:
            return [title, ACCOUNT]
        return [title, self.email] if self.email and self.email != title else [title]

    @property
    def texts(self) -> tuple[str, str | None, str | None]:
        """The id, address and name, which select it."""
        return self.id, self.email, self.name

    @property
    def is_owner(self) -> bool:
        """Whether it owns the organization."""
        return OWNER in (held.role for held in self.held if held.place == ORGANIZATION)

    @property
    def held(self) -> list[HeldRole]:
        """All roles."""
        of_list = [HeldRole(ORGANIZATION, self.role, is_invited=self.is_invite)] if self.role else []
        return [*of_list, *self.roles]

    def document(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Return the same for programs, with the names of projects. `dataclasses.asdict` takes nine times as long."""
        if self.is_invite:
            projects = [{"project_id": it.place, "name": names[it.place], "role": it.role} for it in self.roles]
            return {
                "invite_id": self.id,
                "email": self.email,
                "role": self.role,
                "expires_at": self.expires_at,
                "projects": projects,
            }
        places = {
            place: [held.document() for held in roles] for place, roles in groupby(self.roles, attrgetter("place"))
        }
        return {
            "user_id": self.id,
            "name": self.name,
            "email": self.email,
            "is_in_organization": self.is_in_organization,
            "role": self.role,
            "organization_roles": places.pop(ORGANIZATION, []),
            "groups": [vars(group) for group in self.groups],
            "projects": [
                {"project_id": place, "name": names[place], "roles": roles} for place, roles in places.items()
            ],
            "is_service_account": self.is_service_account,
        }


@dataclass(frozen=True)
class Selection:
    """Which people are shown: by address in any case, id, name, or a glob for one of them. Without words: everybody."""

    words: Sequence[str] = ()

    def has(self, *texts: str | None) -> bool:
        """Return whether a person with these strings is selected."""
        return not self.words or any(_matches(word, texts) for word in self.words)

    def refuse_unmatched(self, people: Iterable[Sequence[str | None]], nobody: str, not_read: Sequence[str]) -> None:
        """Refuse a word that matches nobody: none of the strings of a person. `nobody` begins the message.

        If something could not be read, the message speaks of the rest, and a warning names it.
        """
        texts = [text for person in (people if self.words else ()) for text in person if text]
        for word in self.words:
            if not _matches(word, texts):
                advice = suggestion(word, set(texts), "Settings > Organization > People")
                terminal.warn(not_read)
                extent = Source(0, "", not_read).extent
                raise errors.NoMatchError(f"{nobody} matches {word!r}{extent}", advice)


def _matches(word: str, texts: Iterable[str | None]) -> bool:
    return any(text and fnmatch.fnmatchcase(text.casefold(), word.casefold()) for text in texts)


def role_name(assignment: Mapping[str, Any]) -> str | None:
    """Return the name of an assigned role; of a predefined one the short name that other lists show: `owner`."""
    role_id = str(assignment.get("id", ""))
    if assignment.get("predefined_role") and is_base_role(role_id):
        return short_name(role_id)
    name = assignment.get("name")
    return str(name) if name else None


def group_ids(assignment: Mapping[str, Any]) -> list[str]:
    """Return the groups that an assigned role is inherited from; empty if it is assigned directly."""
    sources = assignment.get("assignment_sources")
    return [str(source.get("principal_id", "")) for source in sources or () if isinstance(source, dict)]


class Memberships:
    """The people of an organization, with roles and groups. Service accounts are among them if they are in a group.

    Projects are read by names or ids, or all of them. `Selection` says which people are shown: with `only_in_projects`,
    only people who are in one of these projects.
    """

    def __init__(
        self, settings: Settings, projects: Sequence[str], people: Sequence[str], *, only_in_projects: bool = False
    ) -> None:
        self.reader = MemberReader(settings)
        self.projects = self.reader.projects(projects)
        """The names of the projects, by id, in the order in which they are shown."""
        self._read_at, self._base_url = time.time(), settings.base_url
        self.selection = Selection(people)
        self._numbers = {id_: number for number, id_ in enumerate(self.projects)}
        self._only_in_projects = only_in_projects
        self.lists_people = False
        """Whether the users of the organization could be listed."""
        self._invites: Sequence[Member] = ()
        """The pending invites, by address."""
        self._people: dict[str, Member] = {}
        """By id, without what is in the other tables."""
        self.groups: dict[str, ListedGroup] = {}
        """By id."""
        self.users_of: dict[str, dict[str, None]] = defaultdict(dict)
        self._groups_of: dict[str, dict[str, None]] = defaultdict(dict)
        """The users of groups, and the groups of users, by id."""
        self._organization_roles: dict[str, dict[HeldRole, None]] = defaultdict(dict)
        """By user."""
        self._project_roles: dict[str, list[tuple[str, int, str | None]]] = defaultdict(list)
        """By the id of a user or a group: each project and role, with its place in the order of reading."""
        self._places = counter()

    def add_people(self, rows: Iterable[Mapping[str, Any]], *, is_listed: bool) -> None:
        """Add people of a list; known people stay. Only the organization's list (`is_listed`) has their roles there."""
        for row in rows:
            role, is_account = row.get("role") if is_listed else None, bool(row.get("is_service_account"))
            known = Member(row["id"], row.get("name"), row.get("email"), role, is_listed, is_service_account=is_account)
            self._people.setdefault(known.id, known)

    def add_organization_role(self, user_id: str, role: str | None, group_id: str | None) -> None:
        """Add a role of the organization that is assigned to a person; `group_id` if it is inherited."""
        self._organization_roles[user_id][self._held(ORGANIZATION, role, group_id)] = None

    def add_project_role(self, project_id: str, principal: str, role: str | None) -> None:
        """Add a role that a person or a group has in a project."""
        self._project_roles[principal].append((project_id, next(self._places), role))

    @property
    def source(self) -> Source:
        """What it was read from, with the lists that could not be read."""
        return Source(self._read_at, self._base_url, self.reader.not_read())

    def read_people(self) -> None:
        """Read the lists of the organization, and the users of each group."""
        names = ("OrganizationUser", "Group", "Invite")
        lists: dict[str, Rows | None] = {}
        with terminal.waiting("Listing people, groups and invites"):
            for name, result in run_concurrently(self.reader.list_or_none, names, self.reader.client.parallel):
                if isinstance(result, Exception):
                    raise result
                lists[name] = result
        self.lists_people = lists["OrganizationUser"] is not None
        self.add_people(lists["OrganizationUser"] or (), is_listed=True)
        for row in lists["Group"] or ():
            is_scim_managed = bool(row.get("is_scim_managed"))
            self.groups[row["id"]] = ListedGroup(row["id"], row.get("name") or row["id"], is_scim_managed)
        invites = [self._invite(row) for row in lists["Invite"] or () if row.get("status") == "pending"]
        invites.sort(key=lambda invite: (invite.email or "").casefold())
        self._invites = [invite for invite in invites if invite.roles or not self._only_in_projects]
        for group_id, rows in self.reader.each("Reading groups", "GroupUser", "group_id", self.groups).items():
            self.add_people(rows, is_listed=False)
            for user in rows:
                self.users_of[group_id][user["id"]] = None
                self._groups_of[user["id"]][group_id] = None

    def _invite(self, row: Mapping[str, Any]) -> Member:
        roles = [
            HeldRole(project["id"], str(project.get("role") or ""), is_invited=True)
            for project in row.get("projects") or ()
            if project.get("id") in self.projects
        ]
        email = str(row.get("email") or "")
        until = self.reader.time_of(f"the invite of {email or row['id']}", row, "expires_at")
        return Member(row["id"], None, email, row.get("role"), roles=roles, is_invite=True, expires_at=until)

    def read_projects(self, has_more_roles: Callable[[str], bool]) -> None:
        """Read who is in each project, and refuse a word of the selection that matches nobody.

        Where users may have more roles in a project than the list of its users shows (`has_more_roles`), that is one
        more list for each selected person.
        """
        reader = self.reader

        def read(project_id: str) -> tuple[Rows, list[tuple[str, str | None]]]:
            people, roles = reader.list("ProjectUser", project_id=project_id), list[tuple[str, str | None]]()
            for row in people:
                roles.append((row["id"], row.get("role")))
                if has_more_roles(project_id) and self.selection.has(row["id"], row.get("email"), row.get("name")):
                    assigned = reader.list("ProjectUserRole", project_id=project_id, user_id=row["id"])
                    names = [role_name(assignment) for assignment in assigned if not group_ids(assignment)]
                    roles.extend((row["id"], name) for name in names if name != row.get("role"))
            for group in reader.list("ProjectGroup", project_id=project_id):
                id_ = group["group_id"]
                assigned = reader.list("ProjectGroupRole", project_id=project_id, group_id=id_)
                roles.extend((id_, role) for role in [role_name(assignment) for assignment in assigned] or [None])
            return people, roles

        if self.lists_people:  # before the projects are read, which may take long
            self._refuse_unknown()
        found = read_each("Reading projects", read, self.projects, reader.client.parallel)
        for project_id, (people, roles) in found.items():
            self.add_people(people, is_listed=False)
            for principal, role in roles:
                self.add_project_role(project_id, principal, role)
        self._refuse_unknown()

    def read_organization_roles(self) -> None:
        """Read the roles of the organization of each person who is shown: of users that it lists, if it lists any."""
        people = {
            person.id: person.role
            for person in self._shown()
            if person.is_in_organization or not (self.lists_people or person.is_service_account)
        }
        for user_id, rows in self.reader.each("Reading roles", "UserRole", "user_id", people).items():
            for row in rows:
                own: list[str | None] = [None] * (role_name(row) != people[user_id])
                for group_id in group_ids(row) or own:
                    self.add_organization_role(user_id, role_name(row), group_id)

    def _refuse_unknown(self) -> None:
        known = [member.texts for member in (*self._people.values(), *self._invites)]
        self.selection.refuse_unmatched(
            known, "Nobody in the organization, and no pending invite,", self.source.not_read
        )

    def _shown(self) -> Iterator[Member]:
        """The people and service accounts to show, by name; those without one are last."""

        def by_name(person: Member) -> tuple[bool, str, str]:
            return not person.name, (person.name or person.email or "").casefold(), person.id

        for person in sorted(self._people.values(), key=by_name):
            principals = (person.id, *self._groups_of.get(person.id, ()))
            is_in_projects = not self._only_in_projects or any(id_ in self._project_roles for id_ in principals)
            if is_in_projects and self.selection.has(*person.texts):
                yield person

    def __iter__(self) -> Iterator[Member]:
        """Give the people and service accounts, then the invites by address, as far as they are selected."""
        for person in self._shown():
            groups = [self._group(group_id) for group_id in self._groups_of.get(person.id, ())]
            groups.sort(key=lambda group: (group.name.casefold(), group.group_id))
            in_projects = [
                ((self._numbers[project_id], group_id is not None, place), self._held(project_id, role, group_id))
                for group_id in (None, *(group.group_id for group in groups))  # own roles before those of groups
                for project_id, place, role in self._project_roles.get(group_id or person.id, ())
            ]
            in_projects.sort(key=itemgetter(0))
            yield replace(
                person,
                is_in_organization=person.is_in_organization if self.lists_people else None,
                groups=groups,
                roles=[*self._organization_roles.get(person.id, ()), *(held for _, held in in_projects)],
            )
        yield from (invite for invite in self._invites if self.selection.has(*invite.texts))

    def _group(self, group_id: str) -> ListedGroup:
        """A group; without its name if the key may not list groups."""
        return self.groups.get(group_id) or ListedGroup(group_id, group_id, is_scim_managed=False)

    def _held(self, place: str, role: str | None, group_id: str | None) -> HeldRole:
        return HeldRole(place, role, group_id, None if group_id is None else self._group(group_id).name)


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


_MAX_ODD = 40
"""How many characters of a value that is no time are shown."""


class MemberReader:
    """Reads the lists: one for each kind and parent. A list that the key may not read counts as empty."""

    def __init__(self, settings: Settings) -> None:
        self.client = connection.read_only_client(settings)
        self._lock = threading.Lock()
        self._refused: dict[str, tuple[errors.StatusError, int]] = {}
        self._ended: set[tuple[str, str] | None] = set()
        self._odd: dict[str, None] = {}

    def refused(self) -> list[str]:
        """Return which lists could not be read, one line for each kind."""
        return [
            f"Not shown: {_LISTS[name]}{f' ({count:,} lists)' if count > 1 else ''}. {describe(error)}"
            for name, (error, count) in sorted(self._refused.items())
        ]

    def not_read(self) -> list[str]:
        """Return what could not be read: lists, and times that are none. Each is a sentence."""
        return [*self.refused(), *self.odd_times()]

    def odd_times(self) -> list[str]:
        """Return which times that OpenAI shows are none, each as a sentence."""
        return [*self._odd]

    def time_of(self, what: str, row: Mapping[str, Any], name: str) -> int | None:
        """Return a time of an object in seconds since 1970; None if OpenAI shows none, or a value that is no time.

        Such a value is named among what could not be read: without it, nobody knows whether the time has passed.
        """
        value = row.get(name)
        time = formats.moment_seconds(value)
        if time is None and value is not None:
            self._odd[f"OpenAI shows {str(value)[:_MAX_ODD]!r} as {name} of {what}, which is not a time."] = None
        return time

    def has_refused(self, *names: str) -> bool:
        """Return whether the key may not read a list of some kinds."""
        return not self._refused.keys().isdisjoint(names)

    def count_refused(self, name: str) -> int:
        """Return how many lists of a kind the key may not read."""
        return self._refused[name][1] if name in self._refused else 0

    def projects(self, wanted: Sequence[str]) -> dict[str, str]:
        """Return the names of the projects by id, sorted."""
        try:
            return names_of(connection.chosen_projects(self.client, wanted))
        except (errors.PermissionDeniedError, errors.UnrelatedNotFoundError) as error:
            if wanted:
                raise
            self._refuse("Project", error)
            return {}

    def each(self, description: str, name: str, parent: str, ids: Collection[str]) -> dict[str, Rows]:
        """Return the list in each parent."""
        return read_each(description, lambda id_: self.list(name, **{parent: id_}), ids, self.client.parallel)

    def list(self, name: str, **parents: str) -> Rows:
        """Return a list; empty if the key may not read it, or, with a warning, if its user or group has ended."""
        try:
            return self.list_or_none(name, **parents) or []
        except errors.ProjectArchivedError:
            raise
        except errors.ParentEndedError as ended:
            with self._lock:
                if ended.parent not in self._ended:
                    self._ended.add(ended.parent)
                    terminal.warn([f"{ended.event}, so its lists are not shown."])
            return []

    def list_or_none(self, name: str, **parents: str) -> Rows | None:
        """Return a list; None if the key may not read it, or if the organization has no such endpoint."""
        try:
            return read_list(self.client, look_up(name), **parents)
        except (errors.PermissionDeniedError, errors.UnrelatedNotFoundError) as error:
            self._refuse(name, error)
            return None

    def user_or_none(self, user_id: str) -> Mapping[str, Any] | None:
        """Return a user; empty if OpenAI has none with this id, None if OpenAI refuses to say."""
        try:
            with self.client.operation():
                return self.client.send(Call("GET", USER.path_of(user_id), f"look up user {user_id}"))
        except errors.NotFoundError:
            return {}
        except errors.StatusError as error:
            self._refuse("OrganizationUser", error)
            return None

    def _refuse(self, name: str, error: errors.StatusError) -> None:
        with self._lock:
            first, count = self._refused.get(name, (error, 0))
            self._refused[name] = first, count + 1

"""What `members` shows: people, their roles in the organization and in projects, and where roles come from. Pure."""

from __future__ import annotations

import fnmatch
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin.cli.value_words import ABSENT
from pulumi_openai_admin.handlers.kinds.role_assignment import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ORGANIZATION = "organization"
DIRECT = "direct"
OWNER = "owner"
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
    organization_roles: Sequence[Grant]
    """Roles that are assigned in the organization in addition to `role`."""
    groups: Sequence[ListedGroup]
    projects: Sequence[RolesInProject]
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
        """The same for programs. `dataclasses.asdict` takes nine times as long."""
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
        """The same for programs."""
        return asdict(self)


class TableLine(NamedTuple):
    """A row of the table of a person. The names of the fields are the heads of the columns, here and on the page."""

    where: str
    role: str
    through: str


class PeopleEntry(NamedTuple):
    """A person, a service account or an invite, as the tables and pages of `members` and `access` show it."""

    id: str
    titles: Sequence[str]
    """The lines of the first column."""
    rows: Sequence[Mapping[str, str]]
    """The rows beside them: the cells, by the heads of their columns."""
    total: int
    """The number of projects or permissions."""
    is_owner: bool = False
    mark: str = ""
    """What is special about it."""
    is_invite: bool = False


def entry_of_person(person: Person) -> PeopleEntry:
    """A person as `members` shows it."""
    mark = "owner of the organization" if person.is_owner else ""
    return PeopleEntry(
        person.user_id, person.titles, _cells(lines_of_person(person)), len(person.projects), person.is_owner, mark=mark
    )


def entry_of_invite(invite: ListedInvite) -> PeopleEntry:
    """An invite as `members` shows it."""
    return PeopleEntry(
        invite.invite_id, invite.titles, _cells(lines_of_invite(invite)), len(invite.projects), is_invite=True
    )


def _cells(lines: Iterable[TableLine]) -> list[dict[str, str]]:
    return [line._asdict() for line in lines]


def lines_of_person(person: Person) -> list[TableLine]:
    """The rows of a person: the organization, then groups, then projects."""
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
    """The rows of an invite."""
    until = "" if invite.expires_at is None else f", expires {_date(invite.expires_at)}"
    return [
        TableLine(ORGANIZATION, invite.role or ABSENT, f"invite{until}"),
        *(TableLine(project.name, project.role or ABSENT, "invite") for project in invite.projects),
    ]


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def only_owned(person: Person) -> Person | None:
    """A person with only the places that the person owns; None if there are none."""
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
    """An invite with only the places that the person will own; None if there are none."""
    projects = [project for project in invite.projects if project.role == OWNER]
    if not projects and invite.role != OWNER:
        return None
    return replace(invite, role=invite.role if invite.role == OWNER else None, projects=projects)


@dataclass(frozen=True)
class Selection:
    """Which people are shown: by address in any case, id, name, or a glob for one of them. Without words: everybody."""

    words: Sequence[str] = ()

    def has(self, *texts: str | None) -> bool:
        """Whether a person with these strings is selected."""
        return not self.words or any(self._is_it(word, texts) for word in self.words)

    def unmatched(self, people: Iterable[Iterable[str | None]]) -> list[str]:
        """The words that match nobody.

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
    """The name of an assigned role; of a predefined one the short name that other lists show: `owner`."""
    alias = canonical(str(assignment.get("id", "")))
    for prefix in _PREDEFINED:
        if assignment.get("predefined_role") and alias.startswith(prefix):
            return alias.removeprefix(prefix)
    name = assignment.get("name")
    return str(name) if name else None


def group_ids(assignment: Mapping[str, Any]) -> list[str]:
    """The groups that an assigned role is inherited from; empty if it is assigned directly."""
    sources = assignment.get("assignment_sources")
    return [str(source.get("principal_id", "")) for source in sources or () if isinstance(source, dict)]

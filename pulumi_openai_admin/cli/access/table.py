"""What `access` shows of a person, a service account or an invite. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin.cli.access.permissions import (
    EVERY,
    NOT_KNOWN,
    ORGANIZATION,
    HeldRole,
    access_of,
    matching,
)
from pulumi_openai_admin.cli.members_table import ORGANIZATION as THE_ORGANIZATION
from pulumi_openai_admin.cli.members_table import Grant, PeopleEntry
from pulumi_openai_admin.cli.value_words import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.access.permissions import Access, RolePermissions
    from pulumi_openai_admin.cli.members_table import ListedInvite, Person

INVITED = "invite"
_OF_BASE_ROLES = (
    "* OpenAI does not document which permissions base roles have. An owner is taken to have every permission. Other "
    "base roles have the permissions that OpenAI's list of roles shows; without any, they are not known."
)
_OF_ALL_ROLES = (
    "A role of the organization counts in all projects. An API key may have fewer permissions than its owner: OpenAI "
    "does not show the permissions of keys."
)
NOTES = (_OF_BASE_ROLES, _OF_ALL_ROLES)
"""What a reader of the result has to know: first of base roles, then of all roles."""


class AccessLine(NamedTuple):
    """A row of the table. The names of the fields are the heads of the columns, here and on the page."""

    where: str
    permission: str
    through: str


def roles_of_person(person: Person) -> Iterator[HeldRole]:
    """The roles of a person or a service account: those of the organization, then those of projects."""
    if person.role:
        yield HeldRole(ORGANIZATION, Grant(person.role))
    for grant in person.organization_roles:
        yield HeldRole(ORGANIZATION, grant)
    for project in person.projects:
        for grant in project.roles:
            yield HeldRole(project.project_id, grant)


def roles_of_invite(invite: ListedInvite) -> Iterator[HeldRole]:
    """The roles that a person will have who accepts the invite."""
    if invite.role:
        yield HeldRole(ORGANIZATION, Grant(invite.role))
    for project in invite.projects:
        yield HeldRole(project.project_id, Grant(project.role))


@dataclass(frozen=True)
class Holder:
    """A person, a service account or an invite, and what it may do."""

    holder_id: str
    titles: Sequence[str]
    """The lines of the first column."""
    about: Mapping[str, Any]
    """What JSON shows of it beside its access."""
    access: Sequence[Access]
    is_invite: bool = False

    @property
    def has_every(self) -> bool:
        """Whether it has every permission somewhere."""
        return any(item.permission == EVERY for item in self.access)


@dataclass(frozen=True)
class Question:
    """What was asked for, and what is needed to answer.

    Args:
        roles: The roles with their permissions.
        projects: The names of the projects, by id.
        permissions: Names of permissions, or globs; empty for all.
    """

    roles: RolePermissions
    projects: Mapping[str, str]
    permissions: Sequence[str] = ()

    def of_person(self, person: Person) -> Holder:
        """What a person or a service account may do."""
        about = {
            "user_id": person.user_id,
            "name": person.name,
            "email": person.email,
            "is_service_account": person.is_service_account,
        }
        access = matching(access_of(roles_of_person(person), self.roles), self.permissions)
        return Holder(person.user_id, person.titles, about, list(access))

    def of_invite(self, invite: ListedInvite) -> Holder:
        """What a person who is invited will be able to do."""
        about = {"invite_id": invite.invite_id, "email": invite.email, "expires_at": invite.expires_at}
        access = matching(access_of(roles_of_invite(invite), self.roles), self.permissions)
        return Holder(invite.invite_id, invite.titles, about, list(access), is_invite=True)

    def lines(self, holder: Holder) -> list[AccessLine]:
        """The rows of the table: one for each permission in each place."""
        return [
            AccessLine(
                self._place(item.place),
                item.permission,
                "; ".join(self._through(held, is_invite=holder.is_invite) for held in item.through),
            )
            for item in holder.access
        ] or [AccessLine(THE_ORGANIZATION, ABSENT, ABSENT)]

    def entry(self, holder: Holder) -> PeopleEntry:
        """The same for the table and the page."""
        return PeopleEntry(
            holder.holder_id,
            holder.titles,
            [line._asdict() for line in self.lines(holder)],
            len(holder.access),
            is_owner=holder.has_every,
            is_invite=holder.is_invite,
        )

    def has_base_role(self, holder: Holder) -> bool:
        """Whether a permission comes from a base role."""
        return any(self.roles.is_base(held) for item in holder.access for held in item.through)

    def document(self, holder: Holder) -> dict[str, Any]:
        """The same for programs."""
        return {**holder.about, "access": [self._document(item) for item in holder.access]}

    def _document(self, access: Access) -> dict[str, Any]:
        is_named = access.permission not in (EVERY, NOT_KNOWN)
        return {
            "project_id": access.place or None,
            "project": self.projects.get(access.place),
            "permission": access.permission if is_named else None,
            "is_every_permission": access.permission == EVERY,
            "is_documented": not all(map(self.roles.is_base, access.through)),
            "through": [
                {**vars(held.grant), "role": self.roles.name(held) or None, "is_base_role": self.roles.is_base(held)}
                for held in access.through
            ],
        }

    def _place(self, place: str) -> str:
        return THE_ORGANIZATION if place == ORGANIZATION else self.projects.get(place, place)

    def _through(self, held: HeldRole, *, is_invite: bool) -> str:
        mark = "*" if self.roles.is_base(held) else ""
        return f"{self.roles.name(held) or ABSENT}{mark}, {INVITED if is_invite else held.grant.through}"

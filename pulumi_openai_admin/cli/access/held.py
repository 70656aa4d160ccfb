"""The roles of people, service accounts and invites, as `permissions` takes them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.cli.access.permissions import ORGANIZATION, HeldRole
from pulumi_openai_admin.cli.members_table import Grant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.cli.members_table import ListedInvite, Person


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

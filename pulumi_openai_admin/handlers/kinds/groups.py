"""Groups of the organization, their users and service accounts, and groups of a project.

OpenAI refuses to change or delete a group that an identity provider manages, and its users.

A group is in a project for as long as it has a role there. So a resource manages the assignment of its role: a group
that is there gets the role, and destroy unassigns the role. The group leaves the project with its last role. POST adds
a group with a role, which no response shows; DELETE of the group would unassign all its roles there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.handler import GrantedAccess, Remote, Wanted
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.roles import RoleAssignments, canonical
from pulumi_openai_admin.handlers.removals import BASE_ROLES
from pulumi_openai_admin.handlers.shapes.collection import Collection, show
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema import ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim
    from pulumi_openai_admin.http.client import Client

_PREDEFINED = "role-api-project-"
"""What the id of a predefined role of a project begins with: before the short name."""


@dataclass(eq=False, repr=False)
class Groups(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(("group.created",), ("group.updated", "group.deleted"))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The group as it is listed."""
        group = super().declared(client, remote)
        if group.get("is_scim_managed"):
            what = f"{self.name(remote)} can't be imported: an identity provider manages it (SCIM)"
            raise errors.NotAdoptableError(what, "Read it with get_group.")
        return group

    @override
    def delete(self, client: Client, remote: Remote) -> None:
        with people.explained_group(client, remote.id):
            super().delete(client, remote)

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        with people.explained_group(client, remote.id):
            super()._set(client, remote, body)


@dataclass(eq=False, repr=False)
class GroupUsers(Membership):
    """The handler of users and service accounts of a group; see `Membership` for its arguments."""

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.GROUP

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """All users, unless an identity provider manages the group."""
        return [] if people.is_scim_managed(client, remote.parents["group_id"]) else super().ids(client, remote)

    @override
    def require_candidate(self, client: Client, parents: Mapping[str, str], name: str) -> None:
        if ids.USER.has_prefix_of(name):  # another id can be of a service account, which no list of all projects shows
            people.require_user(client, name)

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        with (
            people.explained_group(client, remote.parents["group_id"]),
            people.explained_user(client, remote.id),
        ):
            super()._add(client, remote, wanted)

    @override
    def grant(self, client: Client, remote: Remote, wanted: Wanted, *, is_new: bool = False) -> None:
        super().grant(client, remote, wanted, is_new=is_new)
        if "name" not in remote.attributes:  # the response to POST shows the ids alone
            call = Call("GET", self.path_of(remote), f"read {self.name(remote)}")
            self._learn(remote, show(client, call, client.clock.now(), self._inside(remote), self.name(remote)))
            self.listing(client, remote).learn({**remote.attributes, self.identity: remote.id})

    def _remove(self, client: Client, remote: Remote) -> None:
        with people.explained_group(client, remote.parents["group_id"]):
            super()._remove(client, remote)


@dataclass(eq=False, repr=False)
class ProjectGroups(Membership):
    """The handler of groups of a project; `role` handles a role of a group in the project."""

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED

    role: RoleAssignments = field(kw_only=True)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The group with its first role in the project, which has to be looked up: a predefined one before others."""
        shown, roles = super().declared(client, remote), self.role.rows(client, remote)
        id_ = min(roles, key=lambda role: not roles[role].get("predefined_role"), default="")
        if not id_:
            raise errors.NotAdoptableError(f"{capitalized(self.name(remote))} can't be imported: it has no role there")
        return {**shown, "role": canonical(id_).removeprefix(_PREDEFINED)}

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The group, and the assignment of its role, which a `ProjectGroupRole` may manage, too."""
        claims, role = list(super().claims(parents, wanted, document)), wanted.settings.get("role")
        ids = {name: str(id_) for name, id_ in parents.items()}
        return [*claims, *self.role.claims_of(ids, [_role_id(role)])] if isinstance(role, str) else claims

    def claims_of_member(self, remote: Remote, client: Client | None = None) -> list[MemberClaim]:
        """See `Membership.claims_of_member`: the assignment of the role, without which the group is not there."""
        return self.role.claims_of_member(self._assignment(remote, remote.get("role")))

    @override
    def require_candidate(self, client: Client, parents: Mapping[str, str], name: str) -> None:
        people.require_group(client, name)

    def ensure(self, client: Client, remote: Remote, wanted: Wanted) -> bool:
        """See `Membership.ensure`: a group that is in the project with other roles only did not have this one."""
        remote.attributes["role"] = str(wanted.settings["role"])
        was_there = super().ensure(client, remote, wanted)
        return was_there and not remote.step.has_changed

    def _set_differing(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Assign the role to a group that is in the project without it."""
        self.role.ensure(client, self._assignment(remote, wanted.settings["role"]), Wanted({}, {}))

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        super()._add(client, remote, wanted)
        self.role.listing(client, remote).forget()

    def _remove(self, client: Client, remote: Remote) -> None:
        """Unassign the role. The group leaves the project with its last role."""
        assignment = self._assignment(remote, remote.get("role"))
        with suppress(errors.ParentEndedError):
            assignment.attributes = dict(self.role.listed(client, assignment) or {})  # has the id that OpenAI lists
        self.role.remove(client, assignment)
        self.listing(client, remote).forget()  # it still shows the group if that has another role

    @override
    def with_settings(
        self, client: Client, remote: Remote, wanted: Wanted, there: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        role = wanted.settings["role"]
        is_assigned = self.role.listed(client, self._assignment(remote, role)) is not None
        return {**there, "role": role} if is_assigned else there

    @staticmethod
    def _assignment(remote: Remote, role: object) -> Remote:
        """Return the assignment of a role, of which the record of the group has what is remembered."""
        id_ = _role_id(str(role))
        return Remote({**remote.parents, "role_id": id_}, id_, memory=remote.memory, step=remote.step)


def _role_id(role: str) -> str:
    """Return the id of a role of a project, without what responses add to a predefined one."""
    return f"{_PREDEFINED}{role}" if role in BASE_ROLES else canonical(role)

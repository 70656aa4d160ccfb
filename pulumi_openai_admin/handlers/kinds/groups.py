"""Groups of the organization, their users and service accounts, and groups of a project.

OpenAI refuses to change or delete a group that an identity provider manages, and its users.

A group is in a project for as long as it has a role there. So a resource manages the assignment of its role: a group
that is there gets the role, and destroy unassigns the role. The group leaves the project with its last role. POST adds
a group with a role, which no response shows; DELETE of the group would unassign all its roles there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.handler import GrantedAccess
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.roles import canonical
from pulumi_openai_admin.handlers.shapes.collection import Collection, CreationTime, show
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema import ids
from pulumi_openai_admin.schema.paths import Paging, fill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

_PREDEFINED = "role-api-project-"
"""What the id of a predefined role of a project begins with: before the short name."""
_SHORT_NAMES = frozenset({"member", "owner", "viewer"})
_ROLES = "/projects/{project_id}/groups/{group_id}/roles"


@dataclass(frozen=True)
class Groups(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(("group.created",), ("group.updated", "group.deleted"))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The group as it is listed."""
        group = super().declared(client, remote)
        if group.get("is_scim_managed"):
            what = f"{self._name(remote)} can't be imported: an identity provider manages it (SCIM)"
            raise errors.NotAdoptableError(what, "Read it with get_group.")
        return group

    @override
    def delete(self, client: Client, remote: Remote) -> None:
        with people.explained_group(client, remote.id):
            super().delete(client, remote)

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        with people.explained_group(client, remote.id):
            super()._set(client, remote, body)


@dataclass(frozen=True)
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
        # The response to POST shows the ids alone; a set shows no more.
        if not self.is_one_of_many and "name" not in remote.attributes:
            call = Call("GET", self.path_of(remote), f"read {self.name(remote)}")
            self._learn(remote, show(client, call, client.clock.now(), self._inside(remote), self.name(remote)))
            self.listing(client, remote).learn({**remote.attributes, self.identity: remote.id})

    def _remove(self, client: Client, remote: Remote) -> None:
        with people.explained_group(client, remote.parents["group_id"]):
            super()._remove(client, remote)


@dataclass(frozen=True)
class ProjectGroups(Membership):
    """The handler of groups of a project; see `Membership` for its arguments."""

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED

    traits: ClassVar[Traits] = replace(Membership.traits, reads_each=True)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The group with its first role in the project, which has to be looked up: a predefined one before others."""
        shown, roles = super().declared(client, remote), self._roles(client, remote).rows()
        id_ = min(roles, key=lambda role: not roles[role].get("predefined_role"), default="")
        if not id_:
            raise errors.NotAdoptableError(f"{capitalized(self.name(remote))} can't be imported: it has no role there")
        return {**shown, "role": canonical(id_).removeprefix(_PREDEFINED)}

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The group, and the assignment of its role, which a `ProjectGroupRole` may manage, too."""
        claims, role = list(super().claims(parents, wanted, document)), wanted.settings.get("role")
        ids = {name: str(id_) for name, id_ in parents.items()}
        return [*claims, self._role_claim(ids, role)] if isinstance(role, str) else claims

    def known_claims(self, remote: Remote) -> list[MemberClaim]:
        """See `Membership.known_claims`: the assignment of the role, without which the group is not there."""
        return [self._role_claim(remote.parents, str(remote.get("role")))]

    @override
    def require_candidate(self, client: Client, parents: Mapping[str, str], name: str) -> None:
        people.require_group(client, name)

    def ensure(self, client: Client, remote: Remote, wanted: Wanted) -> bool:
        """See `Membership.ensure`: a group that is in the project with other roles only did not have this one."""
        remote.attributes["role"] = str(wanted.settings["role"])
        was_there = super().ensure(client, remote, wanted)
        return was_there and not remote.step.has_changed

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Assign the role to a group that is in the project without it."""
        role = str(wanted.settings["role"])
        if self._listed_role(client, remote, role):
            return
        call = Call(
            "POST",
            fill(_ROLES, **remote.parents),
            f"assign role {role} to {self.name(remote)}",
            body={"role_id": role_id(role)},
        )
        remote.memory.put(CreationTime.of_request(client))
        try:
            with client.inside(self._inside(remote)):
                client.send(call)
        except errors.AdminError as error:
            remote.step.has_changed = remote.step.has_changed or error.may_have_acted
            raise
        remote.step.has_changed = True
        self._roles(client, remote).forget()

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        super()._add(client, remote, wanted)
        self._roles(client, remote).forget()

    def removal_path(self, client: Client, remote: Remote) -> str:
        """See `Membership.removal_path`: of the assignment of the role, by the id that OpenAI lists if it lists one."""
        role = str(remote.get("role"))
        return fill(f"{_ROLES}/{{id}}", **remote.parents, id=self._listed_role(client, remote, role) or role_id(role))

    def _remove(self, client: Client, remote: Remote) -> None:
        """Unassign the role. The group leaves the project with its last role."""
        with suppress(errors.ParentEndedError):
            super()._remove(client, remote)
        self._roles(client, remote).forget()
        self.listing(client, remote).forget()  # it still shows the group if that has another role

    @override
    def with_settings(
        self, client: Client, remote: Remote, wanted: Wanted, there: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        role = str(wanted.settings["role"])
        return {**there, "role": role} if self._listed_role(client, remote, role) else there

    def _role_claim(self, parents: Mapping[str, str], role: str) -> MemberClaim:
        ids = {name: parents[name] for name in ("project_id", "group_id")}
        where = f"group {ids['group_id']} in project {ids['project_id']}"
        members = frozenset({role_id(role)})
        return MemberClaim(
            fill(_ROLES, **ids), f"the roles of {where}", is_whole=False, members=members, label=f"role {{}} of {where}"
        )

    def _listed_role(self, client: Client, remote: Remote, role: str) -> str:
        with client.inside(self._inside(remote)):
            rows = self._roles(client, remote).rows()
        return next((id_ for id_, shown in rows.items() if is_role(id_, shown, role)), "")

    def _roles(self, client: Client, remote: Remote) -> Listing:
        action = f"list the roles of {self.name(remote)}"
        return client.listing(fill(_ROLES, **remote.parents), action, {"limit": 1000}, Paging.NEXT)


def role_id(role: str) -> str:
    """The id of a role of a project, without what responses add to a predefined one."""
    return f"{_PREDEFINED}{role}" if role in _SHORT_NAMES else canonical(role)


def is_role(listed: str, shown: Mapping[str, Any], role: str) -> bool:
    """Return whether a listed role is the one that a program names, by its id, an alias of it or its short name.

    OpenAI lists `role-api-project-member` as `role-api-project-member__api-project__proj_…`.
    """
    names = {role, f"{_PREDEFINED}{role}"}
    return canonical(listed) in names or listed in names or shown.get("name") == role

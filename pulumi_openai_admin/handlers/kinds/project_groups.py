"""Groups of a project. POST adds one with a role, which no response shows; DELETE unassigns all its roles there.

A group is in a project for as long as it has a role there. So a resource manages the assignment of its role: a group
that is there gets the role, and destroy unassigns the role. The group leaves the project with its last role.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.role_assignment import canonical
from pulumi_openai_admin.handlers.shapes.collection import CreationTime
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import capitalized

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

_PREDEFINED = "role-api-project-"
"""What the id of a predefined role of a project begins with: before the short name."""
_SHORT_NAMES = frozenset({"member", "owner", "viewer"})
_ROLES = "/projects/{project_id}/groups/{group_id}/roles"


@dataclass(frozen=True)
class ProjectGroups(Membership):
    """The handler; see `Membership` for its arguments."""

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED

    traits: ClassVar[Traits] = replace(Membership.traits, reads_each=True)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The group with its first role in the project, which has to be looked up: a predefined one before others.

        Raises:
            errors.NotAdoptableError: It has none.
        """
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

    def names(self, remote: Remote, settings: Collection[str]) -> list[str]:  # noqa: ARG002
        """See `Membership.names`: the assignment of the role, without which the group is not in the project."""
        role = remote.get("role")
        return [fill(f"{_ROLES}/{{id}}", **remote.parents, id=role_id(role))] if role else [self.path_of(remote)]

    def claims_of_member(self, client: Client, remote: Remote) -> list[MemberClaim]:
        """See `Membership.claims_of_member`: the assignment of the role."""
        role = remote.get("role")
        return [self._role_claim(remote.parents, role)] if role else super().claims_of_member(client, remote)

    def acquire(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Membership.acquire`; the role is known from now on."""
        remote.attributes["role"] = str(wanted.settings["role"])
        super().acquire(client, remote, wanted)

    def require_named(self, client: Client, name: str) -> None:
        """See `Membership.require_named`."""
        people.require_group(client, name)

    def require_candidate(self, client: Client, remote: Remote) -> None:
        """See `Membership.require_candidate`: a group of the organization."""
        people.require_group(client, remote.id)

    def ensure(self, client: Client, remote: Remote, wanted: Wanted) -> bool:
        """See `Membership.ensure`: a group that is in the project with other roles only did not have this one."""
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

    def _with_settings(
        self, client: Client, remote: Remote, wanted: Wanted, there: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """See `Membership._with_settings`."""
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
        """The id under which OpenAI lists a role that the group has in the project; empty if it has not."""
        with client.inside(self._inside(remote)):
            rows = self._roles(client, remote).rows()
        return next((id_ for id_, shown in rows.items() if is_role(id_, shown, role)), "")

    def _roles(self, client: Client, remote: Remote) -> Listing:
        """The roles that the group has in the project."""
        action = f"list the roles of {self.name(remote)}"
        return client.listing(fill(_ROLES, **remote.parents), action, {"limit": 1000}, Paging.NEXT)


def role_id(role: str) -> str:
    """The id of a role of a project, without what responses add to a predefined one."""
    return f"{_PREDEFINED}{role}" if role in _SHORT_NAMES else canonical(role)


def is_role(listed: str, shown: Mapping[str, Any], role: str) -> bool:
    """Whether a listed role is the one that a program names, by its id, an alias of it or its short name.

    OpenAI lists `role-api-project-member` as `role-api-project-member__api-project__proj_…`.
    """
    names = {role, f"{_PREDEFINED}{role}"}
    return canonical(listed) in names or listed in names or shown.get("name") == role

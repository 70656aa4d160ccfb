"""Roles that are assigned to a user or to a group, in the organization or in a project.

A list of them shows inherited ones, too: a user has the roles of its groups. `assignment_sources` then names the
groups. It does not show whether the same role is assigned directly as well. So a role that was inherited when its
resource was created is left on destroy, unless the same run created the role.

A predefined role has an alias, `role-api-project-owner`, beside the id that responses show,
`role-api-project-owner__api-project__proj_…`. A user has one predefined role at a time: assigning another one replaces
it, and destroy assigns the former one again.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.baseline import PriorPresence
from pulumi_openai_admin.handlers.capabilities import GrantedAccess
from pulumi_openai_admin.handlers.handler import PendingAction
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.project_users import claim_of_names, role_claim
from pulumi_openai_admin.handlers.memory import Memory, MemoryPart
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership, PersonClaim, Returned
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.parents import PARENTS, PROJECT, USER, describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


@dataclass
class ReplacedRoles(MemoryPart):
    """What was there before the resource assigned a role."""

    was_inherited: bool = False
    """Whether the role was inherited."""
    replaced: list[str] = field(default_factory=list)
    """The ids of the predefined roles that OpenAI unassigned when it assigned this one."""


def canonical(role_id: str) -> str:
    """One form for the id of a role and its alias."""
    return role_id.partition("__")[0]


def is_base_role(role_id: str) -> bool:
    """Whether an id is that of a predefined role, or its alias."""
    return role_id.startswith("role-api-")


def _users_path(parents: Mapping[str, str]) -> str:
    """Where OpenAI lists the users of the place that a role is assigned in; empty if a group has the role."""
    if USER.id_name not in parents:
        return ""
    of_project = "/organization/projects/{project_id}/users" if PROJECT.id_name in parents else people.USERS
    return fill(of_project, **parents)


@dataclass(frozen=True)
class RoleAssignments(Membership):
    """The handler; see `Membership` for its other arguments.

    Args:
        shown_as_role: Whether the predefined role of a user or group is the `role` of another kind of resource.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(("role.assignment.created",), ("role.assignment.deleted",))
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.ROLES

    shown_as_role: bool = False

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_own`."""
        return super().is_own(row) and not (self.shown_as_role and row.get("predefined_role"))

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Assign the role, unless it is assigned."""
        super().create(client, remote, wanted)
        if remote.memory[ReplacedRoles].was_inherited:
            logger.warning(
                "%s is also inherited from a group. OpenAI does not show whether it was assigned directly before, so "
                "destroy leaves it assigned.",
                capitalized(self.name(remote)),
            )

    def begin(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Membership.begin`."""
        with self._keeping_what_was_there(remote):
            super().begin(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """See `Membership.read`. The state keeps a base role that others have replaced, with what was there before it.

        The next update assigns it again.
        """
        remote.due = []
        try:
            super().read(client, remote)
        except (errors.ParentEndedError, errors.ParentNotFoundError):
            raise
        except errors.ResourceGoneError:
            if remote.memory[PriorPresence].was_there is None or not self._is_replaced(client, remote):
                raise
            what = f"{capitalized(self.name(remote))} was replaced by another base role outside Pulumi"
            remote.due = [PendingAction(what, "assign it again")]

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Membership.update`."""
        with self._keeping_what_was_there(remote):
            super().update(client, remote, wanted)

    @staticmethod
    @contextmanager
    def _keeping_what_was_there(remote: Remote) -> Iterator[None]:
        """A base role that others have assigned since is not what was there before the resource."""
        before = Memory(remote.memory.to_state())
        was_there, replaced = bool(before[PriorPresence].was_there), before[ReplacedRoles].replaced
        try:
            yield
        finally:
            if remote.memory[PriorPresence].was_there is not None and (
                replaced or (was_there and is_base_role(remote.id))
            ):
                remote.memory[ReplacedRoles].replaced = replaced
                remote.memory[PriorPresence].was_there = was_there

    def _is_replaced(self, client: Client, remote: Remote) -> bool:
        """Whether a user has another base role in place of this one."""
        if not (_users_path(remote.parents) and is_base_role(remote.id)):
            return False
        return any(row.get("predefined_role") and self.is_direct(row) for row in self.rows(client, remote).values())

    def give_back(self, client: Client, remote: Remote) -> Returned:
        """Unassign the role, unless it was or may have been assigned before the resource."""
        returned = super().give_back(client, remote)
        if returned.is_left and remote.memory[ReplacedRoles].was_inherited:
            logger.warning(
                "%s was left assigned, because it was inherited when the resource was created, and OpenAI does not "
                "show whether it was also assigned directly.",
                capitalized(self.name(remote)),
            )
            return Returned()
        return returned

    def forget(self, remote: Remote) -> None:
        """See `Membership.forget`."""
        super().forget(remote)
        remote.memory.put(ReplacedRoles())

    @property
    def access_noun(self) -> str:
        """See `TemporaryAccess.access_noun`."""
        return "assignment"

    def undo(self, client: Client, remote: Remote) -> bool:
        """Unassign what this run assigned; what may have been assigned before it is left."""
        if remote.memory[PriorPresence].was_there:
            return not remote.step.has_changed
        return super().undo(client, remote)

    def is_direct(self, shown: Mapping[str, Any]) -> bool:
        """Whether it is certain that a role is assigned directly."""
        return not shown.get("assignment_sources")

    def canonical_id(self, id_: str) -> str:
        """The same for an alias and the id that it stands for."""
        return canonical(id_)

    def record(self, remote: Remote) -> dict[str, Any]:
        """Whether the role was there, whether it was inherited, and which roles it replaced."""
        return {**super().record(remote), **remote.memory[ReplacedRoles].to_state()}

    def unrecorded(self, remote: Remote, shown: Mapping[str, Any]) -> list[str]:  # noqa: ARG002 - of the base
        """See `Membership.unrecorded`: the base role that this one replaced."""
        return [f"role {canonical(id_)}" for id_ in remote.memory[ReplacedRoles].replaced]

    def take_over(self, remote: Remote, records: Mapping[str, Mapping[str, Any]]) -> None:
        """Of a role of the same set that this one replaced: what that one had replaced, unless it was there before."""
        replaced: list[str] = []
        for id_ in remote.memory[ReplacedRoles].replaced:
            known = records.get(canonical(id_))
            was_there = known is None or baseline.was_there(known)
            replaced += [id_] if was_there else Memory(known)[ReplacedRoles].replaced
        remote.memory[ReplacedRoles].replaced = replaced

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The assignment. A base role of a user is also the role that `OrganizationUser` or `ProjectUser` sets."""
        claims = super().claims(parents, wanted, document)
        return [*claims, *self.further_claims({name: str(id_) for name, id_ in parents.items()}, [parents["role_id"]])]

    def further_claims(self, parents: Mapping[str, str], members: Collection[str]) -> list[Claim]:
        """See `Membership.further_claims`: the user; and the role of the user, if one of the roles is a base role."""
        if USER.id_name not in parents or not members:
            return []
        place = f"{fill(self.path, **parents)} people"
        person = PersonClaim(place, "", is_whole=False, person=parents[USER.id_name])  # no conflict names it
        return [person, *self._role_of_user(parents, members)]

    def _role_of_user(self, parents: Mapping[str, str], members: Iterable[str]) -> list[MemberClaim]:
        """The role that `OrganizationUser` or `ProjectUser` sets, if one of the roles is a base role of a user."""
        users = _users_path(parents) if self.shown_as_role else ""
        if not users or not any(map(is_base_role, members)):
            return []
        where = describe({name: id_ for name, id_ in parents.items() if name == PROJECT.id_name})
        return [role_claim(claim_of_names(users, where, [parents[USER.id_name]]))]

    def names(self, remote: Remote, settings: Collection[str]) -> list[str]:
        """See `Membership.names`; a base role also as the role of the user."""
        users = _users_path(remote.parents) if self.shown_as_role and is_base_role(remote.id) else ""
        of_user = [f"{users}/{remote.parents[USER.id_name]}/role"] if users else []
        return [*super().names(remote, settings), *of_user]

    def claims_of_member(self, client: Client, remote: Remote, shown: Mapping[str, Any]) -> list[Claim]:
        """See `Membership.claims_of_member`; of a base role also by the address of the user."""
        of_user = [
            replace(claim, members=claim.members | people.addresses(client, remote.parents[USER.id_name]))
            for claim in self._role_of_user(remote.parents, [remote.id])
        ]
        return [*super().claims_of_member(client, remote, shown), *of_user]

    def is_new(self, client: Client, remote: Remote) -> bool:
        """Whether this run created the role."""
        return client.is_owned(remote.id)

    def require_candidate(self, client: Client, remote: Remote) -> None:
        """See `Membership.require_candidate`: a role of the project or of the organization.

        Raises:
            errors.NoMatchError: Neither has it.
        """
        of_project = (
            [fill("/projects/{project_id}/roles", **remote.parents)] if PROJECT.id_name in remote.parents else []
        )
        found: set[str] = set()
        for path in (*of_project, "/organization/roles"):
            place = describe(remote.parents if path in of_project else {})
            try:
                rows = client.listing(path, f"list the roles of {place}", {"limit": 100}, Paging.NEXT).rows()
            except errors.PermissionDeniedError:
                return  # the key may not read them: nobody can tell
            found |= set(map(canonical, rows))
            if canonical(remote.id) in found:
                return
        what = f"{capitalized(describe(remote.parents) if of_project else describe({}))} has no role {remote.id}"
        raise errors.NoMatchError(what, suggestion(remote.id, found, "Roles"))

    def answered(self, reply: Mapping[str, Any]) -> Mapping[str, Any]:
        """The response to POST has the role beside the user or group."""
        role = reply.get("role")
        return role if isinstance(role, dict) else {}

    def listed_id(self, remote: Remote) -> str:
        """The id that responses show, once one has been seen."""
        listed = str(remote.get(self.identity) or "")
        return listed if canonical(listed) == canonical(remote.id) else remote.id

    def is_row_of(self, remote: Remote, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_row_of`; OpenAI lists an id that stands for the alias."""
        return canonical(str(row.get(self.identity))) == canonical(remote.id)

    def _shown(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """See `Membership._shown`."""
        rows = self.rows(client, remote).values()
        return next((row for row in rows if self.is_row_of(remote, row)), None)

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        with client.exclusively(fill(self.path, **remote.parents), f"assign {self.name(remote)}"):
            rows = self.listing(client, remote).rows()
            if remote.memory[PriorPresence].was_there and any(self.is_row_of(remote, row) for row in rows.values()):
                remote.memory[ReplacedRoles].was_inherited = True
            others = [id_ for id_, row in rows.items() if row.get("predefined_role") and self.is_direct(row)]
            try:
                super()._add(client, remote, wanted)
            finally:
                if others and remote.step.has_changed:
                    self._note_replaced(client, remote, others)

    def _note_replaced(self, client: Client, remote: Remote, others: list[str]) -> None:
        """Remember which predefined roles are no longer assigned, now that this one is."""
        if remote.attributes.get("predefined_role") is False:
            return
        remote.memory[ReplacedRoles].replaced = others  # until the list shows which: a failure must not lose them
        self.listing(client, remote).forget()
        rows = self.listing(client, remote).rows()
        is_left = [id_ for id_ in others if id_ in rows and self.is_direct(rows[id_])]
        remote.memory[ReplacedRoles].replaced = [id_ for id_ in others if id_ not in is_left]

    def _remove(self, client: Client, remote: Remote) -> None:
        path = fill(self.path, **remote.parents)
        for id_ in remote.memory[ReplacedRoles].replaced:
            call = Call("POST", path, f"assign role {id_} of {self.place(remote.parents)} again", body={"role_id": id_})
            try:
                with client.inside(self._inside(remote)):
                    client.send(call)
            except errors.ParentEndedError:
                return
        super()._remove(client, remote)
        if remote.memory[ReplacedRoles].replaced:
            self.listing(client, remote).forget()

    def place(self, parents: Mapping[str, str]) -> str:
        """Who has the role, and in which project."""
        who = [
            f"{PARENTS[name].noun} {id_}"
            for name, id_ in parents.items()
            if name in PARENTS and name != PROJECT.id_name
        ]
        where = [f"project {parents[PROJECT.id_name]}"] if PROJECT.id_name in parents else []
        return " in ".join([*who, *where])

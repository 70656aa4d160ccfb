"""Roles that are assigned to a user or to a group, in the organization or in a project.

A list of them shows inherited ones, too: a user has the roles of its groups. `assignment_sources` then names the
groups. It does not show whether the same role is assigned directly as well.

A predefined role has an alias, `role-api-project-owner`, beside the id that responses show,
`role-api-project-owner__api-project__proj_…`. A user has one predefined role at a time, the base role: assigning
another one replaces it. So the base role of a user who stays is not deleted. It goes back to the role from before the
first change if that is lower, and otherwise stays. A group has any number of them, which are assigned and unassigned
like other roles.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.capabilities import GrantedAccess
from pulumi_openai_admin.handlers.handler import PendingAction
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.project_users import claim_of_names, role_claim
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.shapes.access_plan import (
    BASE_ROLES,
    NO_ROLE,
    is_base_role,
    is_lowest,
    short_name,
    why_not_restored,
)
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership, PersonClaim
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.parents import PARENTS, PROJECT, USER, describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


@dataclass
class BaseRoleRecord(MemoryPart):
    """What a resource knows of the base role of a user."""

    role_before: str | None = None
    """The role from before the first change, `NO_ROLE` if the user had none; None if this resource changed nothing."""
    roles_written: list[str] = field(default_factory=list)
    """The roles that this resource may have assigned last: several if a response was lost."""


def canonical(role_id: str) -> str:
    """One form for the id of a role and its alias."""
    return role_id.partition("__")[0]


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

    shared_memory: ClassVar[tuple[type[MemoryPart], ...]] = (BaseRoleRecord,)

    shown_as_role: bool = False

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_own`."""
        return super().is_own(row) and not (self.shown_as_role and row.get("predefined_role"))

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
            if not self.is_alternative(remote.parents, remote.id):
                raise
            what = f"{capitalized(self.name(remote))} was replaced by another base role outside Pulumi"
            remote.due = [PendingAction(what, "assign it again")]

    def remove(self, client: Client, remote: Remote) -> bool:
        """See `Membership.remove`; a base role that another resource keeps may stay for good, which a warning says."""
        record = remote.memory[BaseRoleRecord]  # the members of a set share it
        is_removed, before = super().remove(client, remote), record.role_before
        if self.is_alternative(remote.parents, remote.id):
            record.role_before, record.roles_written = None, []  # the next declaration finds what is there then
        if not is_removed and before is not None and not why_not_restored(remote.id, before):
            logger.warning(
                "%s is now managed by another resource of the program, which does not know that it was %s before. So "
                "it stays when that resource is removed. To keep the original role, rename a resource with an alias.",
                capitalized(self.name(remote)), canonical(before) or "none",
            )  # fmt: skip
        return is_removed

    def is_alternative(self, parents: Mapping[str, str], id_: str) -> bool:
        """See `Membership.is_alternative`: the base roles of a user."""
        return USER.id_name in parents and is_base_role(id_)

    @property
    def access_noun(self) -> str:
        """See `TemporaryAccess.access_noun`."""
        return "assignment"

    def is_direct(self, shown: Mapping[str, Any]) -> bool:
        """Whether it is certain that a role is assigned directly."""
        return not shown.get("assignment_sources")

    def canonical_id(self, id_: str) -> str:
        """The same for an alias and the id that it stands for."""
        return canonical(id_)

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
        return [role_claim(claim_of_names(users, self._where(parents), [parents[USER.id_name]]))]

    def names(self, remote: Remote, settings: Collection[str]) -> list[str]:
        """See `Membership.names`; a base role also as the role of the user."""
        users = _users_path(remote.parents) if self.shown_as_role and is_base_role(remote.id) else ""
        of_user = [f"{users}/{remote.parents[USER.id_name]}/role"] if users else []
        return [*super().names(remote, settings), *of_user]

    def claims_of_member(self, client: Client, remote: Remote) -> list[MemberClaim]:
        """See `Membership.claims_of_member`; of a base role also by the address of the user."""
        of_user = [
            replace(claim, members=claim.members | people.addresses(client, remote.parents[USER.id_name]))
            for claim in self._role_of_user(remote.parents, [remote.id])
        ]
        return [*super().claims_of_member(client, remote), *of_user]

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

    def _listed(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """See `Membership._listed`."""
        rows = self.rows(client, remote).values()
        return next((row for row in rows if self.is_row_of(remote, row)), None)

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Assign the role; of a base role, record which one it replaces."""
        if not self.is_alternative(remote.parents, remote.id):
            super()._add(client, remote, wanted)
            return
        with client.exclusively(fill(self.path, **remote.parents), f"assign {self.name(remote)}"):
            record = remote.memory[BaseRoleRecord]  # the members of a set share it
            before = record.role_before, record.roles_written
            now = self._base_role(client, remote)
            if record.role_before is None or short_name(now) not in map(short_name, record.roles_written):
                record.role_before = now  # from before the first change, or what others made of it since
            record.roles_written = [*(id_ for id_ in record.roles_written if id_ != remote.id), remote.id]
            try:
                super()._add(client, remote, wanted)
            except errors.AdminError:
                if not remote.step.has_changed:
                    record.role_before, record.roles_written = before
                raise
            record.roles_written = [remote.id]
            for id_, row in self.listing(client, remote).rows().items():
                if row.get("predefined_role") and self.is_direct(row) and not self.is_row_of(remote, row):
                    self.listing(client, remote).drop(id_)

    def _base_role(self, client: Client, remote: Remote) -> str:
        """Return the id of the base role of the user, as OpenAI's answer about the user says.

        `NO_ROLE` if the user has none, or is not in the project. Another role than a base role is given by its name.

        Raises:
            errors.ParentEndedError: The user is no longer in the organization, or the project is archived.
        """
        path, user_id = _users_path(remote.parents), remote.parents[USER.id_name]
        where = "project" if PROJECT.id_name in remote.parents else "organization"
        call = Call("GET", fill(f"{path}/{{id}}", id=user_id), f"read user {user_id} of {self._where(remote.parents)}")
        try:
            with client.inside(remote.parents):
                role = str(client.send(call).get("role") or NO_ROLE)
        except errors.NotFoundError:
            return NO_ROLE
        return f"role-api-{where}-{role}" if role in BASE_ROLES else role

    def _remove(self, client: Client, remote: Remote) -> None:
        """Unassign the role; a base role of a user goes back to the one from before if that is lower."""
        if not self.is_alternative(remote.parents, remote.id):
            super()._remove(client, remote)
            return
        record, name = remote.memory[BaseRoleRecord], capitalized(self.name(remote))
        before = record.role_before
        try:
            now = self._base_role(client, remote)
        except errors.ParentEndedError:
            return
        is_ours = short_name(now) in {short_name(id_) for id_ in (remote.id, *record.roles_written)}
        if not is_ours or (before is not None and short_name(now) == short_name(before)):
            return  # somebody else has changed it, or it is as it was
        if before is None:
            if not is_lowest(now):
                logger.warning("%s stays assigned: the user had it before, and a base role is not deleted.", name)
            return
        if reason := why_not_restored(now, before):
            logger.warning("%s stays assigned instead of %s (%s).", name, canonical(before), reason)
        elif before == NO_ROLE:
            super()._remove(client, remote)
        else:
            path, action = fill(self.path, **remote.parents), f"assign role {before} of {self.place(remote.parents)}"
            with client.inside(self._inside(remote)):
                client.send(Call("POST", path, f"{action} again", body={"role_id": before}))
        self.listing(client, remote).forget()

    @staticmethod
    def _where(parents: Mapping[str, str]) -> str:
        return describe({name: id_ for name, id_ in parents.items() if name == PROJECT.id_name})

    def place(self, parents: Mapping[str, str]) -> str:
        """Who has the role, and in which project."""
        who = [
            f"{PARENTS[name].noun} {id_}"
            for name, id_ in parents.items()
            if name in PARENTS and name != PROJECT.id_name
        ]
        where = [f"project {parents[PROJECT.id_name]}"] if PROJECT.id_name in parents else []
        return " in ".join([*who, *where])

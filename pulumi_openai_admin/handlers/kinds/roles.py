"""Roles of the organization or of a project. Those that OpenAI predefines are listed with the others.

A name belongs to one role, and no response shows when a role was created.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import lost_changes
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.baseline import RENAMED
from pulumi_openai_admin.handlers.handler import GrantedAccess, PendingAction
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.users import LeftRoles, user_claims
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import (
    BASE_ROLES,
    FOUND,
    NEVER_RAISED,
    NO_ROLE,
    NOTHING,
    Removal,
    base_role_end,
    is_base_role,
    moved,
    short_name,
    why_not_restored,
)
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import PARENTS, PROJECT, USER, Paging, describe, fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_ADVICE = (
    "OpenAI manages this role. Read it with a provider function, or create a role with a different name and the "
    "permissions that you need."
)


@dataclass(eq=False, repr=False)
class Roles(Collection):
    """The handler."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(("role.created",), ("role.updated", "role.deleted"))

    noun: str = "role"
    recognized_by: tuple[str, ...] = ("name",)
    paging: Paging = Paging.NEXT
    sent_as: Mapping[str, str] = field(default_factory=lambda: {"name": "role_name"})

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Collection.is_own`: not one that OpenAI predefines."""
        return not row.get("predefined_role")

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """A custom role as it is listed."""
        role = super().declared(client, remote)
        if role.get("predefined_role"):
            raise errors.NotAdoptableError(f"{self.name(remote)} can't be imported: it is predefined", _ADVICE)
        return role

    def _make(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """See `Collection._make`; if another role has the name, the refusal names it.

        It may be the role of an earlier run that ended before OpenAI had created it.
        """
        try:
            super()._make(client, remote, body)
        except errors.BadRequestError as refusal:
            namesake = None
            with suppress(errors.AdminError):
                roles = self.listing(client, remote)
                namesake = roles.find_with_refetch(lambda row: row.get("name") == body.get("name"))
            if not namesake:
                raise
            advice = Advice(
                "If this stack manages that role under another name, ",
                remedies.DECLARE_OLD_NAME,
                ". If this resource is being replaced, declare the resource option deleteBeforeReplace "
                "(delete_before_replace in Python). If an interrupted run created that role, delete it in OpenAI's "
                "dashboard, then ",
                remedies.RUN_AGAIN,
                ". Otherwise use another name.",
            )
            what = f"{refusal.what}: {self.noun} {namesake[self.identity]} has this name"
            raise type(refusal)(what, advice, refusal.facts) from refusal

    def _warn_of_namesakes(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """OpenAI refuses a name that another role has. A predefined role is refused before the request."""
        for id_, row in self.listing(client, remote).rows().items():
            if row.get("predefined_role") and self._declared(row).get("name") == body.get("name"):
                what = f"The {self.noun} {body['name']!r} ({id_}) of {self._parent(remote)} is predefined"
                raise errors.ConfigurationError(what, _ADVICE)
        super()._warn_of_namesakes(client, remote, body)


@dataclass(repr=False)
class BaseRoleRecord(MemoryPart):
    """What a resource knows of the base role of a user."""

    role_before: str | None = None
    """The role from before the first change, `NO_ROLE` if the user had none; None if this resource changed nothing."""
    roles_written: list[str] = field(default_factory=list)
    """The role that this resource assigned last, after those that lost requests may have assigned, or may still."""


def canonical(role_id: str) -> str:
    """One form for the id of a role and its alias."""
    return role_id.partition("__")[0]


def _kept(before: str | None, reason: str) -> str:
    if before is None or reason == FOUND:
        return f"stays assigned: {reason}"
    return f"stays assigned instead of {canonical(before)} ({reason})"


def _users_path(parents: Mapping[str, str]) -> str:
    """Return where OpenAI lists the users of the place in which a role of a user is assigned."""
    of_project = "/organization/projects/{project_id}/users" if PROJECT.id_name in parents else people.USERS
    return fill(of_project, **parents)


def _user_path(parents: Mapping[str, str]) -> str:
    return fill(f"{_users_path(parents)}/{{id}}", id=parents[USER.id_name])


@dataclass(eq=False, repr=False)
class RoleAssignments(Membership):
    """The handler; see `Membership` for its other arguments.

    Args:
        shown_as_role: Whether the predefined role of a user or group is the `role` of another kind of resource.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(("role.assignment.created",), ("role.assignment.deleted",))
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.ROLES
    access_noun: ClassVar[str] = "assignment"

    shared_memory: ClassVar[tuple[type[MemoryPart], ...]] = (BaseRoleRecord,)

    noun: str = "role"
    id_name: str = "role_id"
    limit: int = 1000
    shown_as_role: bool = False

    @override
    def is_own(self, row: Mapping[str, Any]) -> bool:
        return super().is_own(row) and not (self.shown_as_role and row.get("predefined_role"))

    def read(self, client: Client, remote: Remote) -> None:
        """See `Membership.read`. The state keeps a base role that others have replaced, with what was there before it.

        The next update assigns it again.
        """
        remote.pending_actions = []
        try:
            super().read(client, remote)
        except (errors.ParentEndedError, errors.ParentNotFoundError):
            raise
        except errors.ResourceGoneError:
            if not self.is_alternative(remote.parents, remote.id):
                raise
            what = f"{capitalized(self.name(remote))} was replaced by another base role outside Pulumi"
            remote.pending_actions = [PendingAction(what, "assign it again")]

    def ensure(self, client: Client, remote: Remote, wanted: Wanted) -> bool:
        """See `Membership.ensure`; a base role that the replaced resource has left has the same role before it."""
        was_there, record = super().ensure(client, remote, wanted), remote.memory[BaseRoleRecord]
        if was_there and record.role_before is None and self.is_alternative(remote.parents, remote.id):
            before = client.shared(LeftRoles).before(_user_path(remote.parents), remote.id)
            if before != remote.id:
                record.role_before, record.roles_written = before, [remote.id]
        return was_there

    def remove(self, client: Client, remote: Remote) -> bool:
        """See `Membership.remove`; a base role that another resource keeps may stay for good, which a warning says."""
        record = remote.memory[BaseRoleRecord]  # the members of a set share it
        is_removed, warning = super().remove(client, remote), self._handed_over(remote, "").warning
        if self.is_alternative(remote.parents, remote.id):
            record.role_before, record.roles_written = None, []  # the next declaration finds what is there then
        if not is_removed and warning:
            logger.warning("%s%s", warning, RENAMED)
        return is_removed

    def is_alternative(self, parents: Mapping[str, str], id_: str) -> bool:
        """See `Membership.is_alternative`: the base roles of a user."""
        return USER.id_name in parents and is_base_role(id_)

    def is_direct(self, shown: Mapping[str, Any]) -> bool:
        """Return whether it is certain that a role is assigned directly."""
        return not shown.get("assignment_sources")

    def canonical_id(self, id_: str) -> str:
        """The same for an alias and the id that it stands for."""
        return canonical(id_)

    def claims_of(
        self, parents: Mapping[str, str], members: Iterable[str], *, is_whole: bool = False
    ) -> list[MemberClaim]:
        """See `Membership.claims_of`; the user, and of a base role also the role that `OrganizationUser` sets."""
        members = [*members]
        claims = super().claims_of(parents, members, is_whole=is_whole)
        if USER.id_name not in parents or not members:
            return claims
        place, user_id = f"{fill(self.path, **parents)} {' '.join(sorted(members))}", parents[USER.id_name]
        # For `ANYWHERE`: a conflict of the same roles has been found before it.
        claims.append(MemberClaim(place, "", members=frozenset({user_id})))
        if self.shown_as_role and any(map(is_base_role, members)):
            claims.append(user_claims(_users_path(parents), self._where(parents), [user_id])[1])
        return claims

    def claims_of_member(self, remote: Remote, client: Client | None = None) -> list[MemberClaim]:
        """See `Membership.claims_of_member`; of a base role also by the address of the user."""
        return [
            replace(claim, members=claim.members | people.addresses(client, remote.parents[USER.id_name]))
            if claim.is_set_again and client is not None
            else claim
            for claim in super().claims_of_member(remote, client)
        ]

    def require_candidate(self, client: Client, parents: Mapping[str, str], name: str) -> None:
        """See `Membership.require_candidate`: a role of the project or of the organization."""
        if not self.is_place_known(parents):
            return
        place = {id_name: id_ for id_name, id_ in parents.items() if id_name == PROJECT.id_name}
        lists = {"/organization/roles": describe({})}
        if place:
            lists = {fill("/projects/{project_id}/roles", **place): describe(place), **lists}
        found: set[str] = set()
        for path, of in lists.items():
            try:
                rows = client.listing(path, f"list the roles of {of}", {"limit": 100}, Paging.NEXT).rows()
            except errors.PermissionDeniedError:
                return  # the key may not read them: nobody can tell
            found |= set(map(canonical, rows))
            if canonical(name) in found:
                return
        what = f"{capitalized(describe(place))} has no role {name}"
        raise errors.NoMatchError(what, suggestion(name, found, "Roles"))

    def answered(self, reply: Mapping[str, Any]) -> Mapping[str, Any]:
        """The response to POST has the role beside the user or group."""
        role = reply.get("role")
        return role if isinstance(role, dict) else {}

    def listed_id(self, remote: Remote) -> str:
        """The id that responses show, once one has been seen."""
        listed = str(remote.get(self.identity) or "")
        return listed if canonical(listed) == canonical(remote.id) else remote.id

    def listed(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """See `Membership.listed`; OpenAI lists an id that stands for the alias."""
        rows = self.rows(client, remote).items()
        return next((row for id_, row in rows if canonical(id_) == canonical(remote.id)), None)

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
                # From before the first change, or what others made of it since.
                record.role_before = client.shared(LeftRoles).before(_user_path(remote.parents), now)
            record.roles_written = [*(id_ for id_ in record.roles_written if id_ != remote.id), remote.id]
            try:
                super()._add(client, remote, wanted)
            except errors.AdminError:
                if not remote.step.has_changed:
                    record.role_before, record.roles_written = before
                raise
            if not lost_changes.acts_for(client, remote):  # a late request would assign another one
                record.roles_written = [remote.id]
            for id_, row in self.listing(client, remote).rows().items():
                if row.get("predefined_role") and self.is_direct(row) and canonical(id_) != canonical(remote.id):
                    self.listing(client, remote).drop(id_)

    def _base_role(self, client: Client, remote: Remote) -> str:
        """Return the id of the base role of the user, as OpenAI's answer about the user says.

        `NO_ROLE` if the user has none, or is not in the project. Another role than a base role is given by its name.

        Raises:
            errors.ParentEndedError: The user is no longer in the organization, or the project is archived.
        """
        where = "project" if PROJECT.id_name in remote.parents else "organization"
        action = f"read user {remote.parents[USER.id_name]} of {self._where(remote.parents)}"
        call = Call("GET", _user_path(remote.parents), action)
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
        if not is_ours:
            return  # somebody else has changed it
        left, reason = base_role_end(now, before)
        if before is not None:
            client.shared(LeftRoles)[_user_path(remote.parents)] = left, before
        if reason:
            logger.warning("%s %s.", name, _kept(before, reason))
        if left == NO_ROLE:
            super()._remove(client, remote)
        elif left != now:
            path, action = fill(self.path, **remote.parents), f"assign role {left} of {self.place(remote.parents)}"
            with client.inside(self._inside(remote)):
                client.send(Call("POST", path, f"{action} again", body={"role_id": left}))
        else:
            return
        self.listing(client, remote).forget()

    @override
    def _ending(self, remote: Remote) -> Removal:
        if not self.is_alternative(remote.parents, remote.id):
            return super()._ending(remote)
        before = remote.memory[BaseRoleRecord].role_before
        left, reason = base_role_end(remote.id, before)
        if reason:
            return Removal(_kept(before, reason), is_lost=False, role=left)
        if left == remote.id:
            return replace(NOTHING, role=left)
        return Removal(f"goes back to {canonical(left)}", role=left) if left else super()._ending(remote)

    @override
    def _handed_over(self, remote: Remote, manager: str) -> Removal:
        before = remote.memory[BaseRoleRecord].role_before
        if before is None or why_not_restored(remote.id, before) == NEVER_RAISED:
            return super()._handed_over(remote, manager)
        warning = (
            f"{capitalized(self.name(remote))} is now managed by another resource of the program, which does not know "
            f"that it was {canonical(before) or 'none'} before. So it stays when that resource is removed."
        )
        return moved(manager, warning)

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

"""Users and service accounts of a group. An identity provider may manage it: then OpenAI refuses changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.capabilities import GrantedAccess
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.shapes.collection import show
from pulumi_openai_admin.handlers.shapes.membership import Membership
from pulumi_openai_admin.http.call import Call

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client


@dataclass(frozen=True)
class GroupUsers(Membership):
    """The handler; see `Membership` for its arguments."""

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.GROUP

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """All users, unless an identity provider manages the group."""
        return [] if people.is_scim_managed(client, remote.parents["group_id"]) else super().ids(client, remote)

    def require_candidate(self, client: Client, remote: Remote) -> None:
        """See `Membership.require_candidate`: a user of the organization, or a service account of a project."""
        people.require_member(client, remote.id)

    def require_named(self, client: Client, name: str) -> None:
        """See `Membership.require_named`."""
        people.require_member(client, name)

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

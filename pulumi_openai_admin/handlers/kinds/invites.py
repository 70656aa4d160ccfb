"""Invites: sent once, never changed, and over when somebody accepts them or when they expire.

OpenAI keeps invites that are over. One that was accepted did what it was for, so it is there. One that has expired lets
nobody in, so it is treated as deleted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.handler import GrantedAccess, Observation, Subject, Traits
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.removals import NOTHING, WITHDRAWN, Removal, moved
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, existing_note
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

INVITES = "/organization/invites"
_PROJECTS = "projects"
_OVER = ("accepted", "expired")
"""The status of an invite that is over."""


def says(invite: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Return whether an invite has what the body of a request says. Projects that the body omits are not compared."""
    if not people.has_address(invite, str(body["email"])) or invite.get("role") != body["role"]:
        return False
    there, wanted = ({project["id"]: project["role"] for project in row.get(_PROJECTS) or ()} for row in (invite, body))
    return _PROJECTS not in body or there == wanted


def invite_claims(email: str, id_: object = None) -> list[MemberClaim]:
    """Return the claims of the invites of an address, and of one of them if its id is known."""
    claims = [
        MemberClaim(
            INVITES, "the invites", is_whole=False, members=frozenset({email.lower()}), label="the invite of {}"
        )
    ]
    if isinstance(id_, str):
        claims.append(
            MemberClaim(f"{INVITES} ids", "the invites", is_whole=False, members=frozenset({id_}), label="invite {}")
        )
    return claims


@dataclass(frozen=True)
class Invites(Collection):
    """The handler."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(("invite.sent",), ("invite.accepted", "invite.deleted"))

    traits: ClassVar[Traits] = replace(Collection.traits, subject=Subject.PEOPLE, deletes_first=True)
    """OpenAI may allow one pending invite of an address only."""
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.PLACE

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send the invite, or begin to manage a pending one that says the same."""
        if _PROJECTS in wanted.settings:
            remote.attributes[_PROJECTS] = wanted.settings[_PROJECTS]  # in the program's order: see `_learn`
        path = fill(self.path, **remote.parents)
        with client.exclusively(f"{path} {wanted.settings['email']}", f"look for {self.noun}s"):
            found = self._pending(client, remote, wanted)
        if found is None:
            super().create(client, remote, wanted)
            return
        self._learn(remote, found)
        self._warn_of_existing(remote)
        remote.acquire(client, self._object_path(remote))

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """See `Handler.observe`; a pending invite that says the same is announced."""
        is_known = not remote.id and {"email", "role"} <= {*wanted.settings}
        found = self._pending(client, remote, wanted) if is_known else None
        if found is None:
            return super().observe(client, remote, wanted)
        self._learn(remote, found)
        self._warn_of_existing(remote)
        return Observation(self._name(remote))

    def _pending(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any] | None:
        rows = self.listing(client, remote).rows().values()
        return next((row for row in rows if self.is_own(row) and says(row, wanted.settings)), None)

    def _warn_of_existing(self, remote: Remote) -> None:
        logger.warning("%s.", existing_note(capitalized(self._name(remote)), count=1))

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:  # noqa: ARG002
        """The invite of the address."""
        email = wanted.settings.get("email")
        return invite_claims(email, document.get("id")) if isinstance(email, str) else []

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Store an invite as it is listed."""
        super().adopt(client, remote, wanted)
        self._refuse_expired(remote)

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Collection.is_own`: only one that is pending."""
        return row.get("status") == "pending"

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The invite as it is listed."""
        invite = super().declared(client, remote)
        self._refuse_expired(remote)
        return invite

    def read(self, client: Client, remote: Remote) -> None:
        """Notice that somebody has accepted the invite, or that it has expired."""
        super().read(client, remote)
        self._refuse_expired(remote)

    def removal(self, remote: Remote, now: float) -> Removal:  # noqa: ARG002 - an invite has no time
        """See `Handler.removal`: OpenAI deletes no invite that is over."""
        if remote.get("status") in _OVER:
            return NOTHING
        manager = remote.step.is_declared_elsewhere(invite_claims(str(remote.get("email")))[0])
        return moved(manager) if manager else WITHDRAWN

    def delete(self, client: Client, remote: Remote) -> None:
        """DELETE, so that nobody can accept it; OpenAI refuses that of one that is over, which is done."""
        if self.listing(client, remote).has_dropped(remote.id):
            return  # an `OrganizationMember` of the same run has withdrawn it
        of_address, of_id = invite_claims(str(remote.get("email")), remote.id)
        if not remote.step.is_replaced:
            remote.step.is_declared_elsewhere(of_address)  # raises if the creation of the other resource has failed
        if client.is_owned(self._object_path(remote)) or remote.step.is_declared_elsewhere(of_id):
            return  # another resource of the program manages it from now on
        try:
            super().delete(client, remote)
        except errors.BadRequestError:
            status = client.send(Call("GET", self._object_path(remote), f"read {self._name(remote)}")).get("status")
            if status not in _OVER:
                raise
            if status == "accepted":
                logger.warning(
                    "%s was left unchanged, because it was accepted. The person stays in the organization.",
                    capitalized(self._name(remote)),
                )

    def _warn_of_namesakes(self, client: Client, listing: Listing, remote: Remote, body: Mapping[str, Any]) -> None:
        """Say nothing: another invite of the same person is what a replacement replaces, or one that is over."""

    def _learn(self, remote: Remote, reply: Mapping[str, Any]) -> None:
        """Store a response, with the address in lower case as the declaration has it.

        The order of the projects has no meaning. The order in the state is kept, so another order is no difference.
        """
        known = remote.get(_PROJECTS)
        super()._learn(remote, reply)
        if isinstance(email := remote.get("email"), str):
            remote.attributes["email"] = email.lower()
        shown = remote.get(_PROJECTS)
        if known and shown and len(known) == len(shown) and all(project in shown for project in known):
            remote.attributes[_PROJECTS] = known

    def _fits(self, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """See `Collection._fits`: OpenAI may show the address in another case."""
        return says(row, body)

    def _name(self, remote: Remote) -> str:
        email = remote.get("email")
        return f"{self.noun} {remote.id} for {email!r}" if email else f"{self.noun} {remote.id}"

    def _refuse_expired(self, remote: Remote) -> None:
        if remote.get("status") == "expired":
            raise errors.ResourceGoneError(
                f"{self._name(remote)} has expired and can no longer be accepted",
                Advice(remedies.REFRESH_THEN_RUN, ". The next update sends a new invite."),
            )

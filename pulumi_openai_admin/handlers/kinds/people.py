"""People of the organization: users by their addresses, invites, and why OpenAI refuses a change of people.

A change is refused because an identity provider manages the group, or because the user is a service account. OpenAI's
response is not documented. So the list of groups, or of users, is read after a refusal: once in a run, however many are
refused.

An invite is sent once, never changed, and over when somebody accepts it or when it expires. OpenAI keeps invites that
are over. One that was accepted did what it was for, so it is there. One that has expired lets nobody in, so it is
treated as deleted.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.handler import GrantedAccess, Observation, Subject, Traits
from pulumi_openai_admin.handlers.removals import NOTHING, Removal, moved
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, existing_note
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice, Remedy, RemedyKind
from pulumi_openai_admin.schema import ids
from pulumi_openai_admin.schema.paths import PROJECT, Paging, fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

USERS = "/organization/users"
_SCIM = "is managed by your identity provider (SCIM): OpenAI refuses changes by the API"
_SCIM_ADVICE = Advice(
    "Change the group at the identity provider. To stop managing it here, remove the resource from the program, and ",
    Remedy(RemedyKind.REMOVE_FROM_STATE, urn="<urn>"),
    ".",
)


@contextmanager
def explained_group(client: Client, group_id: str) -> Iterator[None]:
    """If OpenAI refuses a change and SCIM manages the group, say so."""
    try:
        yield
    except (errors.BadRequestError, errors.PermissionDeniedError) as refusal:
        group = _listed(_groups(client), group_id) or {}
        if group.get("is_scim_managed"):
            what = f"{refusal.what}: group {group.get('name', '')!r} ({group_id}) {_SCIM}"
            raise type(refusal)(what, _SCIM_ADVICE, refusal.facts) from refusal
        raise


def is_scim_managed(client: Client, group_id: str) -> bool:
    """Return whether an identity provider manages a group, as the list of groups shows it."""
    return bool((_groups(client).find(group_id) or {}).get("is_scim_managed"))


def _groups(client: Client) -> Listing:
    return client.listing("/organization/groups", "list the groups", {"limit": 100}, Paging.NEXT)


def require_user(client: Client, user_id: str) -> None:
    """Make sure that a user is in the organization, by the list of users; not if the key may not read it."""
    with suppress(errors.PermissionDeniedError):
        if (
            listing(client).find(user_id) is None
            and listing(client).find_with_refetch(lambda row: row["id"] == user_id) is None
        ):
            raise not_in_organization(f"user {user_id}")


def require_group(client: Client, group_id: str) -> None:
    """Make sure that the organization has a group, by the list of groups; not if the key may not read it."""
    with suppress(errors.PermissionDeniedError):
        rows = _groups(client).rows()
        if group_id not in rows:
            what = f"The organization has no group {group_id}"
            raise errors.NoMatchError(what, suggestion(group_id, rows, "Groups"))


@contextmanager
def explained_user(client: Client, user_id: str) -> Iterator[None]:
    """If OpenAI refuses to add a user, say whether the user is a service account, or not in the organization."""
    try:
        yield
    except (errors.NotFoundError, errors.BadRequestError, errors.PermissionDeniedError) as refusal:
        if ids.SERVICE_ACCOUNT.has_prefix_of(user_id):
            if isinstance(refusal, errors.NotFoundError):
                what = f"The organization has no service account {user_id}"
                raise errors.NoMatchError(
                    what, "Check the id in OpenAI's dashboard, in the account's project."
                ) from refusal
            raise
        user = _listed(listing(client), user_id)
        if user is not None and is_service_account(user):
            what = f"{refusal.what}: user {user_id} is a service account"
            raise type(refusal)(what, SERVICE_ACCOUNT_ADVICE, refusal.facts) from refusal
        if user is None and isinstance(refusal, errors.NotFoundError):
            raise not_in_organization(f"user {user_id}") from refusal
        raise


SERVICE_ACCOUNT_ADVICE = (
    "Name a person. A service account belongs to its project: manage it with ProjectServiceAccount."
)


def is_service_account(user: Mapping[str, Any]) -> bool:
    """Return whether a user of the organization is a service account, which has an id like a person's (`user-…`)."""
    return bool(user.get("is_service_account"))


def listing(client: Client) -> Listing:
    """All users of the organization, shared by all resources of the run."""
    return client.listing(USERS, "list the users of the organization", {"limit": 100})


def has_address(row: Mapping[str, Any], email: str) -> bool:
    """Return whether a listed user or invite has an address; upper and lower case mean the same."""
    return str(row.get("email") or "").lower() == email.lower()


def find(client: Client, email: str) -> Mapping[str, Any] | None:
    """The user who has an address, as the list shows the user; None where nobody has it."""
    rows = listing(client).rows().values()
    return next((user for user in rows if has_address(user, email)), None)


def find_now(client: Client, email: str) -> Mapping[str, Any] | None:
    """Return the user who has an address, as a list shows the user that is read again if the first one does not."""
    return listing(client).find_with_refetch(lambda row: has_address(row, email))


def addresses(client: Client, user_id: str) -> frozenset[str]:
    """The address of a user, in lower case; empty if it is not known."""
    with suppress(errors.PermissionDeniedError):
        user = listing(client).find(user_id)
        if user and user.get("email"):
            return frozenset({str(user["email"]).lower()})
    return frozenset()


def by_email(client: Client, email: str) -> Mapping[str, Any]:
    """The user of the organization who has an address.

    Raises:
        errors.NoMatchError: Nobody has it.
    """
    user = find_now(client, email)  # an invite may just have been accepted
    if user is None:
        raise not_in_organization(f"user with the address {email}")
    return user


def not_in_organization(user: str) -> errors.NoMatchError:
    """The error for a person who is not in the organization."""
    what = f"The organization has no {user}"
    advice = (
        "Check the spelling, and remove a person who has left from the program. Invite a person who is not there yet, "
        "with OrganizationMember or in OpenAI's dashboard."
    )
    return errors.NoMatchError(what, advice)


def _listed(rows: Listing, id_: str) -> Mapping[str, Any] | None:
    """An object as it is listed; None where there is none, and empty where that is unknown."""
    try:
        return rows.find_with_refetch(lambda row: row["id"] == id_)
    except errors.AdminError:
        return {}


INVITES = "/organization/invites"
_PROJECTS = "projects"
_OVER = ("accepted", "expired")
"""The status of an invite that is over."""


def says(invite: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Return whether an invite has what the body of a request says. Projects that the body omits are not compared."""
    if not has_address(invite, str(body["email"])) or invite.get("role") != body["role"]:
        return False
    return _PROJECTS not in body or projects_of(invite) == projects_of(body)


def invite_claims(email: str, id_: object = None) -> list[MemberClaim]:
    """Return the claims of the invites of an address, and of one of them if its id is known."""
    claims = [MemberClaim(INVITES, "the invites", members=frozenset({email.lower()}), label="the invite of {}")]
    if isinstance(id_, str):
        claims.append(MemberClaim(f"{INVITES} ids", "the invites", members=frozenset({id_}), label="invite {}"))
    return claims


def invites(client: Client) -> Listing:
    """All invites of the organization, shared by all resources of the run."""
    return client.listing(INVITES, "list the invites of the organization", {"limit": 100})


def open_invites(client: Client, email: str) -> list[dict[str, Any]]:
    """The invites of an address that can be accepted."""
    rows = invites(client).rows().values()
    return [row for row in rows if has_address(row, email) and row.get("status") == "pending"]


def newest_invite(client: Client, email: str) -> dict[str, Any] | None:
    """The newest invite of an address that is open, or else has expired."""
    rows = [row for row in invites(client).rows().values() if has_address(row, email)]
    expired = [row for row in rows if row.get("status") not in ("accepted", "pending")]
    return max(open_invites(client, email) or expired, key=lambda row: row.get("created_at") or 0, default=None)


def projects_of(invite: Mapping[str, Any]) -> dict[str, Any]:
    """The roles in the projects of an invite, by the ids of the projects."""
    return {project["id"]: project["role"] for project in invite.get(_PROJECTS) or ()}


class InviteEnd(Enum):
    """What became of an invite."""

    WITHDRAWN = "withdrawn"
    GONE = "gone"
    """OpenAI does not have it, or it has expired."""
    ACCEPTED = "accepted"


@dataclass(eq=False, repr=False)
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
            is_pending = self._find_pending(client, remote, wanted)
        if is_pending:
            remote.acquire(client, self.path_of(remote))
        else:
            super().create(client, remote, wanted)

    def _find_pending(self, client: Client, remote: Remote, wanted: Wanted) -> bool:
        """Learn a pending invite that says what is wanted, and announce it. Return whether there is one."""
        rows = open_invites(client, str(wanted.settings["email"]))
        found = next((row for row in rows if says(row, wanted.settings)), None)
        if found is not None:
            self._learn(remote, found)
            logger.warning("%s.", existing_note(capitalized(self.name(remote)), count=1))
        return found is not None

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """See `Handler.observe`; a pending invite that says the same is announced."""
        for project in projects_of(wanted.settings):
            client.require_parent({PROJECT.id_name: project})
        is_known = not remote.id and {"email", "role"} <= {*wanted.settings}
        if is_known and self._find_pending(client, remote, wanted):
            return Observation(self.name(remote))
        return super().observe(client, remote, wanted)

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The invite of the address."""
        email = wanted.settings.get("email")
        return invite_claims(email, document.get("id")) if isinstance(email, str) else []

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Collection.is_own`: only one that is pending."""
        return row.get("status") == "pending"

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: OpenAI deletes no invite that is over."""
        if remote.get("status") in _OVER:
            return NOTHING
        manager = remote.step.is_declared_elsewhere(invite_claims(str(remote.get("email")))[0])
        return moved(manager) if manager else Removal("the invite is withdrawn")

    def delete(self, client: Client, remote: Remote) -> None:
        """Withdraw it; one that is over is done."""
        self.delete_created(client, remote)

    def delete_created(self, client: Client, remote: Remote) -> bool:
        """See `Collection.delete_created`: one that was accepted stays, which a warning says."""
        end = self.withdraw_own(client, remote)
        if end is InviteEnd.ACCEPTED:
            logger.warning(
                "%s was left unchanged, because it was accepted. The person stays in the organization.",
                capitalized(self.name(remote)),
            )
        return end is not InviteEnd.ACCEPTED

    def withdraw_own(self, client: Client, remote: Remote) -> InviteEnd:
        """Withdraw it, unless another resource of the program has withdrawn it, or manages it from now on."""
        if self.listing(client, remote).has_dropped(remote.id) or self.is_elsewhere(client, remote):
            return InviteEnd.GONE
        return self.withdraw(client, remote)

    def is_elsewhere(self, client: Client, remote: Remote) -> bool:
        """Return whether another resource of the program manages the invite from now on.

        Raises:
            errors.ConfigurationError: Another resource declares the invite of the address, and its creation has failed.
        """
        of_address, of_id = invite_claims(str(remote.get("email")), remote.id)
        if not remote.step.is_replaced:
            remote.step.is_declared_elsewhere(of_address)
        return client.is_owned(self.path_of(remote)) or bool(remote.step.is_declared_elsewhere(of_id))

    def withdraw(self, client: Client, remote: Remote) -> InviteEnd:
        """DELETE, so that nobody can accept it; OpenAI refuses that of one that is over."""
        try:
            is_gone = self.delete_one(client, remote)
        except errors.BadRequestError:
            listing(client).forget()
            status = self._shown(client, remote).get("status")
            if status == "accepted":
                return InviteEnd.ACCEPTED
            if status not in _OVER:
                raise
            is_gone = True
        self.listing(client, remote).drop(remote.id)
        remote.step.has_changed = True
        return InviteEnd.GONE if is_gone else InviteEnd.WITHDRAWN

    def find(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """Return an invite as the list shows it, or else as OpenAI's answer about it says; None if it is not there.

        One that was sent moments ago may not be shown yet: it is as the state has it.
        """
        if listed := self.listing(client, remote).find(remote.id):
            return listed
        try:
            self._learn(remote, self._shown(client, remote))
        except errors.ResourceGoneError:
            return None
        self.listing(client, remote).learn(remote.attributes)
        return remote.attributes

    def _warn_of_namesakes(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
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

    def _fits(self, client: Client, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """See `Collection._fits`: OpenAI may show the address in another case."""
        return says(self._declared(row), body)

    @override
    def name(self, remote: Remote) -> str:
        email = remote.get("email")
        return f"{self.noun} {remote.id} for {email!r}" if email else f"{self.noun} {remote.id}"

    @override
    def require_valid(self, client: Client, remote: Remote) -> None:
        if remote.get("status") == "expired":
            raise errors.ResourceGoneError(
                f"{self.name(remote)} has expired and can no longer be accepted",
                Advice(remedies.REFRESH_THEN_RUN, ". The next update sends a new invite."),
            )

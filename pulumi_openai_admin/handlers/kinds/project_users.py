"""Users of a project or of the organization, whom a program names by id or by address."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.audit_events import USER_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.baseline import Writes
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim, Membership, SelectedIds
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import capitalized

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client


logger = logging.getLogger(__name__)

ROLE = "role"
"""The property that has the role of a person."""


def claim_of(place: str, where: str, wanted: Wanted, document: Mapping[str, Any]) -> MemberClaim | None:
    """What a resource manages that names a person by one of two selectors, `id` and `email`.

    Args:
        place: A text that says where: two resources conflict in one place only.
        where: The same in words.
        wanted: What the program sets.
        document: The person as far as known.
    """
    if len(wanted.selection) != 1:
        return None  # what the rules refuse
    ((key, value),) = wanted.selection.items()
    if not isinstance(value, str):
        return None
    is_known = str(document.get(key)).lower() == value.lower()
    known = {key: value, **(document if is_known else {})}
    return claim_of_names(place, where, (known[name] for name in ("id", "email") if isinstance(known.get(name), str)))


def claim_of_names(place: str, where: str, names: Iterable[str]) -> MemberClaim:
    """The claim of a person, with all names that are known.

    Args:
        place: See `claim_of`.
        where: See `claim_of`.
        names: Ids and addresses.
    """
    members = frozenset(map(spelled, names))
    return MemberClaim(place, f"the users of {where}", is_whole=False, members=members, label=f"user {{}} of {where}")


def role_claim(claim: MemberClaim) -> MemberClaim:
    """The claim of the role that a user has, which may be assigned by more than one kind of resource.

    Args:
        claim: The claim of the user.
    """
    return replace(claim, place=f"{claim.place} roles", label=f"the role of {claim.label}", is_value=True)


def spelled(name: str) -> str:
    """One spelling of what names a person: an address in lower case, an id as it is."""
    return name.lower() if "@" in name else name


@dataclass(frozen=True)
class NamedUsers(Membership):
    """Users, each named by one of two selectors; see `Membership` for the arguments."""

    audit_events: ClassVar[AuditEvents] = USER_EVENTS

    def member_id(self, client: Client, remote: Remote, wanted: Wanted) -> str:
        """The id that the program gives, or the one of the user with the address.

        Raises:
            errors.NoMatchError: Nobody in the organization has the address.
        """
        ((key, value),) = wanted.selection.items()
        if key == "id":
            return str(value)
        remote.attributes["email"] = str(value).lower()  # lists may show none
        return str(people.by_email(client, str(value))["id"])

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The user, by id: an address may change."""
        return {name: value for name, value in super().declared(client, remote).items() if name != "email"}

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The user, and the user's role if the resource manages it."""
        ids = {name: str(id_) for name, id_ in parents.items()}
        claim = claim_of(fill(self.path, **ids), describe(ids), wanted, document)
        if claim is None:
            return []
        return [claim, role_claim(claim)] if wanted.settings.get(ROLE) is not None else [claim]

    def further_claims(self, parents: Mapping[str, str], members: Collection[str]) -> list[MemberClaim]:
        """See `Membership.further_claims`: the roles of the users."""
        return [role_claim(claim_of_names(fill(self.path, **parents), describe(parents), members))]

    def names(self, remote: Remote, settings: Collection[str]) -> list[str]:
        """See `Membership.names`; the role by a separate name, since a role assignment may manage it, too."""
        return [self.path_of(remote), *([f"{self.path_of(remote)}/role"] if self.manages_role(settings) else [])]

    def manages_role(self, settings: Collection[str]) -> bool:
        """Whether a resource that manages these properties manages the role of the user."""
        return ROLE in settings

    def claims_of_member(self, client: Client, remote: Remote) -> list[MemberClaim]:
        """See `Membership.claims_of_member`: the id and all known addresses, since a program may name any of them."""
        shown: Mapping[str, Any] | None = None
        with suppress(errors.ParentEndedError):  # the removal says it
            shown = self._listed(client, remote)
        ids, emails = self._inside(remote), ((shown or {}).get("email"), remote.get("email"))
        claim = claim_of_names(fill(self.path, **ids), describe(ids), [remote.id, *filter(None, emails)])
        return [claim, role_claim(claim)] if self.manages_role(remote.memory[Writes].written) else [claim]

    def is_user_elsewhere(self, client: Client, remote: Remote, *, is_value: bool = False) -> bool:
        """Return whether another resource of the program declares the user.

        Args:
            client: Knows what resources of the run manage.
            remote: The user.
            is_value: Whether it is about values of the user, which a replacement of the same resource sets again.
        """
        claims = (
            replace(claim, is_value=is_value) for claim in self.claims_of_member(client, remote) if not claim.is_value
        )
        return client.is_owned(self.path_of(remote)) or any(map(remote.step.is_declared_elsewhere, claims))

    def is_role_elsewhere(self, client: Client, remote: Remote) -> bool:
        """Return whether another resource of the program declares the role of the user."""
        claims = self.claims_of_member(client, remote)
        return client.is_owned(f"{self.path_of(remote)}/{ROLE}") or any(
            remote.step.is_declared_elsewhere(claim) for claim in claims if claim.is_value
        )

    def means_same(self, remote: Remote, name: str, value: Any) -> bool:
        """See `Identifying.means_same`: an address that the user had when the program selected the user by it."""
        if super().means_same(remote, name, value):
            return True
        return name == "email" and remote.memory[SelectedIds].selected.get(str(value).lower()) == remote.id

    def end(self, client: Client, remote: Remote) -> bool:
        """See `Membership.end`; of a person named by address, who may have come back under another id."""
        return super().end(client, self.at_present(client, remote))

    def has_returned(self, client: Client, remote: Remote) -> bool:
        """See `TemporaryObject.has_returned`."""
        return self.at_present(client, remote).id != remote.id

    def at_present(self, client: Client, remote: Remote) -> Remote:
        """The user; if the list no longer has the user, who now has the address by which the program names the user."""
        email = remote.get("email")
        if not email or "email" not in remote.step.inputs:
            return remote
        with suppress(errors.ParentEndedError):
            if self._listed(client, remote) is None:
                rows = self.rows(client, remote).items()
                return replace(remote, id=next((id_ for id_, row in rows if people.has_address(row, email)), remote.id))
        return remote

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:  # noqa: ARG002
        """The user whom the program names by address, with the id."""
        ((key, value),) = wanted.selection.items()
        return people.by_email(client, str(value)) if key == "email" else {}

    def require_candidate(self, client: Client, remote: Remote) -> None:
        """See `Membership.require_candidate`: a user of the organization."""
        people.require_user(client, remote.id)

    def require_named(self, client: Client, name: str) -> None:
        """See `Membership.require_named`: a user of the organization, by address or id."""
        if "@" in name:
            people.by_email(client, name)
        else:
            people.require_user(client, name)

    def label(self, shown: Mapping[str, Any]) -> str:
        """The user's address, or the id where OpenAI shows none."""
        return str(shown["email"]).lower() if shown.get("email") else super().label(shown)

    def name_in_set(self, shown: Mapping[str, Any], known: str) -> str:
        """See `Membership.name_in_set`: an address may have changed, and is shown as it is now."""
        return known if known and ("@" not in known or not shown.get("email")) else self.label(shown)

    def ids_of(
        self, client: Client, names: Iterable[str], shown: Iterable[Mapping[str, Any]], known: Mapping[str, str]
    ) -> Mapping[str, str]:
        """The ids of users, whom the program names by id or by address.

        Raises:
            errors.NoMatchError: Nobody in the organization has one of the addresses, and it is not known.
        """
        ids = {self.label(row): str(row[self.identity]) for row in shown}
        if any("@" in name and name not in ids for name in names):
            ids = {**people.ids_by_email(client), **ids}
        return {
            name: name
            if "@" not in name
            else ids.get(name) or known.get(name) or str(people.by_email(client, name)["id"])
            for name in names
        }

    def _learn(self, remote: Remote, shown: Mapping[str, Any]) -> None:
        """See `Membership._learn`; the address in lower case, as the declarations have it.

        An address that differs from the known one is another address of the same user.
        """
        known = remote.get("email")
        super()._learn(remote, shown)
        email = str(remote.get("email") or known or "").lower()
        if email:
            remote.attributes["email"] = email
        if known and known != email:
            remote.memory[SelectedIds].selected[known] = remote.id


@dataclass(frozen=True)
class ProjectUsers(NamedUsers):
    """The handler of users of a project, each with one role."""

    def manages_role(self, settings: Collection[str]) -> bool:  # noqa: ARG002
        """See `NamedUsers.manages_role`: always, since nobody is in a project without a role."""
        return True

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_own`: a person."""
        return not people.is_service_account(row)

    def remove(self, client: Client, remote: Remote) -> bool:
        """See `Membership.remove`; a user whose base role another resource declares stays, which a warning says."""
        is_role_declared = self.is_role_elsewhere(client, remote) and not self.is_user_elsewhere(client, remote)
        if is_role_declared:
            logger.warning(
                "%s was not removed, because another resource of the program assigns the base role of the user there. "
                "The user also stays when that resource is removed.",
                capitalized(self.name(remote)),
            )
        return not is_role_declared and super().remove(client, remote)

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Membership._add`. Who leaves a project loses all roles there, and gets only the base role back."""
        with people.explained_user(client, remote.id):
            super()._add(client, remote, wanted)
        if client.has_removed(self.path_of(remote)):
            logger.warning(
                "%s was removed and added again by this update, because this resource depends on the resource that "
                "managed the user before. Other roles of the user in the project are no longer assigned; %s to assign "
                "the roles that the program declares.",
                capitalized(self.name(remote)), remedies.REFRESH_THEN_RUN,
            )  # fmt: skip

    def _remove(self, client: Client, remote: Remote) -> None:
        super()._remove(client, remote)
        client.note_removal(self.path_of(remote))

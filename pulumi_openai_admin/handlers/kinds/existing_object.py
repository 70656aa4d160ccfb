"""An object that is there and that nobody creates here: a user of the organization. POST changes it, DELETE removes it.

What was found before the first change is kept. Destroy restores it and leaves the object, unless the program says that
the object is to be removed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import ANYWHERE, Shows, Traits
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.project_users import NamedUsers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client

REMOVE = "remove_on_destroy"
"""The option that has destroy remove the object."""


@dataclass(frozen=True)
class ExistingObject(NamedUsers):
    """The handler; see `Membership` for its arguments."""

    traits: ClassVar[Traits] = replace(NamedUsers.traits, shows=Shows.LIST_AND_EACH)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a user who is there: destroy restores the properties, as it does for a user who was not imported."""
        self.create(client, remote, wanted)

    def delete(self, client: Client, remote: Remote) -> None:
        """See `Membership.delete`; a person who is to be removed may have come back under another id."""
        super().delete(client, remote if self.stays(remote) else self.at_present(client, remote))

    def stays(self, remote: Remote) -> bool:
        """Whether destroy leaves the object."""
        return not remote.options.get(REMOVE)

    def claims_of_member(self, client: Client, remote: Remote, shown: Mapping[str, Any]) -> list[Claim]:
        """See `Membership.claims_of_member`. Removing a user also ends the access that other resources give."""
        claims = super().claims_of_member(client, remote, shown)
        if self.stays(remote):
            return claims
        return [*claims, *(replace(claim, place=ANYWHERE) for claim in claims)]

    def is_direct(self, shown: Mapping[str, Any]) -> bool:
        """See `Membership.is_direct`; a service account, which is a user of the organization, too, is refused.

        Raises:
            errors.ConfigurationError: It is one.
        """
        if people.is_service_account(shown):
            what = f"User {shown.get('id')} is a service account"
            raise errors.ConfigurationError(what, people.SERVICE_ACCOUNT_ADVICE)
        return True

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_own`: a person."""
        return not people.is_service_account(row)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The user.

        Raises:
            errors.NotAdoptableError: The user is a service account.
        """
        try:
            return super().declared(client, remote)
        except errors.ConfigurationError as refusal:
            what = f"{refusal.what}: it can't be imported as a user"
            raise errors.NotAdoptableError(what, refusal.guidance) from None

    def _remove(self, client: Client, remote: Remote) -> None:
        try:
            super()._remove(client, remote)
        except errors.BadRequestError as refusal:
            advice = (
                "If the user is the last owner of the organization, make another user an owner first. Then try again."
            )
            raise type(refusal)(refusal.what, advice, refusal.facts) from refusal

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:  # noqa: ARG002 - the signature of the base
        """Nobody is added: a person comes by an invite.

        Raises:
            errors.NoMatchError: The user is not in the organization.
        """
        raise people.not_in_organization(f"user {remote.id}")

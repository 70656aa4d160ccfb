"""An object that is there and that nobody creates here: a user of the organization. POST changes it, DELETE removes it.

What was found before the first change is kept. Destroy restores it and leaves the object, unless the program says that
the object is to be removed. A role is restored only if it was lower.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import restoration
from pulumi_openai_admin.handlers.baseline import BASELINE, Baseline, Writes
from pulumi_openai_admin.handlers.handler import ANYWHERE, Shows, Traits
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.kinds.project_users import ROLE, NamedUsers
from pulumi_openai_admin.handlers.shapes.access_plan import is_lowest, why_not_restored
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

REMOVE = "remove_on_destroy"
"""The option that has destroy remove the object."""


def why_kept(name: str, live: Any, found: Any) -> str:
    """Return why a property of a user is not restored; see `Baseline`."""
    return why_not_restored(str(live), str(found)) if name == ROLE else ""


@dataclass(frozen=True)
class ExistingObject(NamedUsers):
    """The handler; see `Membership` for its arguments."""

    traits: ClassVar[Traits] = replace(NamedUsers.traits, shows=Shows.LIST_AND_EACH, not_shown=(BASELINE,))

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Begin to manage a user."""
        remote.id = self.member_id(client, remote, wanted)
        self.ensure(client, remote, wanted)

    def remove(self, client: Client, remote: Remote) -> bool:
        """Remove the user from the organization if the program says so, and otherwise restore the values from before.

        Raises:
            errors.ConfigurationError: The user is to be removed, and another resource of the program names the user.
        """
        with self._turn(client, remote):
            is_left = self.is_user_elsewhere(client, remote)
            if is_left or not remote.options.get(REMOVE):  # another resource decides whether the user is removed
                # A replacement of this resource sets the values anew: they go back first.
                self._leave(client, remote, is_left=self.is_user_elsewhere(client, remote, is_value=True))
                return not is_left
            anywhere = (replace(claim, place=ANYWHERE) for claim in self.claims_of_member(client, remote))
            if other := next(filter(None, map(remote.step.is_declared_elsewhere, anywhere)), ""):
                what = f"{capitalized(self.name(remote))} was not removed, because {other} names the user"
                advice = "Remove the user from that resource, or do not set remove_on_destroy or until. Then "
                raise errors.ConfigurationError(what, Advice(advice, remedies.RUN_AGAIN, "."))
            self._remove(client, remote)
            return True

    def _leave(self, client: Client, remote: Remote, *, is_left: bool) -> None:
        """Restore the values from before. What another resource of the program manages is left."""
        shown = self.current(client, remote)  # a list may show values from before
        if shown is None:
            return
        self._learn(remote, shown)
        properties, writes = self._baseline(client, remote, is_left=is_left), remote.memory[Writes]
        is_kept = writes.written.get(ROLE) == remote.get(ROLE) and ROLE not in writes.touched
        if is_kept and not (is_left or is_lowest(str(remote.get(ROLE))) or self.is_role_elsewhere(client, remote)):
            logger.warning(
                "%s keeps the role %s, which the user had before this resource.",
                capitalized(self.name(remote)), remote.get(ROLE),
            )  # fmt: skip
        restoration.warn(self.name(remote), properties.restore(), is_replaced=remote.step.is_replaced)

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

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a user whom the list does not show yet. Nobody is added: a person comes by an invite.

        Raises:
            errors.NoMatchError: The user is not in the organization.
        """
        shown = self.find(client, remote)
        if shown is None or not self.is_direct(shown):
            raise people.not_in_organization(f"user {remote.id}")
        self._learn(remote, shown)
        self._settle(client, remote, wanted)

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        writes = remote.memory[Writes]
        if ROLE not in writes.touched:
            writes.written.pop(ROLE, None)  # what counts is the role from before the first change, whoever set it
        settings = {name: wanted.settings[name] for name in self.settable if name in wanted.settings}
        restoration.warn(self.name(remote), self._baseline(client, remote).settle(settings))

    def _baseline(self, client: Client, remote: Remote, *, is_left: bool = False) -> Baseline:
        def write(properties: Mapping[str, Any], action: str) -> None:
            self._write(client, remote, properties, action)

        def is_elsewhere(name: str) -> bool:
            return is_left or (name == ROLE and self.is_role_elsewhere(client, remote))

        remote.attributes.setdefault(BASELINE, {})
        return Baseline(remote, self.name(remote), write, why_kept=why_kept, is_managed_elsewhere=is_elsewhere)

"""Roles of the organization or of a project. Those that OpenAI predefines are listed with the others.

A name belongs to one role, and no response shows when a role was created.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.creation import Made
    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

_ADVICE = (
    "OpenAI manages this role. Read it with a provider function, or create a role with a different name and the "
    "permissions that you need."
)


@dataclass(frozen=True)
class Roles(Collection):
    """The handler."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(("role.created",), ("role.updated", "role.deleted"))

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Store a custom role as it is listed.

        Raises:
            errors.ConfigurationError: The role is predefined.
        """
        self._refuse_predefined(remote, self._listed(client, remote))
        super().adopt(client, remote, wanted)

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Collection.is_own`: not one that OpenAI predefines."""
        return not row.get("predefined_role")

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """A custom role as it is listed.

        Raises:
            errors.NotAdoptableError: The role is predefined.
        """
        role = super().declared(client, remote)
        if role.get("predefined_role"):
            raise errors.NotAdoptableError(f"{self._name(remote)} can't be imported: it is predefined", _ADVICE)
        return role

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send what differs.

        Raises:
            errors.ConfigurationError: The role is predefined.
        """
        self._refuse_predefined(remote, remote.attributes)
        super().update(client, remote, wanted)

    def delete(self, client: Client, remote: Remote) -> None:
        """DELETE; a predefined role is left."""
        if remote.attributes.get("predefined_role"):
            logger.warning("%s was left unchanged, because OpenAI predefines it.", capitalized(self._name(remote)))
            return
        super().delete(client, remote)

    def _make(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> Made:
        """See `Collection._make`; if another role has the name, the refusal names it.

        It may be the role of an earlier run that ended before OpenAI had created it.
        """
        try:
            return super()._make(client, remote, body)
        except errors.BadRequestError as refusal:
            namesake = self._namesake(client, remote, body)
            if not namesake:
                raise
            advice = Advice(
                "If an interrupted run created that role, delete it in OpenAI's dashboard, then ",
                remedies.RUN_AGAIN,
                ". Otherwise use another name.",
            )
            what = f"{refusal.what}: {self.noun} {namesake} has this name"
            raise type(refusal)(what, advice, refusal.facts) from refusal

    def _namesake(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> str:
        """The id of the role that has the name now; empty if there is none, or if the list fails."""
        listing = self.listing(client, remote)
        listing.forget()  # it may have appeared since
        try:
            rows = listing.rows()
        except errors.AdminError:
            return ""
        return next((id_ for id_, row in rows.items() if row.get("name") == body.get("name")), "")

    def _warn_of_namesakes(self, client: Client, listing: Listing, remote: Remote, body: Mapping[str, Any]) -> None:
        """OpenAI refuses a name that another role has. A predefined role is refused before the request."""
        for id_, row in listing.rows().items():
            if row.get("name") == body.get("name"):
                self._refuse_predefined(remote, {"id": id_, **row})
        super()._warn_of_namesakes(client, listing, remote, body)

    def _refuse_predefined(self, remote: Remote, role: Mapping[str, Any]) -> None:
        if role.get("predefined_role"):
            what = f"The {self.noun} {role.get('name')!r} ({role.get('id')}) of {self._parent(remote)} is predefined"
            raise errors.ConfigurationError(what, _ADVICE)

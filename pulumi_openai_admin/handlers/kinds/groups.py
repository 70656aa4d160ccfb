"""Groups of the organization. OpenAI refuses to change or delete one that an identity provider manages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.shapes.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client


@dataclass(frozen=True)
class Groups(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(("group.created",), ("group.updated", "group.deleted"))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The group as it is listed.

        Raises:
            errors.NotAdoptableError: An identity provider manages it.
        """
        group = super().declared(client, remote)
        if group.get("is_scim_managed"):
            what = f"{self._name(remote)} can't be imported: an identity provider manages it (SCIM)"
            raise errors.NotAdoptableError(what, "Read it with get_group.")
        return group

    def delete(self, client: Client, remote: Remote) -> None:
        """See `Collection.delete`."""
        with people.explained_group(client, remote.id):
            super().delete(client, remote)

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        with people.explained_group(client, remote.id):
            super()._set(client, remote, body)

"""Certificates: lists never show the content, so after a lost response each new certificate of the name is looked at.

Source: GET and POST /organization/certificates, GET (`include[]=content`), POST and DELETE …/{certificate_id}.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.audit_events import CERTIFICATE_ACTIVATION_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client

_CONTENT = "certificate_details.content"


@dataclass(frozen=True)
class Certificates(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("certificate.created",),
        ("certificate.updated", "certificate.deleted", *CERTIFICATE_ACTIVATION_EVENTS.types),
    )

    traits: ClassVar[Traits] = replace(Collection.traits, not_shown=("certificate",), reads_each=True)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Import a certificate with its content."""
        remote.attributes.update(self.declared(client, remote))
        super().adopt(client, remote, wanted)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The certificate with its content, which takes a request for each: lists do not show it."""
        row = self._listed(client, remote)
        if not documents.get(row, _CONTENT):
            row = {**row, **self._with_content(client, remote, remote.id)}
            self.listing(client, remote).learn(row)
        self._learn(remote, row)
        return {**remote.attributes, "certificate": formats.canonical(str(documents.get(row, _CONTENT) or ""))}

    def _with_content(self, client: Client, remote: Remote, id_: str) -> Mapping[str, Any]:
        path = fill(self.path + "/{id}", **remote.parents, id=id_)
        return client.send(Call("GET", path, f"look at {self.noun} {id_}", {"include[]": "content"}))

    def _recognizer(
        self, client: Client, remote: Remote, body: Mapping[str, Any]
    ) -> Callable[[Mapping[str, Any]], bool]:
        """Whether a listed certificate has the name and the content that were sent."""
        name, content = body.get("name"), formats.canonical(body["certificate"])

        def is_ours(row: Mapping[str, Any]) -> bool:
            if (row.get("name") or None) != name:
                return False
            document = self._with_content(client, remote, str(row[self.identity]))
            shown = documents.get(document, _CONTENT)
            return formats.canonical(str(shown or "")) == content

        return is_ours

    def _called(self, body: Mapping[str, Any]) -> object:
        return body.get("name") or "without a name"

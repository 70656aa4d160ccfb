"""Certificates: lists never show the content, so after a lost reply each new certificate of the name is looked at.

Source: GET and POST /organization/certificates, GET (`include[]=content`), POST and DELETE …/{certificate_id}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.schema import pem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client


@dataclass(frozen=True)
class Certificates(Collection):
    """The handler; see `Collection` for its arguments."""

    not_shown: ClassVar[tuple[str, ...]] = ("certificate",)

    def _recognizer(
        self,
        client: Client,
        remote: Remote,  # noqa: ARG002 - the signature of the base; certificates are of the organization, so in no path
        body: Mapping[str, Any],
    ) -> Callable[[Mapping[str, Any]], bool]:
        """Whether a listed certificate has the name and the content that were sent."""
        name, content = body.get("name"), pem.canonical(body["certificate"])

        def is_ours(row: Mapping[str, Any]) -> bool:
            if (row.get("name") or None) != name:
                return False
            path = fill(self.path + "/{id}", id=str(row[self.identity]))
            call = Call("GET", path, f"look at {self.noun} {row[self.identity]}", {"include[]": "content"})
            shown = documents.get(client.send(call), "certificate_details.content")
            return pem.canonical(str(shown or "")) == content

        return is_ours

    def _called(self, body: Mapping[str, Any]) -> object:
        return body.get("name") or "without a name"

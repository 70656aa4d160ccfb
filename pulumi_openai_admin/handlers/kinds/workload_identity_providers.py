"""Workload identity providers: how a discovery address of null is sent, which Pulumi can't keep.

Source: POST /organization/workload_identity_providers and …/{workload_identity_provider_id}, which ask for
`verification.discovery_url`; null stands for the issuer's address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.shapes.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote

_VERIFICATION, _URL = "verification", "discovery_url"


@dataclass(frozen=True)
class WorkloadIdentityProviders(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("workload_identity_provider.created",),
        ("workload_identity_provider.updated", "workload_identity_provider.deleted"),
    )

    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The body of a request, with the null that OpenAI asks for."""
        sent = super()._sent(properties)
        verification = sent.get(_VERIFICATION)
        if isinstance(verification, dict) and verification.get("type") == "discovery":
            sent[_VERIFICATION] = {_URL: None, **verification}
        return sent

    def _learn(self, remote: Remote, reply: Mapping[str, Any]) -> None:
        """Store a response without its nulls: no value of a program has any."""
        verification = reply.get(_VERIFICATION)
        if isinstance(verification, dict):
            shown = {name: value for name, value in verification.items() if value is not None}
            reply = {**reply, _VERIFICATION: shown}
        super()._learn(remote, reply)

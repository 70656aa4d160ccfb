"""Federation rules, whose name is optional: after a lost reply, one is recognized by all that was sent.

Source: POST /organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.parents import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote


@dataclass(frozen=True)
class FederationRules(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("workload_identity_provider_mapping.created",),
        ("workload_identity_provider_mapping.updated", "workload_identity_provider_mapping.deleted"),
    )

    def _fits(self, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether a rule may be the one that was sent. Two rules of one content do the same."""
        return row.get("name") == body.get("name") and all(
            remote.are_equal(name, row.get(name), value) for name, value in body.items()
        )

    def ends_with(self, remote: Remote) -> Mapping[str, str]:
        """See `Collection.ends_with`: the project of the service account, too."""
        project_id = remote.get(PROJECT.id_name)
        return {**remote.parents, **({PROJECT.id_name: project_id} if project_id else {})}

    def _called(self, body: Mapping[str, Any]) -> object:
        return body.get("name") or f"for {body.get('service_account_id')}"

"""Federation rules, which end with the project of their service account.

Source: POST /organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.schema.paths import PROJECT

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

    def ends_with(self, remote: Remote) -> Mapping[str, str]:
        """See `Collection.ends_with`: the project of the service account, too."""
        project_id = remote.get(PROJECT.id_name)
        return {**remote.parents, **({PROJECT.id_name: project_id} if project_id else {})}

    def _called(self, body: Mapping[str, Any]) -> object:
        return body.get("name") or f"for {body.get('service_account_id')}"

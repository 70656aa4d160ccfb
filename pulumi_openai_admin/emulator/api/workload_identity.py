"""Access without a key.

A workload identity provider is an issuer whose tokens can be exchanged for access. A federation rule says which of its
tokens act as which service account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.keys import SERVICE_ACCOUNTS
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.bodies import Name, body, changes, one_of
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Request
from pulumi_openai_admin.emulator.handlers.paging import LastItem
from pulumi_openai_admin.emulator.store.store import Record


def _default(**properties: str | None) -> Any:
    return Field(default=properties, validate_default=True)


_TRANSFORMATION: Any = body("AttributeTransformation", attribute=Name, expression=Name)
_KEYS = one_of("type", discovery={"discovery_url": str | None}, uploaded_jwks={"jwks": dict[str, Any]})
"""Where the issuer's keys are: at an address, where null is the issuer's own, or they are uploaded."""
_ISSUER = {"name": Name, "issuer": Name, "audience": Name}
_PROVIDER = body(
    "WorkloadIdentityProviderCreateParams",
    type=Literal["oidc"],
    **_ISSUER,
    attribute_transformations=(list[_TRANSFORMATION], Field(default_factory=list)),
    description=(str, ""),
    enabled=(bool, True),
    verification=(_KEYS, _default(type="discovery", discovery_url=None)),
)


class WorkloadIdentityProviders(Collection):
    """OIDC providers of the organization."""

    name = "workload_identity_provider"
    path = "/organization/workload_identity_providers"
    id_prefix = "wip_"
    object = "organization.workload_identity_provider"
    create_body = seed_body = _PROVIDER
    update_body = changes(
        "WorkloadIdentityProviderUpdateParams",
        **_ISSUER,
        attribute_transformations=list[_TRANSFORMATION],
        description=str | None,
        enabled=bool,
        verification=_KEYS,
    )
    paging = LastItem(has_order=True)
    times = ("created_at", "updated_at")
    event = "workload_identity_provider"
    event_fields = {name: name for name in _PROVIDER.model_fields}

    def content(self, request: Request) -> dict[str, Any]:
        return {**super().content(request), "description": request.body.given().get("description")}

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse: a provider is deleted "after deleting all its federation rules"."""
        rule = next(request.store.children("federation_rule", record.id), None)
        if rule is not None:
            message = f"The {self.title} {record.id} has the federation rule {rule.id}. Delete its rules first."
            raise Refused(400, message, code="workload_identity_provider_in_use")

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        detail = super().event_detail(verb, record, fields)
        return {**detail, "name": record["name"]} if verb == "delete" else detail


WORKLOAD_IDENTITY_PROVIDERS = WorkloadIdentityProviders()


_MATCHERS = dict[str, str | bool | int | float]
_PERMISSIONS = one_of("type", service_account_default={}, restricted={"scopes": list[str]})
_RULE = body(
    "FederationRuleCreateParams",
    attribute_matchers=_MATCHERS,
    project_id=Name,
    service_account_id=Name,
    name=(str, ""),
    description=(str, ""),
    enabled=(bool, True),
    permissions=(_PERMISSIONS, _default(type="service_account_default")),
)


class FederationRules(Collection):
    """The rules of one provider; the audit log calls them mappings."""

    name = "federation_rule"
    path = "/organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules"
    id_name = "workload_identity_federation_rule_id"
    id_prefix = "wifr_"
    parent = WORKLOAD_IDENTITY_PROVIDERS
    references = {"service_account_id": "service_account"}
    object = "organization.workload_identity_federation_rule"
    create_body = seed_body = _RULE
    update_body = changes(
        "FederationRuleUpdateParams",
        attribute_matchers=_MATCHERS,
        name=str | None,
        description=str | None,
        enabled=bool,
        permissions=_PERMISSIONS,
    )
    narrowed_by = {"service_account_id": str}
    paging = LastItem(has_order=True)
    times = ("created_at", "updated_at")
    event = "workload_identity_provider_mapping"
    event_fields = {name: name for name in _RULE.model_fields}

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new rule's content; "bind verified token attributes to an existing project service account"."""
        body = request.body
        PROJECTS.usable(request, body.project_id)
        SERVICE_ACCOUNTS.named(request, body.service_account_id, body.project_id)
        given = {name: body.given().get(name) for name in ("name", "description")}
        return {**super().content(request), **given}

    def is_same_place(self, record: Record, referred: Record) -> bool:
        """Return whether the rule is for this very service account."""
        return bool(record["project_id"] == referred.parent)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        return {**super().show(request, record), "workload_identity_provider_id": record.parent}

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Add the provider, and for what a deleted rule was."""
        detail = {**super().event_detail(verb, record, fields), "identity_provider_id": record.parent}
        deleted = ("project_id", "service_account_id") if verb == "delete" else ()
        return {**detail, **{name: record[name] for name in deleted}}


FEDERATION_RULES = FederationRules()

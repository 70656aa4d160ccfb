"""Access without a key.

A workload identity provider is an issuer whose tokens can be exchanged for access. A federation rule says which of its
tokens act as which service account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.keys import SERVICE_ACCOUNTS
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.handlers.kind import OMITTED, Body, Name, Request
from pulumi_openai_admin.emulator.handlers.paging import LastItem
from pulumi_openai_admin.emulator.store.store import Record


class AttributeTransformation(Body):
    """An attribute, and the expression that it is computed by."""

    attribute: Name
    expression: Name


class Discovery(Body):
    """The issuer's keys are found at an address; null for the issuer's own."""

    type: Literal["discovery"]
    discovery_url: str | None


class UploadedJwks(Body):
    """The issuer's keys are uploaded."""

    type: Literal["uploaded_jwks"]
    jwks: dict[str, Any]


Verification = Annotated[Discovery | UploadedJwks, Field(discriminator="type")]
_DISCOVERY = Discovery(type="discovery", discovery_url=None)


class ProviderCreate(Body):
    """The SDK's WorkloadIdentityProviderCreateParams; what is not given is left to defaults of ours."""

    name: Name
    type: Literal["oidc"]
    issuer: Name
    audience: Name
    attribute_transformations: list[AttributeTransformation] = Field(default_factory=list)
    description: str = ""
    enabled: bool = True
    verification: Verification = _DISCOVERY


class ProviderUpdate(Body):
    """The SDK's WorkloadIdentityProviderUpdateParams: all but the type, and only the description can be null."""

    name: Name = OMITTED
    issuer: Name = OMITTED
    audience: Name = OMITTED
    attribute_transformations: list[AttributeTransformation] = OMITTED
    description: str | None = None
    enabled: bool = OMITTED
    verification: Verification = OMITTED


class WorkloadIdentityProviders(Collection):
    """OIDC providers of the organization."""

    name = "workload_identity_provider"
    path = "/organization/workload_identity_providers"
    id_name = "workload_identity_provider_id"
    id_prefix = "wip_"
    object = "organization.workload_identity_provider"
    create_body = seed_body = ProviderCreate
    update_body = ProviderUpdate
    paging = LastItem(has_order=True)
    times = ("created_at", "updated_at")
    event = "workload_identity_provider"
    event_fields = {name: name for name in ProviderCreate.model_fields}

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


Matchers = dict[str, str | bool | int | float]


class AccountDefault(Body):
    """All that the service account may do."""

    type: Literal["service_account_default"]


class Restricted(Body):
    """Some scopes only."""

    type: Literal["restricted"]
    scopes: list[str]


Permissions = Annotated[AccountDefault | Restricted, Field(discriminator="type")]
_DEFAULT = AccountDefault(type="service_account_default")


class RuleCreate(Body):
    """The SDK's FederationRuleCreateParams."""

    attribute_matchers: Matchers
    project_id: Name
    service_account_id: Name
    name: str = ""
    description: str = ""
    enabled: bool = True
    permissions: Permissions = _DEFAULT


class RuleUpdate(Body):
    """The SDK's FederationRuleUpdateParams: the service account stays, name and description can be null."""

    attribute_matchers: Matchers = OMITTED
    name: str | None = None
    description: str | None = None
    enabled: bool = OMITTED
    permissions: Permissions = OMITTED


class FederationRules(Collection):
    """The rules of one provider; the audit log calls them mappings."""

    name = "federation_rule"
    path = "/organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules"
    id_name = "workload_identity_federation_rule_id"
    id_prefix = "wifr_"
    parent = WORKLOAD_IDENTITY_PROVIDERS
    references = {"service_account_id": "service_account"}
    object = "organization.workload_identity_federation_rule"
    create_body = seed_body = RuleCreate
    update_body = RuleUpdate
    narrowed_by = {"service_account_id": str}
    paging = LastItem(has_order=True)
    times = ("created_at", "updated_at")
    event = "workload_identity_provider_mapping"
    event_fields = {name: name for name in RuleCreate.model_fields}

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new rule's content; "bind verified token attributes to an existing project service account"."""
        body = request.body
        PROJECTS.usable(request, body.project_id)
        if request.store.get(SERVICE_ACCOUNTS.name, body.service_account_id, body.project_id) is None:
            raise not_found(SERVICE_ACCOUNTS.title, body.service_account_id)
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

"""Workload identity providers: issuers whose tokens can be exchanged for access, without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.handlers.body import OMITTED, Body, Name
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.paging import LastItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


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
    event_types = {
        "create": "workload_identity_provider.created",
        "update": "workload_identity_provider.updated",
        "delete": "workload_identity_provider.deleted",
    }
    event_fields = {name: name for name in ProviderCreate.model_fields}

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new provider's content."""
        description = request.body.given().get("description")
        return {**super().content(request), "description": description, "updated_at": request.now}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Update supplied provider fields, preserving omitted fields."""
        return {**record.content, **given, "updated_at": request.now}

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse: a provider is deleted "after deleting all its federation rules"."""
        rule = next(request.organization.store.children("federation_rule", record.id), None)
        if rule is not None:
            message = f"The {self.title} {record.id} has the federation rule {rule.id}. Delete its rules first."
            raise Refused(400, message, code="workload_identity_provider_in_use")

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Add the name of what was deleted."""
        detail = super().event_detail(verb, record, fields)
        return {**detail, "name": record["name"]} if verb == "delete" else detail


WORKLOAD_IDENTITY_PROVIDERS = WorkloadIdentityProviders()

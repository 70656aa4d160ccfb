"""Workload identity providers of the organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - annotations are read at run time
from typing import Any, Literal, TypedDict, final

import pulumi  # noqa: TC002 - the same
from typing_extensions import NotRequired

from pulumi_openai_admin.handlers.kinds.workload_identity_providers import WorkloadIdentityProviders
from pulumi_openai_admin.program.provider_reference import PUBLIC_MODULE
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, output
from pulumi_openai_admin.schema.rules import ExactlyOneProperty
from pulumi_openai_admin.schema.wire_forms import Tagged


class AttributeTransformation(TypedDict):
    """An attribute of a verified token, and the expression that computes it."""

    attribute: pulumi.Input[str]
    """The name of the attribute."""
    expression: pulumi.Input[str]
    """The expression that computes it from the token's claims."""


class Discovery(TypedDict):
    """OpenAI gets the issuer's keys from an address. Without `discovery_url` it is the issuer's own."""

    discovery_url: NotRequired[pulumi.Input[str]]
    """The address of the discovery document. Without it, it is the issuer's own."""


class UploadedJwks(TypedDict):
    """The issuer's public keys are given: a JSON Web Key Set."""

    jwks: pulumi.Input[Mapping[str, Any]]
    """The JSON Web Key Set, a mapping with `keys`."""


class IssuerVerification(TypedDict, total=False):
    """Where OpenAI has the issuer's public keys from. Exactly one property is set."""

    discovery: pulumi.Input[Discovery]
    """OpenAI gets the keys from an address."""
    uploaded_jwks: pulumi.Input[UploadedJwks]
    """The keys are given."""


for _shape in (AttributeTransformation, Discovery, UploadedJwks, IssuerVerification):
    _shape.__module__ = PUBLIC_MODULE


@final
class WorkloadIdentityProvider(AdminResource):
    """An OpenID Connect issuer whose tokens workloads exchange for access to OpenAI, without an API key.

    `WorkloadIdentityFederationRule` says which tokens act as which service account. OpenAI deletes a provider only
    after all its rules.

    Its id is `<workload_identity_provider_id>`.

    Raises:
        BadRequestError: OpenAI does not accept a value, or the provider still has rules that are not of this program.
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ParentNotFoundError: The key may be another organization's: it does not show the project of the organization
            that the state records. The provider stays in the state.

    Source: POST /organization/workload_identity_providers and GET, POST, DELETE …/{workload_identity_provider_id}
    (SDK 3.57, `admin.organization.workload_identity_providers`).
    """

    handler = WorkloadIdentityProviders(
        "/organization/workload_identity_providers",
        noun="workload identity provider",
        recognized_by=("name", "issuer"),
    )

    rules = (ExactlyOneProperty("verification"),)

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The name in the dashboard. Changed in place."""
    issuer: Field[str] = argument()
    """The issuer of the tokens, as their claim `iss` has it. Changed in place."""
    audience: Field[str] = argument()
    """The audience of the tokens, as their claim `aud` has it. Changed in place."""
    type: Field[str, Literal["oidc"]] = argument(replaces=True)
    """The protocol: `oidc`. Another one replaces the provider."""
    attribute_transformations: Field[list[dict[str, str]], Sequence[AttributeTransformation] | None] = argument(
        default=None, may_be_empty=True
    )
    """Attributes that are computed from a token's claims. Changed in place; an empty list removes all. If it is left
    out, it is not managed."""
    description: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED)
    """A description. Changed in place."""
    enabled: Field[bool, bool | None] = argument(default=None)
    """Whether tokens of the issuer are accepted. Changed in place. If it is left out, it is not managed; OpenAI enables
    a new provider."""
    verification: Field[dict[str, Any], IssuerVerification | None] = argument(default=None, wire_form=Tagged())
    """Where OpenAI has the issuer's public keys from: `discovery` or `uploaded_jwks`, each with properties. Changed in
    place. If it is left out, it is not managed."""
    workload_identity_provider_id: Field[str] = output(wire="id", identity=True)
    """The provider's id."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: Field[int] = output()
    """When it was last changed, in seconds since 1970 (UTC)."""

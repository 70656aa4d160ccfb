"""Workload identity providers of the organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.kinds.organization_objects import WorkloadIdentityProviders
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import Enumeration
from pulumi_openai_admin.schema.rules import ExactlyOneProperty
from pulumi_openai_admin.schema.shapes import Tagged


class AttributeTransformation(TypedDict):
    """An attribute of a verified token, and the expression that computes it."""

    attribute: pulumi.Input[str]
    """The name of the attribute."""
    expression: pulumi.Input[str]
    """The expression that computes it from the token's claims."""


class Discovery(TypedDict):
    """OpenAI gets the issuer's keys from an address. Without `discovery_url` it is the issuer's own."""

    discovery_url: NotRequired[pulumi.Input[str]]
    """The URL of the discovery document. If omitted, OpenAI uses the issuer's discovery document."""


class UploadedJwks(TypedDict):
    """The issuer's public keys are given: a JSON Web Key Set."""

    jwks: pulumi.Input[Mapping[str, Any]]
    """The JSON Web Key Set, a mapping with `keys`."""


class IssuerVerification(TypedDict, total=False):
    """Where OpenAI has the issuer's public keys from. Exactly one property is set."""

    discovery: pulumi.Input[Discovery]
    """OpenAI gets the keys from a URL."""
    uploaded_jwks: pulumi.Input[UploadedJwks]
    """The program gives the keys."""


@final
class WorkloadIdentityProvider(AdminResource):
    """An OpenID Connect issuer whose tokens workloads exchange for access to OpenAI, without an API key.

    `WorkloadIdentityFederationRule` says which tokens act as which service account. OpenAI deletes a provider only
    after all its rules.

    The resource ID is `<workload_identity_provider_id>`.

    Raises:
        BadRequestError: OpenAI does not accept a value, or the provider still has rules that this program does not
            manage.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The provider stays in the state.
    """

    handler = WorkloadIdentityProviders(
        "/organization/workload_identity_providers", noun="workload identity provider", recognized_by=("name", "issuer")
    )

    rules = (ExactlyOneProperty("verification"),)

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The name in the dashboard."""
    issuer: Field[str] = argument()
    """The issuer of the tokens, as their claim `iss` has it."""
    audience: Field[str] = argument()
    """The audience of the tokens, as their claim `aud` has it."""
    type: Field[str, Literal["oidc"]] = argument(
        choices=Enumeration("WorkloadIdentityProviderType", "The protocol of an issuer.", {"oidc": "OpenID Connect."}),
        replaces=True,
    )
    """The protocol: `oidc`."""
    attribute_transformations: Field[list[dict[str, str]], Sequence[AttributeTransformation] | None] = argument(
        default=None, may_be_empty=True
    )
    """Attributes that are computed from a token's claims. An empty list removes all attributes. If omitted, it is not
    managed."""
    description: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED)
    """A description."""
    enabled: Field[bool, bool | None] = argument(default=None)
    """Whether tokens of the issuer are accepted. If omitted, it is not managed, and OpenAI enables a new provider."""
    verification: Field[dict[str, Any], IssuerVerification | None] = argument(default=None, wire_form=Tagged())
    """The source of the issuer's public keys: `discovery` or `uploaded_jwks`, with its properties. If omitted, it is
    not managed."""
    workload_identity_provider_id: Field[str] = output(wire="id", identity=True)
    """The provider's id."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: Field[int] = output()
    """When it was last changed, in seconds since 1970 (UTC)."""

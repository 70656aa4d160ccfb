"""Federation rules of workload identity providers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.kinds.organization_objects import FederationRules
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.rules import ExactlyOneProperty
from pulumi_openai_admin.schema.shapes import Tagged


class ServiceAccountDefault(TypedDict):
    """All that the service account may do."""


class Restricted(TypedDict):
    """Some scopes only."""

    scopes: pulumi.Input[Sequence[pulumi.Input[str]]]
    """The scopes, for example `api.responses.write`."""


class FederationRulePermissions(TypedDict, total=False):
    """The permissions of tokens. Exactly one property is set."""

    service_account_default: pulumi.Input[ServiceAccountDefault]
    """All permissions of the service account: an empty mapping."""
    restricted: pulumi.Input[Restricted]
    """Some scopes only."""


@final
class WorkloadIdentityFederationRule(AdminResource):
    """Lets tokens of a workload identity provider act as a service account.

    The resource ID is `<workload_identity_provider_id>/<federation_rule_id>`.

    Raises:
        NotFoundError: The project or the service account does not exist.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The rule stays in the state.
    """

    handler = FederationRules(
        "/organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules",
        noun="federation rule",
        recognized_by=("name",),
    )

    rules = (ExactlyOneProperty("permissions"),)

    workload_identity_provider_id: Field[str] = path()
    """The provider whose tokens the rule is for."""
    project_id: Field[str] = argument(replaces=True)
    """The project (`proj_…`) of the service account. OpenAI can't change it."""
    service_account_id: Field[str] = argument(replaces=True)
    """The service account that matching tokens act as. OpenAI can't change it."""
    attribute_matchers: Field[dict[str, Any], Mapping[str, str | bool | float]] = argument()
    """The value that each attribute of a token must have. Values are strings, numbers or Booleans."""
    name: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED)
    """The name in the dashboard."""
    description: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED)
    """A description."""
    enabled: Field[bool, bool | None] = argument(default=None)
    """Whether the rule applies. If omitted, it is not managed, and OpenAI enables a new rule."""
    permissions: Field[dict[str, Any], FederationRulePermissions | None] = argument(default=None, wire_form=Tagged())
    """The permissions of the tokens. `service_account_default` gives all permissions of the account, and `restricted`
    gives some scopes. If omitted, it is not managed, and OpenAI gives a new rule all permissions of the service
    account."""
    federation_rule_id: Field[str] = output(wire="id", identity=True)
    """The rule's id."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: Field[int] = output()
    """When it was last changed, in seconds since 1970 (UTC)."""

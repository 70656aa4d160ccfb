"""The scenarios of workload identity: an identity provider, and a rule that trusts its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

from pulumi_openai_admin import ProjectServiceAccount, WorkloadIdentityFederationRule, WorkloadIdentityProvider
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Scenario, Step, verbs_of_object

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess

OIDC = {"issuer": "https://token.example.com", "audience": "openai", "type": "oidc"}
TRANSFORMED = [{"attribute": "repo", "expression": "claims.repository"}]
KEYS = {"uploaded_jwks": {"jwks": {"keys": [{"kty": "RSA", "kid": "1", "n": "AQAB", "e": "AQAB"}]}}}
KEYS_AT = {"discovery_url": "https://keys.example.com"}
PROVIDER = Scenario(
    WorkloadIdentityProvider,
    inputs={"name": "ci", **OIDC, "verification": {"discovery": {}}, "description": "CI"},
    outputs={"enabled": True, "attribute_transformations": []},
    drift=Drift({"name": "renamed by hand"}),
    steps=(
        Step(
            {
                "name": "ci-2",
                "audience": "api",
                "enabled": False,
                "attribute_transformations": TRANSFORMED,
                "description": None,
                "verification": KEYS,
            },
            {"description": "", "updated_at": ANY},
        ),
        Step(
            {
                "audience": "openai",
                "enabled": None,
                "attribute_transformations": [],
                "verification": {"discovery": KEYS_AT},
            },
            {"updated_at": ANY},
        ),
    ),
    bad={
        "attribute_transformations[0] lacks expression": {"attribute_transformations": [{"attribute": "repo"}]},
        "verification['type'] is not one of discovery, uploaded_jwks": {"verification": {"type": "x"}},
        "verification['uploaded_jwks'] lacks jwks": {"verification": {"uploaded_jwks": {}}},
        "verification['discovery_url'] is not one of discovery, uploaded_jwks": {"verification": KEYS_AT},
    },
    rule=CreatedOnce("workload_identity_provider"),
    verbs=verbs_of_object(lambda number: {"name": f"provider {number}", **OIDC}, {"name": "renamed"}),
    another_team={"create": AnotherTeam(OIDC)},
)

MATCHERS = {"attribute_matchers": {"repository": "acme/shop"}}
PLACE = {
    "workload_identity_provider_id": "wip_life",
    "project_id": "proj_rules",
    "service_account_id": "svc_acct_rules",
}


def _place(host: DynamicProcess, project: str) -> dict[str, Any]:
    account = {"project_id": project, "name": "ci", "create_service_account_only": True}
    return {
        "workload_identity_provider_id": host.create(WorkloadIdentityProvider, {"name": project, **OIDC})[0],
        "service_account_id": host.create(ProjectServiceAccount, account)[1]["service_account_id"],
    }


RULE = Scenario(
    WorkloadIdentityFederationRule,
    seed={
        "projects": [
            {"id": "proj_rules", "name": "rules", "service_accounts": [{"id": "svc_acct_rules", "name": "ci"}]}
        ],
        "workload_identity_providers": [{"id": "wip_life", "name": "ci", **OIDC}],
    },
    inputs={**PLACE, "name": "shop", **MATCHERS, "permissions": {"restricted": {"scopes": ["api.responses.write"]}}},
    outputs={"enabled": True, "description": ""},
    drift=Drift({"name": "renamed by hand"}, also={"enabled": True}),
    steps=(
        Step(
            {
                "name": None,
                "attribute_matchers": {"repository": "acme/shop", "protected": True, "runs": 3},
                "description": "The shop",
                "enabled": False,
                "permissions": {"service_account_default": {}},
            },
            {"name": "", "updated_at": ANY},
        ),
    ),
    another={"service_account_id": "svc_acct_other"},
    bad={
        "attribute_matchers is empty": {"attribute_matchers": {}},
        "permissions['restricted'] lacks scopes": {"permissions": {"restricted": {}}},
        "permissions['type'] is not one of service_account_default, restricted": {"permissions": {"type": "x"}},
    },
    rule=CreatedOnce("federation_rule"),
    verbs=verbs_of_object(lambda number: {"name": f"rule {number}", **MATCHERS}, {"name": "renamed"}),
    prepare=_place,
    another_team={
        "create": AnotherTeam({**MATCHERS, "project_id": "{project_id}", "service_account_id": "{service_account_id}"})
    },
)

"""The scenario of a `WorkloadIdentityProvider`."""

from __future__ import annotations

from pulumi_openai_admin import WorkloadIdentityProvider
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Matrix, Scenario, Step, Verb

PROVIDERS = "/organization/workload_identity_providers"
PLACE = {"issuer": "https://token.example.com", "audience": "openai", "type": "oidc"}
JWKS = {"uploaded_jwks": {"jwks": {"keys": [{"kty": "RSA", "kid": "1", "n": "AQAB", "e": "AQAB"}]}}}


def provider(name: str) -> dict[str, str]:
    return {"name": name, **PLACE}


SCENARIO = Scenario(
    WorkloadIdentityProvider,
    path=PROVIDERS + "/{id}",
    inputs={**provider("ci"), "verification": {"discovery": {}}, "description": "CI"},
    outputs={**provider("ci"), "verification": {"discovery": {}}, "enabled": True, "attribute_transformations": []},
    drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
    steps=[
        Step(
            {
                **provider("ci-2"),
                "audience": "api",
                "enabled": False,
                "attribute_transformations": [{"attribute": "repo", "expression": "claims.repository"}],
                "verification": JWKS,
            },
            {
                "name": "ci-2",
                "audience": "api",
                "description": "",
                "enabled": False,
                "attribute_transformations": [{"attribute": "repo", "expression": "claims.repository"}],
                "verification": JWKS,
            },
            writes=["POST workload_identity_providers"],
            keeps=("workload_identity_provider_id", "created_at"),
        ),
        Step(
            {
                **provider("ci-2"),
                "attribute_transformations": [],
                "verification": {"discovery": {"discovery_url": "https://keys.example.com"}},
            },
            {
                "audience": "openai",
                "enabled": False,
                "attribute_transformations": [],
                "verification": {"discovery": {"discovery_url": "https://keys.example.com"}},
            },
            writes=["POST workload_identity_providers"],
            keeps=("workload_identity_provider_id", "name"),
        ),
    ],
    replaced_by=None,
    replaces="name",
    bad={
        "name is empty": {"name": ""},
        "issuer is missing": {"issuer": None},
        "type must be 'oidc', not 'saml'": {"type": "saml"},
        "attribute_transformations[0] lacks expression": {"attribute_transformations": [{"attribute": "repo"}]},
        "verification['type'] is not one of discovery, uploaded_jwks": {"verification": {"type": "x"}},
        "verification['uploaded_jwks'] lacks jwks": {"verification": {"uploaded_jwks": {}}},
        "verification['discovery_url'] is not one of discovery, uploaded_jwks": {
            "verification": {"discovery_url": "https://keys.example.com"}
        },
    },
    missing="wip_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path=PROVIDERS,
        rule=CreatedOnce("workload_identity_provider"),
        verbs=(
            Verb("create", None, provider("p-made"), "POST"),
            Verb("create-list", None, provider("p-listed"), "GET"),
            Verb("read", provider("p-read"), provider("p-read"), "GET", "{id}"),
            Verb("rename", provider("p-old"), provider("p-renamed"), "POST", "{id}"),
            Verb("delete", provider("p-deleted"), None, "DELETE", "{id}"),
        ),
    ),
    another_team={"create": AnotherTeam(None, provider("shop"), PROVIDERS, PLACE)},
)

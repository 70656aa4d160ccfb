"""The scenario of a `WorkloadIdentityFederationRule`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectServiceAccount, WorkloadIdentityFederationRule, WorkloadIdentityProvider
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

RULES = "/organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules"
PROVIDER = {"name": "ci", "issuer": "https://token.example.com", "audience": "openai", "type": "oidc"}
PLACE = {
    "workload_identity_provider_id": "wip_life",
    "project_id": "proj_rules",
    "service_account_id": "svc_acct_rules",
}
MATCHERS = {"attribute_matchers": {"repository": "acme/shop"}}


def place(host: DynamicHost, project: str) -> dict[str, Any]:
    """A provider, and a service account of the project."""
    account = {"project_id": project, "name": "ci", "create_service_account_only": True}
    return {
        "workload_identity_provider_id": host.create(WorkloadIdentityProvider, {**PROVIDER, "name": project})[0],
        "service_account_id": host.create(ProjectServiceAccount, account)[1]["service_account_id"],
    }


def rule(name: str) -> dict[str, Any]:
    return {"name": name, **MATCHERS}


SCENARIO = Scenario(
    WorkloadIdentityFederationRule,
    path="/organization/workload_identity_providers/wip_life/federation_rules/{id}",
    seed={
        "projects": [
            {"id": "proj_rules", "name": "rules", "service_accounts": [{"id": "svc_acct_rules", "name": "ci"}]}
        ],
        "workload_identity_providers": [{"id": "wip_life", **PROVIDER}],
    },
    inputs={**PLACE, **rule("shop"), "permissions": {"restricted": {"scopes": ["api.responses.write"]}}},
    outputs={**PLACE, **rule("shop"), "enabled": True, "description": ""},
    drift=Drift({"enabled": True, "name": "renamed by hand"}, "name", shows="renamed by hand"),
    steps=[
        Step(
            {
                **PLACE,
                "attribute_matchers": {"repository": "acme/shop", "protected": True, "runs": 3},
                "description": "The shop",
                "enabled": False,
                "permissions": {"service_account_default": {}},
            },
            {
                "name": "",
                "attribute_matchers": {"repository": "acme/shop", "protected": True, "runs": 3},
                "description": "The shop",
                "enabled": False,
                "permissions": {"service_account_default": {}},
            },
            writes=["POST federation_rules"],
            keeps=("federation_rule_id", "created_at"),
        ),
    ],
    replaced_by={**PLACE, "service_account_id": "svc_acct_other", **MATCHERS},
    replaces="service_account_id",
    bad={
        "attribute_matchers is missing": {"attribute_matchers": None},
        "attribute_matchers is empty": {"attribute_matchers": {}},
        "workload_identity_provider_id is not an id": {"workload_identity_provider_id": "a/b"},
        "permissions['restricted'] lacks scopes": {"permissions": {"restricted": {}}},
        "permissions['type'] is not one of service_account_default, restricted": {"permissions": {"type": "x"}},
    },
    missing="wip_life/wifr_none",
    malformed="wip_life",
    is_in_project=False,
    has_project_of_account=True,
    matrix=Matrix(
        path=RULES,
        rule=CreatedOnce("federation_rule"),
        verbs=(
            Verb("create", None, rule("r-made"), "POST"),
            Verb("create-list", None, rule("r-listed"), "GET"),
            Verb("read", rule("r-read"), rule("r-read"), "GET", "{id}"),
            Verb("rename", rule("r-old"), rule("r-renamed"), "POST", "{id}"),
            Verb("delete", rule("r-deleted"), None, "DELETE", "{id}"),
        ),
        prepare=place,
    ),
    another_team={
        "create": AnotherTeam(
            None,
            rule("shop"),
            RULES,
            {**MATCHERS, "project_id": "{project_id}", "service_account_id": "{service_account_id}"},
        )
    },
)

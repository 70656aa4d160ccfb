"""The scenario of a `ProjectServiceAccount`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectServiceAccount
from tests.host.nothing_lost import assert_nothing_lost, live_accounts
from tests.host.scenario import PROJECT, AnotherTeam, Case, Drift, Matrix, Scenario, Step, Verb

ACCOUNTS = "/organization/projects/{project_id}/service_accounts"
ACCOUNT, KEYLESS = {"name": "ci"}, {"name": "ci", "create_service_account_only": True}


class AccountAndKey:
    """One account and one live key, both in the state."""

    def orphans(self, case: Case) -> set[str]:
        return set(live_accounts(case.server, case.project)) - {case.outcome.id.rpartition("/")[2]}

    def check(self, case: Case) -> None:
        assert_nothing_lost(case.server, case.project, case.outcome)


SCENARIO = Scenario(
    ProjectServiceAccount,
    path="/organization/projects/proj_demo/service_accounts/{id}",
    inputs={**PROJECT, "name": "ci"},
    outputs={**PROJECT, "name": "ci", "role": "member", "api_key_expires_at": ""},
    drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
    steps=[
        Step(
            {**PROJECT, "name": "ci-2", "role": "owner"},
            {"name": "ci-2", "role": "owner"},
            writes=["POST service_accounts"],
            keeps=("service_account_id", "api_key", "api_key_id"),
        ),
        Step(
            {**PROJECT, "name": "ci-2", "role": "owner", "expires_in_seconds": 3600},
            {"role": "owner", "expires_in_seconds": 3600},
            writes=["POST api_keys"],
            keeps=("service_account_id", "api_key", "api_key_id"),
        ),
        Step(
            {**PROJECT, "name": "ci-2", "create_service_account_only": True},
            {"api_key": "", "api_key_id": "", "create_service_account_only": True},
            writes=["DELETE api_keys"],
            keeps=("service_account_id",),
            warns=" will be revoked, because of ",
        ),
        Step(
            {**PROJECT, "name": "ci-2", "role": "member", "create_service_account_only": False},
            {"role": "member", "create_service_account_only": False},
            writes=["POST service_accounts", "POST api_keys"],
            keeps=("service_account_id",),
        ),
    ],
    replaced_by={"project_id": "proj_other", "name": "ci-2"},
    replaces="project_id",
    bad={
        "name is empty": {"name": ""},
        "name must be a string, not a number": {"name": 3},
        "role must be 'member' or 'owner', not 'boss'": {"role": "boss"},
        "expires_in_seconds must be a whole number from 1 to 31536000, not 0": {"expires_in_seconds": 0},
        "create_service_account_only must be True or False, not a string": {"create_service_account_only": "yes"},
        "expires_in_seconds can't be set together with create_service_account_only=True": {
            "create_service_account_only": True,
            "expires_in_seconds": 60,
        },
    },
    matrix=Matrix(
        path="/organization/projects/{project_id}",
        rule=AccountAndKey(),
        verbs=(
            Verb("create", None, ACCOUNT, "POST", "service_accounts"),
            Verb("create-list", None, ACCOUNT, "GET", "service_accounts"),
            Verb("create-owner", None, {**ACCOUNT, "role": "owner"}, "POST", "service_accounts/*"),
            Verb("create-keyless", None, KEYLESS, "POST", "service_accounts"),
            Verb("read", ACCOUNT, ACCOUNT, "GET", "service_accounts/*"),
            Verb("read-keys", ACCOUNT, ACCOUNT, "GET", "api_keys"),
            Verb("rename", {"name": "old"}, ACCOUNT, "POST", "service_accounts/*"),
            Verb("mint", KEYLESS, ACCOUNT, "POST", "service_accounts/*/api_keys"),
            Verb("revoke", ACCOUNT, KEYLESS, "DELETE", "api_keys/*"),
            Verb("expiry", ACCOUNT, {**ACCOUNT, "expires_in_seconds": 99}, "POST", "api_keys/*"),
            Verb("delete", ACCOUNT, None, "DELETE", "service_accounts/*"),
        ),
    ),
    another_team={
        "create": AnotherTeam(None, ACCOUNT, ACCOUNTS, {}),
        "create-keyless": AnotherTeam(None, KEYLESS, ACCOUNTS, {}),
        "mint": AnotherTeam(
            KEYLESS, ACCOUNT, ACCOUNTS + "/{service_account_id}/api_keys", {"scopes": ["api.model.read"]}
        ),
    },
)

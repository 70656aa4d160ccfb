"""The scenario of a `ProjectServiceAccountApiKey`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey
from tests.host.delivery import REFUSED, TO_NOBODY
from tests.host.nothing_lost import assert_made_once, known_ids, live_keys
from tests.host.scenario import AnotherTeam, Case, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

KEY = {"project_id": "proj_keys", "service_account_id": "svc_acct_life"}
MATRIX_KEY = {"name": "k", "scopes": ["api.model.request"]}
RARELY = {**MATRIX_KEY, "rotate_every": "30d", "overlap": "10m"}
OFTEN = {**MATRIX_KEY, "rotate_every": "30m", "overlap": "10m"}
SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}


def account(host: DynamicHost, project: str) -> dict[str, Any]:
    """A keyless account for a key to belong to."""
    inputs = {"project_id": project, "name": "ci", "create_service_account_only": True}
    return {"service_account_id": host.create(ProjectServiceAccount, inputs)[1]["service_account_id"]}


class OneKey:
    """One live key, which is in the state, and the old keys that the state names."""

    def orphans(self, case: Case) -> set[str]:
        return live_keys(case.server, case.project) - known_ids("api_key_id", case.outcome)

    def check(self, case: Case) -> None:
        assert_made_once(live_keys(case.server, case.project), "api_key_id", case.outcome)


SCENARIO = Scenario(
    ProjectServiceAccountApiKey,
    path="",
    seed={
        "projects": [{"id": "proj_keys", "name": "keys", "service_accounts": [{"id": "svc_acct_life", "name": "ci"}]}]
    },
    inputs={**KEY, "name": "k", "scopes": ["api.responses.write"], "triggers": ["2026-Q4", 1]},
    outputs={**KEY, "name": "k", "scopes": ["api.responses.write"], "expires_at": "", "expires_in_seconds": ""},
    drift=None,
    steps=[
        Step(
            {**KEY, "name": "k", "scopes": ["api.responses.read"], "triggers": ["2026-Q4", 1]},
            {"scopes": ["api.responses.read"]},
            writes=["POST api_keys"],
            keeps=("api_key_id", "api_key", "expires_at"),
        ),
        Step(
            {
                **KEY,
                "name": "k",
                "scopes": ["api.responses.read"],
                "expires_in_seconds": 3600,
                "triggers": ["2026-Q4", 1],
            },
            {"expires_in_seconds": 3600},
            writes=["POST api_keys"],
            keeps=("api_key_id", "api_key"),
        ),
        Step(
            {
                **KEY,
                "name": "k",
                "scopes": ["api.responses.read"],
                "triggers": ["2026-Q4", 1],
                "expires_in_seconds": 7_776_001,
                **SCHEDULE,
            },
            {**SCHEDULE, "retiring_api_keys": ""},
            writes=["POST api_keys"],
            keeps=("api_key_id", "api_key"),
        ),
    ],
    replaced_by={
        **KEY,
        "name": "k",
        "scopes": ["api.responses.read"],
        "expires_in_seconds": 7_776_001,
        **SCHEDULE,
        "triggers": ["2027-Q1", 1],
    },
    replaces="triggers",
    bad={
        "scopes is an empty list, which means everything to OpenAI": {"scopes": []},
        "scopes[0] must be a string, not a number": {"scopes": [3]},
        "service_account_id is not an id": {"service_account_id": "a/b"},
        "expires_in_seconds must be a whole number from 1 to 31536000, not 0": {"expires_in_seconds": 0},
        "triggers must be a list, not a string": {"triggers": "2026"},
        **REFUSED,
        "rotate_every must be a number of minutes, hours, days or weeks": {"rotate_every": "3 months"},
        "overlap has no effect without rotate_every": {"overlap": "24h"},
        "overlap must be shorter than rotate_every": {"rotate_every": "24h", "overlap": "1d"},
        "rotate_every must be shorter than expires_in_seconds": {"rotate_every": "90d", "expires_in_seconds": 3600},
    },
    missing="proj_keys/svc_acct_life/key_none",
    malformed="proj_keys/svc_acct_life",
    matrix=Matrix(
        path="/organization/projects/{project_id}",
        rule=OneKey(),
        verbs=(
            Verb("create", None, MATRIX_KEY, "POST", "service_accounts/*/api_keys"),
            Verb("deliver", None, {**MATRIX_KEY, "deliver_to": TO_NOBODY}, "POST", "service_accounts/*/api_keys"),
            Verb("create-list", None, MATRIX_KEY, "GET", "api_keys"),
            Verb("read", MATRIX_KEY, MATRIX_KEY, "GET", "api_keys"),
            Verb("expiry", MATRIX_KEY, {**MATRIX_KEY, "expires_in_seconds": 99}, "POST", "api_keys/*"),
            Verb("rotate", RARELY, OFTEN, "POST", "service_accounts/*/api_keys", is_later=True),
            Verb("rotate-list", RARELY, OFTEN, "GET", "api_keys", is_later=True),
            Verb("retire", OFTEN, RARELY, "DELETE", "api_keys/*", earlier=(RARELY,), is_later=True),
            Verb("delete", MATRIX_KEY, None, "DELETE", "api_keys/*"),
        ),
        prepare=account,
    ),
    another_team={
        "create": AnotherTeam(
            None,
            {"name": "k"},
            "/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys",
            {"scopes": ["api.model.read"]},
        )
    },
)

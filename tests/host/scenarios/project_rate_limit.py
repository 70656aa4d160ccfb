"""The scenario of a `ProjectRateLimit`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectRateLimit
from tests.host.nothing_lost import assert_limits_can_be_put_back
from tests.host.scenario import PROJECT, Case, Drift, Matrix, Scenario, Step, Verb

LIMIT = {"model": "gpt-4o", "max_requests_per_1_minute": 60}


class RestorableRow:
    """The row is what the program sets, or the state has what restores it."""

    def orphans(self, _case: Case) -> set[str]:
        return set()  # rows always exist

    def check(self, case: Case) -> None:
        wanted = {name: value for name, value in (case.verb.after or {}).items() if name.startswith("max_")}
        assert_limits_can_be_put_back(case.server, case.project, case.outcome, wanted)


SCENARIO = Scenario(
    ProjectRateLimit,
    path="/organization/projects/proj_demo/rate_limits/{id}",
    inputs={**PROJECT, "model": "gpt-4o", "max_requests_per_1_minute": 60},
    outputs={
        **PROJECT,
        "model": "gpt-4o",
        "rate_limit_id": "rl-gpt-4o",
        "max_requests_per_1_minute": 60,
        "max_images_per_1_minute": 50_000,
        "baseline": {"max_requests_per_1_minute": 10000},
    },
    drift=Drift({"max_requests_per_1_minute": 77, "max_tokens_per_1_minute": 5}, "max_requests_per_1_minute", shows=77),
    steps=[
        Step(
            {**PROJECT, "rate_limit_id": "rl-gpt-4o", "max_requests_per_1_minute": 60},
            {"rate_limit_id": "rl-gpt-4o", "model": "gpt-4o"},
            writes=[],
            keeps=("baseline",),
        ),
        Step(
            {**PROJECT, "model": "gpt-4o", "max_requests_per_1_minute": 0, "max_tokens_per_1_minute": 9},
            {"max_requests_per_1_minute": 0, "max_tokens_per_1_minute": 9},
            writes=["POST rate_limits"],
        ),
        Step(
            {**PROJECT, "model": "gpt-4o", "max_tokens_per_1_minute": 9},
            {"max_requests_per_1_minute": 10000, "max_tokens_per_1_minute": 9},
            writes=["POST rate_limits"],
        ),
    ],
    replaced_by={**PROJECT, "model": "gpt-4o-mini", "max_tokens_per_1_minute": 9},
    replaces="model",
    bad={
        "max_requests_per_1_minute must be a whole number, 0 or more, not -1": {"max_requests_per_1_minute": -1},
        "max_requests_per_1_minute must be a whole number, 0 or more, not 1.5": {"max_requests_per_1_minute": 1.5},
        "max_requests_per_1_minute must be a whole number, 0 or more, not a truth value": {
            "max_requests_per_1_minute": True
        },
        "max_requests_per_1_minute must be a whole number, 0 or more, not a string": {
            "max_requests_per_1_minute": "60"
        },
        "Set exactly one of model and rate_limit_id: model and rate_limit_id are set": {"rate_limit_id": "rl-x"},
        "Set exactly one of model and rate_limit_id: none of them is set": {"model": None},
        "Set at least one of ": {"max_requests_per_1_minute": None},
        "model is empty": {"model": " "},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
        "project_id is missing": {"project_id": None},
    },
    is_gone_after_delete=False,
    matrix=Matrix(
        path="/organization/projects/{project_id}/rate_limits",
        rule=RestorableRow(),
        verbs=(
            Verb("create", None, LIMIT, "POST", "*"),
            Verb("create-list", None, LIMIT, "GET"),
            Verb("read", LIMIT, LIMIT, "GET"),
            Verb("update", LIMIT, {**LIMIT, "max_tokens_per_1_minute": 7}, "POST", "*"),
            Verb("delete", LIMIT, None, "POST", "*"),
        ),
    ),
)

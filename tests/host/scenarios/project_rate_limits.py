"""The scenario of a `ProjectRateLimits`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectRateLimits
from tests.host.nothing_lost import assert_limits_can_be_put_back
from tests.host.scenario import PROJECT, Case, Drift, Matrix, Scenario, Step, Verb

WHISPER = {"max_requests_per_1_minute": 10}
LIMITS = {"limits": {"gpt-4o": {"max_requests_per_1_minute": 60}, "whisper*": {"max_requests_per_1_minute": 5}}}
MORE_LIMITS = {"limits": {"gpt-4o": {"max_requests_per_1_minute": 60, "max_tokens_per_1_minute": 7}}}


class RestorableRows:
    """The row of `gpt-4o` is what the program sets, or the state has what restores it."""

    def orphans(self, _case: Case) -> set[str]:
        return set()  # rows always exist

    def check(self, case: Case) -> None:
        wanted = (case.verb.after or {}).get("limits", {}).get("gpt-4o", {})
        assert_limits_can_be_put_back(case.server, case.project, case.outcome, wanted)


SCENARIO = Scenario(
    ProjectRateLimits,
    path="/organization/projects/proj_demo/rate_limits/rl-whisper-1",
    inputs={**PROJECT, "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}, "whisper*": WHISPER}},
    outputs={
        **PROJECT,
        "others": "",
        "baseline": {
            "gpt-4o": {"max_requests_per_1_minute": 10000},
            "whisper-1": {"max_requests_per_1_minute": 10000},
        },
        "skipped": {},
        "not_limited": {},
    },
    drift=Drift(
        {"max_requests_per_1_minute": 77},
        "limits",
        shows={
            "gpt-4o": {"max_requests_per_1_minute": 60},
            "whisper*": WHISPER,
            "whisper-1": {"max_requests_per_1_minute": 77},
        },
    ),
    steps=[
        Step(
            {**PROJECT, "limits": {"gpt-4o": {"max_requests_per_1_minute": 0}, "whisper*": WHISPER}},
            {},
            writes=["POST rate_limits"],
            keeps=("baseline",),
        ),
        Step(
            {**PROJECT, "limits": {"whisper*": WHISPER}},
            {"baseline": {"whisper-1": {"max_requests_per_1_minute": 10000}}},
            writes=["POST rate_limits"],
        ),
        Step(
            {**PROJECT, "limits": {"whisper*": WHISPER, "gpt-4o": {"max_tokens_per_1_minute": 2_000_000}}},
            {"baseline": {"whisper-1": {"max_requests_per_1_minute": 10000}}},
            writes=[],
        ),
    ],
    replaced_by={"project_id": "proj_staging", "limits": {"whisper*": WHISPER}},
    replaces="project_id",
    bad={
        "limits is missing": {"limits": None},
        "limits is empty": {"limits": {}},
        "limits must be a mapping, not a string": {"limits": "all"},
        "limits['gpt-4o'] is empty": {"limits": {"gpt-4o": {}}},
        "limits['gpt-4o'] must be a mapping, not a number": {"limits": {"gpt-4o": 60}},
        "limits[''] is an empty name": {"limits": {"": WHISPER}},
        "limits['gpt-4o']['max_rpm'] is not one of max": {"limits": {"gpt-4o": {"max_rpm": 60}}},
        "others['max_requests_per_1_minute'] must be a whole number, 0 or more, not 1.5": {
            "others": {"max_requests_per_1_minute": 1.5}
        },
    },
    is_gone_after_delete=False,
    missing="proj_none",
    malformed="a/b",
    matrix=Matrix(
        path="/organization/projects/{project_id}/rate_limits",
        rule=RestorableRows(),
        verbs=(
            Verb("create", None, LIMITS, "POST", "*"),
            Verb("create-list", None, LIMITS, "GET"),
            Verb("read", LIMITS, LIMITS, "GET"),
            Verb("update", LIMITS, MORE_LIMITS, "POST", "*"),
            Verb("delete", LIMITS, None, "POST", "*"),
        ),
    ),
)

"""The scenarios of the rate limits of a project: of one model, and of several."""

from __future__ import annotations

from unittest.mock import ANY

from pulumi_openai_admin import ProjectRateLimit, ProjectRateLimits
from tests.host.scenario import PROJECT, Case, Drift, Inputs, Rule, Scenario, Step, Verb

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
LIMIT = {"model": "gpt-4o", RPM: 60}
ORIGINAL = {RPM: 10_000, TPM: 2_000_000}


class RestorableRow(Rule):
    """The row of `gpt-4o` is what the program sets, or the state has what restores it."""

    def check(self, case: Case) -> None:
        given = case.verb.after or {}
        row = given["limits"].get("gpt-4o", {}) if "limits" in given else given
        wanted = {name: value for name, value in row.items() if name.startswith("max_")}
        limits, outcome = case.server.control.state()["projects"][case.project]["rate_limits"], case.outcome
        changed = limits["changed"].get("rl-gpt-4o", {})
        now = {name: changed.get(ROW.name_sent(name), value) for name, value in ORIGINAL.items()}
        if not outcome.error:
            assert now == {**ORIGINAL, **(wanted if outcome.state else {})}, outcome
            return
        for name in [name for name, value in now.items() if value != ORIGINAL[name]]:
            assert outcome.state, outcome
            baseline = outcome.state["baseline"].get("gpt-4o", outcome.state["baseline"])
            assert baseline[name] == ORIGINAL[name], outcome


def _verbs(first: Inputs, second: Inputs) -> tuple[Verb, ...]:
    return (
        Verb("create", None, first, "POST", "*"),
        Verb("create-list", None, first, "GET"),
        Verb("read", first, first, "GET"),
        Verb("update", first, second, "POST", "*"),
        Verb("delete", first, None, "POST", "*"),
    )


ROW = Scenario(
    ProjectRateLimit,
    inputs={**PROJECT, **LIMIT},
    outputs={"rate_limit_id": "rl-gpt-4o", "max_images_per_1_minute": 50_000, "baseline": {RPM: 10000}},
    drift=Drift({RPM: 77}, also={TPM: 5}),
    steps=(
        Step({"model": None, "rate_limit_id": "rl-gpt-4o"}, {"model": "gpt-4o"}, writes=()),
        Step(
            {"rate_limit_id": None, "model": "gpt-4o", RPM: 0, TPM: 9},
            {"rate_limit_id": "rl-gpt-4o", "baseline": {RPM: 10000, TPM: 5}},
        ),
        Step({RPM: None}, {RPM: 10000, "baseline": {TPM: 5}}),
    ),
    another={"model": "gpt-4o-mini"},
    bad={
        f"{RPM} must be a whole number, 0 or more, not 1.5": {RPM: 1.5},
        f"{RPM} must be a whole number, 0 or more, not a truth value": {RPM: True},
        "Set exactly one of model and rate_limit_id: model and rate_limit_id are set": {"rate_limit_id": "rl-x"},
        "Set exactly one of model and rate_limit_id: none of them is set": {"model": None},
        "Set at least one of ": {RPM: None},
        "model is empty": {"model": " "},
    },
    is_gone_after_delete=False,
    rule=RestorableRow(),
    verbs=_verbs(LIMIT, {**LIMIT, TPM: 7}),
)

WHISPER = {RPM: 10}
LISTED = {"limits": ANY, "__rows": ANY}
"""What has an entry of its own for a row that was corrected."""
ROWS = Scenario(
    ProjectRateLimits,
    inputs={**PROJECT, "limits": {"gpt-4o": {RPM: 60}, "whisper*": WHISPER}},
    outputs={
        "limits": ANY,
        "others": "",
        "baseline": {"gpt-4o": {RPM: 10000}, "whisper-1": {RPM: 10000}},
        "skipped": {},
        "not_limited": {},
    },
    drift=Drift(
        {"limits": {"gpt-4o": {RPM: 60}, "whisper*": WHISPER, "whisper-1": {RPM: 77}}},
        body=ROW.sent({RPM: 77}),
        path="/organization/projects/proj_demo/rate_limits/rl-whisper-1",
    ),
    steps=(
        Step({"limits": {"gpt-4o": {RPM: 0}, "whisper*": WHISPER}}, LISTED),
        Step({"limits": {"whisper*": WHISPER}}, {**LISTED, "baseline": {"whisper-1": {RPM: 10000}}}),
        Step({"limits": {"whisper*": WHISPER, "gpt-4o": {TPM: 2_000_000}}}, LISTED, writes=()),
    ),
    bad={
        "limits is empty": {"limits": {}},
        "limits['gpt-4o'] is empty": {"limits": {"gpt-4o": {}}},
        "limits['gpt-4o'] must be a mapping, not a number": {"limits": {"gpt-4o": 60}},
        "limits[''] is an empty name": {"limits": {"": WHISPER}},
        "limits['gpt-4o']['max_rpm'] is not one of max": {"limits": {"gpt-4o": {"max_rpm": 60}}},
        f"others['{RPM}'] must be a whole number, 0 or more, not 1.5": {"others": {RPM: 1.5}},
    },
    is_gone_after_delete=False,
    rule=RestorableRow(),
    verbs=_verbs({"limits": {"gpt-4o": {RPM: 60}, "whisper*": {RPM: 5}}}, {"limits": {"gpt-4o": {RPM: 60, TPM: 7}}}),
)

"""A whole project's limits in one resource, on the real engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.engine.stacks import shown_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, object]]

LIMITS = ("max_requests_per_1_minute", "max_tokens_per_1_minute")
ALLOW_LIST = """
    limits = ProjectRateLimits("limits", project_id="proj_demo",
        limits={{
            "gpt-4o": {{"max_requests_per_1_minute": {requests}}},
            "gpt-4o-mini*": {{"max_requests_per_1_minute": 9}},
        }},
        others={{"max_requests_per_1_minute": 0}})
    pulumi.export("gpt-4o", limits.rows["gpt-4o"]["max_requests_per_1_minute"])
    pulumi.export("skipped", limits.skipped)
"""


def requests_by_method(emulator: EmulatorServer) -> dict[str, int]:
    methods = [one["method"] for one in emulator.control.requests()]
    return {method: methods.count(method) for method in set(methods)}


def test_an_allow_list_lives_and_is_put_back(stack: Stack, emulator: EmulatorServer, openai: OpenAI) -> None:
    rows = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
    stack.program(ALLOW_LIST.format(requests=60))
    stack.up()
    stack.assert_clean()
    outputs = stack.outputs()
    assert outputs["gpt-4o"] == 60
    assert "rate_limit_not_updatable" in outputs["skipped"]["gpt-4o-shared"]

    emulator.control.clear_requests()
    assert stack.ok("up", "--yes", "--skip-preview", "--refresh").summary == {"unchanged": 2}
    assert requests_by_method(emulator) == {"GET": 1}, "one list, no POST"

    stack.program(ALLOW_LIST.format(requests=61))
    assert shown_changes(stack.preview().text, deep=True) == ["~ max_requests_per_1_minute: 60 => 61"]
    emulator.control.clear_requests()
    stack.up()
    assert requests_by_method(emulator) == {"GET": 1, "POST": 1}

    stack.destroy()
    after = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
    assert isinstance(rows, list)
    assert isinstance(after, list)
    different = [new["model"] for old, new in zip(rows, after, strict=True) if old != new]
    assert all("pro" in model for model in different), "only what the organization's ceiling refuses"


def test_drift_and_new_models_show_by_row_and_field(stack: Stack, emulator: EmulatorServer, openai: OpenAI) -> None:
    stack.program(ALLOW_LIST.format(requests=60))
    stack.up()
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o-mini", max_requests_per_1_minute=88)
    emulator.control.seed({"rate_limit_rows": [{"model": "brand-new", "limits": dict.fromkeys(LIMITS, 500)}]})
    stack.refresh()
    text = re.sub(r"\s+", " ", stack.preview().text)
    assert "~ brand-new : { ~ max_requests_per_1_minute: 500 => 0 }" in text
    assert "~ gpt-4o : { ~ max_requests_per_1_minute: 77 => 60 }" in text
    assert "~ gpt-4o-mini: { ~ max_requests_per_1_minute: 88 => 9 }" in text
    assert text.count("=>") == 3, "only what differs"
    stack.up()
    stack.assert_clean()
    assert shown_changes(stack.refresh().text, deep=True) == []
    stack.assert_clean()


def test_what_took_is_kept_when_a_row_is_refused(stack: Stack, openai: OpenAI) -> None:
    program = """
        ProjectRateLimits("limits", project_id="proj_demo", limits={{
            "gpt-4o": {{"max_requests_per_1_minute": 60}}, "gpt-5-pro": {{"max_requests_per_1_minute": {pro}}}}})
    """
    stack.program(program.format(pro=501))
    failed = stack.run("up", "--yes", "--skip-preview")
    assert failed.code
    assert "Failed to update 1 of 2 rate limits of project proj_demo (gpt-5-pro); updated 1 (gpt-4o)" in failed.text
    assert "Set max_requests_per_1_minute to at most 500" in failed.text
    assert "Traceback" not in failed.text
    assert stack.resource("limits")["outputs"]["baseline"] == {"gpt-4o": {"max_requests_per_1_minute": 10000}}
    stack.program(program.format(pro=500))
    stack.up()
    stack.assert_clean()
    stack.destroy()
    rows = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
    assert isinstance(rows, list)
    assert next(row for row in rows if row["model"] == "gpt-4o")["max_requests_per_1_minute"] == 10000


def test_the_same_row_twice_fails_at_preview_and_names_both(stack: Stack) -> None:
    for second in (
        'ProjectRateLimit("one", project_id="proj_demo", model="gpt-4o-mini", max_requests_per_1_minute=1)',
        'ProjectRateLimits("one", project_id="proj_demo", limits={"o3": {"max_requests_per_1_minute": 1}})',
    ):
        stack.program(ALLOW_LIST.format(requests=60) + "    " + second)
        preview = stack.run("preview")
        assert preview.code
        assert "both manage" in preview.text
        assert "'limits'" in preview.text
        assert "'one'" in preview.text
    stack.program(
        ALLOW_LIST.format(requests=60)
        + '    ProjectRateLimit("one", project_id="proj_staging", model="gpt-4o-mini", max_requests_per_1_minute=1)'
    )
    stack.ok("preview")


def test_a_rename_without_alias_leaves_the_limits(stack: Stack, openai: OpenAI) -> None:
    stack.program(ALLOW_LIST.format(requests=60))
    stack.up()
    stack.program(ALLOW_LIST.format(requests=60).replace('ProjectRateLimits("limits"', 'ProjectRateLimits("renamed"'))
    assert "pulumi.ResourceOptions(aliases=" in stack.up().text
    rows = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
    assert isinstance(rows, list)
    assert next(row for row in rows if row["model"] == "gpt-4o")["max_requests_per_1_minute"] == 60
    stack.assert_clean()


@pytest.mark.parametrize("resource", ["ProjectRateLimit", "ProjectRateLimits"])
def test_custom_timeouts_bound_each_step(stack: Stack, emulator: EmulatorServer, resource: str) -> None:
    settings = {
        "ProjectRateLimit": 'model="o3", max_requests_per_1_minute={}',
        "ProjectRateLimits": 'limits={{"o3": {{"max_requests_per_1_minute": {}}}}}',
    }[resource]
    program = f"""
        times = pulumi.CustomTimeouts(create="5s", update="6s", delete="1m")
        {resource}("it", project_id="proj_demo", {settings}, opts=pulumi.ResourceOptions(custom_timeouts=times))
    """

    def throttled(*command: str) -> str:
        fault = emulator.control.fault(kind="throttle", advice="retry-after", seconds=30, method="POST", times=None)
        run = stack.run(*command, "--yes", "--skip-preview")
        emulator.control.clear_faults(fault)
        assert run.code
        return run.text

    stack.program(program.format(60))
    text = throttled("up")
    assert "OpenAI's request limit did not clear within custom_timeouts" in text
    assert "Raise custom_timeouts to wait longer" in text
    stack.up()
    stack.program(program.format(61))
    assert "did not clear within custom_timeouts" in throttled("up")
    stack.up()
    stack.assert_clean()
    emulator.control.fault(kind="throttle", advice="retry-after", seconds=7, method="POST")
    stack.destroy()  # which may take longer than the others
    assert [one["hits"] for one in emulator.control.faults()] == [1]

from __future__ import annotations

from pulumi_openai_admin import GetProjectRateLimitResult
from pulumi_openai_admin.cli.common_values import common_limits, limits_of
from pulumi_openai_admin.resources.project_rate_limits import LIMITS

REQUESTS = "max_requests_per_1_minute"


def row(model: str, **limits: int) -> GetProjectRateLimitResult:
    values = {**dict.fromkeys(LIMITS), **limits}
    return GetProjectRateLimitResult(project_id="proj_a", rate_limit_id=f"rl-{model}", model=model, **values)


def organization(*values: int) -> list[list[GetProjectRateLimitResult]]:
    return [[row("gpt-4o", max_requests_per_1_minute=limit)] for limit in values]


def test_usual_is_what_more_than_half_have() -> None:
    assert common_limits(organization(500, 500, 7)) == {("gpt-4o", REQUESTS): 500}


def test_half_is_not_most() -> None:
    assert common_limits(organization(500, 500, 7, 7)) == {}


def test_one_project_is_no_majority() -> None:
    assert common_limits(organization(500)) == {}


def test_only_projects_that_have_the_model_count() -> None:
    others = [[row("gpt-5", max_requests_per_1_minute=1)]] * 4
    assert common_limits([*organization(500, 500), *others])["gpt-4o", REQUESTS] == 500


def test_zero_is_a_value_and_none_is_no_limit() -> None:
    assert common_limits(organization(0, 0, 5)) == {("gpt-4o", REQUESTS): 0}
    assert limits_of(row("gpt-4o", max_requests_per_1_minute=0)) == {REQUESTS: 0}

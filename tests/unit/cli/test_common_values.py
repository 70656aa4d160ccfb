from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.cli.common_values import common_limits, limits_of
from tests.results import limits

if TYPE_CHECKING:
    from pulumi_openai_admin import GetProjectRateLimitResult

REQUESTS = "max_requests_per_1_minute"


def organization(*values: int) -> list[list[GetProjectRateLimitResult]]:
    return [[limits("gpt-4o", max_requests_per_1_minute=value)] for value in values]


def test_usual_is_what_more_than_half_have() -> None:
    assert common_limits(organization(500, 500, 7)) == {("gpt-4o", REQUESTS): 500}


def test_half_is_not_most() -> None:
    assert common_limits(organization(500, 500, 7, 7)) == {}


def test_one_project_is_no_majority() -> None:
    assert common_limits(organization(500)) == {}


def test_only_projects_that_have_the_model_count() -> None:
    others = [[limits("gpt-5", max_requests_per_1_minute=1)]] * 4
    assert common_limits([*organization(500, 500), *others])["gpt-4o", REQUESTS] == 500


def test_zero_is_a_value_and_none_is_no_limit() -> None:
    assert common_limits(organization(0, 0, 5)) == {("gpt-4o", REQUESTS): 0}
    assert limits_of(limits("gpt-4o", max_requests_per_1_minute=0)) == {REQUESTS: 0}

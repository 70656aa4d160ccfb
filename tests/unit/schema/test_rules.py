from __future__ import annotations

from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount
from pulumi_openai_admin.schema.rules import AnyArgument, ExactlyOneSelector, NotTogether

LIMIT, ACCOUNT = ProjectRateLimit.declaration, ProjectServiceAccount.declaration
ALONE = NotTogether("create_service_account_only", "expires_in_seconds")


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        ({"model": "gpt-4o"}, None),
        ({"rate_limit_id": Unknown()}, None),
        ({}, "Set exactly one of model and rate_limit_id: none of them is set."),
        (
            {"model": "a", "rate_limit_id": "b"},
            "Set exactly one of model and rate_limit_id: model and rate_limit_id are set.",
        ),
    ],
)
def test_a_row_is_meant_in_one_way(inputs: dict[str, Any], failure: str | None) -> None:
    assert ExactlyOneSelector().failure(LIMIT, inputs) == failure


@pytest.mark.parametrize("inputs", [{"max_requests_per_1_minute": 0}, {"batch_1_day_max_input_tokens": Unknown()}])
def test_one_limit_is_enough(inputs: dict[str, Any]) -> None:
    assert AnyArgument().failure(LIMIT, inputs) is None


def test_no_limit_at_all_manages_nothing() -> None:
    failure = AnyArgument().failure(LIMIT, {"project_id": "proj_1", "model": "gpt-4o"})
    assert failure
    assert failure.startswith("Set at least one of max_requests_per_1_minute, ")
    assert "model" not in failure


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"create_service_account_only": True},
        {"expires_in_seconds": 60},
        {"create_service_account_only": False, "expires_in_seconds": 60},
        {"create_service_account_only": Unknown(), "expires_in_seconds": 60},
    ],
)
def test_a_key_may_expire_where_there_is_one(inputs: dict[str, Any]) -> None:
    assert ALONE.failure(ACCOUNT, inputs) is None


@pytest.mark.parametrize("seconds", [60, Unknown()])
def test_a_keyless_account_has_no_expiry(seconds: Any) -> None:
    failure = ALONE.failure(ACCOUNT, {"create_service_account_only": True, "expires_in_seconds": seconds})
    assert failure == (
        "expires_in_seconds can't be set together with create_service_account_only=True: remove one of them."
    )

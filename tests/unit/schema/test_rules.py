from __future__ import annotations

from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount
from pulumi_openai_admin.schema.rules import AnyArgument, ExactlyOneSelector, NotTogether

LIMIT, ACCOUNT = ProjectRateLimit.declaration, ProjectServiceAccount.declaration
ALONE = NotTogether("create_service_account_only", "expires_in_seconds")


@pytest.mark.parametrize(
    ("inputs", "fault"),
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
def test_a_row_is_meant_in_one_way(inputs: dict[str, Any], fault: str | None) -> None:
    assert ExactlyOneSelector().fault(LIMIT, inputs) == fault


@pytest.mark.parametrize("inputs", [{"max_requests_per_1_minute": 0}, {"batch_1_day_max_input_tokens": Unknown()}])
def test_one_limit_is_enough(inputs: dict[str, Any]) -> None:
    assert AnyArgument().fault(LIMIT, inputs) is None


def test_no_limit_at_all_manages_nothing() -> None:
    fault = AnyArgument().fault(LIMIT, {"project_id": "proj_1", "model": "gpt-4o"})
    assert fault
    assert fault.startswith("Nothing is set: give one of max_requests_per_1_minute, ")
    assert "model" not in fault


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
    assert ALONE.fault(ACCOUNT, inputs) is None


@pytest.mark.parametrize("seconds", [60, Unknown()])
def test_a_keyless_account_has_no_expiry(seconds: Any) -> None:
    fault = ALONE.fault(ACCOUNT, {"create_service_account_only": True, "expires_in_seconds": seconds})
    assert fault == (
        "expires_in_seconds can't be set together with create_service_account_only=True: leave one of them out."
    )

from __future__ import annotations

import pytest

from pulumi_openai_admin.http import error_codes


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Invalid value for max_requests_per_1_minute: it is too high.", "max_requests_per_1_minute"),
        ("`batch_1_day_max_input_tokens` does not apply.", "batch_1_day_max_input_tokens"),
        ("The climax_of_this is no field.", None),
        ("The maximum is exceeded.", None),
    ],
)
def test_the_limit_that_a_message_names_is_found(message: str, field: str | None) -> None:
    assert error_codes.field_in(message) == field


@pytest.mark.parametrize(
    ("message", "most"),
    [
        ("exceeds the organization rate limit of 10000.0 for gpt-4o", 10000),
        ("exceeds the organization rate limit of 500", 500),
        ("exceeds the limit of 500", None),
    ],
)
def test_the_organizations_limit_is_a_whole_number(message: str, most: int | None) -> None:
    assert error_codes.ceiling_in(message) == most

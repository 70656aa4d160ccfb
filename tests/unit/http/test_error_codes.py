from __future__ import annotations

import re
from pathlib import Path

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.http import replies


def test_advice_is_read_for_messages_only() -> None:
    """Whatever depends on a code has a table of its own, so that an entry of `ADVICE` changes no behavior."""
    package = Path(pulumi_openai_admin.__file__).parent
    table = package / "http/replies.py"
    uses = {
        path.relative_to(package).as_posix(): path.read_text("utf-8").count("replies.ADVICE")
        for path in package.rglob("*.py")
        if path != table and re.search(r"replies\.ADVICE|replies import .*\bADVICE", path.read_text("utf-8"))
    }
    assert not uses


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
    assert replies.field_in(message) == field


@pytest.mark.parametrize(
    ("message", "most"),
    [
        ("exceeds the organization rate limit of 10000.0 for gpt-4o", 10000),
        ("exceeds the organization rate limit of 500", 500),
        ("exceeds the limit of 500", None),
    ],
)
def test_the_organizations_limit_is_a_whole_number(message: str, most: int | None) -> None:
    assert replies.ceiling_in(message) == most

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.handlers import baseline
from pulumi_openai_admin.handlers.baseline import Unrestored

if TYPE_CHECKING:
    import pytest

REQUESTS = Unrestored("max_requests_per_1_minute", 77, "it had no value before")
TOKENS = Unrestored("max_tokens_per_1_minute", 500, "somebody else changed it")


def test_a_warning_names_the_object_and_each_field_with_its_value_and_reason(caplog: pytest.LogCaptureFixture) -> None:
    baseline.warn("rate limit of gpt-4o", [REQUESTS, TOKENS])
    (message,) = caplog.messages
    assert message == (
        "Could not fully restore rate limit of gpt-4o: max_requests_per_1_minute stays at 77 (it had no value before); "
        "max_tokens_per_1_minute stays at 500 (somebody else changed it)."
    )


def test_nothing_is_said_of_what_was_restored(caplog: pytest.LogCaptureFixture) -> None:
    baseline.warn("rate limit of gpt-4o", [])
    assert caplog.messages == []


def test_objects_with_the_same_fields_and_reasons_are_named_together_in_order() -> None:
    assert baseline.of_many({"o3": [REQUESTS], "gpt-4o": [TOKENS], "gpt-4.1": [REQUESTS]}) == (
        "gpt-4.1, o3: max_requests_per_1_minute stays at 77 (it had no value before); "
        "gpt-4o: max_tokens_per_1_minute stays at 500 (somebody else changed it)"
    )

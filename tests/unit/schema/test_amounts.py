from __future__ import annotations

import pytest

from pulumi_openai_admin.schema.amounts import format_dollars


@pytest.mark.parametrize(
    ("cents", "words"),
    [(0, "$0"), (5, "$0.05"), (1_000, "$10"), (1_050, "$10.50"), (100_000, "$1,000"), (123_456_789, "$1,234,567.89")],
)
def test_an_amount_is_in_dollars(cents: int, words: str) -> None:
    assert format_dollars(cents) == words

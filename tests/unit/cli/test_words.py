"""Values of resources as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.cli.words import ABSENT, in_words


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("name",), None, ABSENT),
        (("name",), "Shop", "Shop"),
        (("exclusive",), True, "true"),
        (("max_requests_per_1_minute",), 10_000, "10,000"),
        (("threshold_amount",), 123_456, "$1,234.56"),
        (("threshold_amount",), 100_000, "$1,000"),
        (("created_at",), 1_795_662_634, "2026-11-26 03:10 UTC"),
        (("created_at",), 5, "5"),
        (("model_ids",), ["gpt-4o", "gpt-4.1"], "gpt-4o, gpt-4.1"),
        (("model_ids",), [], "(empty)"),
        (("provider",), {"type": "aws"}, '{"type": "aws"}'),
    ],
)
def test_a_value(path: tuple[str, ...], value: Any, words: str) -> None:
    assert in_words(path, value) == words

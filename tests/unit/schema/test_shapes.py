from __future__ import annotations

from typing import Any, TypedDict

import pytest

from pulumi_openai_admin.schema import shapes


class Channel(TypedDict):
    """A structure."""

    recipients: list[str]


@pytest.mark.parametrize(
    ("hint", "translatable"),
    [
        (int, int),
        (dict[str, dict[str, int]], dict[str, dict[str, int]]),
        (list[str] | None, list[str]),
        (str | list[str], Any),
        (list[str | int], list[Any]),
        (Channel, Any),
        (list[Channel], list[Any]),
    ],
)
def test_pulumi_is_given_no_type_that_it_can_not_follow(hint: Any, translatable: Any) -> None:
    assert shapes.translatable(hint) == translatable

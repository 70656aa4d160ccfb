from __future__ import annotations

import pytest

from pulumi_openai_admin.schema.constraints import Length


@pytest.mark.parametrize(("count", "is_met"), [(1, False), (2, True), (5, True), (6, False)])
def test_a_length_counts_characters(count: int, is_met: bool) -> None:
    assert Length(2, 5).is_met("ä" * count) is is_met
    assert Length(2, 5).words == "a string of 2 to 5 characters"

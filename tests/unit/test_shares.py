"""The order in which several workers get the tests."""

from __future__ import annotations

import pytest

from tests.shares import in_shares

COUNTS = {("cli", "test_app"): 9, ("engine", "test_long"): 30, ("engine", "test_short"): 2, ("unit", "test_all"): 200}
ALL = [(*module, number) for module, count in COUNTS.items() for number in range(count)]


@pytest.mark.parametrize("workers", [1, 2, 3, 6, 50])
@pytest.mark.parametrize("tests", [[], ALL[:5], ALL], ids=len)
def test_no_test_is_lost(tests: list[tuple[str, str, int]], workers: int) -> None:
    assert sorted(in_shares(tests, lambda test: test[:2], workers)) == sorted(tests)

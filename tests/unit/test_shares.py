"""The order in which several workers get the tests, and what they run without coverage."""

from __future__ import annotations

import pytest

from tests.shares import in_shares

Where = tuple[str, str, int]


def of_module(folder: str, module: str, count: int) -> list[Where]:
    return [(folder, module, number) for number in range(count)]


ALL = [
    *of_module("cli", "test_app", 9),
    *of_module("engine", "test_long", 30),
    *of_module("engine", "test_short", 2),
    *of_module("unit", "test_all", 200),
]


def ordered(tests: list[Where], workers: int) -> list[Where]:
    return in_shares(tests, lambda test: test[:2], workers)


@pytest.mark.parametrize("workers", [1, 2, 3, 6, 50])
@pytest.mark.parametrize("tests", [[], ALL[:5], ALL], ids=len)
def test_no_test_is_lost(tests: list[Where], workers: int) -> None:
    assert sorted(ordered(tests, workers)) == sorted(tests)


def test_each_share_begins_with_long_tests_and_ends_with_quick_ones() -> None:
    found = ordered(ALL, 3)
    sizes = (80, 80, 81)  # what xdist gives to three workers
    shares = [found[: sizes[0]], found[sizes[0] : sizes[0] + sizes[1]], found[sizes[0] + sizes[1] :]]
    for share in shares:
        assert share[0][0] == "engine"
        folders = [test[0] for test in share]
        assert folders == sorted(folders, key=["engine", "cli", "unit"].index)
        assert folders[-1] == "unit"

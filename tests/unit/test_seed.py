"""The seed of a run: one for all that it selects or makes at random."""

from __future__ import annotations

import pytest
from hypothesis import core

from tests.seed import VARIABLE, seed_of_this_run


def test_a_run_without_a_seed_chooses_one_for_all_its_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for _ in range(8):
        monkeypatch.delenv(VARIABLE)
        found.add(seed_of_this_run())
        assert seed_of_this_run() in found, "the environment has it"
    assert len(found) > 1


def test_hypothesis_has_the_seed(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.getoption("hypothesis_seed") == str(core.global_force_seed)
    assert core.global_force_seed is not None


def test_a_seed_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "today")
    with pytest.raises(pytest.UsageError, match="TEST_SEED must be a whole number, not 'today'"):
        seed_of_this_run()

"""The seed of a run: one for all that it selects or makes at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import core

from tests.seed import VARIABLE, seed_of_this_run

if TYPE_CHECKING:
    import pytest


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

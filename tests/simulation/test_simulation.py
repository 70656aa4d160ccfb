"""Histories of many stacks, and the rules that hold of each: `make check` runs 300 of them, `make test` 3,000."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.simulation.every_kind import histories
from tests.simulation.history import as_text, generate, run, shrunk

if TYPE_CHECKING:
    from tests.simulation.cloud import Cloud
    from tests.simulation.history import History

COUNT = int(os.environ.get("SIMULATION", "300"))
"""How many histories: `make test` sets it."""
PARTS = 10
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.yaml"))


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_a_history_that_broke_a_rule_no_longer_does(cloud: Cloud, file: Path) -> None:
    assert run(yaml.safe_load(file.read_text()), cloud) == []


@pytest.mark.parametrize("history", [pytest.param(history, id=name) for name, history in histories()])
def test_what_broke_a_rule_for_one_kind_does_so_for_none(cloud: Cloud, history: History) -> None:
    assert run(history, cloud) == [], f"Replay it: --replay FILE\n{as_text(history)}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_history_breaks_a_rule(cloud: Cloud, part: int) -> None:
    for seed in range(part * COUNT // PARTS, (part + 1) * COUNT // PARTS):
        history = generate(seed)
        found = run(history, cloud)
        if found:
            shortest = shrunk(history, found[0].signature, cloud)
            pytest.fail(f"{found[0].signature}\n{as_text(shortest)}\nReplay it: --replay FILE", pytrace=False)


def test_a_history_is_the_same_in_each_process() -> None:
    code = (
        "import hashlib\n"
        "from tests.simulation.cloud import Cloud\n"
        "from tests.simulation.engine import listening\n"
        "from tests.simulation.history import generate, run\n"
        "cloud, told = Cloud(), []\n"
        "with listening():\n"
        "    found = [run(generate(seed), cloud, told.append) for seed in range(40)]\n"
        "print(hashlib.sha256(repr((told, found)).encode()).hexdigest())"
    )
    printed = {
        subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    }
    assert len(printed) == 1

"""The plugin that skips a test whose inputs are those of its last successful run."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.commands import PYTEST
from tools import pinned

if TYPE_CHECKING:
    from pathlib import Path

TESTS = """
import pytest

@pytest.mark.inputs("{schema}")
def test_of_a_generated_file():
    assert open("{schema}").read() != "wrong"

def test_of_code():
    pass
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_test_that_passed_runs_again_only_if_its_inputs_change(tmp_path: Path, workers: tuple[str, ...]) -> None:
    schema, native = tmp_path / "schema.json", tmp_path / "tests" / "native"
    schema.write_text("first", encoding="utf-8")
    native.mkdir(parents=True)
    (native / "test_made.py").write_text(TESTS.format(schema=schema), encoding="utf-8")

    def run(cache: str = "cache", tests: str = "") -> str:
        command = [*PYTEST, "-p", "tests.same_inputs", "-rs", f"--rootdir={tmp_path}", *workers, "tests"]
        own = {"XDG_CACHE_HOME": str(tmp_path / cache), "PYTHONPATH": str(pinned.ROOT), "TESTS": tests}
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | own, capture_output=True, text=True, check=False)
        return done.stdout

    assert "2 passed" in run()
    again = run()
    assert "1 passed, 1 skipped" in again
    assert "passed before with the same inputs (`make test-full` runs it)" in again
    assert "2 passed" in run(tests="full")
    assert "2 passed" in run(cache="schema.json"), "nothing can be recorded there"
    schema.write_text("wrong", encoding="utf-8")
    for _ in range(2):
        assert "1 failed, 1 passed" in run()

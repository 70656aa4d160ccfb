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


class Run:
    """Runs the tests of a folder with the plugin, in a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.schema = folder / "schema.json"
        self.schema.write_text("first", encoding="utf-8")
        native = folder / "tests" / "native"
        native.mkdir(parents=True)
        (native / "test_made.py").write_text(TESTS.format(schema=self.schema), encoding="utf-8")

    def __call__(self, *options: str, tests: str = "") -> str:
        plugins = ("-p", "tests.same_inputs", "-rs", f"--rootdir={self.folder}")
        own = {"XDG_CACHE_HOME": str(self.folder / "cache"), "PYTHONPATH": str(pinned.ROOT), "TESTS": tests}
        command = [*PYTEST, *plugins, *options, "tests"]
        done = subprocess.run(
            command, cwd=self.folder, env=os.environ | own, capture_output=True, text=True, check=False
        )
        return done.stdout


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_test_that_has_passed_does_not_run_again_until_its_inputs_change(run: Run, workers: tuple[str, ...]) -> None:
    assert "2 passed" in run(*workers)
    again = run(*workers)
    assert "1 passed, 1 skipped" in again
    assert "passed before with the same inputs (`make test-full` runs it)" in again
    assert "2 passed" in run(*workers, tests="full")
    run.schema.write_text("wrong", encoding="utf-8")
    for _ in range(2):
        assert "1 failed, 1 passed" in run(*workers)


def test_where_nothing_can_be_recorded_all_tests_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    for _ in range(2):
        assert "2 passed" in run()

"""The example of a program with tests: its tests pass, and fail where the program is wrong."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.commands import PYTEST

if TYPE_CHECKING:
    from tools.engine import Engine

pytestmark = pytest.mark.timeout(600)  # three stacks
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "testing"


def test_its_tests_pass_and_the_emulator_refuses_what_mocks_accept(pulumi: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "testing"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".venv"))
    environ = {**pulumi.environment(folder / "home"), "PULUMI_BACKEND_URL": "file:///nowhere"}  # as a user's own

    def run(*options: str) -> str:
        command = [*PYTEST, "test_with_emulator.py", *options]  # tests/unit/data_sources/test_mocked.py runs the others
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, timeout=550, check=False
        )
        return done.stdout + done.stderr

    said = run()
    assert "2 passed" in said, said
    program = folder / "team.py"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("* share", "* share * 1000"), encoding="utf-8")
    said = run("-k", "shared_models")
    assert "1 failed" in said, said
    assert "Set max_requests_per_1_minute to at most" in said

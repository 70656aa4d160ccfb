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


def run(pulumi: Engine, folder: Path, *tests: str) -> str:
    """Run pytest as a user does, whose own backend nothing may use."""
    environ = {**pulumi.environment(folder / "home"), "PULUMI_BACKEND_URL": "file:///nowhere"}
    done = subprocess.run(
        [*PYTEST, *tests],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def example(tmp_path: Path) -> Path:
    folder = tmp_path / "testing"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".venv"))
    return folder


def test_its_tests_pass(pulumi: Engine, example: Path) -> None:
    said = run(pulumi, example, "test_with_emulator.py")  # the others run in tests/unit/data_sources/test_mocked.py
    assert "2 passed" in said, said


def test_the_emulator_refuses_what_mocks_accept(pulumi: Engine, example: Path) -> None:
    program = example / "team.py"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("* share", "* share * 1000"), encoding="utf-8")
    said = run(pulumi, example, "test_with_emulator.py", "-k", "shared_models")
    assert "1 failed" in said, said
    assert "Set max_requests_per_1_minute to at most" in said

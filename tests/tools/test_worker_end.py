from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import child_pytest
from tools import pinned

if TYPE_CHECKING:
    from pathlib import Path

SLOW_END = """
import os, pathlib, signal

def pytest_unconfigure():
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.kill(os.getpid(), signal.SIGINT)  # as execnet does after five seconds
        pathlib.Path("ended").touch()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT between processes")
def test_a_worker_that_takes_long_to_end_is_not_interrupted(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(SLOW_END, encoding="utf-8")
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n", encoding="utf-8")
    done = subprocess.run(
        [*child_pytest.COMMAND, "-p", "tests.worker_end", "-n", "1", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(pinned.ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "1 passed" in done.stdout
    assert "KeyboardInterrupt" not in done.stdout + done.stderr
    assert (tmp_path / "ended").exists()

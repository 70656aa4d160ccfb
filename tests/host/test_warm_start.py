"""What stands for `python` in the engine's tests does what Python does."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.warm.server import COVERAGE
from tests.warm.start import WarmEngine

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
import os, sys, time
print(os.getcwd(), os.environ["WORD"], sys.argv[1:], "pulumi_openai_admin" in sys.modules, flush=True)
print("to stderr", file=sys.stderr)
if sys.argv[1:] == ["waits"]:
    time.sleep(60)
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture
def python(tmp_path: Path) -> str:
    return WarmEngine(tmp_path, "path", "3.0.0").settings(tmp_path)["PULUMI_PYTHON_CMD"]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    program = tmp_path / "language_host.py"
    program.write_text(PROGRAM, encoding="utf-8")
    return program


def _environ(**more: str) -> dict[str, str]:
    measured = (COVERAGE, "PYTHONPATH", "PYTHONPYCACHEPREFIX")
    return {**{name: value for name, value in os.environ.items() if name not in measured}, "WORD": "a word", **more}


@pytest.mark.parametrize(("cold", "is_warm"), [({}, True), ({"COLD_START": "yes"}, False)])
def test_a_program_has_its_arguments_its_environment_and_its_streams(
    python: str, program: Path, tmp_path: Path, cold: dict[str, str], is_warm: bool
) -> None:
    command = [python, "-u", str(program), "3", "two words"]
    done = subprocess.run(
        command, env=_environ(**cold), cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3
    assert done.stdout == f"{tmp_path} a word ['3', 'two words'] {is_warm}\n"
    assert done.stderr == "to stderr\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_ends_it(python: str, program: Path, number: signal.Signals) -> None:
    command = [python, "-u", str(program), "waits"]
    with subprocess.Popen(command, env=_environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(number)
        assert process.wait(30) in ((-number,) if number is not signal.SIGINT else (-number, 1))
        assert process.stdout.read() == b""  # nobody has it open any more

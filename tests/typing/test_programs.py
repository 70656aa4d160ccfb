"""What type checkers say of programs that use the package: mypy strict and pyright must agree with the marks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "examples", ROOT / "templates"]
PROGRAMS = Path(__file__).parent / "programs"


def marked(program: str) -> set[int]:
    lines = (PROGRAMS / program).read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=170, check=False
    )


def by_program(found: list[tuple[str, int]]) -> dict[str, set[int]]:
    return {name: {line for path, line in found if Path(path).name == name} for name in ("right.py", "wrong.py")}


pytestmark = pytest.mark.inputs("examples", "pulumi_openai_admin", "templates", "tests/typing")

EXPECTED = {"right.py": set[int](), "wrong.py": marked("wrong.py")}


def test_mypy_strict() -> None:
    done = run("mypy", "--strict", "--no-pretty", str(PROGRAMS / "right.py"), str(PROGRAMS / "wrong.py"))
    found = re.findall(r"^(.+?):(\d+): error:", done.stdout, re.MULTILINE)
    assert by_program([(path, int(line)) for path, line in found]) == EXPECTED, done.stdout + done.stderr


def test_pyright() -> None:
    done = run("pyright", "--outputjson", "--pythonpath", sys.executable, str(PROGRAMS))
    report = json.loads(done.stdout[done.stdout.index("{") :])
    errors = [diagnostic for diagnostic in report["generalDiagnostics"] if diagnostic["severity"] == "error"]
    found = [(error["file"], error["range"]["start"]["line"] + 1) for error in errors]
    assert by_program(found) == EXPECTED, done.stdout + done.stderr


@pytest.mark.parametrize(
    "example",
    sorted({path.parent for each in FOLDERS for path in each.rglob("*.py") if "languages" not in path.parts}),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_examples_are_typed(example: Path) -> None:
    programs = [str(path) for path in example.glob("*.py")]
    done = run("mypy", "--strict", "--no-pretty", *programs)
    assert done.returncode == 0, done.stdout + done.stderr

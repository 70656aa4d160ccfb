"""The checks that need no test: linters, types and imports. `make check` and `make test` run them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tools import pinned
from tools.progress import progress

if TYPE_CHECKING:
    from collections.abc import Mapping

_PYTHON = (sys.executable, "-m")
ENVIRON = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""For checks and tests: thousands of processes import these modules, so Python has to keep the compiled files."""
LINTERS = {
    "Lint": (*_PYTHON, "ruff", "check", "."),
    "Format": (*_PYTHON, "ruff", "format", "--check", "."),
}
"""They take a second."""
ANALYSES = {
    "Types": (*_PYTHON, "mypy"),
    "Imports": (str(Path(sys.executable).with_name("lint-imports")),),
}
CHECKS = {**LINTERS, **ANALYSES}


def run_checks(checks: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Run commands, two at a time, and print the output of each; the names of those that failed."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        # The longest is started first; the output is in the order of the names.
        running = {name: pool.submit(_run, command) for name, command in reversed([*checks.items()])}
        for name, check in checks.items():
            heading(name)
            if not running[name].done():
                with progress(f"Running {Path(check[-1]).name if len(check) == 1 else check[2]}"):
                    running[name].result()
            done = running[name].result()
            print(done.stdout, end="", flush=True)
            if done.returncode and name == "Format":
                print("To format them: .venv/bin/ruff format .", flush=True)
            failed += [name] if done.returncode else []
    return failed


def _run(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run a command and capture its output."""
    color = {"FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    return subprocess.run(
        command,
        cwd=pinned.ROOT,
        env=ENVIRON | color,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def heading(text: str) -> None:
    """Print the heading of a step."""
    print(f"\n== {text}", flush=True)

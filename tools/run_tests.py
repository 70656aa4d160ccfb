"""`make test`: all checks and tests, the quick ones first.

All steps run even if one fails, so that one run shows all failures. The last line is the summary of pytest.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import engine, languages, pinned
from tools.cache import NotAvailableError
from tools.progress import progress, say

WORKERS = ("-n", "6", "--dist", "worksteal")  # for two cores: many tests wait for an injected fault to pass
PYTHON = (sys.executable, "-m")
CHECKS = (
    ("Lint", (*PYTHON, "ruff", "check", ".")),
    ("Format", (*PYTHON, "ruff", "format", "--check", ".")),
    ("Types", (*PYTHON, "mypy")),
    ("Imports", (str(Path(sys.executable).with_name("lint-imports")),)),
    ("Workflows", (*PYTHON, "tools.workflows")),
)
DOWNLOADS = {"Chromium": "tools.browser", "Packages for Node": "tools.node_packages"}
# A check instead of a test: it needs a package registry, and tests only connect to this machine.
DIST = ("Wheel and sdist", (*PYTHON, "tools.dist"))
# Thousands of processes import these modules, so Python has to keep the compiled files.
ENVIRON = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
TESTS = (*PYTHON, "coverage", "run", "-m", "pytest", *WORKERS)
REPORT = (*PYTHON, "coverage", "report", "--skip-covered", "--fail-under=90")


def main() -> int:
    """Run all checks and tests; the exit code."""
    try:
        get_tools()
        failed = run_checks()
        count = run_pytest(failed)
    except NotAvailableError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    if failed:
        say(f"\nFailed: {', '.join(failed)}. See the output above, under these headings.")
    print(count, flush=True)
    return 1 if failed else 0


def get_tools() -> None:
    """Find or get what the tests run: downloads from npm beside the builds from Go modules.

    Raises:
        NotAvailableError: One of them can't be had here.
    """
    with ThreadPoolExecutor(len(DOWNLOADS)) as pool:
        downloads = {title: pool.submit(download, title, module) for title, module in DOWNLOADS.items()}
        found = engine.find_or_get()
        say(f"Pulumi {found.version} from {found.folders[0]}")
        languages.with_yaml(found)
        say(f"Generator of SDKs from {languages.find_or_get()}")
        for title, place in downloads.items():
            say(f"{title} from {place.result()}")


def download(title: str, module: str) -> str:
    """Run a module that downloads, and print what it says line by line; the path that it prints.

    It is a process of its own, which Ctrl-C ends too.

    Raises:
        NotAvailableError: It failed, and has said why.
    """
    command = [*PYTHON, module]
    with subprocess.Popen(
        command, cwd=pinned.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101 -- it is a pipe
        assert process.stderr is not None  # noqa: S101 -- it is a pipe
        for line in process.stderr:
            say(line.rstrip())
        place = process.stdout.read().strip()
    if process.returncode:
        raise NotAvailableError(f"{title} can't be had. `{module}` said above why.")
    return place


def run_checks() -> list[str]:
    """Run the checks, two at a time, and print the output of each; the names of those that failed."""
    checks = [*CHECKS, DIST] if (pinned.ROOT / ".git").exists() else [*CHECKS]  # an unpacked sdist is not a clone
    failed = []
    with ThreadPoolExecutor(2) as pool:
        # The longest is started first; the output is in the order above.
        running = {name: pool.submit(run_quietly, command) for name, command in reversed(checks)}
        for name, _ in checks:
            heading(name)
            if not running[name].done():
                with progress("Running"):
                    running[name].result()
            done = running[name].result()
            print(done.stdout, end="", flush=True)
            failed += [name] if done.returncode else []
    return failed


def run_quietly(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run a step and capture its output."""
    color = {"FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    return subprocess.run(
        command,
        cwd=pinned.ROOT,
        env=ENVIRON | color,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def run_pytest(failed: list[str]) -> str:
    """Run the tests and measure their coverage; the last line of pytest."""
    subprocess.run([*PYTHON, "coverage", "erase"], cwd=pinned.ROOT, check=True)
    heading("Tests")
    status, count = show(TESTS)
    if status:
        failed.append("Tests")
    combine = [*PYTHON, "coverage", "combine", "--quiet"]
    combined = subprocess.run(combine, cwd=pinned.ROOT, check=False).returncode == 0
    if not (passes("Coverage, at least 90 % of lines and branches", REPORT) and combined):
        failed.append("Coverage")
    return count


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run a step that prints to the terminal; whether it succeeds."""
    heading(name)
    return subprocess.run(command, cwd=pinned.ROOT, check=False).returncode == 0


def show(command: tuple[str, ...]) -> tuple[int, str]:
    """Run a command and print its output as it comes; its exit code and its last line."""
    color = ("--color=yes",) if sys.stdout.isatty() else ()
    output = b""
    with subprocess.Popen([*command, *color], cwd=pinned.ROOT, env=ENVIRON, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 -- it is a pipe
        try:
            while piece := os.read(process.stdout.fileno(), 4096):
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
                output = (output + piece)[-4096:]
        finally:
            process.communicate()  # after Ctrl-C, pytest gets the signal too and ends
    lines = output.decode(errors="replace").strip().splitlines()
    closing = [line for line in lines if re.search(r"\d+ (passed|failed|error)", line)]
    return process.returncode, closing[-1] if closing else f"pytest ended with exit code {process.returncode}"


def heading(text: str) -> None:
    """Print the heading of a step."""
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

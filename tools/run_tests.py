"""`make test`, `make test-full` and `make coverage`: all checks and tests, the quick ones first.

    python -m tools.run_tests               # linters, types and tests
    python -m tools.run_tests --full        # the same, with nothing left out
    python -m tools.run_tests --coverage    # the tests alone, and which lines and branches they run

All steps run even if one fails, so that one run shows all failures. The last line is the summary of pytest.

On macOS and Windows, `make test` runs only the folders of tests that need nothing of Linux (`FOLDERS`), and no linters:
their results are the same on each system.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tools import engine, languages, pinned
from tools.cache import NotAvailableError
from tools.checks import CHECKS, ENVIRON, heading, run_checks
from tools.progress import duration, say

WORKERS = ("-n", "6", "--dist", "worksteal")  # for two cores: many tests wait for an injected fault to pass
PYTHON = (sys.executable, "-m")
DOWNLOADS = {"Chromium": "tools.browser", "Packages for Node": "tools.node_packages"}
# Two checks that are no part of `make check`: the first needs a download, the second a package registry.
MORE_CHECKS = {
    "Workflows": (*PYTHON, "tools.workflows"),
    "Wheel and sdist": (*PYTHON, "tools.dist"),
}
FULL = "TESTS"
"""The environment variable that is `full` where no test is left out: see `tests/`."""
SIMULATION = {"SIMULATION": "3000"}
"""How many histories `tests/simulation` runs; `make check` runs fewer."""
TESTS = ("-m", "pytest", *WORKERS, "--durations=10", "--durations-min=1", "--by-folder")
FOLDERS = {
    "darwin": ("macOS", ("unit", "cli", "emulator", "delivery", "typing")),
    "win32": ("Windows", ("unit", "cli", "emulator")),
}
"""The name of a system and the folders of its tests. The other folders start processes as only Linux does."""
LEAST_COVERED = 90
"""Percent of lines and branches."""


def main(arguments: list[str]) -> int:
    """Run all checks and tests; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.run_tests")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--full", action="store_true", help="leave nothing out")
    kind.add_argument("--coverage", action="store_true", help="measure what the tests run, and check nothing else")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    environ = {**ENVIRON, **SIMULATION, **({FULL: "full"} if options.full else {})}
    if sys.platform in FOLDERS and not (options.full or options.coverage):
        return run_folders(*FOLDERS[sys.platform], environ)
    try:
        get_tools()
        failed = [] if options.coverage else run_checks(all_checks())
        count = measure(failed, environ) if options.coverage else run_pytest(failed, environ)
    except NotAvailableError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    if failed:
        say(f"\nFailed: {', '.join(failed)}. See the output above, under these headings.")
    print(times(time.monotonic() - began))
    print(count, flush=True)
    return 1 if failed else 0


def of_this_system(tests: list[str]) -> list[str]:
    """The test modules that run on this system. A sentence names the folders of the others."""
    if sys.platform not in FOLDERS:
        return tests
    system, folders = FOLDERS[sys.platform]
    others = sorted({folder for test in tests if (folder := test.split("/")[1]) not in folders})
    if others:
        named = ", ".join(f"tests/{folder}" for folder in others)
        say(f"Not run on {system}, because these tests start processes as only Linux does: {named}.")
    return [test for test in tests if test.split("/")[1] not in others]


def run_folders(system: str, folders: tuple[str, ...], environ: dict[str, str]) -> int:
    """Run the tests of a system that is not Linux; the exit code."""
    *others, last = (f"tests/{folder}" for folder in folders)
    say(f"On {system}, only {', '.join(others)} and {last} run. Linters and the other tests run on Linux.")
    failed: list[str] = []
    try:
        count = run_pytest(failed, environ, paths=(*others, last))
    except KeyboardInterrupt:
        return 130
    print(count, flush=True)
    return 1 if failed else 0


def all_checks() -> dict[str, tuple[str, ...]]:
    """The checks before the tests. An unpacked sdist is not a clone, so no package is built from it."""
    more = dict(MORE_CHECKS)
    if not (pinned.ROOT / ".git").exists():
        del more["Wheel and sdist"]
    return {**CHECKS, **more}


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
        command, cwd=pinned.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None  # noqa: S101 -- it is a pipe
        assert process.stderr is not None  # noqa: S101 -- it is a pipe
        for line in process.stderr:
            say(line.rstrip())
        place = process.stdout.read().strip()
    if process.returncode:
        raise NotAvailableError(f"{title} can't be had. `{module}` said above why.")
    return place


def run_pytest(failed: list[str], environ: dict[str, str], *prefix: str, paths: tuple[str, ...] = ()) -> str:
    """Run the tests of some paths, or all; the last line of pytest."""
    heading("Tests")
    status, count = show((sys.executable, *prefix, *TESTS, *paths), environ)
    if status:
        failed.append("Tests")
    return count


def measure(failed: list[str], environ: dict[str, str]) -> str:
    """Run the tests and measure their coverage; the last line of pytest."""
    coverage = (*PYTHON, "coverage")
    subprocess.run([*coverage, "erase"], cwd=pinned.ROOT, check=True)
    if sys.version_info >= (3, 14):  # there it knows branches, too, and costs a tenth of a trace function
        environ = {**environ, "COVERAGE_CORE": "sysmon"}
    count = run_pytest(failed, environ, "-m", "coverage", "run")
    combined = subprocess.run([*coverage, "combine", "--quiet"], cwd=pinned.ROOT, check=False).returncode == 0
    heading(f"Coverage, at least {LEAST_COVERED} % of lines and branches")
    report = [*coverage, "report", "--skip-covered", f"--fail-under={LEAST_COVERED}"]
    reported = subprocess.run(report, cwd=pinned.ROOT, check=False).returncode == 0
    if not (combined and reported):
        failed.append("Coverage")
    return count


def show(command: tuple[str, ...], environ: dict[str, str]) -> tuple[int, str]:
    """Run a command and print its output as it comes; its exit code and its last line."""
    color = ("--color=yes",) if sys.stdout.isatty() else ()
    output = b""
    with subprocess.Popen([*command, *color], cwd=pinned.ROOT, env=environ, stdout=subprocess.PIPE) as process:
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


def times(seconds: float) -> str:
    """How long all of it took, and how much of the processors."""
    import resource  # noqa: PLC0415 -- Windows has none

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return f"All of it took {duration(seconds)}, and {duration(used.ru_utime + used.ru_stime)} of processor time."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

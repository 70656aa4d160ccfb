"""`make check`: linters, types, imports, and the tests of what changed. For every commit.

python -m tools.check                    # the tests of what changed since main
python -m tools.check --base HEAD~3      # since another commit
python -m tools.check --all              # all of tests/unit
python -m tools.check --resource Group   # all tests over all resources, for this one
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import TYPE_CHECKING

from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.similar import did_you_mean
from tools import changed_tests, missing_parts, pinned, resource_tests, run_tests
from tools.checks import ANALYSES, ENVIRON, LINTERS, heading, run_checks
from tools.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable

SLOW = ("tests/benchmarks/", "tests/browser/", "tests/engine/", "tests/host/", "tests/native/")
"""The folders whose modules take minutes: they are named, and `make test` runs them."""
WORKERS = 2
RESOURCE_WORKERS = 6
"""For two cores: most tests of a resource wait for an injected fault to pass."""
ALWAYS = "tests/simulation"
"""Seconds that may find what no test of a module does."""
SHOWN = 8
NO_TESTS = 5
"""The exit code of pytest that has no test to run."""


def main(arguments: list[str]) -> int:
    """Check it; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.check")
    parser.add_argument("--base", default="main", help="the commit to compare with (main)")
    parser.add_argument("--all", action="store_true", help="run all of tests/unit")
    parser.add_argument("--resource", help="run all tests over all resources for this one")
    options = parser.parse_args(arguments)
    if options.resource:
        return check_resource(options.resource)
    try:
        tests = (
            ["tests/unit"]
            if options.all
            else changed_tests.modules_about(changed_tests.changed_since(options.base), pinned.ROOT)
        )
    except subprocess.CalledProcessError as error:
        say(f"git knows no commit {options.base}: {error.stderr.strip()}\nName another one: make check BASE=HEAD~1")
        return 1
    return _check(lambda: run_changed(tests, options.base))


def check_resource(name: str) -> int:
    """Check everything that is tested of one resource; the exit code."""
    if name not in ALL:
        advice = did_you_mean(name, ALL, "A new one needs an entry in resources.ALL first.", most=3)
        say(f"There is no resource {name}. {advice}")
        return 1
    if missing := [f"- {place}: {what}" for place, what in missing_parts.missing_for(name, ALL[name])]:
        say("\n".join([f"{name} is not complete. No test runs before it has these parts:", *missing]))
        return 1
    return _check(lambda: run_tests_of(name))


def run_tests_of(name: str) -> list[str]:
    """Run the test modules about one resource; `["Tests"]` if they failed."""
    heading(f"Tests of {name}")
    tests = run_tests.of_this_system(resource_tests.modules_about(name))
    print("\n".join(tests), flush=True)
    environ = {**ENVIRON, **resource_tests.environment(name)}
    return [] if _pytest(tests, environ, RESOURCE_WORKERS) in {0, NO_TESTS} else ["Tests"]


def _check(run: Callable[[], list[str]]) -> int:
    """Run the linters, then the other checks and the tests; the exit code.

    A line that is too long ends the command at once: it must not be found after minutes of tests.
    """
    try:
        failed = run_checks(LINTERS) or [*run_checks(ANALYSES), *run()]
    except KeyboardInterrupt:
        return 130
    return _conclusion(failed)


def _pytest(tests: list[str], environ: dict[str, str], workers: int) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "worksteal", *tests]
    return subprocess.run(command, cwd=pinned.ROOT, env=environ, check=False).returncode


def _conclusion(failed: list[str]) -> int:
    say(f"\nFailed: {', '.join(failed)}. See the output above." if failed else "\nAll of it passed.")
    return 1 if failed else 0


def run_changed(tests: list[str], base: str) -> list[str]:
    """Run test modules; `["Tests"]` if they failed."""
    heading("Tests")
    slow = [test for test in tests if test.startswith(SLOW)]
    tests = run_tests.of_this_system([test for test in tests if test not in slow])
    if slow:
        print(f"Not run here, because they take minutes: .venv/bin/python -m pytest {' '.join(slow)}")
    if not tests:
        print(f"Nothing that has tests changed since {base}. `make check ALL=1` runs all of tests/unit.")
        return []
    more = f" and {len(tests) - SHOWN} more" if len(tests) > SHOWN else ""
    print(f"{', '.join(tests[:SHOWN])}{more}", flush=True)
    return [] if _pytest([*tests, ALWAYS], ENVIRON, WORKERS) in {0, NO_TESTS} else ["Tests"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

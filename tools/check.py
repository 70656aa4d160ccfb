"""`make check`: linters, types, imports, and the tests of what changed. For every commit.

python -m tools.check                  # the tests of what changed since main
python -m tools.check --base HEAD~3    # since another commit
python -m tools.check --all            # all of tests/unit
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from tools import changed_tests, pinned
from tools.checks import CHECKS, ENVIRON, heading, run_checks
from tools.progress import say

SLOW = ("tests/benchmarks/", "tests/browser/", "tests/engine/", "tests/host/", "tests/native/")
"""The folders whose modules take minutes: they are named, and `make test` runs them."""
PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal")
SHOWN = 8
NO_TESTS = 5
"""The exit code of pytest that has no test to run."""


def main(arguments: list[str]) -> int:
    """Check it; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.check")
    parser.add_argument("--base", default="main", help="the commit to compare with (main)")
    parser.add_argument("--all", action="store_true", help="run all of tests/unit")
    options = parser.parse_args(arguments)
    try:
        tests = (
            ["tests/unit"]
            if options.all
            else changed_tests.modules_about(changed_tests.changed_since(options.base), pinned.ROOT)
        )
    except subprocess.CalledProcessError as error:
        say(f"git knows no commit {options.base}: {error.stderr.strip()}\nName another one: make check BASE=HEAD~1")
        return 1
    try:
        failed = run_checks(CHECKS)
        failed += run_tests(tests, options.base)
    except KeyboardInterrupt:
        return 130
    say(f"\nFailed: {', '.join(failed)}. See the output above." if failed else "\nAll of it passed.")
    return 1 if failed else 0


def run_tests(tests: list[str], base: str) -> list[str]:
    """Run test modules; `["Tests"]` if they failed."""
    heading("Tests")
    slow = [test for test in tests if test.startswith(SLOW)]
    tests = [test for test in tests if test not in slow]
    if slow:
        print(f"Not run here, because they take minutes: .venv/bin/python -m pytest {' '.join(slow)}")
    if not tests:
        print(f"Nothing that has tests changed since {base}. `make check ALL=1` runs all of tests/unit.")
        return []
    more = f" and {len(tests) - SHOWN} more" if len(tests) > SHOWN else ""
    print(f"{', '.join(tests[:SHOWN])}{more}", flush=True)
    done = subprocess.run([*PYTEST, *tests], cwd=pinned.ROOT, env=ENVIRON, check=False)
    return [] if done.returncode in {0, NO_TESTS} else ["Tests"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

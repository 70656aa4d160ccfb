"""`make mutants`: change the code in small ways, one at a time, and see whether a test fails.

mutmut makes the changes and runs the tests, as `[tool.mutmut]` in `pyproject.toml` says. It keeps the results in
`mutants/`: a run that was stopped continues, and a function that has changed is tested again. This script draws a
sample, leaves out what mypy refuses, and compares the survivors with `tests/equivalent_mutants.toml`: changes that no
test can notice. mutmut itself takes no sample, has no list of such changes, and ends at type errors that come from the
form of its own files.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

from tools import pinned
from tools.commands import StepError, progress, run, say

WORKERS = 2
BATCH = 500
"""Mutants for each run of mutmut: their names have to fit into one command line."""
MUTANTS = pinned.ROOT / "mutants"
EQUIVALENT = pinned.ROOT / "tests" / "equivalent_mutants.toml"
NOT_FOUND = {"survived", "no tests", "not checked", "check was interrupted by user"}
"""mutmut's results for a mutant that no test has found yet; all others are tests that fail, hang or crash."""
NOT_OF_THE_CHANGE = ("has-type", "no-redef", "unused-ignore")
"""mypy's errors that come from the form of mutmut's files: copies of each function, and comments of mutmut's own."""


class Change(NamedTuple):
    """What a mutant changes, without the number that mutmut gives it: that differs after each edit."""

    module: str
    function: str
    """Like `Clock.now`."""
    was: str
    becomes: str


def main() -> int:
    """Run what is asked for; 1 if a survivor has no reason."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--module", default="", help="a module, like pulumi_openai_admin/http/replies.py, or a folder")
    parser.add_argument("--sample", type=int, help="so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=1, help="another number chooses other mutants (1)")
    arguments = parser.parse_args()
    os.chdir(pinned.ROOT)  # mutmut works in the current folder
    os.nice(10)
    try:
        with progress("Making mutants"):
            make()
        chosen = {name: module for name, (module, _) in results().items() if module.startswith(arguments.module)}
        if arguments.sample and arguments.sample < len(chosen):
            names = random.Random(arguments.seed).sample(sorted(chosen), arguments.sample)  # noqa: S311 -- no secret
            chosen = {name: chosen[name] for name in names}
        with progress("Types"):
            refused = refused_by_mypy(sorted({*chosen.values()})) & chosen.keys()
        test([name for name, (_, fate) in results().items() if fate in NOT_FOUND and name in chosen.keys() - refused])
    except StepError as error:
        say(str(error))
        return 1
    survivors = [name for name in chosen if name not in refused and results()[name][1] in NOT_FOUND]
    reasons = explained(EQUIVALENT.read_text(encoding="utf-8"))
    unexplained = [each for name in survivors if (each := change(name, chosen[name])) not in reasons]
    for each in unexplained:
        print(f"{each.module}: {each.function}\n  - {each.was}\n  + {each.becomes}")
    found = len(chosen) - len(refused) - len(survivors)
    print(
        f"{len(chosen)} mutants: mypy refuses {len(refused)}, tests find {found}, {len(survivors)} survive. "
        f"{len(unexplained)} have no reason in tests/{EQUIVALENT.name}."
    )
    return 1 if unexplained else 0


def make() -> None:
    """Write the mutants of what has changed into `mutants/`. mutmut has no command that does only this."""
    from mutmut.__main__ import CatchOutput, create_mutants  # noqa: PLC0415 -- of an extra
    from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir  # noqa: PLC0415

    MUTANTS.mkdir(exist_ok=True)
    with CatchOutput():
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(WORKERS)


def results() -> dict[str, tuple[str, str]]:
    """The module of each mutant, and what mutmut says of it."""
    from mutmut.stats import status_by_exit_code  # noqa: PLC0415 -- of an extra

    return {
        name: (file.relative_to(MUTANTS).with_suffix("").as_posix(), status_by_exit_code[code])
        for file in sorted(MUTANTS.glob("pulumi_openai_admin/**/*.meta"))
        for name, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items()
    }


def refused_by_mypy(modules: list[str]) -> set[str]:
    """The names of the mutants of modules that mypy refuses: `make test` runs it, so no test has to notice them."""
    shadows = [part for module in modules for part in ("--shadow-file", module, str(MUTANTS / module))]
    command = [sys.executable, "-m", "mypy", "--output=json", f"--cache-dir={MUTANTS / '.mypy_cache'}"]
    command += [f"--disable-error-code={code}" for code in NOT_OF_THE_CHANGE]
    done = subprocess.run([*command, *shadows, *modules], capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in {0, 1}:
        raise StepError(f"mypy said: {(done.stderr or done.stdout).strip()[-500:]}")
    errors = [error for error in map(json.loads, done.stdout.splitlines()) if error["severity"] == "error"]
    found = set()
    for module in modules:
        lines = {error["line"] for error in errors if error["file"] == module}
        spans = json.loads((MUTANTS / f"{module}.spans").read_text(encoding="utf-8"))["spans"]
        dotted = module.removesuffix(".py").replace("/", ".")
        found |= {f"{dotted}.{name}" for name, (start, end) in spans.items() if lines & {*range(start, end + 1)}}
    return found


def test(names: list[str]) -> None:
    """Run the tests on what was never tested, and on survivors: there may be new tests."""
    program = str(Path(sys.executable).with_name("mutmut"))
    with progress(f"Testing {len(names)} mutants; {MUTANTS / 'run.log'} shows how far it is"):
        for start in range(0, len(names), BATCH):
            command = (program, "run", "--max-children", str(WORKERS), *names[start : start + BATCH])
            run(command, log=MUTANTS / "run.log", env={**os.environ, "PYTHONUNBUFFERED": "1"})


def change(name: str, module: str) -> Change:
    """What a mutant changes, read from mutmut's diff."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415 -- of an extra
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key  # noqa: PLC0415

    function, owner = orig_function_and_class_names_from_key(name)
    lines = get_diff_for_mutant(name, path=module).splitlines()[2:]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Change(module, f"{owner}.{function}" if owner else function, was, becomes)


def explained(text: str) -> set[Change]:
    """The changes that no test can notice. Each has its reason, `why`."""
    return {
        Change(module, entry["function"], entry["was"], entry["becomes"])
        for module, entries in tomllib.loads(text).items()
        for entry in entries
        if entry["why"]
    }


if __name__ == "__main__":
    sys.exit(main())

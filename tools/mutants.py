"""`make mutants`: change the code in small ways, one at a time, and see whether a test fails.

mutmut makes the changes and runs the tests, as `[tool.mutmut]` in `pyproject.toml` says. It keeps the results in
`mutants/`: a run that was stopped continues, and a function that has changed is tested again. This script chooses what
to test, leaves out what mypy refuses, counts, and compares the survivors with `tests/equivalent_mutants.toml`: changes
that no test can notice. mutmut itself takes no sample, has no list of such changes, and ends at type errors that come
from the form of its own files.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table

from tools import pinned
from tools.commands import StepError, progress, run, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WORKERS = 2
NICENESS = 10
LEAST_FOUND = 95
"""How many percent of the mutants that can be noticed mypy has to refuse, or a unit test has to kill."""
BATCH = 500
"""Mutants for each run of mutmut: their names have to fit into one command line."""
MUTANTS = pinned.ROOT / "mutants"
EQUIVALENT = pinned.ROOT / "tests" / "equivalent_mutants.toml"
KILLED, REFUSED, EXPLAINED, SURVIVED, NOT_RUN = "killed", "mypy refuses", "explained", "survived", "not run"
FATES = {
    "survived": SURVIVED,
    "no tests": SURVIVED,
    "not checked": NOT_RUN,
    "check was interrupted by user": NOT_RUN,
}
"""mutmut's results; all others are tests that fail, hang or crash."""
NOT_OF_THE_CHANGE = ("has-type", "no-redef", "unused-ignore")
"""mypy's errors that come from the form of mutmut's files: copies of each function, and comments of mutmut's own."""


class Change(NamedTuple):
    """What a mutant changes, without the number that mutmut gives it: that differs after each edit."""

    module: str
    function: str
    """Like `Clock.now`."""
    was: str
    becomes: str


class Mutant(NamedTuple):
    """One change, and what became of it."""

    name: str
    """mutmut's name: `pulumi_openai_admin.http.clock.xǁClockǁnow__mutmut_3`."""
    module: str
    fate: str
    change: Change | None = None
    """Read for survivors only: it takes time."""


def main() -> int:
    """Run what is asked for; 1 if too few are found, or a survivor has no reason."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--module", help="a module, like pulumi_openai_admin/http/replies.py, or a folder")
    parser.add_argument("--sample", type=int, help="so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=1, help="another number chooses other mutants (1)")
    arguments = parser.parse_args()
    os.chdir(pinned.ROOT)  # mutmut works in the current folder
    os.nice(NICENESS)
    try:
        reasons = read_reasons(EQUIVALENT.read_text(encoding="utf-8"))
        with progress("Making mutants"):
            make()
        chosen = choose([*all_mutants()], module=arguments.module, sample=arguments.sample, seed=arguments.seed)
        with progress("Types"):
            refused = refused_by_mypy(sorted({mutant.module for mutant in chosen}))
        test([mutant for mutant in chosen if mutant.name not in refused], reasons)
    except (StepError, ValueError) as error:
        say(str(error))
        return 1
    names = {mutant.name for mutant in chosen}
    found = [
        mutant._replace(fate=REFUSED) if mutant.name in refused else explained(mutant, reasons)
        for mutant in all_mutants()
        if mutant.name in names
    ]
    show(found)
    wrong = complaints(found, reasons, is_sample=bool(arguments.sample or arguments.module))
    for line in wrong:
        say(line)
    return 1 if wrong else 0


def make() -> None:
    """Write the mutants of what has changed into `mutants/`. mutmut has no command that does only this."""
    from mutmut.__main__ import CatchOutput, create_mutants  # noqa: PLC0415 -- of an extra
    from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir  # noqa: PLC0415

    MUTANTS.mkdir(exist_ok=True)
    with CatchOutput():
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(WORKERS)


def all_mutants() -> Iterator[Mutant]:
    """All mutants there are, with what is known about each."""
    from mutmut.stats import status_by_exit_code  # noqa: PLC0415 -- of an extra

    for file in sorted(MUTANTS.glob("pulumi_openai_admin/**/*.meta")):
        module = file.relative_to(MUTANTS).with_suffix("").as_posix()
        for name, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            fate = FATES.get(status_by_exit_code[code], KILLED)
            yield Mutant(name, module, fate, change(name, module) if fate == SURVIVED else None)


def refused_by_mypy(modules: list[str]) -> set[str]:
    """The names of the mutants of modules that mypy refuses: `make test` runs it, so no test has to notice them."""
    shadows = [part for module in modules for part in ("--shadow-file", module, str(MUTANTS / module))]
    command = [sys.executable, "-m", "mypy", "--output=json", f"--cache-dir={MUTANTS / '.mypy_cache'}"]
    command += [f"--disable-error-code={code}" for code in NOT_OF_THE_CHANGE]
    done = subprocess.run([*command, *shadows, *modules], capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in {0, 1}:
        raise StepError(f"mypy said: {(done.stderr or done.stdout).strip()[-500:]}")
    lines: dict[str, set[int]] = defaultdict(set)
    for error in map(json.loads, done.stdout.splitlines()):
        if error["severity"] == "error":
            lines[error["file"]].add(error["line"])
    found = set()
    for module in modules:
        spans = json.loads((MUTANTS / f"{module}.spans").read_text(encoding="utf-8"))["spans"]
        dotted = module.removesuffix(".py").replace("/", ".")
        for name, (start, end) in spans.items():
            if any(start <= line <= end for line in lines[module]):
                found.add(f"{dotted}.{name}")
    return found


def change(name: str, module: str) -> Change:
    """What a mutant changes, read from mutmut's diff."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415 -- of an extra
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key  # noqa: PLC0415

    function, owner = orig_function_and_class_names_from_key(name)
    lines = get_diff_for_mutant(name, path=module).splitlines()[2:]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Change(module, f"{owner}.{function}" if owner else function, was, becomes)


def choose(mutants: list[Mutant], *, module: str | None, sample: int | None, seed: int) -> list[Mutant]:
    """The mutants of a module or folder, or a sample of them: the same for the same seed.

    Raises:
        ValueError: There are none.
    """
    wanted = (module or "").rstrip("/")
    chosen = [each for each in mutants if not wanted or each.module == wanted or each.module.startswith(f"{wanted}/")]
    if not chosen:
        raise ValueError(f"{wanted} has no mutants: is it in `only_mutate` in pyproject.toml, and has it functions?")
    if sample and sample < len(chosen):
        chosen = random.Random(seed).sample(chosen, sample)  # noqa: S311 -- no secret
    return chosen


def test(chosen: list[Mutant], reasons: set[Change]) -> None:
    """Run the tests on what was never tested, and on survivors without a reason: there may be new tests."""
    names = [mutant.name for mutant in chosen if explained(mutant, reasons).fate in {NOT_RUN, SURVIVED}]
    program = str(Path(sys.executable).with_name("mutmut"))
    with progress(f"Testing {len(names)} mutants; {MUTANTS / 'run.log'} shows how far it is"):
        for start in range(0, len(names), BATCH):
            command = (program, "run", "--max-children", str(WORKERS), *names[start : start + BATCH])
            run(command, log=MUTANTS / "run.log", env={**os.environ, "PYTHONUNBUFFERED": "1"})


def read_reasons(text: str) -> set[Change]:
    """The changes that no test can notice.

    Raises:
        ValueError: One has no reason.
    """
    reasons = set()
    for module, entries in tomllib.loads(text).items():
        for entry in entries:
            if not entry.get("why"):
                raise ValueError(f"{EQUIVALENT.name}: {module}, {entry['function']}: `why` is missing.")
            reasons.add(Change(module, entry["function"], entry["was"], entry["becomes"]))
    return reasons


def explained(mutant: Mutant, reasons: set[Change]) -> Mutant:
    """The mutant, explained if its change has a reason."""
    return mutant._replace(fate=EXPLAINED) if mutant.change in reasons else mutant


def percent(fates: Counter[str]) -> float:
    """How many `make test` finds, by mypy or by a unit test, of those that it could notice."""
    found = fates[KILLED] + fates[REFUSED]
    return 100 * found / (found + fates[SURVIVED]) if found + fates[SURVIVED] else 100.0


def show(mutants: list[Mutant]) -> None:
    """Print the survivors without a reason, and a table of all modules."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for mutant in mutants:
        if mutant.fate == SURVIVED and mutant.change:
            console.print(f"{mutant.module}: {mutant.name.rpartition('.')[2]}")
            console.print(f"  - {mutant.change.was}\n  + {mutant.change.becomes}")
    fates = (REFUSED, KILLED, EXPLAINED, SURVIVED, NOT_RUN)
    table = Table("module", *fates, "% found", box=None)
    for module in (*sorted({mutant.module for mutant in mutants}), ""):
        counts = Counter(mutant.fate for mutant in mutants if not module or mutant.module == module)
        table.add_row(
            module.removeprefix("pulumi_openai_admin/") or "all",
            *(str(counts[fate]) for fate in fates),
            f"{percent(counts):.1f}",
        )
    console.print(table)


def complaints(mutants: Iterable[Mutant], reasons: set[Change], *, is_sample: bool) -> list[str]:
    """Why the command fails."""
    found = [*mutants]
    counts, lines = Counter(mutant.fate for mutant in found), list[str]()
    if counts[NOT_RUN]:
        lines.append(f"{counts[NOT_RUN]} mutants were not tested: see {MUTANTS / 'run.log'}.")
    if percent(counts) < LEAST_FOUND:
        lines.append(f"{percent(counts):.1f} % are found; it has to be {LEAST_FOUND} %.")
    if counts[SURVIVED]:
        lines.append(
            f"{counts[SURVIVED]} survivors have no reason: write a test, or say in tests/{EQUIVALENT.name} why there "
            "can be none."
        )
    if not is_sample:
        stale = reasons - {mutant.change for mutant in found if mutant.change}
        lines += [
            f"tests/{EQUIVALENT.name}: {module}, {function}: no survivor is `{becomes}` any more."
            for module, function, _, becomes in sorted(stale)
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())

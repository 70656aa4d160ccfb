"""`make mutants`: change the code in small ways, one at a time, and see whether a test fails.

mutmut makes the changes and runs the tests, as `[tool.mutmut]` in `pyproject.toml` says. It keeps the results in
`mutants/`: a run that was stopped continues, and a function that has changed is tested again. This script chooses what
to test, counts, and compares the survivors with `tests/equivalent_mutants.toml`: changes that no test can notice.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table

from tools import pinned
from tools.progress import StepError, progress, run, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

WORKERS = 2
NICENESS = 10
LEAST_KILLED = 95
"""How many percent of the mutants that can be noticed mypy has to refuse, or a unit test has to kill."""
BATCH = 500
"""Mutants for each run of mutmut: their names have to fit into one command line."""
MUTANTS = pinned.ROOT / "mutants"
TYPES = MUTANTS / "types.json"
EQUIVALENT = pinned.ROOT / "tests" / "equivalent_mutants.toml"
KILLED, REFUSED, SURVIVED, NOT_RUN = "killed", "refused by mypy", "survived", "not run"
FATES = {
    "survived": SURVIVED,
    "no tests": SURVIVED,
    "not checked": NOT_RUN,
    "check was interrupted by user": NOT_RUN,
}
"""mutmut's results; all others are tests that fail, hang or crash."""
TALLY = re.compile(r"\d+/\d+ .*")
"""A line of mutmut while it runs: of all mutants, how many have which result."""


class Change(NamedTuple):
    """What a mutant changes, without the number that mutmut gives it: that differs after each edit."""

    function: str
    """Like `Clock.now`."""
    was: str
    becomes: str


Reasons = dict[str, set[Change]]
"""By module, like `pulumi_openai_admin/http/clock.py`: changes that no test can notice."""


@dataclass(frozen=True)
class Mutant:
    """One change, and what became of it."""

    name: str
    """mutmut's name: `pulumi_openai_admin.http.clock.xǁClockǁnow__mutmut_3`."""
    module: str
    fate: str
    change: Change | None = None
    """Read for survivors only: it takes time."""


@dataclass
class Count:
    """What became of the mutants of one module."""

    total: int = 0
    refused: int = 0
    killed: int = 0
    not_run: int = 0
    explained: set[Change] = field(default_factory=set)
    survivors: list[Mutant] = field(default_factory=list)
    """Without a reason."""

    @property
    def percent(self) -> float:
        """How many `make test` would find, by mypy or by a unit test, of those that it could notice."""
        return _percent(self.refused + self.killed, len(self.survivors))

    @property
    def percent_by_tests(self) -> float:
        """How many unit tests find of those that mypy lets pass."""
        return _percent(self.killed, len(self.survivors))


def _percent(found: int, survived: int) -> float:
    return 100 * found / (found + survived) if found + survived else 100.0


def main() -> int:
    """Run what is asked for; 1 if too few are killed, or a survivor has no reason."""
    arguments = _arguments()
    os.chdir(pinned.ROOT)  # mutmut works in the current folder
    os.nice(NICENESS)
    try:
        reasons = read_reasons(EQUIVALENT.read_text(encoding="utf-8"))
        with progress("Making mutants"):
            make()
        chosen = choose(all_mutants(), module=arguments.module, sample=arguments.sample, seed=arguments.seed)
        names = {mutant.name for mutant in chosen}
        with progress("Types"):
            check_types(sorted({mutant.module for mutant in chosen}))
        test([mutant for mutant in all_mutants() if mutant.name in names], reasons)
    except (StepError, ValueError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. The next run continues.")
        return 130
    counts = count((mutant for mutant in all_mutants() if mutant.name in names), reasons)
    show(counts)
    wrong = complaints(counts, reasons, is_sample=bool(arguments.sample))
    for line in wrong:
        say(line)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--module", help="a module, like pulumi_openai_admin/http/replies.py, or a folder")
    parser.add_argument("--sample", type=int, help="so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=1, help="another number chooses other mutants (1)")
    return parser.parse_args()


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

    types = read_types()
    for file in sorted(MUTANTS.glob("pulumi_openai_admin/*/*.meta")):
        module = file.relative_to(MUTANTS).with_suffix("").as_posix()
        for name, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            is_refused = name in types.get(module, NO_TYPES).refused
            fate = REFUSED if is_refused else FATES.get(status_by_exit_code[code], KILLED)
            yield Mutant(name, module, fate, change(name, module) if fate == SURVIVED else None)


class Types(NamedTuple):
    """What mypy says of the mutants of one module."""

    digest: str
    """Of the file with the mutants."""
    refused: list[str]
    """The names of mutants with errors: `make test` runs mypy, so no test has to notice them."""


NO_TYPES = Types("", [])
NOT_OF_THE_CHANGE = ("has-type", "no-redef", "unused-ignore")
"""mypy's errors that come from the form of mutmut's files: copies of each function, and comments of mutmut's own."""


def read_types() -> dict[str, Types]:
    """What earlier runs of mypy said, by module."""
    text = TYPES.read_text(encoding="utf-8") if TYPES.exists() else "{}"
    return {module: Types(*said) for module, said in json.loads(text).items()}


def check_types(modules: Iterable[str]) -> None:
    """Run mypy on the mutants of modules that have changed: all mutants of a module are in one file."""
    types = read_types()
    digests = {module: hashlib.sha256((MUTANTS / module).read_bytes()).hexdigest() for module in modules}
    changed = [module for module, digest in digests.items() if types.get(module, NO_TYPES).digest != digest]
    if not changed:
        return
    shadows = [part for module in changed for part in ("--shadow-file", module, str(MUTANTS / module))]
    command = [sys.executable, "-m", "mypy", "--output=json", f"--cache-dir={MUTANTS / '.mypy_cache'}"]
    command += [f"--disable-error-code={code}" for code in NOT_OF_THE_CHANGE]
    done = subprocess.run([*command, *shadows, *changed], capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        raise StepError(f"mypy said: {(done.stderr or done.stdout).strip()[-500:]}")
    lines: dict[str, set[int]] = defaultdict(set)
    for error in map(json.loads, done.stdout.splitlines()):
        if error["severity"] == "error":
            lines[error["file"]].add(error["line"])
    types |= {module: Types(digests[module], at_lines(module, lines[module])) for module in changed}
    TYPES.write_text(json.dumps(types), encoding="utf-8")


def at_lines(module: str, lines: set[int]) -> list[str]:
    """The mutants that have one of the lines, in the file of all mutants of a module."""
    spans = json.loads((MUTANTS / f"{module}.spans").read_text(encoding="utf-8"))["spans"]
    dotted = module.removesuffix(".py").replace("/", ".")
    return [f"{dotted}.{name}" for name, (start, end) in spans.items() if any(start <= line <= end for line in lines)]


def change(name: str, module: str) -> Change:
    """What a mutant changes, read from mutmut's diff."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415 -- of an extra
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key  # noqa: PLC0415

    function, owner = orig_function_and_class_names_from_key(name)
    lines = get_diff_for_mutant(name, path=module).splitlines()[2:]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Change(f"{owner}.{function}" if owner else function, was, becomes)


def choose(mutants: Iterable[Mutant], *, module: str | None, sample: int | None, seed: int) -> list[Mutant]:
    """The mutants of a module or folder, or a sample of them: the same for the same seed.

    Raises:
        ValueError: There are none.
    """
    wanted = (module or "").rstrip("/")
    chosen = [
        mutant for mutant in mutants if not wanted or mutant.module == wanted or mutant.module.startswith(f"{wanted}/")
    ]
    if not chosen:
        raise ValueError(f"{wanted} has no mutants: is it in `only_mutate` in pyproject.toml, and has it functions?")
    if sample and sample < len(chosen):
        chosen = random.Random(seed).sample(chosen, sample)  # noqa: S311 -- no secret
    return chosen


def test(chosen: list[Mutant], reasons: Reasons) -> None:
    """Run the tests on what was never tested, and on survivors without a reason: there may be new tests."""
    names = [
        mutant.name
        for mutant in chosen
        if mutant.fate == NOT_RUN or (mutant.fate == SURVIVED and mutant.change not in reasons.get(mutant.module, ()))
    ]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    program = str(Path(sys.executable).with_name("mutmut"))
    with progress(f"Testing {len(names)} mutants") as shown:

        def follow(line: str) -> None:
            if found := TALLY.search(line):
                shown.note = f"mutmut: {found[0]}"

        for start in range(0, len(names), BATCH):
            command = (program, "run", "--max-children", str(WORKERS), *names[start : start + BATCH])
            run(command, log=MUTANTS / "run.log", env=env, on_line=follow)


def read_reasons(text: str) -> Reasons:
    """The changes that no test can notice.

    Raises:
        ValueError: One has no reason.
    """
    reasons: Reasons = {}
    for module, entries in tomllib.loads(text).items():
        for entry in entries:
            if not entry.get("why"):
                raise ValueError(f"{EQUIVALENT.name}: {module}, {entry['function']}: `why` is missing.")
            reasons.setdefault(module, set()).add(Change(entry["function"], entry["was"], entry["becomes"]))
    return reasons


def count(mutants: Iterable[Mutant], reasons: Reasons) -> dict[str, Count]:
    """What became of the mutants, by module."""
    counts: dict[str, Count] = defaultdict(Count)
    for mutant in mutants:
        counted = counts[mutant.module]
        counted.total += 1
        counted.refused += mutant.fate == REFUSED
        counted.killed += mutant.fate == KILLED
        counted.not_run += mutant.fate == NOT_RUN
        if mutant.change and mutant.change in reasons.get(mutant.module, ()):
            counted.explained.add(mutant.change)
        elif mutant.fate == SURVIVED:
            counted.survivors.append(mutant)
    return counts


def show(counts: Mapping[str, Count]) -> None:
    """Print the survivors without a reason, and a table of all modules."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for module, counted in sorted(counts.items()):
        for mutant in counted.survivors:
            console.print(f"{module}: {mutant.name.rpartition('.')[2]}")
            if mutant.change:
                console.print(f"  - {mutant.change.was}\n  + {mutant.change.becomes}")
    table = Table(
        "module", *("mutants", "mypy refuses", "killed", "explained", "survived", "% by tests", "% found"), box=None
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for module, counted in sorted(counts.items()):
        table.add_row(module.removeprefix("pulumi_openai_admin/"), *figures(counted))
    table.add_row("all", *figures(added(counts.values())), style="bold")
    console.print(table)


def figures(counted: Count) -> tuple[str, ...]:
    """The cells of one line of the table."""
    numbers = (counted.total, counted.refused, counted.killed, len(counted.explained), len(counted.survivors))
    return (*map(str, numbers), f"{counted.percent_by_tests:.1f}", f"{counted.percent:.1f}")


def added(counts: Iterable[Count]) -> Count:
    """All modules as one."""
    whole = Count()
    for counted in counts:
        whole.total += counted.total
        whole.refused += counted.refused
        whole.killed += counted.killed
        whole.not_run += counted.not_run
        whole.explained |= counted.explained
        whole.survivors += counted.survivors
    return whole


def complaints(counts: Mapping[str, Count], reasons: Reasons, *, is_sample: bool) -> list[str]:
    """Why the command fails."""
    whole, lines = added(counts.values()), list[str]()
    if whole.not_run:
        lines.append(f"{whole.not_run} mutants were not tested: see {MUTANTS / 'run.log'}.")
    if whole.percent < LEAST_KILLED:
        lines.append(f"{whole.percent:.1f} % are found; it has to be {LEAST_KILLED} %.")
    if whole.survivors:
        lines.append(
            f"{len(whole.survivors)} survivors have no reason: write a test, "
            f"or say in tests/{EQUIVALENT.name} why there can be none."
        )
    if not is_sample:
        lines += [
            f"tests/{EQUIVALENT.name}: {module}, {stale.function}: no survivor is `{stale.becomes}` any more."
            for module, counted in counts.items()
            for stale in reasons.get(module, set()) - counted.explained
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())

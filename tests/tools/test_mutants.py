from __future__ import annotations

import sys

import pytest

from tools.mutants import (
    EQUIVALENT,
    KILLED,
    NOT_RUN,
    REFUSED,
    SURVIVED,
    Change,
    Mutant,
    choose,
    complaints,
    count,
    read_reasons,
)
from tools.pinned import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGING, CLOCK = "pulumi_openai_admin/schema/paths.py", "pulumi_openai_admin/http/clock.py"
LONGER = Change("Clock.now", "return a < b", "return a <= b")
REASONS = {CLOCK: {LONGER}}


def mutants(fate: str, number: int, module: str = CLOCK, change: Change | None = None) -> list[Mutant]:
    return [Mutant(f"{module}-{fate}-{index}", module, fate, change) for index in range(number)]


def test_a_module_a_folder_and_a_sample_are_chosen() -> None:
    both = [*mutants(NOT_RUN, 50), *mutants(NOT_RUN, 50, PAGING)]
    assert choose(both, module=CLOCK, sample=None, seed=1) == both[:50]
    assert choose(both, module="pulumi_openai_admin/http/", sample=None, seed=1) == both
    assert choose(both, module=None, sample=500, seed=1) == both
    sample = choose(both, module=None, sample=20, seed=1)
    assert len(set(sample)) == 20
    assert sample == choose(both, module=None, sample=20, seed=1)
    assert sample != choose(both, module=None, sample=20, seed=2)


def test_a_module_without_mutants_is_refused() -> None:
    with pytest.raises(ValueError, match=r"http/gone\.py has no mutants"):
        choose(mutants(NOT_RUN, 1), module="pulumi_openai_admin/http/gone.py", sample=None, seed=1)


def test_what_mypy_refuses_is_found_and_what_has_a_reason_does_not_count() -> None:
    survivors = [*mutants(SURVIVED, 1, change=LONGER), *mutants(SURVIVED, 1, change=Change("Clock.now", "1", "2"))]
    figures = count([*mutants(KILLED, 19), *mutants(REFUSED, 5), *survivors], REASONS)[CLOCK]
    assert (figures.total, figures.killed, figures.refused, figures.explained) == (26, 19, 5, {LONGER})
    assert figures.survivors == survivors[1:]
    assert figures.percent_by_tests == pytest.approx(95)
    assert figures.percent == pytest.approx(96)


def test_enough_killed_and_no_survivor_without_a_reason_succeeds() -> None:
    counts = count([*mutants(KILLED, 1), *mutants(SURVIVED, 1, change=LONGER)], REASONS)
    assert complaints(counts, REASONS, is_sample=False) == []


def test_a_survivor_without_a_reason_fails_however_many_are_killed() -> None:
    counts = count([*mutants(KILLED, 999), *mutants(SURVIVED, 1, change=Change("f", "a", "b"))], REASONS)
    assert complaints(counts, {}, is_sample=True) == [
        "1 survivors have no reason: write a test, or say in tests/equivalent_mutants.toml why there can be none."
    ]


def test_too_few_killed_fails() -> None:
    counts = count([*mutants(KILLED, 18), *mutants(SURVIVED, 2, change=Change("f", "a", "b"))], {})
    assert complaints(counts, {}, is_sample=True)[0] == "90.0 % are found; it has to be 95 %."


def test_mutants_that_were_not_tested_fail() -> None:
    counts = count(mutants(NOT_RUN, 2), {})
    assert complaints(counts, {}, is_sample=True)[0].startswith("2 mutants were not tested")


def test_a_reason_for_what_is_killed_fails_a_complete_run_only() -> None:
    counts = count(mutants(KILLED, 1), REASONS)
    assert complaints(counts, REASONS, is_sample=True) == []
    (line,) = complaints(counts, REASONS, is_sample=False)
    assert line.endswith("http/clock.py, Clock.now: no survivor is `return a <= b` any more.")


def test_a_change_needs_a_reason() -> None:
    entry = f'[["{CLOCK}"]]\nfunction = "Clock.now"\nwas = "return a < b"\nbecomes = "return a <= b"\n'
    assert read_reasons(f'{entry}why = "They never are the same."') == REASONS
    with pytest.raises(ValueError, match=r"Clock\.now: `why` is missing"):
        read_reasons(entry)


def test_each_explained_change_is_of_a_line_that_is_there() -> None:
    for module, changes in read_reasons(EQUIVALENT.read_text(encoding="utf-8")).items():
        code = " ".join((ROOT / module).read_text(encoding="utf-8").split())
        for change in changes:
            assert " ".join(change.was.split()) in code, f"{module}, {change.function}"


def test_the_tests_that_find_changes_are_there() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    named = [*settings["pytest_add_cli_args_test_selection"], *settings["also_copy"], *settings["source_paths"]]
    assert [path for path in named if not (ROOT / path).exists()] == []

from __future__ import annotations

import tomllib

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
    explained,
    read_reasons,
)
from tools.pinned import ROOT

REPLIES, CLOCK = "pulumi_openai_admin/http/replies.py", "pulumi_openai_admin/http/clock.py"
LONGER = Change(CLOCK, "Clock.now", "return a < b", "return a <= b")
REASONS = {LONGER}


def mutants(fate: str, number: int, module: str = CLOCK, change: Change | None = None) -> list[Mutant]:
    return [Mutant(f"{module}-{fate}-{index}", module, fate, change) for index in range(number)]


def test_a_module_a_folder_and_a_sample_are_chosen() -> None:
    both = [*mutants(NOT_RUN, 50), *mutants(NOT_RUN, 50, REPLIES)]
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


def test_enough_found_and_no_survivor_without_a_reason_succeeds() -> None:
    found = [*mutants(KILLED, 19), *mutants(REFUSED, 5), *mutants(SURVIVED, 1, change=LONGER)]
    assert complaints([explained(mutant, REASONS) for mutant in found], REASONS, is_sample=False) == []


def test_a_survivor_without_a_reason_fails_however_many_are_killed() -> None:
    found = [*mutants(KILLED, 999), *mutants(SURVIVED, 1, change=LONGER)]
    (line,) = complaints([explained(mutant, set()) for mutant in found], set(), is_sample=True)
    assert line.startswith("1 survivors have no reason: write a test, or say in tests/equivalent_mutants.toml why")


def test_too_few_found_fails() -> None:
    found = [*mutants(KILLED, 13), *mutants(REFUSED, 5), *mutants(SURVIVED, 2, change=LONGER)]
    assert complaints(found, set(), is_sample=True)[0] == "90.0 % are found; it has to be 95 %."


def test_mutants_that_were_not_tested_fail() -> None:
    assert complaints(mutants(NOT_RUN, 2), set(), is_sample=True)[0].startswith("2 mutants were not tested")


def test_a_reason_for_what_is_killed_fails_a_complete_run_only() -> None:
    assert complaints(mutants(KILLED, 1), REASONS, is_sample=True) == []
    (line,) = complaints(mutants(KILLED, 1), REASONS, is_sample=False)
    assert line.endswith("http/clock.py, Clock.now: no survivor is `return a <= b` any more.")


def test_a_change_needs_a_reason() -> None:
    entry = f'[["{CLOCK}"]]\nfunction = "Clock.now"\nwas = "return a < b"\nbecomes = "return a <= b"\n'
    assert read_reasons(f'{entry}why = "They never are the same."') == REASONS
    with pytest.raises(ValueError, match=r"Clock\.now: `why` is missing"):
        read_reasons(entry)


def test_each_explained_change_is_of_a_line_that_is_there() -> None:
    for module, function, was, _ in read_reasons(EQUIVALENT.read_text(encoding="utf-8")):
        code = " ".join((ROOT / module).read_text(encoding="utf-8").split())
        assert " ".join(was.split()) in code, f"{module}, {function}"


def test_the_tests_that_find_changes_are_there() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    named = [*settings["pytest_add_cli_args_test_selection"], *settings["also_copy"], *settings["source_paths"]]
    assert [path for path in named if not (ROOT / path).exists()] == []

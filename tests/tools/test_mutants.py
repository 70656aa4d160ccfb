from __future__ import annotations

import tomllib

from tools.mutants import EQUIVALENT, explained
from tools.pinned import ROOT


def test_an_explained_change_is_of_a_line_that_is_there() -> None:
    for module, function, was, _ in explained(EQUIVALENT.read_text(encoding="utf-8")):
        code = " ".join((ROOT / module).read_text(encoding="utf-8").split())
        assert " ".join(was.split()) in code, f"{module}, {function}"


def test_the_tests_that_find_changes_are_there() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    named = [*settings["pytest_add_cli_args_test_selection"], *settings["also_copy"], *settings["source_paths"]]
    assert [path for path in named if not (ROOT / path).exists()] == []

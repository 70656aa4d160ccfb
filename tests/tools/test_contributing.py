"""The examples of the pages for contributors are code of the project, or can be run."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import Any

import pytest

import pulumi_openai_admin
from tools import pinned

GUIDE = "pulumi_openai_admin/resources/CONTRIBUTING.md"
PAGES = ("CONTRIBUTING.md", "pulumi_openai_admin/emulator/CONTRIBUTING.md", GUIDE)
RUN = "Thing"
"""The resource of the examples that no file has: they are run."""
MENTIONED = re.compile(r"`((?:pulumi_openai_admin|tests|tools|docs)/[\w/.]+\.\w+)`")


def text(page: str) -> str:
    return (pinned.ROOT / page).read_text(encoding="utf-8")


def examples(page: str) -> list[str]:
    """The examples in Python, also those inside a list or inside an example in Markdown."""
    return re.findall(r"^ *```python\n(.*?)^ *```$", text(page), re.MULTILINE | re.DOTALL)


def flat(code: str) -> str:
    """Code without indentation and empty lines, since a page quotes parts."""
    return "\n".join(line.strip() for line in code.splitlines() if line.strip())


QUOTED = [(page, code) for page in PAGES for code in examples(page) if RUN not in code]


@pytest.fixture(scope="module")
def code_of_the_project() -> list[str]:
    folders = ("pulumi_openai_admin", "tests", "tools")
    paths = (path for folder in folders for path in (pinned.ROOT / folder).rglob("*.py"))
    return [flat(path.read_text(encoding="utf-8")) for path in paths if path.name != "test_contributing.py"]


@pytest.mark.parametrize(("page", "code"), QUOTED, ids=lambda value: value.strip().partition("\n")[0][:40])
def test_an_example_is_code_of_the_project(page: str, code: str, code_of_the_project: list[str]) -> None:
    assert any(flat(code) in source for source in code_of_the_project), f"{page} quotes code that no file has:\n{code}"


@pytest.mark.parametrize("page", PAGES)
def test_each_file_that_a_page_names_exists(page: str) -> None:
    named = [path for path in MENTIONED.findall(text(page)) if "thing" not in path.lower()]
    assert [path for path in named if not (pinned.ROOT / path).exists()] == []


def test_the_example_of_a_resource_is_a_whole_declaration_and_its_life_has_all_verbs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    declaration, _, scenario, *more = [code for code in examples(GUIDE) if RUN in code]
    assert more == []
    thing: Any = _run(declaration, "thing", monkeypatch)["Thing"]
    monkeypatch.setattr(pulumi_openai_admin, RUN, thing, raising=False)
    found: Any = _run(scenario, "life_of_a_thing", monkeypatch)["THING"]
    assert found.needed_actions == {verb.action for verb in found.verbs}
    inputs = {field.name for field in thing.declaration.inputs}
    used = [found.inputs, found.replaced_by, *found.programs]
    assert {name for given in used for name in given} == inputs


def _run(code: str, name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    module = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(code, f"<{GUIDE}: {name}>", "exec"), module.__dict__)  # noqa: S102 - our own page
    return vars(module)

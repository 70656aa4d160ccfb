"""Every resource has a page in the docs, with a program that runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.dynamic.resource import AdminResource

if TYPE_CHECKING:
    from tests.engine.stacks import Stack

PAGES = sorted((Path(__file__).parents[2] / "docs" / "resources").glob("[A-Z]*.md"))


def test_every_resource_has_a_page() -> None:
    public = [getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__]
    resources = {one.__name__ for one in public if isinstance(one, type) and issubclass(one, AdminResource)}
    assert {page.stem for page in PAGES} == resources


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_program_runs(stack: Stack, page: Path) -> None:
    program = page.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    assert f"{page.stem}(" in program
    (stack.folder / "__main__.py").write_text(program, encoding="utf-8")
    stack.up()
    stack.assert_clean()
    stack.destroy()

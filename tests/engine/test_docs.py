"""The programs of pages in the docs run: those that can be one program, as one.

Two programs can't be one where both declare a resource of the same kind and name, an object with the same name, or
resources that manage the same object. The programs tell all of that themselves.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

import pulumi_openai_admin
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of
from pulumi_openai_admin.resources import ALL
from tests.engine.stacks import Stack
from tools.commands import StepError
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

DOCS = Path(__file__).parents[2] / "docs"
MAIN = """\
import importlib

import pulumi

export = pulumi.export
for page in {pages!r}:
    pulumi.export = lambda name, value, page=page: export(f"{{page}} {{name}}", value)
    importlib.import_module(page)
"""


@dataclass(frozen=True)
class Page:
    """A page with a program."""

    path: Path

    @property
    def module(self) -> str:
        """The name of its program as a module: messages that name the file name the page."""
        return self.path.stem.replace("-", "_")

    @cached_property
    def program(self) -> str:
        """The first program of the page."""
        return self.path.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]

    @cached_property
    def resources(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The inputs of each resource that the program declares, by its kind and name; unknown if only a run knows."""
        calls = [node for node in ast.walk(ast.parse(self.program)) if isinstance(node, ast.Call)]
        return {
            (call.func.id, _value(call.args[0])): {
                keyword.arg: _value(keyword.value) for keyword in call.keywords if keyword.arg
            }
            for call in calls
            if isinstance(call.func, ast.Name) and call.func.id in ALL
        }

    @property
    def objects(self) -> set[tuple[str, str]]:
        """The kinds and names of the objects that it creates, wherever they are: OpenAI may refuse a second."""
        named = {(kind, inputs.get("name", UNKNOWN)) for (kind, _), inputs in self.resources.items()}
        return {(kind, name) for kind, name in named if name != UNKNOWN}


def _value(expression: ast.expr) -> Any:
    try:
        return ast.literal_eval(expression)
    except ValueError:
        return UNKNOWN


def can_be_one(page: Page, other: Page) -> bool:
    """Return whether the programs of two pages can be one."""
    registered = Claims()
    conflicts = [
        registered.register(f"urn:pulumi:dev::{found.module}::{kind}::{name}", claims)
        for found in (page, other)
        for (kind, name), inputs in found.resources.items()
        if (claims := claims_of(getattr(pulumi_openai_admin, kind), inputs))
    ]
    return not (page.resources.keys() & other.resources.keys() or page.objects & other.objects or any(conflicts))


def groups(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages in groups, each as soon as it fits."""
    found: list[list[Page]] = []
    for page in pages:
        fitting = (group for group in found if all(can_be_one(page, other) for other in group))
        if group := next(fitting, None):
            group.append(page)
        else:
            found.append([page])
    return found


RESOURCES = [Page(path) for path in sorted((DOCS / "resources").glob("[A-Z]*.md"))]
GROUPS = groups([*RESOURCES, Page(DOCS / "deliver-keys.md"), Page(DOCS / "providers.md")])


@pytest.mark.every_resource
@pytest.mark.timeout(600)  # where a group fails, each of its programs runs alone
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: " ".join(page.module for page in group))
def test_programs_run(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path, group: list[Page]) -> None:
    failure = _failure(pulumi, emulator, tmp_path / "together", group)
    if failure:
        alone = [_failure(pulumi, emulator, tmp_path / page.module, [page]) for page in group]
        failed = [f"The program of {page.path}: {text}" for page, text in zip(group, alone, strict=True) if text]
        names = ", ".join(page.module for page in group)
        pytest.fail("\n\n".join(failed) or f"Each of these programs runs, but not with the others: {names}\n{failure}")


def _failure(pulumi: Engine, emulator: EmulatorServer, folder: Path, pages: Sequence[Page]) -> str:
    """What fails where the programs are one: `up`, the preview after it, or `destroy`; empty if nothing does."""
    emulator.control.reset()
    folder.mkdir()
    stack = Stack(pulumi, folder, environ_of(emulator))
    for page in pages:
        (folder / f"{page.module}.py").write_text(page.program, encoding="utf-8")
        for key in re.findall(r'require_secret\("(\w+)"\)', page.program):
            stack.ok("config", "set", "--secret", key, emulator.admin_key)
    (folder / "__main__.py").write_text(MAIN.format(pages=[page.module for page in pages]), encoding="utf-8")
    try:
        stack.up()
        stack.assert_clean()
        delivered = [path.read_text(encoding="utf-8") for path in folder.rglob("ci.key")]
        assert len(delivered) == [page.module for page in pages].count("deliver_keys"), delivered
        for key in delivered:
            assert dict(emulator.control.key(key) or {"state": "unknown"})["state"] == "live"
        if any(page.module == "providers" for page in pages):
            assert stack.outputs()["providers demo"] == "proj_demo"
        stack.destroy()
    except (AssertionError, StepError) as error:
        return str(error) or repr(error)
    return ""

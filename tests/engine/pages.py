"""The programs of documentation pages, in groups that the engine runs as one program.

Two programs can't be one where both declare a resource of the same kind and name, an object with the same name, or
resources that manage the same object. The programs tell all of that themselves.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi.runtime.rpc import UNKNOWN

import pulumi_openai_admin
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of
from pulumi_openai_admin.resources import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


def _value(expression: ast.expr) -> Any:
    try:
        return ast.literal_eval(expression)
    except ValueError:
        return UNKNOWN


def groups(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages in groups, each as soon as it fits."""
    found: list[list[Page]] = []
    for page in pages:
        for group in found:
            if not any(True for other in group for _ in clashes(page, other)):
                group.append(page)
                break
        else:
            found.append([page])
    return found


def clashes(page: Page, other: Page) -> Iterator[str]:
    """Why the programs of two pages can't be one."""
    yield from (f"{kind} {name!r}" for kind, name in page.resources.keys() & other.resources.keys())
    yield from (f"{kind} named {name!r}" for kind, name in _names(page) & _names(other))
    registered = Claims()
    for each_page in (page, other):
        for (kind, name), inputs in each_page.resources.items():
            claims = claims_of(getattr(pulumi_openai_admin, kind), inputs)
            conflict = registered.register(f"urn:pulumi:dev::{each_page.module}::{kind}::{name}", claims)
            if conflict:
                yield conflict


def _names(page: Page) -> set[tuple[str, str]]:
    """The kinds and names of the objects that it creates, wherever they are: OpenAI may refuse a second."""
    named = {(kind, inputs.get("name", UNKNOWN)) for (kind, _), inputs in page.resources.items()}
    return {(kind, name) for kind, name in named if name != UNKNOWN}

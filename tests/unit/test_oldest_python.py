"""What newer Pythons accept, and Python 3.10 does not."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "pulumi_openai_admin"
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def asynchronous_inside(tree: ast.AST) -> Iterator[int]:
    """The lines of comprehensions with `await` inside other comprehensions: a SyntaxError before Python 3.11."""
    for outer in ast.walk(tree):
        if isinstance(outer, COMPREHENSIONS):
            inner = (node for node in ast.walk(outer) if isinstance(node, COMPREHENSIONS) and node is not outer)
            yield from (
                each_part.lineno
                for each_part in inner
                if any(isinstance(part, ast.Await) for part in ast.walk(each_part))
            )


def test_it_is_found() -> None:
    nested = "async def f():\n    return [a for a in b if any([await c for c in a])]"
    assert list(asynchronous_inside(ast.parse(nested))) == [2]
    assert not list(asynchronous_inside(ast.parse("async def f():\n    return [await a for a in b]")))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_python_3_10_compiles_it(path: Path) -> None:
    assert list(asynchronous_inside(ast.parse(path.read_text(encoding="utf-8")))) == []

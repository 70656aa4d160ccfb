"""A variable is named after what it holds."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "pulumi_openai_admin"
NAMELESS = "one"


def names_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each name that is given to a value: a variable, a parameter, an attribute or a function, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store(), lineno=line):
                yield name, line
            case ast.Attribute(attr=name, ctx=ast.Store(), lineno=line):
                yield name, line
            case ast.arg(arg=name, lineno=line) | ast.keyword(arg=str(name), lineno=line):
                yield name, line
            case ast.FunctionDef(name=name, lineno=line) | ast.AsyncFunctionDef(name=name, lineno=line):
                yield name, line
            case ast.MatchAs(name=str(name), lineno=line) | ast.MatchStar(name=str(name), lineno=line):
                yield name, line
            case ast.ExceptHandler(name=str(name), lineno=line):
                yield name, line


def modules() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    assert len(found) > 200
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_name_says_nothing(path: Path) -> None:
    lines = [
        line for name, line in names_in(ast.parse(path.read_text(encoding="utf-8"))) if name.strip("_") == NAMELESS
    ]
    assert not lines, f"{path}: name what `{NAMELESS}` holds, in line {', '.join(map(str, lines))}"

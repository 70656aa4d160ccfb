"""Descriptions of fields: the string literal below each field, from the source."""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_SENTENCE = re.compile(r"(?<=\.) +(?=[A-Z`])")


def field_prose(module: ModuleType, class_name: str) -> dict[str, str]:
    """The description of each field of a class, by name; empty if Python runs without the sources."""
    try:
        source = inspect.getsource(module)
    except OSError:
        return {}
    body = next(
        node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    descriptions = {}
    for field, literal in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(literal, ast.Expr):
            text = literal.value.value if isinstance(literal.value, ast.Constant) else ""
            descriptions[field.target.id] = " ".join(str(text).split())
    return descriptions


def first_sentence(text: str) -> str:
    """The first sentence of a description. The others are about the resource."""
    return _SENTENCE.split(text, maxsplit=1)[0]


def plural(noun: str) -> str:
    """The plural of a noun, or of a name: "policies", "groups"."""
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"


def article(noun: str) -> str:
    """A noun with its indefinite article: "an API key"."""
    return f"{'an' if noun[0] in 'aeioAEIO' else 'a'} {noun}"


def snake(name: str) -> str:
    """The name of a class in the form of function names: `project_api_key`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

"""What declarations say in words: the string literal below each field, read from the source."""

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
    """What each field of a class is, by its name; empty where Python runs without the sources."""
    try:
        source = inspect.getsource(module)
    except OSError:
        return {}
    body = next(
        node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    told = {}
    for field, literal in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(literal, ast.Expr):
            text = literal.value.value if isinstance(literal.value, ast.Constant) else ""
            told[field.target.id] = " ".join(str(text).split())
    return told


def first_sentence(text: str) -> str:
    """What something is. What follows is how a resource treats it."""
    return _SENTENCE.split(text, maxsplit=1)[0]


def plural(noun: str) -> str:
    """The plural of a noun, or of a name: "policies", "groups"."""
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"


def article(noun: str) -> str:
    """A noun with its indefinite article: "an API key"."""
    return f"{'an' if noun[0] in 'aeioAEIO' else 'a'} {noun}"


def snake(name: str) -> str:
    """A name of a class as it is in the names of functions: `project_api_key`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

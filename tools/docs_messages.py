"""The messages that a user can meet, read from the code, so that none is missing from the page of troubleshooting."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources.failure import LookUpError
from pulumi_openai_admin.dynamic.program_errors import DeclarationError
from pulumi_openai_admin.http import error_codes
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "pulumi_openai_admin"
ROOMS = (
    "config.py",
    "errors.py",
    "http",
    "schema",
    "handlers",
    "lifecycle",
    "dynamic",
    "data_sources",
    "cli",
    "cli/adopt",
)
"""Where messages are written."""

_RETURNED = {"rules.py", "validation.py", "paths.py", "claims.py", "projects.py"}
"""Where a message is what a function returns: what is wrong with an input, what a replacement does."""
_TELLING = {*errors.__all__, LookUpError.__name__, DeclarationError.__name__, "warning", "append"}
"""What is called with a message: an error, the log, a list of what is wrong or left to do."""
_FILLED_IN = re.compile(r"%(?:\.\d+)?[sdrf]")
_LEAST = 10
"""Fewer letters than this are no message by themselves: `Could not` begins most of them."""


def constant_words() -> dict[str, str]:
    """Of each message the longest piece that is always the same, and where it is written."""
    found = {}
    for path in _modules():
        for node in _messages(path):
            piece = max(_pieces(node), key=len, default="")
            if len(piece) >= _LEAST:
                found[piece] = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
    return found | dict.fromkeys(error_codes.ADVICE, "a code of OpenAI")


def untold(page: str) -> dict[str, str]:
    """The messages that a page does not have, and where they are written."""
    text = " ".join(page.split())
    return {words: where for words, where in constant_words().items() if words not in text}


def _modules() -> Iterator[Path]:
    for room in ROOMS:
        place = PACKAGE / room
        yield from [place] if place.is_file() else sorted(place.glob("*.py"))


def _messages(path: Path) -> Iterator[ast.expr]:
    """What is raised, warned of, kept in `what` until it is raised, and returned as a fault."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in _TELLING:
            yield node.args[0]
        elif isinstance(node, ast.Call) and _name(node.func) == "_broken":
            yield node.args[1]
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Name) and one.id == "what" for one in targets):
                yield node.value
        elif isinstance(node, ast.Return) and node.value is not None and path.name in _RETURNED:
            yield from _returned(node.value)


def _returned(value: ast.expr) -> Iterator[ast.expr]:
    yield from (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)


def _name(function: ast.expr) -> str:
    return str(getattr(function, "attr", getattr(function, "id", "")))


def _pieces(node: ast.expr) -> list[str]:
    """The constant pieces of a text, each as far as its first sentence goes."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    pieces = [piece for text in texts for piece in _FILLED_IN.split(text)]
    bare = [" ".join(piece.split()).strip(" .,:;()[]{}'\"") for piece in pieces]
    return [piece.partition(". ")[0] for piece in bare]

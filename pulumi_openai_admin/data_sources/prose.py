"""Descriptions from the source: docstrings in parts, and the string literal below each field."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

ENTRY = re.compile(r"^ {4}(\w+): (.*?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)
"""An entry of a docstring's `Args:` or `Raises:`."""
_SENTENCE = re.compile(r"(?<=\.) +(?=[A-Z`])")


@dataclass(frozen=True)
class Docstring:
    """The parts of the docstring of a resource."""

    summary: str
    """The first paragraph."""
    paragraphs: list[str]
    """What else is said, before the parts below."""
    id: str
    """The paragraph on the resource's id."""
    raises: list[tuple[str, str]]
    """Each error, and when it is raised."""
    source: str
    """The requests to OpenAI."""

    @property
    def id_form(self) -> str:
        """The form of the id, such as `<project_id>/<rate_limit_id>`."""
        return self.id.partition("`")[2].partition("`")[0]

    @classmethod
    def of(cls, declared: type) -> Docstring:
        """Read the docstring of a class.

        Raises:
            ValueError: A part is missing.
        """
        summary, *others = (inspect.getdoc(declared) or "").split("\n\n")
        begins = ("The resource ID is", "Raises:", "Source:")
        ids, raises, sources = ([text for text in others if text.startswith(begin)] for begin in begins)
        for begin, found in zip(begins, (ids, raises, sources), strict=True):
            if len(found) != 1:
                raise ValueError(f"{declared.__name__}: its docstring needs exactly one paragraph {begin!r}")
        return cls(
            summary=summary,
            paragraphs=[text for text in others if not text.startswith(begins)],
            id=flat(ids[0]),
            raises=entries(raises[0]),
            source=flat(sources[0].removeprefix("Source: ")),
        )


def entries(section: str) -> list[tuple[str, str]]:
    """The entries of a docstring's `Args:` or `Raises:`, by name."""
    return [(name, flat(text)) for name, text in ENTRY.findall(section)]


def flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


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

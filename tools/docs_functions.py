"""The pages of provider functions, one for each topic, from their signatures and docstrings.

The functions that read a resource's kind have the topic of the resource. `_TOPICS` has the topics of the others.
"""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import data_sources
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.kind import entries, flat
from pulumi_openai_admin.data_sources.result import PROSE
from pulumi_openai_admin.slugs import slug_of
from tools import type_stub
from tools.docs_declarations import ORDER, code, table
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = ROOT / "docs" / "functions"
INDEX = FOLDER / "index.md"
"""The page about all provider functions."""

_USAGE = "Usage and costs"
_TOPICS = {
    "audit_log": "Security",
    "special_kinds": "Service accounts and keys",
    "report": _USAGE,
    "webhook_event_types": "Projects and limits",
}
"""The topics of the modules of `data_sources` whose kinds are not resources."""
_SECTIONS = {"Args": "Arguments", "Attributes": "Outputs", "Raises": "Raises"}
"""The lists of a docstring, and what a page calls them."""


def by_topic(resources: Mapping[str, list[str]]) -> dict[str, dict[str, Any]]:
    """The public names of all provider functions and their results, with their values, by topic.

    Args:
        resources: The names of all resources by topic.
    """
    of_kind = {name: topic for topic, names in resources.items() for name in names}
    modules = dict.fromkeys(data_sources.ALL, "special_kinds") | {
        name: module for name, (_, module) in data_sources.QUERIES.items()
    }
    found: dict[str, dict[str, Any]] = {topic: {} for topic in (*ORDER, _USAGE)}
    for name in kinds.names():
        found[of_kind.get(name) or _TOPICS[modules[name]]] |= kinds.look_ups(name)
    return {topic: public for topic, public in found.items() if public}


def plain(names: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """The functions among public names, without their variants for Outputs."""
    functions = {name: value for name, value in sorted(names.items()) if inspect.isroutine(value)}
    return {name: function for name, function in functions.items() if not name.endswith("_output")}


def page_name(topic: str) -> str:
    """The name of the page of a topic, such as `people-and-groups.md`."""
    return f"{slug_of(topic, '-')}.md"


def index(topics: Mapping[str, Mapping[str, Any]]) -> str:
    """All functions by topic, with links to their pages.

    Args:
        topics: What `by_topic` found.
    """
    sections = []
    for topic, names in topics.items():
        page = page_name(topic)
        rows = [(f"[{name}]({page}#{name})", _summary(function)) for name, function in plain(names).items()]
        sections += [f"### {topic}", table(("function", "what it returns"), rows)]
    return "\n\n".join(sections)


def _summary(function: Callable[..., Any]) -> str:
    return flat((inspect.getdoc(function) or "").partition("\n\n")[0])


def reference(names: Mapping[str, Any]) -> str:
    """The functions of a topic and their results.

    Args:
        names: The public names of the topic, with their values.
    """
    results = [value for _, value in sorted(names.items()) if isinstance(value, type)]
    functions = [reference_of(name, function) for name, function in plain(names).items()]
    return "\n\n".join(["## Functions", *functions, "## Results", *map(_result, results)])


def navigation(topics: Mapping[str, Any]) -> str:
    """The navigation of docs/functions as a list in Markdown."""
    return "\n".join(["- [All functions](index.md)", *(f"- [{topic}]({page_name(topic)})" for topic in topics), ""])


def reference_of(name: str, value: Callable[..., Any]) -> str:
    """A function or class: its signature, and what its docstring says."""
    call = inspect.signature(value)
    result = "" if isinstance(value, type) else f" -> {call.return_annotation}"
    parameters = "".join(f"    {parameter},\n" for parameter in _parameters(call))
    signature = f"```python\n{name}(\n{parameters}){result}\n```"
    told = [_section(paragraph) for paragraph in (inspect.getdoc(value) or "").split("\n\n")]
    return "\n\n".join([f"### {name}", signature, *told])


def _parameters(call: inspect.Signature) -> list[str]:
    """As they stand in a signature: all but the first of a class can only be given by name."""
    shown = [
        (type_stub.parameter_of(parameter), parameter.kind is parameter.KEYWORD_ONLY)
        for parameter in call.parameters.values()
    ]
    first = next((place for place, (_, by_name) in enumerate(shown) if by_name), None)
    texts = [text for text, _ in shown]
    return texts if first is None else [*texts[:first], "*", *texts[first:]]


def _section(paragraph: str) -> str:
    head, _, section = paragraph.partition(":\n")
    if head not in _SECTIONS:
        return flat(paragraph)
    listed = [f"- `{name}`: {text}" for name, text in entries(section)]
    return f"{_SECTIONS[head]}:\n\n" + "\n".join(listed)


def _result(kind: Any) -> str:
    """A result's fields, and its properties with their docstrings."""
    rows = [
        (f"`{field.name}`", code(type_stub.text_of(field.type)), field.metadata[PROSE])
        for field in dataclasses.fields(kind)
    ]
    rows += [
        (f"`{name}`", code(inspect.signature(value.fget).return_annotation), flat(value.__doc__))
        for name, value in type_stub.properties(kind).items()
    ]
    about = (inspect.getdoc(kind) or "").partition("\n\nAttributes:")[0]
    return "\n\n".join([f"### {kind.__name__}", about, table(("name", "type", "what"), rows)])

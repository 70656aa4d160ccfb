"""The page of provider functions, by topic, from their signatures and docstrings.

The functions that read a resource's kind have the topic of the resource. `_TOPICS` has the topics of the others.
"""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import data_sources
from pulumi_openai_admin.data_sources import functions, kinds
from pulumi_openai_admin.data_sources.kind import entries, flat
from pulumi_openai_admin.data_sources.result import declared
from pulumi_openai_admin.printable import capitalized
from tools import type_stub
from tools.docs_declarations import ORDER, code, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_USAGE = "Usage and costs"
_TOPICS = {
    "audit_log": "Security",
    "special_kinds": "Service accounts and keys",
    "report": _USAGE,
    "webhook_event_types": "Projects and limits",
}
"""The topics of the modules of `data_sources` whose kinds are not resources."""
_SECTIONS = {"Args": "Arguments", "Attributes": "Outputs", "Raises": "Raises"}
"""The lists of a docstring, and what the page calls them."""
_OF_ALL = {functions.ABOUT_OPTS, capitalized(functions.ALWAYS)}
"""What docstrings repeat and the page says once, above the functions."""


def by_topic(resources: Mapping[str, list[str]]) -> dict[str, dict[str, Any]]:
    """The public names of all provider functions and their results, with their values, by topic of the resources."""
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


def index(topics: Mapping[str, Mapping[str, Any]]) -> str:
    """All functions, as `by_topic` found them, with links to their descriptions."""
    return table(
        ("topic", "function", "what it returns"),
        (
            (
                "" if place else f"[{topic}](#{topic.lower().replace(' ', '-')})",
                f"[{name}](#{name})",
                flat((inspect.getdoc(function) or "").partition("\n\n")[0]),
            )
            for topic, names in topics.items()
            for place, (name, function) in enumerate(plain(names).items())
        ),
    )


def reference(topics: Mapping[str, Mapping[str, Any]]) -> str:
    """The functions and their results, as `by_topic` found them, a section for each topic."""
    sections = []
    for topic, names in topics.items():
        results = [value for _, value in sorted(names.items()) if isinstance(value, type)]
        described = [reference_of(name, function) for name, function in plain(names).items()]
        sections += [f"## {topic}", *described, *map(_result, results)]
    return "\n\n".join(sections)


def reference_of(name: str, value: Callable[..., Any]) -> str:
    """A function or class: its signature, and what its docstring says."""
    call = inspect.signature(value)
    result = "" if isinstance(value, type) else f" -> {call.return_annotation}"
    parameters = "".join(f"    {parameter},\n" for parameter in _parameters(call))
    signature = f"```python\n{name}(\n{parameters}){result}\n```"
    told = [_section(paragraph) for paragraph in (inspect.getdoc(value) or "").split("\n\n")]
    return "\n\n".join([f"### {name}", signature, *filter(None, told)])


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
    listed = [f"- `{name}`: {text}" for name, text in entries(section) if text not in _OF_ALL]
    return f"{_SECTIONS[head]}:\n\n" + "\n".join(listed) if listed else ""


def _result(kind: Any) -> str:
    """A result's fields, and its properties with their docstrings."""
    rows = [
        (f"`{field.name}`", code(type_stub.text_of(field.type)), declared(field).prose)
        for field in dataclasses.fields(kind)
    ]
    rows += [
        (f"`{name}`", code(inspect.signature(value.fget).return_annotation), flat(value.__doc__))
        for name, value in type_stub.properties(kind).items()
    ]
    about = (inspect.getdoc(kind) or "").partition("\n\nAttributes:")[0]
    return "\n\n".join([f"### {kind.__name__}", about, table(("name", "type", "what"), rows)])

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
from pulumi_openai_admin.data_sources.result import computed, declared
from pulumi_openai_admin.printable import capitalized
from tools.docs_declarations import ORDER, code, table, topics

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


def by_topic() -> dict[str, dict[str, Any]]:
    """The public names of all provider functions and their results, with their values, by topic."""
    of_kind = {name: topic for topic, names in topics().items() for name in names}
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


def index() -> str:
    """All functions, with links to their descriptions."""
    rows = []
    for topic, names in by_topic().items():
        link = f"[{topic}](#{topic.lower().replace(' ', '-')})"
        for name, function in plain(names).items():
            rows.append((link, f"[{name}](#{name})", flat((inspect.getdoc(function) or "").partition("\n\n")[0])))
            link = ""
    return table(("topic", "function", "what it returns"), rows)


def reference() -> str:
    """The functions and their results, a section for each topic."""
    sections = []
    for topic, names in by_topic().items():
        results = [value for _, value in sorted(names.items()) if isinstance(value, type)]
        described = [reference_of(name, function) for name, function in plain(names).items()]
        sections += [f"## {topic}", *described, *map(_result, results)]
    return "\n\n".join(sections)


def reference_of(name: str, value: Callable[..., Any]) -> str:
    """A function or class: its signature, and what its docstring says."""
    call = inspect.signature(value)
    result = "" if isinstance(value, type) else f" -> {call.return_annotation}"
    signature = f"```python\n{name}(\n{parameters_of(call)}){result}\n```"
    parts = [f"### {name}", signature]
    for paragraph in (inspect.getdoc(value) or "").split("\n\n"):
        head, _, section = paragraph.partition(":\n")
        if head not in _SECTIONS:
            parts.append(flat(paragraph))
        elif listed := [f"- `{name}`: {text}" for name, text in entries(section) if text not in _OF_ALL]:
            parts.append(f"{_SECTIONS[head]}:\n\n" + "\n".join(listed))
    return "\n\n".join(parts)


def _result(kind: Any) -> str:
    """A result's fields, and its properties with their docstrings."""
    rows = [(f"`{field.name}`", code(text_of(field.type)), declared(field).prose) for field in dataclasses.fields(kind)]
    rows += [
        (f"`{name}`", code(inspect.signature(value.fget).return_annotation), flat(value.__doc__))
        for name, value in computed(kind).items()
    ]
    about = (inspect.getdoc(kind) or "").partition("\n\nAttributes:")[0]
    return "\n\n".join([f"### {kind.__name__}", about, table(("name", "type", "what"), rows)])


def parameters_of(signature: inspect.Signature) -> str:
    """The parameters of a function as source, one on each line: their annotations are texts."""
    lines = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in lines:
            lines.append("*")
        default = "" if parameter.default is inspect.Parameter.empty else f" = {parameter.default!r}"
        lines.append(f"{parameter.name}: {parameter.annotation}{default}")
    return "".join(f"    {line},\n" for line in lines)


def text_of(hint: Any) -> str:
    """A type as source."""
    return inspect.formatannotation(hint).replace("pulumi_openai_admin.", "").replace("typing.", "")

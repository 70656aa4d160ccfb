"""What the documentation says of resources and provider functions, from their declarations.

The page of a resource names its topic in its front matter, `topic: Roles`. The sections of docs/resources/index.md and
docs/functions.md, and the navigation of the site, follow from it.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import data_sources
from pulumi_openai_admin.data_sources import functions, kinds
from pulumi_openai_admin.data_sources.kind import Docstring, entries, field_prose, flat
from pulumi_openai_admin.data_sources.result import computed, declared
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.handlers.keys.delivered_keys import DELIVER_TO
from pulumi_openai_admin.handlers.shapes.toggle import Toggle
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import camel, respelled, token
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.resources import ALL, class_of, paths_of
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import FieldRole, WhenRemoved
from pulumi_openai_admin.schema.formats import MOMENT
from pulumi_openai_admin.schema.paths import PARENTS, PROJECT
from tools.commands import StepError
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pulumi_openai_admin.resources.base import AdminResource
    from pulumi_openai_admin.schema.fields import Declaration, Field

RESOURCE_PAGES = ROOT / "docs" / "resources"


def resources() -> dict[str, type[AdminResource]]:
    """All resources by name."""
    return {name: class_of(name) for name in sorted(ALL)}


def inputs_and_outputs(resource: type[AdminResource]) -> str:
    """What a program sets and gets, as sections of a page."""
    texts, declaration = field_texts(resource), resource.declaration
    outputs = []
    for field in declaration.with_role(FieldRole.OUTPUT):
        type_, prose = texts[field.name]
        outputs.append((f"`{field.name}`", f"{code(type_)}{', **secret**' if field.is_secret else ''}", prose))
    roles = {"selectors": FieldRole.SELECTOR, "arguments": FieldRole.ARGUMENT}
    names = {name: _listed(field.name for field in declaration.with_role(role)) for name, role in roles.items()}
    return "\n\n".join(
        [
            "## Inputs",
            _spelling(declaration),
            table(("name", "type", "", "what"), [_input(field, *texts[field.name]) for field in declaration.inputs]),
            *_keys(declaration),
            *(_RULES[type(rule).__name__].format(rule, **names) for rule in resource.rules),
            "## Outputs",
            table(("name", "type", "what"), outputs) if outputs else "Only the inputs.",
        ]
    )


def _spelling(declaration: Declaration) -> str:
    """How a name of this page is written in other languages: the first name that differs in most of them."""
    names = [name for name in declaration.fields if "_" in name.strip("_")]
    name = next((name for name in names if properties.python(name) != name), names[0])
    other, native = camel(name), properties.python(name)
    sdk = f" In the SDK of the native provider for Python, it is `{native}`." if native != name else ""
    return (
        f"Names and types are those of Python. `{name}` is `{other}` in [YAML and TypeScript](#other-languages), and "
        f"`{other[0].upper()}{other[1:]}` in Go and C#.{sdk}"
    )


_ERRORS_OF_ALL = ("ParentNotFoundError", "ProjectArchivedError", "ResponseLostError")
"""The errors that docs/resources/index.md explains once."""


def errors_and_requests(resource: type[AdminResource]) -> str:
    """Its errors and its requests to OpenAI, as sections."""
    told = Docstring.of(resource)
    named = {name: f"[`{name}`](../troubleshooting.md#{name.lower()})" for name, _ in told.raises}
    lines = [f"- {named[name]}: {text}" for name, text in told.raises if name not in _ERRORS_OF_ALL]
    if shared := [link for name, link in named.items() if name in _ERRORS_OF_ALL]:
        lines.append(f"- {', '.join(shared)}: as for [all resources](index.md#what-applies-to-all-resources)")
    rows = []
    for method, path in sorted(requests_of(resource), key=lambda request: request[::-1]):
        id_ = _documented().get(path, {}).get(method.lower(), {}).get("operationId", "")
        rows.append((method, f"`{path}`", f"`{id_}`" if id_ else ""))
    has_paths = any(paths_of(resource.handler))
    sent = table(("method", "path", "operation"), rows) if has_paths else told.also_sends
    return "\n\n".join(["## Errors", "\n".join(lines), "## Requests to OpenAI", sent])


def without_names(path: str) -> str:
    """A path with `{}` for each id."""
    return re.sub(r"\{\w+\}|\*", "{}", path)


OPERATIONS = {
    (operation.method, without_names(operation.path)): operation.path
    for kind in KINDS
    for operation in kind.operations()
}
"""The path of each operation, by its method and its path without the names of ids."""
_REQUEST = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/[\w/{}]+)")
_SPECIFICATION = ROOT / "tests" / "emulator" / "specification" / "admin-openapi.json"


@cache
def _documented() -> dict[str, Any]:
    """The operations of OpenAI's specification, by path and method."""
    return dict(json.loads(_SPECIFICATION.read_text(encoding="utf-8"))["paths"])


def requests_of(resource: type[AdminResource]) -> set[tuple[str, str]]:
    """The requests that it may send, as method and path. The simulation compares them with those that are sent.

    These are the operations at the paths of its handler, those that its docstring names, and GET of what its paths are
    inside of. Outside projects, one project shows whether the key is of the same organization.
    """
    told, handler = Docstring.of(resource), resource.handler
    paths = {*paths_of(handler)}
    own = {without_names(path) for path in paths}
    is_toggle = isinstance(handler, Toggle)  # it makes no objects in its list
    found = {
        (method, path)
        for (method, template), path in OPERATIONS.items()
        if template.removesuffix("/{}") in own and (method == "GET" or not is_toggle)
    }
    read = {parent.path for name, parent in PARENTS.items() if any(f"{{{name}}}" in path for path in paths)}
    is_in_project = PROJECT.id_name in resource.declaration.fields and PROJECT.path in read
    if not (is_in_project or handler.traits.proves_organization):
        read |= {PROJECT.path, PROJECT.path.rpartition("/")[0]}
    also, never = ({*_REQUEST.findall(text)} for text in (told.also_sends, told.never_sends))
    return (found | {("GET", path) for path in read} | also) - never


def imports(resource: type[AdminResource]) -> str:
    """Its resource ID, and how an existing object comes under the management of Pulumi."""
    told, reason = Docstring.of(resource), resource.handler.traits.not_adoptable
    if reason:
        return f"{told.id} Neither [`adopt`](../adoption.md) nor `pulumi import` can import it: {reason}."
    id_ = respelled(resource.declaration.fields.keys(), told.id_form)
    return (
        f"{told.id} Import with [`adopt`](../adoption.md), or with the [native provider](../native-provider.md):\n\n"
        f"```text\npulumi import {token(resource.__name__)} NAME '{id_}'\n```"
    )


def names_in_states() -> str:
    """The type tokens and property names of all resources, as a table, with those that the page has already.

    Users' states have them, so they are never removed: `tests/unit/test_identity.py` lists those that the code lacks.
    Only a name that was never released may go: delete it from the page.
    """
    names: dict[str, Iterable[str]] = {}
    for resource in resources().values():
        names[resource._resource_type_name] = [field.stored for field in resource.declaration.fields.values()]  # noqa: SLF001 - pulumi has no public name for it
    page = (RESOURCE_PAGES / "index.md").read_text(encoding="utf-8")
    for type_, recorded in re.findall(r"^\| `(dynamic/[^`]+)` \| (.*) \|$", page, re.MULTILINE):
        names[type_] = dict.fromkeys([*names.get(type_, ()), *re.findall(r"`(\w+)`", recorded)])
    head = ("type, after `pulumi-python:`", "inputs and outputs")
    return table(head, [(f"`{type_}`", _listed(found)) for type_, found in names.items()])


def field_texts(resource: type[AdminResource]) -> dict[str, tuple[str, str]]:
    """Types and descriptions of all fields in the source, by name."""
    name, module = resource.__name__, import_module(f"pulumi_openai_admin.resources.{ALL[resource.__name__]}")
    prose, fields = field_prose(module, name), resource.declaration.fields
    if missing := [field for field in fields if not prose.get(field)]:
        raise StepError(f"{name}.{missing[0]} has no description: add a string literal after the field")
    source = ast.parse(inspect.getsource(module)).body
    (body,) = (node.body for node in source if isinstance(node, ast.ClassDef) and node.name == name)
    types = {}
    for node in body:
        if isinstance(node, ast.AnnAssign):
            inner = node.annotation.slice if isinstance(node.annotation, ast.Subscript) else node.annotation
            # What a program gives, or gets, is the last one of `Field[T, S]`.
            types[ast.unparse(node.target)] = ast.unparse(inner.elts[-1] if isinstance(inner, ast.Tuple) else inner)
    return {field: (types[field], prose[field]) for field in fields}


def _input(field: Field[Any, Any], type_: str, prose: str) -> tuple[str, ...]:
    need = "required" if field.required else "optional"
    facts = [need, *(["changing it replaces the resource"] if field.replaces else []), *_range(field)]
    omitted = "" if field.replaces and field.when_removed is WhenRemoved.REPLACES else field.when_omitted
    return (
        f"`{field.name}`",
        code(type_.removesuffix(" | None")),
        ", ".join(facts),
        f"{prose} {omitted}".strip(),
    )


def _range(field: Field[Any, Any]) -> list[str]:
    """Return the values that it accepts. Its type shows choices, and the description of a moment shows its forms."""
    bounds, is_moment = field.bounds, field.bounds.constraint is MOMENT
    facts = [bounds.constraint.words] if bounds.constraint and not is_moment else []
    if bounds.keys is not None:
        facts.append(f"each key {bounds.keys.words}")
    if bounds.maximum is not None and not is_moment:
        facts.append(f"{bounds.minimum} to {bounds.maximum}")
    elif bounds.minimum is not None and not any(isinstance(part, shapes.Text) for part in shapes.parts(field.shape)):
        facts.append(f"{bounds.minimum} or more")
    return [*facts, *(["may be empty"] if bounds.may_be_empty else []), *(["**secret**"] if field.is_secret else [])]


def _keys(declaration: Declaration) -> list[str]:
    """What the mappings of a resource hold that have named properties. One page lists those of secret stores."""
    structures = {
        part.name: part
        for field in declaration.inputs
        if field.name != DELIVER_TO
        for part in shapes.parts(field.shape)
        if isinstance(part, shapes.Structure)
    }
    told = []
    for name, structure in structures.items():
        optional = [each for each in structure.properties if each not in structure.required]
        required = [each for each in structure.properties if each in structure.required]
        has = [f"with {_listed(required)}"] if required else []
        has += [f"{'and optionally' if required else 'with any of'} {_listed(optional)}"] if optional else []
        article = "An" if name[0] in "AEIO" else "A"
        told.append(f"{article} `{name}` is a mapping {' '.join(has) or 'without properties'}.")
    if DELIVER_TO in declaration.fields:
        told.append(f"[Destinations](../deliver-keys.md#destinations) lists the stores for `{DELIVER_TO}`.")
    return told


_RULES = {
    "Shorter": "`{0.field}` must be shorter than `{0.than}`.",
    "UndeclaredPath": "No other resource manages `{0.field}`.",
    "NamesInside": "`{0.field}` names only properties in `{0.of}`.",
    "NotInside": "`{0.field}` names no property in `{0.of}`.",
    "KeysAmong": "Each entry of `{0.field}` names an entry of `{0.members}`.",
    "Alone": "If `{0.field}` contains `{0.text}`, it contains nothing else.",
    "ExactlyOneSelector": "Exactly one of {selectors} must be set.",
    "AnyArgument": "At least one of {arguments} must be set.",
    "ExactlyOneProperty": "`{0.field}` must have exactly one property.",
    "NotTogether": "`{0.other}` can't be set together with `{0.flag}=True`.",
    "Needs": "`{0.field}` requires `{0.other}`.",
}
"""The words for each kind of rule."""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def code(type_: str) -> str:
    """A type in a table, where Markdown has its own meaning for `|`."""
    alternatives = re.split(r" \| (?![^\[]*\])", type_)  # not those inside of brackets
    return " or ".join(f"`{part.replace(' | ', ' or ')}`" for part in alternatives)


ORDER = (
    "Projects and limits",
    "Service accounts and keys",
    "People and groups",
    "Roles",
    "Budgets",
    "Security",
    "Workload identity",
    "Settings of the organization",
    "Other objects and settings",
)
"""All topics, in the order in which they are shown."""


def topic_of(name: str, page: str) -> str:
    """The topic that a resource's page names."""
    topic = page.removeprefix("---\ntopic: ").partition("\n---\n")[0]
    if topic not in ORDER:
        raise StepError(
            f"docs/resources/{name}.md has no known topic. Begin the page with `---`, `topic: TOPIC` and `---`, where "
            f"TOPIC is one of: {', '.join(ORDER)}"
        )
    return topic


def topics() -> dict[str, list[str]]:
    """The names of all resources by topic."""
    found: dict[str, list[str]] = {topic: [] for topic in ORDER}
    for name in resources():
        found[topic_of(name, (RESOURCE_PAGES / f"{name}.md").read_text(encoding="utf-8"))].append(name)
    return found


_USAGE = "Usage and costs"
_TOPICS = {
    "audit_log": "Security",
    "special_kinds": "Service accounts and keys",
    "report": _USAGE,
    "webhook_event_types": "Projects and limits",
}
"""The topics of the modules of `data_sources` whose kinds are not resources. The others have that of the resource."""
_SECTIONS = {"Args": "Arguments", "Attributes": "Outputs", "Raises": "Raises"}
"""The lists of a docstring, and what the page calls them."""
_OF_ALL = {functions.ABOUT_OPTS, capitalized(functions.ALWAYS)}
"""What docstrings repeat and the page says once, above the functions."""


def functions_by_topic() -> dict[str, dict[str, Any]]:
    """The public names of all provider functions and their results, with their values, by topic."""
    of_kind = {name: topic for topic, names in topics().items() for name in names}
    modules = dict.fromkeys(data_sources.ALL, "special_kinds") | data_sources.QUERIES
    found: dict[str, dict[str, Any]] = {topic: {} for topic in (*ORDER, _USAGE)}
    for name in kinds.names():
        found[of_kind.get(name) or _TOPICS[modules[name]]] |= kinds.look_ups(name)
    return {topic: public for topic, public in found.items() if public}


def plain(names: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """The functions among public names, without their variants for Outputs."""
    functions = {name: value for name, value in sorted(names.items()) if inspect.isroutine(value)}
    return {name: function for name, function in functions.items() if not name.endswith("_output")}


def function_index() -> str:
    """All functions, with links to their descriptions."""
    rows = []
    for topic, names in functions_by_topic().items():
        link = f"[{topic}](#{topic.lower().replace(' ', '-')})"
        for name, function in plain(names).items():
            rows.append((link, f"[{name}](#{name})", flat((inspect.getdoc(function) or "").partition("\n\n")[0])))
            link = ""
    return table(("topic", "function", "what it returns"), rows)


def function_reference() -> str:
    """The functions and their results, a section for each topic."""
    sections = []
    for topic, names in functions_by_topic().items():
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
    rows = [(f"`{name}`", code(type_), flat(prose)) for name, type_, prose, _ in members_of(kind)]
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


def members_of(kind: Any) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the name, the type and the description of each field of a result, then of each property."""
    for field in dataclasses.fields(kind):
        type_ = inspect.formatannotation(field.type).replace("pulumi_openai_admin.", "").replace("typing.", "")
        yield field.name, type_, declared(field).prose, False
    for name, value in computed(kind).items():
        yield name, inspect.signature(value.fget).return_annotation, value.__doc__, True

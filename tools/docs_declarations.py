"""The generated parts of a resource's page, from its declaration."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import griffe

from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import Replaces, Role
from pulumi_openai_admin.schema.rules import AnyArgument, ExactlyOneSelector, NotTogether
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_openai_admin.dynamic.resource import AdminResource
    from pulumi_openai_admin.schema.fields import Declaration, Field
    from pulumi_openai_admin.schema.rules import Rule

ENTRY = re.compile(r"^ {4}(\w+): (.*?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)
"""An entry of a docstring's `Raises:`."""


_RECORDED = re.compile(r"^\| `(dynamic/[^`]+)` \| (.*) \|$", re.MULTILINE)
"""A row of the table of names in states."""


class DocsError(Exception):
    """An error in the documentation, in a sentence."""


def inputs_and_outputs(resource: type[AdminResource]) -> str:
    """What a program sets and gets, as sections of a page.

    Raises:
        DocsError: A field has no prose, or a part of the docstring is missing.
    """
    told, texts, declaration = Told.of(resource), field_texts(resource), resource.declaration
    outputs = [_output(field, texts[name]) for name, field in declaration.fields.items() if field.role is Role.OUTPUT]
    return "\n\n".join(
        [
            *told.paragraphs,
            "## Inputs",
            table(("name", "type", "", "what"), [_input(field, texts[field.name]) for field in declaration.inputs]),
            *_keys(declaration),
            *(rule_text(rule, declaration) for rule in resource.rules),
            "## Outputs",
            table(("name", "type", "what"), outputs),
            f"All inputs are outputs too, with the values that OpenAI shows. {told.id}",
        ]
    )


def errors_and_requests(resource: type[AdminResource]) -> str:
    """The errors and the requests to OpenAI, as sections of a page.

    Raises:
        DocsError: A part of the docstring is missing.
    """
    told = Told.of(resource)
    return "\n\n".join(
        [
            "## Errors",
            "\n".join(f"- [`{name}`](../errors.md#{name.lower()}): {text}" for name, text in told.raises),
            "The errors of any request can occur too: see [Troubleshooting](../troubleshooting.md).",
            "## Requests to OpenAI",
            told.source,
        ]
    )


def summary(resource: type[AdminResource]) -> str:
    """What a resource manages: the first sentence of its docstring."""
    first, _, _ = (inspect.getdoc(resource) or "").partition("\n\n")
    return flat(re.split(r"(?<=\.)\s", first, maxsplit=1)[0])


def names_in_states(resources: Iterable[type[AdminResource]]) -> str:
    """The type tokens and property names of all resources, as a table that `recorded_names` reads."""
    rows = [
        (f"`{resource._resource_type_name}`", _listed(field.stored for field in resource.declaration.fields.values()))  # noqa: SLF001 - pulumi has no public name for it
        for resource in resources
    ]
    return table(("type, after `pulumi-python:`", "inputs and outputs"), rows)


def recorded_names(page: str) -> dict[str, set[str]]:
    """The property names of each type token, as docs/resources/index.md records them."""
    return {token: set(re.findall(r"`(\w+)`", names)) for token, names in _RECORDED.findall(page)}


def check_recorded_names(before: str, now: str) -> None:
    """Compare the committed page with the generated page: names may only be added.

    Raises:
        DocsError: The code does not have a recorded name.
    """
    declared = recorded_names(now)
    lost = [
        f"{token} {name}".strip()
        for token, names in recorded_names(before).items()
        for name in sorted(names - declared[token] if token in declared else {""})
    ]
    if lost:
        raise DocsError(
            f"docs/resources/index.md records names that the code does not have: {', '.join(lost)}. Users' states have "
            "type tokens and property names, so they cannot be changed or removed: restore them. Only a name that was "
            "never released may go: delete it from the page, then run `make generate`."
        )


@dataclass(frozen=True)
class Told:
    """The parts of a resource's docstring."""

    paragraphs: list[str]
    id: str
    raises: list[tuple[str, str]]
    source: str

    @classmethod
    def of(cls, resource: type[AdminResource]) -> Told:
        """Read the docstring.

        Raises:
            DocsError: A part is missing.
        """
        sections = griffe.Docstring(inspect.getdoc(resource) or "").parse("google")
        texts = [text for part in sections if part.kind.value == "text" for text in part.value.split("\n\n")]
        raises = [
            (str(entry.annotation), flat(entry.description))
            for part in sections
            if part.kind.value == "raises"
            for entry in part.value
        ]
        ids, sources = ([text for text in texts if text.startswith(begin)] for begin in ("Its id is ", "Source: "))
        for part, found in {"Its id is": ids, "Raises:": raises[:1], "Source:": sources}.items():
            if len(found) != 1:
                raise DocsError(f"{resource.__name__}: its docstring needs exactly one paragraph {part!r}")
        return cls(
            paragraphs=[text for text in texts[1:] if text not in (*ids, *sources)],
            id=flat(ids[0]),
            raises=raises,
            source=flat(sources[0].removeprefix("Source: ")),
        )


@dataclass(frozen=True)
class FieldText:
    """The type and the prose of a field in the source."""

    type: str
    prose: str


def field_texts(resource: type[AdminResource]) -> dict[str, FieldText]:
    """Types and prose of all fields, by name.

    Raises:
        DocsError: A field has none.
    """
    texts = {}
    for name in resource.declaration.fields:
        attribute = source(resource).attributes.get(name)
        if not attribute or not attribute.docstring:
            raise DocsError(f"{resource.__name__}.{name} has no description: add a string literal after the field")
        texts[name] = FieldText(_type(attribute.annotation), flat(attribute.docstring.value))
    return texts


def source(resource: type[AdminResource]) -> griffe.Class:
    """The class, as griffe reads it from the source."""
    found = _package()[resource.__name__]
    found = found.final_target if isinstance(found, griffe.Alias) else found
    assert isinstance(found, griffe.Class), found  # noqa: S101 -- a resource is a class
    return found


@lru_cache(maxsize=1)
def _package() -> griffe.Module:
    found = griffe.load("pulumi_openai_admin", search_paths=[ROOT])
    assert isinstance(found, griffe.Module), found  # noqa: S101 -- a package is a module
    return found


def _type(annotation: Any) -> str:
    """The type that a program gives, or gets: the last one of `Field[T, S]`."""
    inner = annotation.slice if isinstance(annotation, griffe.ExprSubscript) else annotation
    return str(inner.elements[-1] if isinstance(inner, griffe.ExprTuple) else inner)


def _input(field: Field[Any, Any], text: FieldText) -> tuple[str, ...]:
    need = "required" if field.required else "optional"
    facts = ", ".join([need, _CHANGES[field.replaces], *_range(field)])
    return (f"`{field.name}`", code(text.type.removesuffix(" | None")), facts, text.prose)


def _output(field: Field[Any, Any], text: FieldText) -> tuple[str, ...]:
    return (f"`{field.name}`", f"{code(text.type)}{', **secret**' if field.is_secret else ''}", text.prose)


_CHANGES = {
    Replaces.NEVER: "changed in place",
    Replaces.WHEN_CHANGED: "another one replaces",
    Replaces.WHEN_REMOVED: "changed in place, replaces when taken out",
    Replaces.EITHER: "replaces when changed or taken out",
}


def _range(field: Field[Any, Any]) -> list[str]:
    if field.choices:
        return [" or ".join(f"`{choice}`" for choice in field.choices)]
    bounds = field.bounds
    facts = [bounds.text.words] if bounds.text else []
    if bounds.key is not None:
        facts.append(f"each key {bounds.key.words}")
    if bounds.maximum is not None:
        facts.append(f"{bounds.minimum} to {bounds.maximum}")
    elif bounds.minimum is not None:
        facts.append(f"{bounds.minimum} or more")
    if field.unordered:
        facts.append("order and duplicates mean nothing")
    return [*facts, *(["may be empty"] if bounds.may_be_empty else []), *(["**secret**"] if field.is_secret else [])]


def _keys(declaration: Declaration) -> list[str]:
    """What the mappings of a resource hold that have named properties."""
    structures = {
        part.name: part
        for field in declaration.inputs
        for part in shapes.parts(field.shape)
        if isinstance(part, shapes.Structure)
    }
    return [_structure(structure) for structure in structures.values()]


def _structure(structure: shapes.Structure) -> str:
    optional = [name for name in structure.properties if name not in structure.required]
    required = [name for name in structure.properties if name in structure.required]
    told = [f"with {_listed(required)}"] if required else []
    told += [f"{'and, ' if told else 'with '}any of {_listed(optional)}"] if optional else []
    article = "An" if structure.name[0] in "AEIO" else "A"
    return f"{article} `{structure.name}` is a mapping {' '.join(told)}."


def rule_text(rule: Rule, declaration: Declaration) -> str:
    """The words for a rule.

    Raises:
        DocsError: The documentation has no words for this kind of rule.
    """
    if isinstance(rule, ExactlyOneSelector):
        return f"Exactly one of {_listed(field.name for field in declaration.with_role(Role.SELECTOR))} is set."
    if isinstance(rule, AnyArgument):
        return f"At least one of {_listed(field.name for field in declaration.with_role(Role.ARGUMENT))} is set."
    if isinstance(rule, NotTogether):
        return f"`{rule.other}` can't be set together with `{rule.flag}=True`."
    raise DocsError(f"tools/docs_declarations.py has no words for the rule {type(rule).__name__}")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def code(type_: str) -> str:
    """A type in a table, where Markdown has its own meaning for `|`."""
    return " or ".join(f"`{part}`" for part in type_.split(" | "))


def flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())

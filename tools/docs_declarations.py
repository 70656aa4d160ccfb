"""A resource's page, from its declaration: nothing that is declared can be missing from it."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pinned import ROOT
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import Replaces, Role
from pulumi_openai_admin.schema.rules import AnyArgument, ExactlyOneSelector, NotTogether

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_openai_admin.dynamic.resource import AdminResource
    from pulumi_openai_admin.schema.fields import Declaration, Field
    from pulumi_openai_admin.schema.rules import Rule

_FOLDER = ROOT / "pulumi_openai_admin" / "resources"

ENTRY = re.compile(r"^ {4}(\w+): (.*?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)
"""An entry of a docstring's `Raises:`."""
_PARTS = {"id": "Its id is ", "raises": "Raises:\n", "source": "Source: "}
"""How the paragraphs begin that every resource's docstring has."""


class DocsError(Exception):
    """What is missing or wrong in the documentation, in a sentence."""


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
    """What can go wrong, and what is asked of OpenAI, as sections of a page.

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


@dataclass(frozen=True)
class Told:
    """A resource's docstring, taken apart."""

    paragraphs: list[str]
    id: str
    raises: list[tuple[str, str]]
    source: str

    @classmethod
    def of(cls, resource: type[AdminResource]) -> Told:
        """Take it apart.

        Raises:
            DocsError: A part is missing.
        """
        _, *paragraphs = (inspect.getdoc(resource) or "").split("\n\n")
        found = {part: [one for one in paragraphs if one.startswith(begin)] for part, begin in _PARTS.items()}
        for part, ones in found.items():
            if len(ones) != 1:
                raise DocsError(f"{resource.__name__}: its docstring has not one paragraph {_PARTS[part].strip()!r}")
        ((id_,), (raises,), (source,)) = found.values()
        return cls(
            paragraphs=[one for one in paragraphs if one not in (id_, raises, source)],
            id=flat(id_),
            raises=[(name, flat(text)) for name, text in ENTRY.findall(raises.removeprefix(_PARTS["raises"]))],
            source=flat(source.removeprefix(_PARTS["source"])),
        )


@dataclass(frozen=True)
class FieldText:
    """What the source says of a field, beside its declaration."""

    type: str
    prose: str


def field_texts(resource: type[AdminResource]) -> dict[str, FieldText]:
    """Types and prose of all fields, by name: prose is the string literal after a field.

    Raises:
        DocsError: A field has none.
    """
    body = _body(resource.__name__)
    texts = {}
    for statement, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            is_prose = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            prose = str(after.value.value) if is_prose else ""  # type: ignore[union-attr] # what is_prose says
            texts[statement.target.id] = FieldText(_type(statement.annotation), flat(prose))
    for name in resource.declaration.fields:
        if name not in texts or not texts[name].prose:
            raise DocsError(f"{resource.__name__}.{name} has no prose: a string literal after the field")
    return texts


def _body(name: str) -> list[ast.stmt]:
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.py"))]
    classes = [one for module in modules for one in module.body if isinstance(one, ast.ClassDef) and one.name == name]
    if len(classes) != 1:
        raise DocsError(f"{name} is not one class in {_FOLDER.name}/")
    return classes[0].body


def _type(annotation: ast.expr) -> str:
    """What the program gives, or gets, from `Field[T, S]`."""
    inner = annotation.slice if isinstance(annotation, ast.Subscript) else annotation
    return ast.unparse(inner.elts[-1] if isinstance(inner, ast.Tuple) else inner)


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
    """What a rule asks for.

    Raises:
        DocsError: It is a kind of rule that the documentation knows no words for.
    """
    if isinstance(rule, ExactlyOneSelector):
        return f"Exactly one of {_listed(one.name for one in declaration.with_role(Role.SELECTOR))} is set."
    if isinstance(rule, AnyArgument):
        return f"At least one of {_listed(one.name for one in declaration.with_role(Role.ARGUMENT))} is set."
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

"""Properties between a declaration's names and the names of Pulumi packages (`maxRequestsPer1Minute`). Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.hosts.common.secrets import is_wrapped
from pulumi_openai_admin.hosts.native.names import camel
from pulumi_openai_admin.schema.fields import ABSENT
from pulumi_openai_admin.schema.shapes import Alternatives, Entries, Items, Structure, parts
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.schema.fields import Declaration
    from pulumi_openai_admin.schema.shapes import Shape

    OnSecret = Callable[[Shape, Any], Any]
    """Gives what takes the place of a secret in Pulumi's wire format, or of an Output, from the value's shape."""

_HIDDEN = "__"
"""The first characters of properties that Pulumi displays nowhere. They are spelled the same everywhere."""

_VALUES = (
    (re.compile(r"\b([a-z_]+)=True\b"), r"\1: true"),
    (re.compile(r"\b([a-z_]+)=False\b"), r"\1: false"),
    (re.compile(r"\bTrue or False\b"), "true or false"),
    (re.compile(r"(?<=, not )None\b"), "null"),
)
"""What messages have of Python: values after the name of an argument, what a value must be, and what it was."""


def to_inputs(declaration: Declaration, values: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs by the names of the declaration. Unknown names are omitted; see `unexpected`."""
    fields = {camel(field.name): field for field in declaration.inputs}
    return {
        fields[name].name: _renamed(fields[name].shape, value, _to_declared)
        for name, value in values.items()
        if name in fields
    }


def to_state(declaration: Declaration, values: Mapping[str, Any]) -> dict[str, Any]:
    """A state by the names of the declaration. A property that the state does not have is absent at OpenAI."""
    state: dict[str, Any] = {name: value for name, value in values.items() if name.startswith(_HIDDEN)}
    for field in declaration.fields.values():
        value = values.get(camel(field.name), ABSENT)
        state[field.stored] = _renamed(field.shape, value, _to_declared)
    return state


def from_inputs(
    declaration: Declaration, values: Mapping[str, Any], on_secret: OnSecret | None = None
) -> dict[str, Any]:
    """Inputs by the names of Pulumi packages.

    Args:
        declaration: The resource's fields.
        values: The inputs.
        on_secret: Converts the secrets; without it there are none.
    """
    fields = {field.name: field for field in declaration.inputs}
    return {
        camel(name): renamed(fields[name].shape, value, on_secret) for name, value in values.items() if name in fields
    }


def respelled_inputs(
    declaration: Declaration, values: Mapping[str, Any], spell: Callable[[str], str]
) -> dict[str, Any]:
    """Inputs with the names of properties, and of those of the structures in them, in another spelling.

    Args:
        declaration: The declaration.
        values: Inputs by the names of the declaration.
        spell: Gives the new name.
    """
    fields = {field.name: field for field in declaration.inputs}

    def names(shape: Structure) -> dict[str, str]:
        return {name: spell(name) for name in shape.properties}

    return {spell(name): _renamed(fields[name].shape, value, names) for name, value in values.items() if name in fields}


def from_state(
    declaration: Declaration, values: Mapping[str, Any], on_secret: OnSecret | None = None
) -> dict[str, Any]:
    """A state by the names of Pulumi packages. What OpenAI omits is null: a missing property is unknown.

    Args:
        declaration: The resource's fields.
        values: The state.
        on_secret: Converts the secrets; without it there are none.
    """
    stored = {field.stored: field for field in declaration.fields.values()}
    state: dict[str, Any] = {}
    for name, value in values.items():
        field = stored.get(name)
        if field is None:
            state[name] = value
        else:
            state[camel(field.name)] = None if value == ABSENT else renamed(field.shape, value, on_secret)
    return state


def renamed(shape: Shape, value: Any, on_secret: OnSecret | None = None) -> Any:
    """A value with the properties of its structures by the names of Pulumi packages."""
    return _renamed(shape, value, _to_camel, on_secret)


def declared(shape: Shape, value: Any, on_secret: OnSecret | None = None) -> Any:
    """A value with the properties of its structures by the names of the declaration."""
    return _renamed(shape, value, _to_declared, on_secret)


def is_renamed(shape: Shape) -> bool:
    """Whether values of this shape have properties with other names in Pulumi packages."""
    structures = [part for part in parts(shape) if isinstance(part, Structure)]
    return any(camel(name) != name for structure in structures for name in structure.properties)


def _to_declared(shape: Structure) -> dict[str, str]:
    return {camel(name): name for name in shape.properties}


def _to_camel(shape: Structure) -> dict[str, str]:
    return {name: camel(name) for name in shape.properties}


def _renamed(
    shape: Shape, value: Any, names: Callable[[Structure], dict[str, str]], on_secret: OnSecret | None = None
) -> Any:
    """A value with the properties of its structures renamed. Keys of mappings are values of the user, and stay."""
    if on_secret is not None and (is_wrapped(value) or not isinstance(value, _JSON)):
        return on_secret(shape, value)
    if isinstance(shape, Alternatives):
        fits = [member for member in shape.members if isinstance(member, _KINDS.get(type(value), ()))]
        for member in fits:
            value = _renamed(member, value, names, on_secret)
        return value
    if isinstance(value, list) and isinstance(shape, Items):
        return [_renamed(shape.item, item, names, on_secret) for item in value]
    if isinstance(value, dict) and isinstance(shape, Entries):
        return {key: _renamed(shape.value, item, names, on_secret) for key, item in value.items()}
    if isinstance(value, dict) and isinstance(shape, Structure):
        new = names(shape)
        inner = {**shape.properties, **{camel(name): member for name, member in shape.properties.items()}}
        return {
            new.get(key, key): _renamed(inner[key], item, names, on_secret) if key in inner else item
            for key, item in value.items()
        }
    return value


_JSON = (dict, list, str, int, float, type(None))
"""The types of the values that are no Outputs."""
_KINDS: dict[type, tuple[type, ...]] = {list: (Items,), dict: (Entries, Structure)}


def unexpected(declaration: Declaration, names: Iterable[str]) -> list[str]:
    """Sentences about inputs that the resource does not have."""
    known = [camel(field.name) for field in declaration.inputs]
    sentences = []
    for name in names:
        if name in known or name.startswith(_HIDDEN):
            continue
        advice = did_you_mean(name, known, f"The inputs are {', '.join(known)}.")
        sentences.append(f"{name} is not an input of this resource. {advice}")
    return sentences


def spelled_twice(declaration: Declaration, values: Mapping[str, Any]) -> list[str]:
    """Sentences about properties of structures that have a value in each of their two spellings."""
    fields = {camel(field.name): field for field in declaration.inputs}
    sentences = []
    for name, value in values.items():
        for spelled, other in sorted(_twice(fields[name].shape, value)) if name in fields else ():
            what = f"{name} has both {spelled} and {other}, which are the same property."
            sentences.append(f"{what} Remove {other}.")
    return sentences


def _twice(shape: Shape, value: Any) -> set[tuple[str, str]]:
    """The two spellings of each property that a value has in both."""
    if isinstance(shape, Alternatives):
        return {pair for member in shape.members for pair in _twice(member, value)}
    if isinstance(value, list) and isinstance(shape, Items):
        return {pair for item in value for pair in _twice(shape.item, item)}
    if isinstance(value, dict) and isinstance(shape, Entries):
        return {pair for item in value.values() for pair in _twice(shape.value, item)}
    if isinstance(value, dict) and isinstance(shape, Structure):
        own = {(camel(name), name) for name in shape.properties if camel(name) != name}
        inside = {pair for name, part in shape.properties.items() for pair in _twice(part, value.get(camel(name)))}
        return {pair for pair in own if value.keys() >= set(pair)} | inside
    return set()


def names_in(declaration: Declaration) -> frozenset[str]:
    """The names of a resource's properties, and of those of the structures in them."""
    fields = declaration.fields.values()
    inner = (part for field in fields for part in parts(field.shape) if isinstance(part, Structure))
    return frozenset({*(field.name for field in fields), *(name for part in inner for name in part.properties)})


def respelled(names: Iterable[str], text: str) -> str:
    """A message with the names of properties, and the values, as a program in any language has them.

    A word in single quotes is the user's, such as the name of a field in a secret, and stays.
    """
    for python, anywhere in _VALUES:
        text = python.sub(anywhere, text)
    compound = sorted((name for name in names if "_" in name), key=len, reverse=True)
    if not compound:
        return text
    names_outside_quotes = rf"('[^'\s]*')|\b({'|'.join(map(re.escape, compound))})\b"
    return re.sub(names_outside_quotes, lambda found: found[1] or camel(found[2]), text)

"""Properties between a declaration's names and the names of Pulumi packages (`maxRequestsPer1Minute`). Pure."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi.runtime import rpc

from pulumi_openai_admin.config import NAMESPACE as PACKAGE
from pulumi_openai_admin.engine.outputs import ARCHIVE, ASSET, SECRET, SIGNATURE, is_wrapped, wrap
from pulumi_openai_admin.schema.fields import ABSENT, Declaration
from pulumi_openai_admin.schema.shapes import BY_TYPE, Alternatives, Entries, Items, Shape, Structure, parts
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    from google.protobuf import struct_pb2

    OnSecret = Callable[[Shape, Any], Any]
    """Gives what takes the place of a secret in Pulumi's wire format, or of an Output, from the value's shape."""

MODULE = f"{PACKAGE}:index"
"""The module of all tokens: a schema has no separate module for a flat package."""
DEFAULT_PROVIDER = "default"
"""The name of the provider that the engine makes for resources that name none, if they name no version either."""
_DEFAULT_PROVIDER = re.compile(rf"{DEFAULT_PROVIDER}(_\d+_\d+_\d+(_.+)?|_[^/]+_/.+)?")
"""Its name with a version, with the address that the plugin is downloaded from, or with both."""


def token(name: str) -> str:
    """The token of a resource, a function or a type: `openai-admin:index:Project`."""
    return f"{MODULE}:{name}"


def is_default_provider(name: str) -> bool:
    """Return whether a provider with this name is the engine's own, and not one that a program declares.

    Other names that begin with `default` are those of programs.
    """
    return _DEFAULT_PROVIDER.fullmatch(name) is not None


@cache
def camel(name: str) -> str:
    """A property as Pulumi packages spell it: `max_requests_per_1_minute` as `maxRequestsPer1Minute`.

    Pulumi hides properties that begin with two underscores, so these keep their name.
    """
    if name.startswith("__"):
        return name
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def python(name: str) -> str:
    """A property in the generated Python SDK, which makes it from `camel`: `max_requests_per1_minute`."""
    spelled = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", camel(name))
    return f"{spelled}_" if keyword.iskeyword(spelled) else spelled


def function(name: str) -> str:
    """The token of a provider function: `get_project` as `openai-admin:index:getProject`."""
    return token(camel(name))


def items(look_up: str) -> str:
    """The only property of the result of a list function: `projects` of `list_projects`, `buckets` of `get_costs`."""
    kind, _, noun = look_up.partition("_")
    return camel(noun) if kind == "list" else "buckets"


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
    """Inputs by the names of the declaration. Unknown names are omitted; see `wrong_names`."""
    fields = {camel(field.name): field for field in declaration.inputs}
    return {fields[name].name: declared(fields[name].shape, value) for name, value in values.items() if name in fields}


def to_state(declaration: Declaration, values: Mapping[str, Any]) -> dict[str, Any]:
    """A state by the names of the declaration. A property that the state does not have is absent at OpenAI."""
    state: dict[str, Any] = {name: value for name, value in values.items() if name.startswith(_HIDDEN)}
    for field in declaration.fields.values():
        state[field.stored] = declared(field.shape, values.get(camel(field.name), ABSENT))
    return state


def from_inputs(
    declaration: Declaration,
    values: Mapping[str, Any],
    on_secret: OnSecret | None = None,
    spell: Callable[[str], str] = camel,
) -> dict[str, Any]:
    """Inputs with the names of properties, and of those of the structures in them, as Pulumi packages have them.

    Args:
        on_secret: Converts the secrets; without it there are none.
        spell: Gives the name, from that of the declaration.
    """
    fields = {field.name: field for field in declaration.inputs}
    return {
        spell(name): renamed(fields[name].shape, value, on_secret, spell)
        for name, value in values.items()
        if name in fields
    }


def from_state(
    declaration: Declaration, values: Mapping[str, Any], on_secret: OnSecret | None = None
) -> dict[str, Any]:
    """A state by the names of Pulumi packages. What OpenAI omits is null: a missing property is unknown.

    Args:
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


def declared(shape: Shape, value: Any, on_secret: OnSecret | None = None) -> Any:
    """A value with the properties of its structures by the names of the declaration."""
    return renamed(shape, value, on_secret, str)


def is_renamed(shape: Shape) -> bool:
    """Return whether values of this shape have properties with other names in Pulumi packages."""
    return any(camel(name) != name for name in names_inside([shape]))


def renamed(shape: Shape, value: Any, on_secret: OnSecret | None = None, spell: Callable[[str], str] = camel) -> Any:
    """A value with the properties of its structures renamed. Keys of mappings are values of the user, and stay."""
    if on_secret is not None and (is_wrapped(value) or not isinstance(value, _JSON)):
        return on_secret(shape, value)
    if isinstance(shape, Alternatives):
        for member in (fitting for fitting in shape.members if isinstance(fitting, BY_TYPE.get(type(value), ()))):
            value = renamed(member, value, on_secret, spell)
        return value
    if isinstance(value, list) and isinstance(shape, Items):
        return [renamed(shape.item, item, on_secret, spell) for item in value]
    if isinstance(value, dict) and isinstance(shape, Entries):
        return {key: renamed(shape.value, item, on_secret, spell) for key, item in value.items()}
    if isinstance(value, dict) and isinstance(shape, Structure):
        names = {spelled: name for name in shape.properties for spelled in (name, camel(name))}
        return {
            spell(names[key]) if key in names else key: renamed(shape.properties[names[key]], item, on_secret, spell)
            if key in names
            else item
            for key, item in value.items()
        }
    return value


_JSON = (dict, list, str, int, float, type(None))
"""The types of the values that are no Outputs."""


def wrong_names(declaration: Declaration, values: Mapping[str, Any]) -> list[str]:
    """Sentences about inputs that the resource does not have, and about properties of structures with two spellings."""
    fields = {camel(field.name): field for field in declaration.inputs}
    sentences = []
    for name, value in values.items():
        if name in fields:
            for spelled, other in sorted(_twice(fields[name].shape, value)):
                what = f"{name} has both {spelled} and {other}, which are the same property."
                sentences.append(f"{what} Remove {other}.")
        elif not name.startswith(_HIDDEN):
            advice = did_you_mean(name, fields, f"The inputs are {', '.join(fields)}.")
            sentences.append(f"{name} is not an input of this resource. {advice}")
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
    return frozenset({*declaration.fields, *names_inside(field.shape for field in declaration.fields.values())})


def names_inside(shapes: Iterable[Shape]) -> Iterator[str]:
    """The names of the properties of all structures in some shapes."""
    for part in (part for shape in shapes for part in parts(shape)):
        if isinstance(part, Structure):
            yield from part.properties


def key_in_path(key: str | int) -> str:
    """A key as a property path has it: `.role`, `["gpt-4o"]`, `[0]`."""
    return f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{json.dumps(key, ensure_ascii=False)}]"


_ENTRY = re.compile(r"\['([^']*)'\]")
"""A place in a value, as messages for Python have it."""


def respelled(names: Collection[str], text: str) -> str:
    """A message with the names and paths of properties, and the values, as a program in any language has them.

    A word in single quotes is the user's, such as the name of a field in a secret, and stays.
    """
    text = _ENTRY.sub(lambda found: key_in_path(camel(found[1]) if found[1] in names else found[1]), text)
    for python, anywhere in _VALUES:
        text = python.sub(anywhere, text)
    compound = sorted((name for name in names if "_" in name), key=len, reverse=True)
    if not compound:
        return text
    names_outside_quotes = rf"('[^'\s]*')|\b({'|'.join(map(re.escape, compound))})\b"
    return re.sub(names_outside_quotes, lambda found: found[1] or camel(found[2]), text)


UNKNOWN_MARKERS = frozenset({
    rpc.UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # of a boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # of a number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # of a list
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # of a mapping
})  # fmt: skip
"""The engine has a marker for each type of a value that is not known yet; the verbs know one."""
_UNSUPPORTED = {"c44067f5952c0a294b673a41bacd8c17": ASSET, "0def7320c3a5731c473e5ecbe6d01bc7": ARCHIVE}
"""Special values that no input can have. Validation refuses them in words, so their content is not needed."""


Marks = Mapping[Any, Any]
"""Where a value is secret: empty if all of it is, otherwise the marks of what is inside it, by key or place."""


@dataclass(frozen=True)
class Decoded:
    """The values of a message, and which of them are secret."""

    values: Mapping[str, Any]
    secrets: Mapping[str, Marks]
    """By the name of a property that is secret, or contains a secret."""

    @classmethod
    def of(cls, struct: struct_pb2.Struct) -> Decoded:
        """Decode a message. Entries that are null are omitted: they are not set."""
        values, secrets = _decoded_entries(struct)
        return cls(values, secrets)

    def over(self, older: Decoded) -> Decoded:
        """Return these values, and those of an older message that these do not have."""
        kept = {name: marks for name, marks in older.secrets.items() if name not in self.values}
        return Decoded({**older.values, **self.values}, {**kept, **self.secrets})

    def mark(self, name: str, value: Any) -> Any:
        """Return a later value of a property with its secrets in wire format, where this message has secrets.

        An entry that a mapping with secrets did not have is secret, and so is a list with a secret: its order may
        differ.
        """
        return _marked(value, self.values.get(name), self.secrets.get(name))


NOTHING = Decoded({}, {})


def _decoded_entries(struct: struct_pb2.Struct) -> tuple[dict[str, Any], dict[str, Marks]]:
    values, secrets = {}, {}
    for name, value in struct.fields.items():
        if value.WhichOneof("kind") not in {None, "null_value"}:
            values[name], marks = _decoded(value)
            if marks is not None:
                secrets[name] = marks
    return values, secrets


def _decoded(value: struct_pb2.Value) -> tuple[Any, Marks | None]:
    """A value, and its marks. Protobuf's conversion to JSON fails on `.inf` and `.nan` of a program in YAML."""
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        items = [_decoded(item) for item in value.list_value.values]
        secrets = {place: marks for place, (_, marks) in enumerate(items) if marks is not None}
        return [item for item, _ in items], secrets or None
    if kind == "struct_value":
        fields = value.struct_value.fields
        signature = fields[SIGNATURE].string_value if SIGNATURE in fields else ""
        if signature == SECRET:
            return _decoded(fields["value"])[0] if "value" in fields else None, {}
        if signature in _UNSUPPORTED:
            return _UNSUPPORTED[signature], None
        values, inside = _decoded_entries(value.struct_value)
        return values, inside or None
    scalar = None if kind in {None, "null_value"} else getattr(value, kind)
    return rpc.UNKNOWN if isinstance(scalar, str) and scalar in UNKNOWN_MARKERS else scalar, None


def _marked(value: Any, like: Any, marks: Marks | None) -> Any:
    if marks is None:
        return value
    if marks and isinstance(value, dict) and isinstance(like, dict):
        return {
            key: _marked(item, like[key], marks.get(key)) if key in like else wrap(item) for key, item in value.items()
        }
    return wrap(value)

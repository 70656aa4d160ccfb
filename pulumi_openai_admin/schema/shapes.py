"""The values that a field accepts, from its type hint, for validation, documentation and schema. Pure."""

from __future__ import annotations

import json
import types
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any, ForwardRef, Literal, NamedTuple, NotRequired, Required, Union, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict, override

from pulumi_openai_admin.schema import ids
from pulumi_openai_admin.schema.constraints import EMAIL, Constraint, Enumeration

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Pulumi's text in place of a value that is not known yet: hosts pass it in previews."""


def is_unknown(value: object) -> bool:
    """Return whether a value, or a part of it, is unknown in a preview."""
    if isinstance(value, dict):
        return any(map(is_unknown, value.values()))
    if isinstance(value, list):
        return any(map(is_unknown, value))
    return is_all_unknown(value)


def is_all_unknown(value: object) -> bool:
    """Return whether nothing of a value is known."""
    return isinstance(value, str) and value == UNKNOWN


def known_part(value: Any) -> Any:
    """A value without the parts of it that are unknown."""
    if isinstance(value, dict):
        return {name: known_part(item) for name, item in value.items() if not is_all_unknown(item)}
    if isinstance(value, list):
        return [known_part(item) for item in value if not is_all_unknown(item)]
    return value


def are_same(value: Any, other: Any) -> bool:
    """Return whether two values are the same to OpenAI. `True` is not 1, which Python takes for equal, at any depth."""
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(are_same(item, other[key]) for key, item in value.items())
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(are_same, value, other))
    return isinstance(value, bool) is isinstance(other, bool) and bool(value == other)


def in_any_order(items: list[Any]) -> list[Any]:
    """The items of a list whose order has no meaning, sorted, each once."""
    by_text = {item if isinstance(item, str) else json.dumps(item, sort_keys=True): item for item in items}
    return [by_text[text] for text in sorted(by_text)]


@dataclass(eq=False, repr=False)
class WireForm:
    """How OpenAI writes a value: as the declaration does. A subclass converts values of its form; others stay."""

    def to_openai(self, value: Any) -> Any:
        """Return a value of a declaration as OpenAI takes it."""
        return value

    def from_openai(self, value: Any) -> Any:
        """Return a value as OpenAI shows it, as the declaration has it."""
        return value


@dataclass(eq=False, repr=False)
class Tagged(WireForm):
    """`{"aws": {…}}`, which OpenAI writes as `{"type": "aws", …}`."""

    @override
    def to_openai(self, value: Any) -> Any:
        if not isinstance(value, dict) or len(value) != 1:
            return value
        ((kind, properties),) = value.items()
        return {"type": kind, **properties} if isinstance(properties, dict) else value

    @override
    def from_openai(self, value: Any) -> Any:
        if not isinstance(value, dict) or "type" not in value:
            return value
        return {value["type"]: {name: item for name, item in value.items() if name != "type"}}


@dataclass(eq=False, repr=False)
class WholeList(WireForm):
    """A list with one text, which OpenAI writes as that text: `["all"]` as `"all"`."""

    text: str

    @override
    def to_openai(self, value: Any) -> Any:
        return self.text if value == [self.text] else value

    @override
    def from_openai(self, value: Any) -> Any:
        return [self.text] if value == self.text else value


@dataclass(eq=False, repr=False)
class RenamedInItems(WireForm):
    """A list of mappings in which OpenAI names properties differently: by our names, OpenAI's."""

    names: Mapping[str, str]

    @override
    def to_openai(self, value: Any) -> Any:
        return _renamed(value, self.names)

    @override
    def from_openai(self, value: Any) -> Any:
        return _renamed(value, {theirs: ours for ours, theirs in self.names.items()})


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {names.get(name, name): part for name, part in item.items()} if isinstance(item, dict) else item
        for item in value
    ]


ADDRESS = "email"
"""The property of keys that are addresses."""


@dataclass(eq=False, repr=False)
class KeyedList:
    """The properties of the entries of a list. The order of the entries has no meaning.

    Args:
        keys: The properties of which each entry has exactly one: its key.
        value: The property that is the value in the mapping.
    """

    keys: tuple[str, ...]
    value: str

    def mapping(self, entries: Any) -> Any:
        """The list as a mapping, without entries whose key is not known yet. What is no list stays."""
        if not isinstance(entries, list):
            return entries
        return {
            key: entry[self.value]
            for entry, key in zip(entries, self.keys_of(entries), strict=True)
            if key != UNKNOWN and entry.get(self.value) is not None
        }

    def entries(self, mapping: Any) -> Any:
        """The mapping as a list. What is no mapping stays."""
        if not isinstance(mapping, dict):
            return mapping
        return [
            {ADDRESS if ADDRESS in self.keys and "@" in key else self.keys[0]: key, self.value: value}
            for key, value in sorted(mapping.items())
        ]

    def keys_of(self, entries: list[Any]) -> list[str]:
        """The keys of the entries; `UNKNOWN` for a key that is not known yet, or is not valid."""
        found = (self._given(entry) for entry in entries)
        keys = (entry[given[0]] if given else None for entry, given in zip(entries, found, strict=True))
        return [key if isinstance(key, str) and key.strip() and not is_unknown(key) else UNKNOWN for key in keys]

    def normalized(self, entries: list[Any], normalize: Callable[[str], str]) -> list[Any]:
        """The entries in their order: each key with one spelling, and without properties that are not set."""

        def of(entry: Mapping[str, Any]) -> dict[str, Any]:
            return {
                name: normalize(value)
                if name in self.keys and isinstance(value, str) and not is_unknown(value)
                else value
                for name, value in entry.items()
                if value is not None
            }

        return [of(entry) if isinstance(entry, dict) else entry for entry in entries]

    def ordered(self, entries: list[Any]) -> list[Any]:
        """The entries in the order of their keys. Those whose key is not known yet are last."""
        places = dict(enumerate(self.keys_of(entries)))
        return [entries[place] for place in sorted(places, key=lambda place: (places[place] == UNKNOWN, places[place]))]

    def failure(self, entries: list[Any]) -> tuple[int, str] | None:
        """The first wrong entry, beyond the types of its properties: its place in the list, and what is wrong."""
        places: dict[str, int] = {}
        for place, (entry, key) in enumerate(zip(entries, self.keys_of(entries), strict=True)):
            given = self._given(entry)
            if isinstance(entry, dict) and not given:
                return place, f"lacks {' or '.join(self.keys)}"
            if len(given) > 1:
                return place, f"has {' and '.join(given)}: set exactly one of them"
            other = places.setdefault(key, place) if key != UNKNOWN else place
            if other != place:
                return place, f"is the same as the entry [{other}]: remove one of them"
        return None

    def _given(self, entry: Any) -> list[str]:
        return [name for name in self.keys if entry.get(name) is not None] if isinstance(entry, dict) else []


@dataclass(eq=False, repr=False)
class IdsByName(KeyedList):
    """Entries that each have an id, and the name that the program uses, if that is not the id. An output.

    `[{"email": "ada@example.com", "user_id": "user-1"}, {"user_id": "user-2"}]` is
    `{"ada@example.com": "user-1", "user-2": "user-2"}`.
    """

    @override
    def mapping(self, entries: Any) -> Any:
        if not isinstance(entries, list):
            return entries
        (name,) = self.keys
        return {entry.get(name) or entry[self.value]: entry[self.value] for entry in entries}

    @override
    def entries(self, mapping: Any) -> Any:
        found = super().entries(mapping)
        (name,) = self.keys
        if not isinstance(found, list):
            return found
        return [entry if entry[name] != entry[self.value] else {self.value: entry[self.value]} for entry in found]


class Bounds(NamedTuple):
    """The conditions of a field on its values, in addition to their type."""

    minimum: int | None = None
    maximum: int | None = None
    constraint: Constraint | None = None
    keys: Constraint | None = None
    may_be_empty: bool = False
    empty_means: str = ""
    ids_of: ids.IdForm | None = None
    unit: str = ""
    choices: Enumeration | None = None


@dataclass(eq=False, repr=False)
class AnyValue:
    """Any value that Pulumi can store."""

    words = "a value"


@dataclass(eq=False, repr=False)
class Boolean:
    """True or False."""

    words = "True or False"


class Number(NamedTuple):
    """A number; a whole number by default."""

    minimum: int | None = None
    maximum: int | None = None
    is_whole: bool = True
    unit: str = ""
    """What it counts: "cents"."""

    @property
    def words(self) -> str:
        """The condition, in words."""
        noun = f"{'a whole number' if self.is_whole else 'a number'}{f' of {self.unit}' if self.unit else ''}"
        if self.maximum is not None:
            return f"{noun} from {self.minimum} to {self.maximum}"
        return noun if self.minimum is None else f"{noun}, {self.minimum} or more"


@dataclass(eq=False, repr=False)
class Text:
    """A text: any, one of several, one that meets a constraint, or an id."""

    choices: tuple[str, ...] = ()
    constraint: Constraint | None = None
    id: ids.IdForm | None = None
    suggested: tuple[str, ...] = ()
    """Strings that OpenAI predefines, if it takes others, too: `Literal["owner", "member"] | str`."""
    enumeration: Enumeration | None = field(default=None, compare=False)
    """The descriptions of the choices, or of the suggested strings."""

    @property
    def words(self) -> str:
        """The condition, in words."""
        if not self.choices:
            condition = self.constraint or self.id
            return condition.words if condition else "a string"
        *others, last = map(repr, self.choices)
        return f"{', '.join(others)} or {last}" if others else last


@dataclass(eq=False, repr=False)
class Items:
    """A list."""

    item: Shape
    may_be_empty: bool
    empty_means: str
    words = "a list"


@dataclass(eq=False, repr=False)
class Entries:
    """A mapping with any keys, or with keys that meet a constraint."""

    value: Shape
    may_be_empty: bool
    key: Constraint | None = None
    words = "a mapping"


@dataclass(eq=False, repr=False)
class Structure:
    """A mapping with named properties."""

    name: str
    properties: Mapping[str, Shape]
    required: frozenset[str]
    may_be_empty: bool
    """Whether all properties may be omitted at once."""
    words = "a mapping"


class Alternatives(NamedTuple):
    """A value of one of several shapes."""

    members: tuple[Shape, ...]

    @property
    def words(self) -> str:
        """The condition, in words."""
        return " or ".join(dict.fromkeys(member.words for member in self.members))


Shape = Union[AnyValue, Boolean, Number, Text, Items, Entries, Structure, Alternatives]  # noqa: UP007 - a forward reference

BY_TYPE: dict[type, tuple[type, ...]] = {list: (Items,), dict: (Entries, Structure), str: (Text,)}
"""The shapes of the values of a type, if only one of several alternatives fits."""
_ANY = AnyValue()
_OUTPUT = ForwardRef("Output[T]")
"""How Pulumi's `Input[…]` names `Output`, where nobody has resolved it."""


class Output:
    """Stands for Pulumi's class, where its name in `Input[…]` is resolved: this package's schema needs no Pulumi."""

    __class_getitem__: Any = classmethod(types.GenericAlias)


def of(hint: Any, bounds: Bounds) -> Shape:
    """The shape of a type hint, which may be an `Input[…]`, optional, or both."""
    hint, origin = _plain(hint), get_origin(_plain(hint))
    if origin is Literal:
        return Text(choices=get_args(hint), enumeration=bounds.choices)
    if origin in (Union, types.UnionType):
        return _either([of(member, bounds) for member in get_args(hint)])
    if is_typeddict(hint):
        return _structure(hint, bounds)
    if origin in (list, Sequence):
        item = of(get_args(hint)[0], bounds)
        may_be_empty = bounds.may_be_empty or isinstance(item, AnyValue)
        return Items(item, may_be_empty=may_be_empty, empty_means=bounds.empty_means)
    if origin in (dict, Mapping):
        return Entries(of(get_args(hint)[1], bounds), may_be_empty=bounds.may_be_empty, key=bounds.keys)
    scalars: dict[Any, Shape] = {
        bool: Boolean(),
        int: Number(bounds.minimum, bounds.maximum, unit=bounds.unit),
        float: Number(bounds.minimum, bounds.maximum, is_whole=False),
        str: Text(constraint=bounds.constraint, id=bounds.ids_of),
    }
    return scalars.get(hint, _ANY)


def parts(shape: Shape) -> list[Shape]:
    """A shape, and all shapes inside it."""
    inner: tuple[Shape, ...] = ()
    if isinstance(shape, Items):
        inner = (shape.item,)
    elif isinstance(shape, Entries):
        inner = (shape.value,)
    elif isinstance(shape, Structure):
        inner = tuple(shape.properties.values())
    elif isinstance(shape, Alternatives):
        inner = shape.members
    return [shape, *(part for member in inner for part in parts(member))]


def without_none(hint: Any) -> Any:
    """`int | None` as `int`."""
    members = [member for member in get_args(hint) if member is not type(None)]
    if len(members) == len(get_args(hint)):
        return hint
    return reduce(or_, members)  # written `str | list[str]` in documentation


def _plain(hint: Any) -> Any:
    """A hint without `None`, and without the types that Pulumi's `Input` adds: Output and Awaitable."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    members = [member for member in get_args(hint) if member is not type(None) and not _is_added(member)]
    return members[0] if len(members) == 1 else Union[tuple(members)]  # noqa: UP007 - of a computed tuple


def _is_added(member: Any) -> bool:
    """Return whether a member of a union only gives values of another member.

    These are Awaitable, Pulumi's `Output`, its name or what stands for it, and a class derived from `dict`.
    """
    origin = get_origin(member)
    if member == _OUTPUT or origin is Awaitable or getattr(origin, "__name__", "") == Output.__name__:
        return True
    return isinstance(member, type) and issubclass(member, dict) and member is not dict and not is_typeddict(member)


def _either(members: list[Shape]) -> Shape:
    """One of several shapes. Some strings, or any string, are any string."""
    texts = [member for member in members if isinstance(member, Text)]
    any_text = next((text for text in texts if not text.choices), None)
    if any_text is None or len(texts) < len(members):
        return Alternatives(tuple(members))
    suggested = [text for text in texts if text.choices]
    return replace(
        any_text,
        suggested=tuple(choice for text in suggested for choice in text.choices),
        enumeration=next((text.enumeration for text in suggested), None),
    )


def _structure(hint: Any, bounds: Bounds) -> Structure:
    # Pulumi's `Input[…]` names `Output` and `T` as strings. With postponed annotations `__required_keys__` is wrong.
    hints = get_type_hints(hint, localns={"Output": Output, "T": Any}, include_extras=True)
    inner, properties, required = bounds._replace(empty_means="", keys=None), dict[str, Shape](), set[str]()
    for name, member in hints.items():
        qualifier: Any = get_origin(member)
        plain = get_args(member)[0] if qualifier in (Required, NotRequired) else member
        properties[name] = of(plain, _bounds_inside(name, inner))
        if qualifier is Required or (qualifier is not NotRequired and hint.__total__):
            required.add(name)
    # With `total=False`, at least one is set. Without it, each is needed unless it says the opposite.
    return Structure(hint.__name__, properties, frozenset(required), may_be_empty=hint.__total__)


def _bounds_inside(name: str, bounds: Bounds) -> Bounds:
    """The conditions on a property of a structure: the name of an id, or of an address, says its form."""
    form = ids.form_of_field(name)
    if form is not None or name == "id":
        return bounds._replace(constraint=None, ids_of=bounds.ids_of or form)
    return bounds._replace(constraint=EMAIL if name == "email" else bounds.constraint, ids_of=None)

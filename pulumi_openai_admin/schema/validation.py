"""Normalizes and validates values that a host passes. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pulumi_openai_admin.schema import ids, shapes
from pulumi_openai_admin.schema.constraints import Usual
from pulumi_openai_admin.schema.fields import Declaration, Field, FieldRole
from pulumi_openai_admin.schema.formats import CENTS, format_dollars
from pulumi_openai_admin.schema.paths import id_failure
from pulumi_openai_admin.schema.shapes import Entries, Items, Number, Shape, Structure, Text, is_all_unknown
from pulumi_openai_admin.similar import did_you_mean

_MAX_SHOWN = 40
_EMPTY = "is empty"
_KINDS = {
    type(None): "None",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "a mapping",
}
"""The words of messages for the types of values; the first type that matches counts."""


class Unsupported(NamedTuple):
    """Stands for a value of Pulumi that no endpoint takes."""

    what: str
    """The value, in words: "an asset"."""


def normalized(value: Any) -> Any:
    """The value with whole floats as ints, and mappings in one order.

    Pulumi passes every number as a float, and mappings in an order that differs from process to process.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: normalized(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [normalized(item) for item in value]
    return value


def failure(field: Field[Any, Any], value: Any, *, is_secret: bool, place: str = "") -> str | None:
    """The error in one input, as a sentence that names the property.

    The sentence shows a value only if it is a number or a choice, and never the value of a secret input.

    Args:
        value: Its value; None if it is not set.
        is_secret: Whether the sentence may not show a part of the value.
        place: What the user calls the property, if that is not its name.
    """
    place = place or field.name
    if value is None:
        if not field.required:
            return None
        expected = "an id" if _is_plain_id(field) and field.bounds.ids_of is None else field.shape.words
        return f"{place} is missing: set it to {expected}."
    shows = _Shows(not is_secret)
    failure = _unsupported_failure(value, shows) or (
        (_path_failure(value) if _is_plain_id(field) else None)
        or _failure(field.shape, value, shows)
        or _key_failure_of(field, value, shows, place)
    )
    if not failure:
        return None
    if failure == _EMPTY:
        removal = "" if field.required else ", or remove it"
        failure = f"{failure}: set it{removal}{' to generate a name' if removal and field.auto_named else ''}"
    return f"{place}{'' if failure.startswith('[') else ' '}{failure}{'' if failure.endswith('?') else '.'}"


def doubts(field: Field[Any, Any], value: Any) -> list[str]:
    """What may be wrong with the strings of a valid list, each a sentence that names the property."""
    if field.doubt is None or not isinstance(value, list):
        return []
    found = (field.doubt(item) for item in value if isinstance(item, str) and not is_all_unknown(item))
    return [f"{field.name}: {doubt}" for doubt in found if doubt]


def hints(declaration: Declaration, inputs: Mapping[str, Any]) -> str:
    """Sentences about strings that are unusual; empty if there are none. They do not show the strings."""
    found = (hint for field in declaration.inputs for hint in _hints(field.shape, inputs.get(field.name), field.name))
    return " ".join(dict.fromkeys(found))


def _hints(shape: Shape, value: Any, name: str) -> Iterator[str]:
    if isinstance(shape, Text) and isinstance(value, str) and not is_all_unknown(value):
        if hint := ids.unusual_form(shape.id, value):
            yield hint.strip()
        if shape.suggested and value not in shape.suggested:
            yield f"{name} is usually {Text(shape.suggested).words}."
        if isinstance(shape.constraint, Usual) and not shape.constraint.usual.is_met(value):
            yield f"{name} is usually {shape.constraint.usual.words}."
    elif isinstance(shape, Items) and isinstance(value, list):
        for item in value:
            yield from _hints(shape.item, item, name)
    elif isinstance(shape, Structure) and isinstance(value, dict):
        for part, inner in shape.properties.items():
            yield from _hints(inner, value.get(part), part)


class _Shows(NamedTuple):
    """Which parts of an input a message may show."""

    is_public: bool

    def place(self, key: object) -> str:
        """A key of a mapping, or a place in a list."""
        return f"[{key!r}]" if self.is_public else "[…]"

    def value(self, value: object, kind: type | tuple[type, ...]) -> str:
        """The actual value: ", not 60", or ", not a text" if it has another type."""
        is_of_kind = isinstance(value, kind) and not isinstance(value, bool)
        if not is_of_kind:
            return f", not {kind_of(value)}"
        if not self.is_public or len(repr(value)) > _MAX_SHOWN:
            return ""
        return f", not {value!r}"

    def other_id(self, value: str) -> str:
        """An id of another kind, as `value` has it, with its kind."""
        if ids.has_key(value):
            return ", not an API key"
        form, shown = ids.form_of_id(value), self.value(value, str)
        return f"{shown}, the id of {form.described}" if shown and form is not None else shown


def _unsupported_failure(value: Any, shows: _Shows) -> str | None:
    """Refuses assets and archives: no endpoint takes them, and a dynamic provider can't read them from the state."""
    if isinstance(value, Unsupported):
        return (
            f"is {value.what}, which no provider of this package can keep: use a hash of the file, such as its SHA-256"
        )
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if failure := _unsupported_failure(item, shows):
                return _at(key, failure, shows)
    return None


def _key_failure_of(field: Field[Any, Any], value: Any, shows: _Shows, place: str) -> str | None:
    """Refuses two keys that mean the same, of a mapping or of the entries of a list."""
    if isinstance(value, list) and field.keyed is not None:
        wrong = field.keyed.failure(field.keyed.normalized(value, field.normalize))
        return _at(wrong[0], wrong[1], shows) if wrong else None
    if not isinstance(value, dict):
        return None
    seen: dict[str, str] = {}
    for key in sorted(value):
        other = seen.setdefault(field.normalize(key), key)
        if other != key:
            return _at(key, f"is the same as {place}{shows.place(other)}: remove one of them", shows)
    return None


def _at(key: object, failure: str, shows: _Shows) -> str:
    return f"{shows.place(key)}{'' if failure.startswith('[') else ' '}{failure}"


def _failure(shape: Shape, value: Any, shows: _Shows) -> str | None:
    """The first error in a value; an unknown value has none."""
    if is_all_unknown(value):
        return None
    if not isinstance(value, _TYPES.get(type(shape), object)):
        return f"must be {shape.words}, not {kind_of(value)}"
    validator = _VALIDATORS.get(type(shape))
    return validator(shape, value, shows) if validator else None


def _list_failure(shape: Items, value: Any, shows: _Shows) -> str | None:
    if not value and not shape.may_be_empty:
        if shape.empty_means:
            return f"is an empty list, which means {shape.empty_means} to OpenAI: omit it, or list the values"
        return "is an empty list"
    items = ((place, _failure(shape.item, item, shows)) for place, item in enumerate(value))
    return next((_at(place, failure, shows) for place, failure in items if failure), None)


def _mapping_failure(shape: Entries, value: Any, shows: _Shows) -> str | None:
    if not value and not shape.may_be_empty:
        return _EMPTY
    for key, item in value.items():
        if not key.strip():
            failure: str | None = "is an empty name"
        elif shape.key is not None and not shape.key.is_met(key):
            failure = f"must be {shape.key.words}"
        else:
            failure = _failure(shape.value, item, shows)
        if failure:
            return _at(key, failure, shows)
    return None


def _structure_failure(shape: Structure, value: Any, shows: _Shows) -> str | None:
    if not value and not shape.may_be_empty:
        return _EMPTY
    for key, item in value.items():
        if key not in shape.properties:
            question = did_you_mean(key, shape.properties) if shows.is_public else ""
            known = f"{', '.join(shape.properties)}{question and f'. {question}'}"
            return _at(key, f"is not one of {known}", shows)
        if failure := _failure(shape.properties[key], item, shows):
            return _at(key, failure, shows)
    missing = [name for name in shape.properties if name in shape.required and value.get(name) is None]
    return f"lacks {' and '.join(missing)}" if missing else None


def _alternatives_failure(shape: shapes.Alternatives, value: Any, shows: _Shows) -> str | None:
    """None if one of the alternatives accepts the value; otherwise the error from the one with the same type."""
    failures = [_failure(member, value, shows) for member in shape.members]
    if None in failures:
        return None
    kinds = shapes.BY_TYPE.get(type(value), ())
    fits = [
        (member, failure) for member, failure in zip(shape.members, failures, strict=True) if isinstance(member, kinds)
    ]
    is_specific = len(fits) == 1 and not isinstance(value, str)  # for a text it would only name the choices
    return fits[0][1] if is_specific else f"must be {shape.words}{shows.value(value, str)}"


def _number_failure(shape: Number, value: Any, shows: _Shows) -> str | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and (not shape.is_whole or value == int(value)):
        is_low = shape.minimum is not None and value < shape.minimum
        is_high = shape.maximum is not None and value > shape.maximum
        if not is_low and not is_high:
            return None
    shown = int(value) if is_number and value == int(value) else value
    return (
        f"must be {shape.words}{shows.value(shown, (int, float))}{_in_cents(shape, value, shows) if is_number else ''}"
    )


def _in_cents(shape: Number, value: float, shows: _Shows) -> str:
    """How an amount in dollars is written in cents, for one that is no number of cents."""
    is_in_dollars = shape.unit == CENTS and value > 0 and value != int(value)
    amount = round(value * 100)
    return f": {format_dollars(amount)} is {amount}" if is_in_dollars and shows.is_public else ""


def _text_failure(shape: Text, value: Any, shows: _Shows) -> str | None:
    if not value.strip():
        return _EMPTY
    if shape.id is not None and not shape.id.is_met(value):
        return f"must be {shape.id.words}{shows.other_id(value)}"
    is_accepted = (
        value in shape.choices if shape.choices else shape.constraint is None or shape.constraint.is_met(value)
    )
    return None if is_accepted else f"must be {shape.words}{shows.value(value, str)}"


_VALIDATORS: dict[type, Callable[[Any, Any, _Shows], str | None]] = {
    shapes.Number: _number_failure,
    shapes.Text: _text_failure,
    shapes.Items: _list_failure,
    shapes.Entries: _mapping_failure,
    shapes.Structure: _structure_failure,
    shapes.Alternatives: _alternatives_failure,
}
"""By shape; the other shapes accept any value of their type."""
_TYPES: dict[type, type] = {
    shapes.Boolean: bool,
    **{shape: type_ for type_, kinds in shapes.BY_TYPE.items() for shape in kinds},
}


def kind_of(value: object) -> str:
    """The type of a value, in words."""
    return next((words for kind, words in _KINDS.items() if isinstance(value, kind)), f"a {type(value).__name__}")


def _is_plain_id(field: Field[Any, Any]) -> bool:
    """Return whether the field is a part of the URL that has the form of an id."""
    return field.role is FieldRole.PATH and field.bounds.constraint is None


def _path_failure(value: Any) -> str | None:
    """The error in a part of the URL; None if it is an id."""
    if is_all_unknown(value):
        return None
    if not isinstance(value, str):
        return f"must be an id, not {kind_of(value)}"
    return id_failure(value) if value.strip() else _EMPTY

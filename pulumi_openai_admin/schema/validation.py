"""Values on their way between Pulumi and OpenAI: numbers made whole, inputs told right from wrong. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import Archive, Asset
from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_openai_admin.http.paths import id_fault
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import Role
from pulumi_openai_admin.schema.shapes import Structure, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.schema.fields import Declaration, Field
    from pulumi_openai_admin.schema.shapes import Alternatives, Entries, Items, Number, Shape

_MAX_SHOWN = 40
_TAG = "type"
"""The property by which OpenAI tells alternatives apart: `{"type": "aws", …}`."""
_KINDS = {
    type(None): "None",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a mapping",
    Asset: "an asset",
    Archive: "an archive",
}
"""What a message calls the values that Pulumi hands over; the first that fits."""


def is_unknown(value: object) -> bool:
    """Whether a value, or a part of it, is not known before the update."""
    if isinstance(value, dict):
        return any(map(is_unknown, value.values()))
    if isinstance(value, list):
        return any(map(is_unknown, value))
    return _is_all_unknown(value)


def _is_all_unknown(value: object) -> bool:
    return isinstance(value, Unknown) or value == rpc.UNKNOWN


def normalized(value: Any) -> Any:
    """The value with its whole floats made ints: Pulumi hands every number over as a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: normalized(one) for key, one in value.items()}
    if isinstance(value, list):
        return [normalized(one) for one in value]
    return value


def faults(declaration: Declaration, inputs: Mapping[str, Any], secret: Collection[str] = ()) -> list[str]:
    """What is wrong with single inputs, each in a sentence that names the property.

    A sentence shows a value only where it is a number or one of several choices, and nothing of a secret input.

    Args:
        declaration: What the inputs have to be.
        inputs: What the program sets.
        secret: The names of the inputs that are secret.
    """
    found = []
    for field in declaration.inputs:
        value = inputs.get(field.name)
        if value is None:
            if field.required:
                found.append(f"{field.name} is missing: set it to {_expected(field)}.")
            continue
        shows = _Shows(field.name not in secret)
        fault = _asset_fault(value, shows) or (
            _path_fault(value) if field.role is Role.PATH else _fault(field.shape, value, shows)
        )
        if fault:
            found.append(f"{field.name}{'' if fault.startswith('[') else ' '}{fault}.")
    return found


@dataclass(frozen=True)
class _Shows:
    """What a message may show of an input."""

    is_public: bool

    def place(self, key: object) -> str:
        """A key of a mapping, or a place in a list."""
        return f"[{key!r}]" if self.is_public else "[…]"

    def value(self, value: object, kind: type | tuple[type, ...]) -> str:
        """What a value is instead: ", not 60", or where it is of another kind ", not a text"."""
        is_of_kind = isinstance(value, kind) and not isinstance(value, bool)
        if not is_of_kind:
            return f", not {_kind_of(value)}"
        return f", not {value!r}" if self.is_public and len(repr(value)) <= _MAX_SHOWN else ""


def _asset_fault(value: Any, shows: _Shows) -> str | None:
    """The first asset or archive: Pulumi's host of dynamic providers can't give it back once it is in the state."""
    if isinstance(value, Asset | Archive):
        return (
            f"is {_kind_of(value)}, which a dynamic provider can't keep: use a hash of the file, such as "
            "hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()"
        )
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return next((_at(key, fault, shows) for key, one in inside if (fault := _asset_fault(one, shows))), None)


def _at(key: object, fault: str, shows: _Shows) -> str:
    return f"{shows.place(key)}{'' if fault.startswith('[') else ' '}{fault}"


def _fault(shape: Shape, value: Any, shows: _Shows) -> str | None:
    """The first fault in a value; what is not known yet has none."""
    if _is_all_unknown(value):
        return None
    judge = _JUDGES.get(type(shape))
    return judge(shape, value, shows) if judge else None


def _truth_fault(_shape: Shape, value: Any, _shows: _Shows) -> str | None:
    return None if isinstance(value, bool) else f"must be True or False, not {_kind_of(value)}"


def _list_fault(shape: Items, value: Any, shows: _Shows) -> str | None:
    if not isinstance(value, list):
        return f"must be a list, not {_kind_of(value)}"
    if not value and not shape.may_be_empty:
        if shape.empty_means:
            return f"is an empty list, which OpenAI takes for {shape.empty_means}: leave it out, or name what is meant"
        return "is an empty list"
    items = ((place, _fault(shape.item, item, shows)) for place, item in enumerate(value))
    return next((_at(place, fault, shows) for place, fault in items if fault), None)


def _mapping_fault(shape: Entries, value: Any, shows: _Shows) -> str | None:
    if not isinstance(value, dict):
        return f"must be a mapping, not {_kind_of(value)}"
    if not value and not shape.may_be_empty:
        return "is empty"
    for key, item in value.items():
        fault = _fault(shape.value, item, shows) if key.strip() else "is an empty name"
        if fault:
            return _at(key, fault, shows)
    return None


def _structure_fault(shape: Structure, value: Any, shows: _Shows) -> str | None:
    if not isinstance(value, dict):
        return f"must be a mapping, not {_kind_of(value)}"
    if not value and not shape.required:
        return "is empty"
    for key, item in value.items():
        if key not in shape.properties:
            return _at(key, f"is not one of {', '.join(shape.properties)}", shows)
        if fault := _fault(shape.properties[key], item, shows):
            return _at(key, fault, shows)
    missing = [name for name in shape.properties if name in shape.required and value.get(name) is None]
    return f"lacks {' and '.join(missing)}" if missing else None


def _alternatives_fault(shape: Alternatives, value: Any, shows: _Shows) -> str | None:
    """None if one of the alternatives takes the value; else what the one of its kind says."""
    told = [_fault(member, value, shows) for member in shape.members]
    if None in told:
        return None
    kinds = _SHAPES_OF.get(type(value), ())
    fits = [(member, fault) for member, fault in zip(shape.members, told, strict=True) if isinstance(member, kinds)]
    if len(fits) > 1 and isinstance(value, dict):
        if _is_all_unknown(value.get(_TAG)):
            return None
        if fault := _tag_fault(shape, value, shows):
            return fault
        fits = [(member, fault) for member, fault in fits if value.get(_TAG) in _tags(member)]
    is_told = len(fits) == 1 and not isinstance(value, str)  # of a text it would say what texts there are, and no more
    return fits[0][1] if is_told else f"must be {shape.words}{shows.value(value, str)}"


def _tag_fault(shape: Alternatives, value: Any, shows: _Shows) -> str | None:
    """What is wrong with the property that says which of several mappings is meant."""
    choices = [choice for member in shape.members for choice in _tags(member)]
    if not choices or value.get(_TAG) in choices:
        return None
    if value.get(_TAG) is None:
        return f"lacks {_TAG}"
    fault = _text_fault(Text(choices=tuple(choices)), value[_TAG], shows)
    return None if fault is None else _at(_TAG, fault, shows)


def _tags(member: Shape) -> tuple[str, ...]:
    """The values of `type` that say that this alternative is meant."""
    tag = member.properties.get(_TAG) if isinstance(member, Structure) else None
    return tag.choices if isinstance(tag, Text) else ()


def _number_fault(shape: Number, value: Any, shows: _Shows) -> str | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and shape.holds(value):
        return None
    shown = int(value) if is_number and value == int(value) else value
    return f"must be {shape.words}{shows.value(shown, (int, float))}"


def _text_fault(shape: Text, value: Any, shows: _Shows) -> str | None:
    if not isinstance(value, str):
        return f"must be {shape.words}, not {_kind_of(value)}"
    if not value.strip():
        return "is empty"
    is_accepted = value in shape.choices if shape.choices else shape.must is None or shape.must.is_met(value)
    return None if is_accepted else f"must be {shape.words}{shows.value(value, str)}"


_JUDGES: dict[type, Callable[[Any, Any, _Shows], str | None]] = {
    shapes.Truth: _truth_fault,
    shapes.Number: _number_fault,
    shapes.Text: _text_fault,
    shapes.Items: _list_fault,
    shapes.Entries: _mapping_fault,
    shapes.Structure: _structure_fault,
    shapes.Alternatives: _alternatives_fault,
}
"""By shape; any value is accepted where none is here."""
_SHAPES_OF: dict[type, tuple[type, ...]] = {
    list: (shapes.Items,),
    dict: (shapes.Entries, shapes.Structure),
    str: (shapes.Text,),
}


def _kind_of(value: object) -> str:
    """What a value is, in words."""
    return next((words for kind, words in _KINDS.items() if isinstance(value, kind)), f"a {type(value).__name__}")


def _expected(field: Field[Any, Any]) -> str:
    return "an id" if field.role is Role.PATH else field.shape.words


def _path_fault(value: Any) -> str | None:
    """Whether a part of the URL is an id."""
    if _is_all_unknown(value):
        return None
    if not isinstance(value, str):
        return f"must be an id, not {_kind_of(value)}"
    return id_fault(value) if value.strip() else "is empty"

"""Values on their way between Pulumi and OpenAI: numbers made whole, inputs told right from wrong. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pulumi import Archive, Asset
from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_openai_admin.api.paths import id_fault
from pulumi_openai_admin.provider.fields import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulumi_openai_admin.provider.fields import Declaration, Field

_LONGEST_SHOWN = 40
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
        fault = _asset_fault(value, shows) or _fault(field, value, shows)
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
        return f", not {value!r}" if self.is_public and len(repr(value)) <= _LONGEST_SHOWN else ""


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


def _fault(field: Field[Any, Any], value: Any, shows: _Shows) -> str | None:
    if _is_all_unknown(value):
        return None
    if field.type is int:
        return _number_fault(field, value, shows)
    if field.type is bool:
        return None if isinstance(value, bool) else f"must be True or False, not {_kind_of(value)}"
    if field.type is str:
        return _text_fault(field, value, shows)
    if get_origin(field.type) is list:
        return _list_fault(value, get_args(field.type)[0], shows)
    return _mapping_fault(field, value, field.type, shows)


def _list_fault(value: Any, item: Any, shows: _Shows) -> str | None:
    if not isinstance(value, list):
        return f"must be a list, not {_kind_of(value)}"
    if item is not str:
        return None
    if not value:
        return "is an empty list, which OpenAI takes for everything: leave it out, or name what is meant"
    for place, one in enumerate(value):
        if not (isinstance(one, str) and one.strip()) and not _is_all_unknown(one):
            return _at(place, "is empty" if isinstance(one, str) else f"must be a text, not {_kind_of(one)}", shows)
    return None


def _mapping_fault(field: Field[Any, Any], value: Any, hint: Any, shows: _Shows) -> str | None:
    """The first fault in a mapping of numbers, or of mappings of numbers."""
    if _is_all_unknown(value):
        return None
    if not isinstance(value, dict):
        return f"must be a mapping, not {_kind_of(value)}"
    if not value:
        return "is empty"
    inner = get_args(hint)[1]
    for key, one in value.items():
        if inner is not int:
            fault = _mapping_fault(field, one, inner, shows) if key.strip() else "is an empty name"
        elif key not in field.keys:
            fault = f"is no limit; there are {', '.join(field.keys)}"
        else:
            fault = _number_fault(field, one, shows)
        if fault:
            return _at(key, fault, shows)
    return None


def _number_fault(field: Field[Any, Any], value: Any, shows: _Shows) -> str | None:
    if _is_all_unknown(value):
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and value == int(value) and _is_in_bounds(field, value):
        return None
    shown = int(value) if is_number and value == int(value) else value
    return f"must be {_expected_number(field)}{shows.value(shown, (int, float))}"


def _is_in_bounds(field: Field[Any, Any], value: float) -> bool:
    return (field.minimum is None or value >= field.minimum) and (field.maximum is None or value <= field.maximum)


def _text_fault(field: Field[Any, Any], value: Any, shows: _Shows) -> str | None:
    if not isinstance(value, str):
        return f"must be {_expected(field)}, not {_kind_of(value)}"
    if not value.strip():
        return "is empty"
    if field.choices and value not in field.choices:
        return f"must be {_expected(field)}{shows.value(value, str)}"
    if field.role is Role.PATH:
        return id_fault(value)
    return None


def _kind_of(value: object) -> str:
    """What a value is, in words."""
    return next((words for kind, words in _KINDS.items() if isinstance(value, kind)), f"a {type(value).__name__}")


def _expected(field: Field[Any, Any]) -> str:
    if field.choices:
        *others, last = map(repr, field.choices)
        return f"{', '.join(others)} or {last}" if others else last
    if field.type is int:
        return _expected_number(field)
    if field.type is str:
        return "an id" if field.role is Role.PATH else "a text"
    return "a list" if get_origin(field.type) is list else "a mapping"


def _expected_number(field: Field[Any, Any]) -> str:
    if field.maximum is not None:
        return f"a whole number from {field.minimum} to {field.maximum}"
    return f"a whole number, {field.minimum} or more"

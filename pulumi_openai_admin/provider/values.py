"""Values on their way between Pulumi and OpenAI: numbers made whole, inputs told right from wrong. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_openai_admin.api.paths import id_fault
from pulumi_openai_admin.provider.fields import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.provider.fields import Declaration, Field


def is_unknown(value: object) -> bool:
    """Whether a value, or a part of it, is not known before the update."""
    if isinstance(value, dict):
        return any(map(is_unknown, value.values()))
    if isinstance(value, list):
        return any(map(is_unknown, value))
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


def faults(declaration: Declaration, inputs: Mapping[str, Any]) -> list[str]:
    """What is wrong with single inputs, each in a sentence that names the property."""
    found = []
    for field in declaration.inputs:
        value = inputs.get(field.name)
        if value is None:
            if field.required:
                found.append(f"{field.name} is missing: set it to {_expected(field)}.")
        elif not is_unknown(value):
            fault = _fault(field, value)
            if fault:
                found.append(f"{field.name}{'' if fault.startswith('[') else ' '}{fault}.")
    return found


def _fault(field: Field[Any, Any], value: Any) -> str | None:
    if field.type is int:
        return _number_fault(field, value)
    if field.type is bool:
        return None if isinstance(value, bool) else f"must be True or False, not {value!r}"
    if field.type is str:
        return _text_fault(field, value)
    if get_origin(field.type) is list:
        return _list_fault(value, get_args(field.type)[0])
    return _mapping_fault(field, value, field.type)


def _list_fault(value: Any, item: Any) -> str | None:
    if not isinstance(value, list):
        return f"must be a list, not {value!r}"
    if item is str and not value:
        return "is an empty list, which OpenAI takes for everything: leave it out, or name what is meant"
    if item is str and not all(isinstance(one, str) and one.strip() for one in value):
        return f"must be a list of texts, not {value!r}"
    return None


def _mapping_fault(field: Field[Any, Any], value: Any, hint: Any) -> str | None:
    """The first fault in a mapping of numbers, or of mappings of numbers."""
    if not isinstance(value, dict):
        return f"must be a mapping, not {value!r}"
    if not value:
        return "is empty"
    inner = get_args(hint)[1]
    for key, one in value.items():
        if inner is not int:
            fault = _mapping_fault(field, one, inner) if key.strip() else "is an empty name"
        elif key not in field.keys:
            fault = f"is no limit; there are {', '.join(field.keys)}"
        else:
            fault = _number_fault(field, one)
        if fault:
            return f"[{key!r}]{'' if fault.startswith('[') else ' '}{fault}"
    return None


def _number_fault(field: Field[Any, Any], value: Any) -> str | None:
    expected = _expected_number(field)
    whole = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not whole or value != int(value):
        return f"must be {expected}, not {value!r}"
    if (field.minimum is not None and value < field.minimum) or (field.maximum is not None and value > field.maximum):
        return f"must be {expected}, not {int(value)}"
    return None


def _text_fault(field: Field[Any, Any], value: Any) -> str | None:
    if not isinstance(value, str):
        return f"must be {_expected(field)}, not {value!r}"
    if not value.strip():
        return "is empty"
    if field.choices and value not in field.choices:
        return f"must be {_expected(field)}, not {value!r}"
    if field.role is Role.PATH:
        return id_fault(value)
    return None


def _expected(field: Field[Any, Any]) -> str:
    if field.choices:
        return " or ".join(map(repr, field.choices))
    if field.type is int:
        return _expected_number(field)
    if field.type is str:
        return "an id" if field.role is Role.PATH else "a text"
    return "a list" if get_origin(field.type) is list else "a mapping"


def _expected_number(field: Field[Any, Any]) -> str:
    if field.maximum is not None:
        return f"a whole number from {field.minimum} to {field.maximum}"
    return f"a whole number, {field.minimum} or more"

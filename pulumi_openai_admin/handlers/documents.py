"""Objects as OpenAI spells them, and their properties by dotted name: `certificate_details.valid_at`. Pure.

A dot that is part of a name has a backslash before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_DOT = re.compile(r"(?<!\\)\.")


def parts_of(name: str) -> list[str]:
    """The names in a dotted name."""
    return [part.replace("\\.", ".") for part in _DOT.split(name)] if "\\" in name else name.split(".")


def get(document: Mapping[str, Any], name: str) -> Any:
    """A property; None where there is none."""
    value: Any = document
    for part in parts_of(name):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def put(document: dict[str, Any], name: str, value: Any) -> None:
    """Set a property, and make what it is inside."""
    *holders, last = parts_of(name)
    for holder in holders:
        document = document.setdefault(holder, {})
    document[last] = value


def nested(properties: Mapping[str, Any], sent_as: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An object with these properties."""
    document: dict[str, Any] = {}
    for name, value in properties.items():
        put(document, (sent_as or {}).get(name, name), value)
    return document


def renamed(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """An object, also with other names of properties: `names` has by name OpenAI's dotted name."""
    shown = {name: wire for name, wire in names.items() if wire.partition(".")[0] in document}
    return {**document, **{name: get(document, wire) for name, wire in shown.items()}}


def inside(name: str, part: str) -> str:
    """The dotted name of a property of what has a dotted name."""
    return name + "." + part.replace(".", "\\.")


def by_leaf(values: Mapping[str, Any], is_one: Callable[[str], bool] = lambda _: False) -> dict[str, Any]:
    """Properties with what is in nested mappings by dotted name; an empty mapping is a value.

    Args:
        values: By dotted name.
        is_one: Whether a mapping counts as one value, by its dotted name.
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        is_leaf = not (isinstance(value, dict) and value) or is_one(name)
        parts = {} if is_leaf else {inside(name, part): item for part, item in value.items()}
        found |= {name: value} if is_leaf else by_leaf(parts, is_one)
    return found


def leaves(value: Any) -> Iterator[Any]:
    """The values in nested lists and mappings that are neither."""
    if isinstance(value, list | dict):
        for item in value if isinstance(value, list) else value.values():
            yield from leaves(item)
    else:
        yield value

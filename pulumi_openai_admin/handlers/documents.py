"""Objects as OpenAI spells them, and their properties by dotted name: `certificate_details.valid_at`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def get(document: Mapping[str, Any], name: str) -> Any:
    """A property; None where there is none."""
    value: Any = document
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def put(document: dict[str, Any], name: str, value: Any) -> None:
    """Set a property, and make what it is inside."""
    *holders, last = name.split(".")
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


def leaves(value: Any) -> Iterator[Any]:
    """The values in nested lists and mappings that are neither."""
    if isinstance(value, list | dict):
        for item in value if isinstance(value, list) else value.values():
            yield from leaves(item)
    else:
        yield value

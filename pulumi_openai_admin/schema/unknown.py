"""Values that are unknown in a preview. Pure."""

from __future__ import annotations

from typing import Any

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

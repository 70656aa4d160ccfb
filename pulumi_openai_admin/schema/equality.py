"""When two values are the same to OpenAI. Pure."""

from __future__ import annotations

from typing import Any


def are_same(value: Any, other: Any) -> bool:
    """Whether two values are the same to OpenAI. `True` is not 1, which Python takes for equal, at any depth."""
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(are_same(item, other[key]) for key, item in value.items())
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(are_same, value, other))
    return isinstance(value, bool) is isinstance(other, bool) and bool(value == other)

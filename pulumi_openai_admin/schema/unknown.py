"""Values that are unknown in a preview. Pure."""

from __future__ import annotations

from pulumi.output import Unknown
from pulumi.runtime import rpc

UNKNOWN: str = rpc.UNKNOWN
"""Pulumi's text in place of a value that is not known yet."""


def is_unknown(value: object) -> bool:
    """Whether a value, or a part of it, is unknown in a preview."""
    if isinstance(value, dict):
        return any(map(is_unknown, value.values()))
    if isinstance(value, list):
        return any(map(is_unknown, value))
    return is_all_unknown(value)


def is_all_unknown(value: object) -> bool:
    """Whether nothing of a value is known."""
    return isinstance(value, Unknown) or value == UNKNOWN

"""Secrets on their way to the engine, which encrypts what comes in this form wherever it stands. Pure."""

from __future__ import annotations

from typing import Any

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks a mapping as one of Pulumi's special values; the same in all of Pulumi's languages."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, none itself


def wrap(value: Any) -> Any:
    """The value in Pulumi's wire form for secrets; what is in it already stays as it is."""
    return value if is_wrapped(value) else {_SIGNATURE: _SECRET, "value": value}


def is_wrapped(value: object) -> bool:
    """Whether a value is in Pulumi's wire form for secrets."""
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET

"""Secrets between a program, its provider and the engine.

The engine encrypts what comes in its wire form for secrets, wherever it stands. To a provider it gives all values in
plain text, so the constructor says which inputs are secret, in an input of its own. What a provider returns under the
name of a secret input the engine marks by itself, in a mapping key by key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NAMES = "__secret"
"""The input that names the secret ones; absent where none is. Two underscores: never displayed, and no difference."""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks a mapping as one of Pulumi's special values; the same in all of Pulumi's languages."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, none itself


def wrap(value: Any) -> Any:
    """The value in Pulumi's wire form for secrets; what is in it already stays as it is."""
    return value if is_wrapped(value) else {_SIGNATURE: _SECRET, "value": value}


def is_wrapped(value: object) -> bool:
    """Whether a value is in Pulumi's wire form for secrets."""
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def hide_added(values: Mapping[str, Any], known: Mapping[str, Any], secret: Collection[str]) -> dict[str, Any]:
    """The values, of whose secret mappings the entries are wrapped that the engine does not know as secret.

    Args:
        values: What is given to the engine.
        known: What came from the engine.
        secret: The names of the secret inputs.
    """
    return {name: _hide_added(value, known.get(name)) if name in secret else value for name, value in values.items()}


def _hide_added(value: Any, known: Any) -> Any:
    if not isinstance(value, dict) or not isinstance(known, dict):
        return value
    return {key: one if key in known else wrap(one) for key, one in value.items()}


def names(inputs: Mapping[str, Any]) -> pulumi.Output[list[str]] | None:
    """The names of the inputs that are secret, or hold a secret; None where no input can be."""
    found = {name: outputs for name, value in inputs.items() if (outputs := _outputs_in(value))}

    async def secret() -> Any:  # None is not sent
        return [name for name, outputs in found.items() if any([await one.is_secret() for one in outputs])] or None

    return pulumi.Output.from_input(secret()) if found else None


def _outputs_in(value: Any) -> list[pulumi.Output[Any]]:
    if isinstance(value, pulumi.Output):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [output for one in inside for output in _outputs_in(one)]

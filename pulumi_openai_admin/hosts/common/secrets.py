"""Secrets between a program, its provider and the engine.

The engine encrypts every value in its wire format for secrets. It passes all values to a provider in plain text, so the
constructor adds an input with the names of the secret inputs. The engine marks returned values of secret inputs as
secret itself, in a mapping for each key.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NAMES = "__secret"
"""The input with the names of the secret inputs; absent if there are none. Pulumi displays no inputs with `__`."""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key of Pulumi's special values; the same in all languages of Pulumi."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the marker of secrets


def wrap(value: Any) -> Any:
    """The value in Pulumi's wire format for secrets."""
    return value if is_wrapped(value) else {_SIGNATURE: _SECRET, "value": value}


def in_import_file(value: Any) -> dict[str, str]:
    """The value as a file for `pulumi import` has a secret: in plain text, so only for what is not worth hiding."""
    return {_SIGNATURE: _SECRET, "plaintext": json.dumps(value)}


def is_wrapped(value: object) -> bool:
    """Whether a value is in Pulumi's wire format for secrets."""
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def hide_added(values: Mapping[str, Any], known: Mapping[str, Any], secret: Collection[str]) -> dict[str, Any]:
    """The values, with those entries of secret mappings wrapped that the engine does not mark as secret itself.

    Args:
        values: The values for the engine.
        known: The values from the engine.
        secret: The names of the secret inputs.
    """
    return {name: _hide_added(value, known.get(name)) if name in secret else value for name, value in values.items()}


def _hide_added(value: Any, known: Any) -> Any:
    if isinstance(value, dict) and isinstance(known, list):
        known = {}  # a list that was made a mapping: the engine knows none of its entries
    if not isinstance(value, dict) or not isinstance(known, dict):
        return value
    return {key: entry if key in known else wrap(entry) for key, entry in value.items()}


def names(inputs: Mapping[str, Any]) -> pulumi.Output[list[str]] | None:
    """The names of the inputs that are secret or contain a secret; None if there can't be any."""
    found = {name: outputs for name, value in inputs.items() if (outputs := _outputs_in(value))}

    async def of_secrets() -> Any:  # None is not sent
        secret: list[str] = []
        for name, outputs in found.items():  # no comprehension: Python 3.10 allows no `await` in one inside another
            if any([await output.is_secret() for output in outputs]):
                secret.append(name)
        return secret or None

    return pulumi.Output.from_input(of_secrets()) if found else None


def _outputs_in(value: Any) -> list[pulumi.Output[Any]]:
    if isinstance(value, pulumi.Output):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [output for entry in inside for output in _outputs_in(entry)]

"""Secret inputs of one resource that another resource shows, such as the name of a `Group` in a `ProjectGroup`.

Pulumi tracks secrets by property. A resource gets the id of another object, which is no secret, and OpenAI responds
with the name, which may be one. Only the values say that they are the same. So an output is secret if its value is the
value of a secret input in this run. It stays secret in later runs, which may read this resource before the other one.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.resource import Outputs
from pulumi_openai_admin.schema.fields import ABSENT
from pulumi_openai_admin.schema.unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.schema.fields import Declaration


class SecretStrings:
    """The strings in the secret inputs of a run."""

    def __init__(self) -> None:
        self._found: set[str] = set()
        self._lock = threading.Lock()

    def note(self, values: Mapping[str, Any], secret: Collection[str]) -> None:
        """Record the strings in secret inputs.

        Args:
            values: The inputs, or the state.
            secret: The names of the secret inputs.
        """
        with self._lock:
            self._found.update(text for name in secret for text in _strings(values.get(name)))

    def are_in(self, value: Any) -> bool:
        """Whether a value is one of them, or contains one."""
        with self._lock:
            return bool(self._found) and not self._found.isdisjoint(_strings(value))


def outputs(  # noqa: PLR0913, PLR0917 - the arguments of `state.to_outputs`, and the secrets
    declaration: Declaration,
    remote: Remote,
    given: Collection[str],
    secret: Collection[str],
    known: SecretStrings,
    olds: Mapping[str, Any],
) -> Outputs:
    """The state of an object, with its secrets named.

    Args:
        declaration: The resource's fields.
        remote: The object.
        given: The names of the inputs that the program sets.
        secret: The names of those that are secret.
        known: The secret inputs of the run.
        olds: The state before; empty if there is none.
    """
    values = state.to_outputs(declaration, remote, given, secret)
    repeated = {*disclosed(declaration, values, known), *state.secret_outputs(olds)}
    found = Outputs.of(declaration, values, secret)
    if not repeated:
        return found
    values[state.MANAGED]["secret_outputs"] = sorted(repeated)
    return replace(found, secret_outputs=found.secret_outputs | repeated | {state.MANAGED})


def disclosed(declaration: Declaration, values: Mapping[str, Any], known: SecretStrings) -> set[str]:
    """The properties of a state that show a secret input of another resource, without those that are always secret.

    The id of an object is none: Pulumi stores it in plain text, too.
    """
    given, hidden = state.managed_inputs(values) or set(), declaration.hidden(state.secret_inputs(values))
    fields = (field for field in declaration.fields.values() if field.name not in given and not field.identity)
    return {field.stored for field in fields if field.stored not in hidden and known.are_in(values.get(field.stored))}


def _strings(value: Any) -> Iterator[str]:
    """The strings in a value; not the keys of its mappings."""
    if isinstance(value, str):
        if value != ABSENT and not is_unknown(value):
            yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)

"""The inputs and outputs of one resource, as the native provider has them. Pure.

Secrets stay as they are in the export: encrypted values are moved without being read. Values in plain text
(`pulumi stack export --show-secrets`) stay marked as secrets, so `pulumi stack import` encrypts them again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.hosts.common.secrets import is_wrapped
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.names import camel
from pulumi_openai_admin.lifecycle.state import MANAGED
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.schema.fields import ABSENT
from pulumi_openai_admin.schema.shapes import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.schema.fields import Declaration, Field
    from pulumi_openai_admin.schema.shapes import Shape

_PLAIN = "plaintext"
"""Where an export with `--show-secrets` has the value of a secret, as JSON."""
_AGAIN = (
    "Export the stack again with `pulumi stack export --show-secrets --file FILE`. That file has all secrets of the "
    "stack in plain text: delete it afterwards."
)


@dataclass(frozen=True)
class Properties:
    """The properties of one resource.

    Args:
        name: The resource in messages.
        declaration: Its fields.
    """

    name: str
    declaration: Declaration

    def inputs(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Its inputs; those of the dynamic provider itself are omitted.

        Raises:
            ConfigurationError: Names inside of an encrypted value have to change.
        """
        return properties.from_inputs(self.declaration, values, self._secret)

    def state(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Its outputs, with what Pulumi remembers of the object. Fields that this state does not have are null.

        Raises:
            ConfigurationError: Names inside of an encrypted value have to change.
        """
        fields = {field.stored: field for field in self.declaration.fields.values()}
        known = {name: ABSENT if self._is_absent(field, values) else values[name] for name, field in fields.items()}
        if MANAGED in values:
            known[MANAGED] = values[MANAGED]
        return properties.from_state(self.declaration, known, self._secret)

    def names(self, names: Iterable[str]) -> list[str]:
        """Names of properties; those of the dynamic provider itself are omitted."""
        stored = {name: camel(field.name) for field in self.declaration.fields.values() for name in _spellings(field)}
        return [stored.get(name, name) for name in names if name in stored or not name.startswith("__")]

    def path(self, path: str) -> str:
        """The path of a property, such as `limits["gpt-4o"].max_requests_per_1_minute`."""
        return properties.respelled(properties.names_in(self.declaration), path)

    def _secret(self, shape: Shape, value: Any) -> Any:
        """A secret with the names inside of it changed."""
        if _PLAIN in value:
            inside = properties.renamed(shape, self._inside(value), self._secret)
            return {**value, _PLAIN: json.dumps(inside, separators=(",", ":"), ensure_ascii=False)}
        if properties.is_renamed(shape):
            name = next(field.name for field in self.declaration.fields.values() if _contains(field.shape, shape))
            what = (
                f"{self.name} has the secret {name}, which is encrypted as a whole, so its properties can't be renamed"
            )
            raise ConfigurationError(what, _AGAIN)
        return value

    def _inside(self, secret: Mapping[str, Any]) -> Any:
        """The value of a secret in plain text."""
        try:
            return json.loads(secret[_PLAIN])
        except (TypeError, ValueError):
            raise ConfigurationError(f"{self.name} has a secret that is not JSON", _AGAIN) from None

    def _is_absent(self, field: Field[Any, Any], values: Mapping[str, Any]) -> bool:
        """Whether OpenAI has omitted a field; an encrypted value does not show that."""
        value = values.get(field.stored, ABSENT)
        if value is None or value == ABSENT:
            return True
        if not is_wrapped(value):
            return False
        if _PLAIN in value:
            return self._inside(value) in (ABSENT, None)
        return self._is_without_object(field, values)

    def _is_without_object(self, field: Field[Any, Any], values: Mapping[str, Any]) -> bool:
        """Whether OpenAI has omitted the object around a field, such as `api_key` of an account without a key."""
        around, _, _ = field.wire.rpartition(".")
        beside = [
            other.stored
            for other in self.declaration.fields.values()
            if around and other is not field and other.wire.startswith(f"{around}.")
        ]
        return bool(beside) and all(values.get(name) == ABSENT for name in beside)


def described(kind: str, name: str) -> str:
    """A resource in messages: its name comes from a file."""
    return f"{kind} {printable(name)!r}"


def _spellings(field: Field[Any, Any]) -> tuple[str, ...]:
    return (field.name, field.stored)


def _contains(shape: Shape, part: Shape) -> bool:
    return any(other is part for other in parts(shape))

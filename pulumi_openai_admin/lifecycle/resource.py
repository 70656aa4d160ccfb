"""The interface of a resource, and the values that the verbs get and return. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pulumi_openai_admin.lifecycle.state import MANAGED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulumi_openai_admin.handlers.handler import Handler
    from pulumi_openai_admin.schema.fields import Declaration
    from pulumi_openai_admin.schema.rules import Rule


class Resource(Protocol):
    """One kind of resource, as the verbs use it."""

    @property
    def declaration(self) -> Declaration:
        """Its fields."""
        ...

    @property
    def handler(self) -> Handler:
        """Creates, reads, updates and deletes it at its endpoint."""
        ...

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The conditions between its inputs."""
        ...


@dataclass(frozen=True)
class Inputs:
    """The inputs that a program sets, as plain values without a host's markers for secrets."""

    values: Mapping[str, Any]
    secret: Collection[str] = ()
    """The names of the inputs that are secret or contain a secret."""


@dataclass(frozen=True)
class Outputs:
    """The state of an object, as plain values. The host marks the named values as secret."""

    values: Mapping[str, Any]
    secret_inputs: frozenset[str] = field(default_factory=frozenset)
    """The inputs that the program marks as secret. Some hosts mark their values without this."""
    secret_outputs: frozenset[str] = field(default_factory=frozenset)
    """The other secret values: keys, and outputs that contain a secret input."""

    @classmethod
    def of(cls, declaration: Declaration, values: Mapping[str, Any], secret: Collection[str]) -> Outputs:
        """The state of an object with these secret inputs."""
        hidden = declaration.hidden(secret) | ({MANAGED} if secret else set())
        return cls(values, frozenset(secret), frozenset(hidden))

"""What the verbs know of a resource, and the values that they take and give. Pure."""

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
    """One kind of resource: all that the verbs need to know of it."""

    @property
    def declaration(self) -> Declaration:
        """Its fields."""
        ...

    @property
    def handler(self) -> Handler:
        """What create, read, update and delete mean at its endpoint."""
        ...

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What its inputs must be to each other."""
        ...


@dataclass(frozen=True)
class Inputs:
    """What a program sets, in plain values: no secret is in a host's own form."""

    values: Mapping[str, Any]
    secret: Collection[str] = ()
    """The names of the inputs that are secret, or hold a secret."""


@dataclass(frozen=True)
class Outputs:
    """The state of an object, in plain values: the host marks as secret what is named here."""

    values: Mapping[str, Any]
    secret_inputs: frozenset[str] = field(default_factory=frozenset)
    """The inputs that the program gave as secret. Some hosts mark these by themselves."""
    secret_outputs: frozenset[str] = field(default_factory=frozenset)
    """What else is secret: keys, and what repeats a secret input."""

    @classmethod
    def of(cls, declaration: Declaration, values: Mapping[str, Any], secret: Collection[str]) -> Outputs:
        """The state of an object of which these inputs are secret."""
        hidden = declaration.hidden(secret) | ({MANAGED} if secret else set())
        return cls(values, frozenset(secret), frozenset(hidden))

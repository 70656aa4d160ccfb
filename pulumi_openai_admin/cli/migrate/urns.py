"""Types, URNs and references to providers, as the native provider has them. Pure.

A URN contains the types of all parents of its resource:
`urn:pulumi:dev::shop::shop:index:Team$pulumi-python:dynamic/openai-admin:Project::team`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.config import NAMESPACE
from pulumi_openai_admin.hosts.native.names import token
from pulumi_openai_admin.program.explicit_provider import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

DYNAMIC = f"{PACKAGE}:dynamic/{NAMESPACE}:"
"""The first characters of the types of the dynamic provider."""
DYNAMIC_PROVIDER = f"pulumi:providers:{PACKAGE}"
NATIVE_PROVIDER = f"pulumi:providers:{NAMESPACE}"
_URN, _SEPARATORS = "urn:pulumi:", 3
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key of Pulumi's special values."""
_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
"""The marker of a reference to a resource, such as a resource that a component returns."""


def is_urn(value: object) -> bool:
    """Whether a value is a URN, or begins with one."""
    return isinstance(value, str) and value.startswith(_URN) and value.count("::") >= _SEPARATORS


def name_of(urn: str) -> str:
    """The name of a resource in its program."""
    return urn.split("::", _SEPARATORS)[-1]


def kind_of(type_: str) -> str:
    """The public name of a type of the dynamic provider, such as `Project`; empty for other types."""
    return type_.removeprefix(DYNAMIC) if type_.startswith(DYNAMIC) else ""


def native_type(type_: str) -> str:
    """A type of the dynamic provider as the native provider has it; other types stay."""
    return token(kind) if (kind := kind_of(type_)) else type_


def _types_of(urn: str) -> str:
    return urn.split("::", _SEPARATORS)[2]


@dataclass(frozen=True)
class Urns:
    """The new URNs of a stack."""

    providers: frozenset[str]
    """The URNs of the providers that the program declares with `Provider`."""

    @classmethod
    def of(cls, providers: Iterable[str]) -> Urns:
        """The new URNs of a stack with these providers."""
        return cls(frozenset(providers))

    def native(self, urn: str) -> str:
        """The URN of the same resource in a program with the native provider."""
        head, project, types, name = urn.split("::", _SEPARATORS)
        chain = types.split("$")
        new = [native_type(type_) for type_ in chain]
        parents = {_types_of(provider) for provider in self.providers}
        for index, type_ in enumerate(chain):
            is_last = index == len(chain) - 1
            is_declared = urn in self.providers if is_last else "$".join(chain[: index + 1]) in parents
            if type_ == DYNAMIC_PROVIDER and is_declared:
                new[index] = NATIVE_PROVIDER
        return "::".join([head, project, "$".join(new), name])

    def everywhere(self, value: Any) -> Any:
        """A value of a resource's record with all URNs in it renamed."""
        if isinstance(value, str):
            return self.native(value) if is_urn(value) else value
        if isinstance(value, list):
            return [self.everywhere(item) for item in value]
        if isinstance(value, dict):
            return {key: self.everywhere(item) for key, item in value.items()}
        return value

    def in_references(self, value: Any) -> Any:
        """A value of a program with the URNs in its references to resources renamed. Other strings stay."""
        if isinstance(value, list):
            return [self.in_references(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.get(SIGNATURE) == _REFERENCE:
            return self.everywhere(value)
        return {key: self.in_references(item) for key, item in value.items()}

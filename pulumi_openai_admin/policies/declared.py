"""A resource as the engine shows it to policies, by the names of its declaration, whatever its provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pulumi_policy.proxy import UnknownValueError

from pulumi_openai_admin import resources
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.resources.base import type_token

if TYPE_CHECKING:
    from pulumi_openai_admin.resources.base import AdminResource


@dataclass(frozen=True)
class DeclaredResource:
    """A resource of this package, of either provider.

    Args:
        kind: The name of its class.
        inputs: Its properties as far as they are known, by the names of the declaration.
        is_native: Whether it is of the native provider.
        unknown: The names of properties that are not known before the update, or of which a part is not.
    """

    kind: str
    inputs: Mapping[str, Any]
    is_native: bool = False
    unknown: frozenset[str] = field(default=frozenset())

    def has(self, name: str) -> bool:
        """Whether the kind has a property."""
        return name in _resource(self.kind).declaration.fields

    def spelled(self, name: str) -> str:
        """A property as the program spells it."""
        return properties.camel(name) if self.is_native else name


def of(token: str, values: Mapping[str, Any]) -> DeclaredResource | None:
    """The resource of a type; None if it is of another package.

    Args:
        token: The type: `pulumi-python:dynamic/openai-admin:Project` or `openai-admin:index:Project`.
        values: Its properties, from the engine. Reading one that is unknown raises `UnknownValueError`.
    """
    name = token.rpartition(":")[2]
    if name not in resources.ALL:
        return None
    resource = _resource(name)
    is_native = token == properties.token(name)
    if not is_native and token != type_token(resource):
        return None
    unknown: set[str] = set()
    known = {key: value for key, value in _known(values, unknown).items() if not key.startswith("__")}
    if not is_native:
        return DeclaredResource(name, known, unknown=frozenset(unknown))
    fields = {properties.camel(field): field for field in resource.declaration.fields}
    inputs = properties.to_inputs(resource.declaration, known)
    outputs = {fields[key]: value for key, value in known.items() if key in fields and fields[key] not in inputs}
    return DeclaredResource(
        name, {**outputs, **inputs}, is_native=True, unknown=frozenset(fields.get(name_, name_) for name_ in unknown)
    )


def _resource(kind: str) -> type[AdminResource]:
    """The class of a kind."""
    found: type[AdminResource] = getattr(import_module(f"{resources.__name__}.{resources.ALL[kind]}"), kind)
    return found


def _known(values: Mapping[str, Any], unknown: set[str]) -> dict[str, Any]:
    """The properties without what is unknown; adds the names of those properties."""
    found: dict[str, Any] = {}
    for name in values:
        inner: list[bool] = []
        value = _read(values, name, inner)
        if inner:
            unknown.add(name)
        if value is not UnknownValueError:
            found[name] = value
    return found


def _read(container: Any, key: Any, unknown: list[bool]) -> Any:
    """An entry as plain data, without its unknown parts; `UnknownValueError` in place of an unknown one."""
    try:
        value = container[key]
    except UnknownValueError:
        unknown.append(True)
        return UnknownValueError
    if isinstance(value, Mapping):
        return dict(_entries(value, value, unknown))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [item for _, item in _entries(value, range(len(value)), unknown)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _entries(container: Any, keys: Iterable[Any], unknown: list[bool]) -> Iterable[tuple[Any, Any]]:
    found = ((key, _read(container, key, unknown)) for key in keys)
    return [(key, value) for key, value in found if value is not UnknownValueError]

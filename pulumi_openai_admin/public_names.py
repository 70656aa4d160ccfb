"""The public names of the package. They derive from the registries, and each is loaded when it is first used.

`__init__.pyi` declares the same names for type checkers; `make generate` writes it, and a test compares them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from itertools import chain
from types import ModuleType

from pulumi_openai_admin import resources

PACKAGE = __name__.rpartition(".")[0]

OTHERS = {
    "Provider": "program.provider",
    "TeamApiKey": "components.entries",
    "TeamGroup": "components.entries",
    "TeamMember": "components.entries",
    "TeamModels": "components.entries",
    "TeamProject": "components.team_project",
    "TeamServiceAccount": "components.entries",
    "TeamSpendAlert": "components.entries",
}
"""The modules of the names that no registry has."""
SHARED_TYPES = ("program.key_delivery", "program.fields")
"""The modules with the types of properties that several resources have."""
_FOR_STATES = {"AdminProvider": "hosts.dynamic.admin_provider"}
"""Not for programs: every state refers to the provider by this name in the package, whatever module has the class."""


@contextmanager
def _without_collection() -> Iterator[None]:
    """Nothing that is imported becomes garbage: to look for it takes a sixth of the time, and then again in the run."""
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if is_collecting:
            gc.enable()


@_without_collection()
def public_names() -> list[str]:
    """All names that programs use. Loads every declaration."""
    from pulumi_openai_admin.data_sources import kinds  # noqa: PLC0415 - loaded only when needed

    look_ups = (name for kind in kinds.names() for name in kinds.look_ups(kind))
    types = (name for resource in resources.ALL for name in types_of(resource))
    return sorted({*OTHERS, *shared_types(), *look_ups, *types})


@_without_collection()
def load(name: str) -> object:
    """The object that a public name refers to.

    Raises:
        AttributeError: The package has no such name.
    """
    home = {**OTHERS, **_FOR_STATES}.get(name)
    if home:
        return getattr(import_module(f"{PACKAGE}.{home}"), name)
    if name in resources.ALL:
        return types_of(name)[name]
    if name.startswith(("get_", "list_", "Get")) or name.endswith(("Bucket", "Result")):
        from pulumi_openai_admin.data_sources import kinds  # noqa: PLC0415 - loaded only when needed

        kind = kinds.by_public_name().get(name)
        if kind and (found := kinds.look_ups(kind).get(name)):
            return found
    declared = _type(name)
    if declared is None:
        raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}")
    return declared


def _type(name: str) -> object | None:
    """A type of an input, from the module of the resource."""
    if not name[:1].isupper():
        return None  # a submodule, which Python looks up before it imports it
    everywhere = chain([shared_types()], map(types_of, resources.ALL))
    return next((types[name] for types in everywhere if name in types), None)


def module_of_type(name: str) -> ModuleType:
    """The module that declares a type of inputs."""
    shared = (module for module in SHARED_TYPES if name in types_in(module))
    own = (f"resources.{module}" for resource, module in resources.ALL.items() if name in types_of(resource))
    return import_module(f"{PACKAGE}.{next(chain(shared, own))}")


def shared_types() -> dict[str, type]:
    """The types of inputs that several resources have."""
    return {name: value for module in SHARED_TYPES for name, value in types_in(module).items()}


@cache
def types_of(resource: str) -> dict[str, type]:
    """A resource, and the types that its module declares for its inputs."""
    shared = shared_types()
    found = types_in(f"resources.{resources.ALL[resource]}")
    return {name: value for name, value in found.items() if name not in shared}


def types_in(module: str) -> dict[str, type]:
    """The classes of a module that are public."""
    return {
        name: value
        for name, value in vars(import_module(f"{PACKAGE}.{module}")).items()
        if isinstance(value, type) and value.__module__ == PACKAGE and value.__name__ == name
    }

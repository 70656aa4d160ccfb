"""All kinds that can be looked up, and the public names of their provider functions."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from pulumi_openai_admin import data_sources, resources
from pulumi_openai_admin.data_sources.kind import LookUpKind, plural, snake
from pulumi_openai_admin.handlers.handler import Shows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.data_sources.functions import LookUp


def names() -> list[str]:
    """The names of all provider functions. The handler of a resource determines whether it can be looked up."""
    return sorted({*resources.ALL, *data_sources.ALL, *data_sources.QUERIES})


@cache
def kind(name: str) -> LookUpKind | None:
    """A kind; None if OpenAI shows nothing that could be looked up as an object."""
    if name in data_sources.QUERIES:
        return None
    if name in data_sources.ALL:
        return cast("LookUpKind", import_module(f"{data_sources.__name__}.special_kinds").KINDS[name])
    resource = resources.class_of(name)
    return None if resource.handler.traits.shows is Shows.NOTHING else LookUpKind(resource)


def declared(name: str) -> list[LookUp]:
    """The provider functions of a kind; empty if it can't be looked up."""
    from pulumi_openai_admin.data_sources import functions  # noqa: PLC0415 - loaded only when needed

    if name in data_sources.QUERIES:
        module = import_module(f"{data_sources.__name__}.{data_sources.QUERIES[name]}")
        return [cast("LookUp", module.QUERIES[name])]
    found = kind(name)
    return functions.look_ups(found) if found else []


@cache
def look_ups(name: str) -> Mapping[str, Any]:
    """The public names of a kind: its results and its functions; empty if it can't be looked up."""
    return {public: value for look_up in declared(name) for public, value in look_up.public().items()}


@cache
def by_public_name() -> dict[str, str]:
    """The kinds, by the public names that their provider functions and results may have. Imports nothing."""
    found: dict[str, str] = {}
    for name in names():
        functions = [f"get_{snake(name)}", f"list_{plural(snake(name))}"]
        results = [f"Get{name}Result"]
        if name in data_sources.QUERIES:
            results += [f"{name}Bucket", f"{name}Result"]
        found |= dict.fromkeys([*functions, *(f"{function}_output" for function in functions), *results], name)
    return found

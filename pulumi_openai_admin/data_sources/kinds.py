"""All kinds that can be looked up, and the public names of their look-ups."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from pulumi_openai_admin import data_sources, resources
from pulumi_openai_admin.data_sources.prose import plural, snake
from pulumi_openai_admin.handlers.handler import Shows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.data_sources.kind import Kind


def names() -> list[str]:
    """The names of all kinds. The handler of a resource determines whether it can be looked up."""
    return sorted({*resources.ALL, *data_sources.ALL})


@cache
def kind(name: str) -> Kind | None:
    """A kind; None if OpenAI shows nothing that could be looked up."""
    from pulumi_openai_admin.data_sources.kind import Kind  # noqa: PLC0415 - loaded only when needed

    if name in data_sources.ALL:
        return cast("Kind", import_module(f"{data_sources.__name__}.{data_sources.ALL[name]}").KIND)
    resource = getattr(import_module(f"{resources.__name__}.{resources.ALL[name]}"), name)
    return None if resource.handler.shows is Shows.NOTHING else Kind(resource)


@cache
def look_ups(name: str) -> Mapping[str, Any]:
    """The public names of a kind: its result and its functions; empty if it can't be looked up."""
    from pulumi_openai_admin.data_sources import functions  # noqa: PLC0415 - loaded only when needed

    found = kind(name)
    return functions.of_kind(found) if found else {}


def kind_of(public_name: str) -> str | None:
    """The kind whose look-ups may have a public name. Imports nothing."""
    return next((name for name in names() if public_name in _possible(name)), None)


def _possible(name: str) -> set[str]:
    functions = {f"get_{snake(name)}", f"list_{plural(snake(name))}"}
    return {f"Get{name}Result", *functions, *(f"{function}_output" for function in functions)}

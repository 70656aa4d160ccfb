"""Provider functions of the native provider: functions of the schema, and lists of ids."""

from __future__ import annotations

import dataclasses
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.result import computed, declared
from pulumi_openai_admin.hosts.native.properties import camel, function, items, renamed
from pulumi_openai_admin.lifecycle.run import operation
from pulumi_openai_admin.program.arguments import nearest
from pulumi_openai_admin.schema.validation import Unsupported, normalized

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.data_sources.functions import LookUp
    from pulumi_openai_admin.hosts.native.native_host import NativeHost


def invoke(host: NativeHost, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a function of the schema.

    Raises:
        AdminError: There is no such function, an argument is wrong, or the object can't be read.
    """
    look_up = by_token().get(token)
    if look_up is None:
        raise errors.ConfigurationError(f"openai-admin has no function {token!r}", "Check the name of the function.")
    given = _given(look_up, arguments)
    for name, value in given.items():
        if isinstance(value, Unsupported):
            what = f"{camel(name)} of {camel(look_up.name)} is {value.what}"
            raise errors.ConfigurationError(what, "Set a string or a number.")
    found = look_up.run(partial(operation, host), given)
    if look_up.many:
        return {items(look_up.name): [_properties(item) for item in found]}
    return _properties(found)


def list_inputs(name: str) -> list[str] | None:
    """Return the inputs by which OpenAI lists the objects of a resource; None if it shows no list of them."""
    kind = kinds.kind(name)
    if kind is None or not kind.keys:
        return None
    return [*kind.parents, *([kind.project_key] if kind.project_key else [])]


def ids(host: NativeHost, token: str, query: Mapping[str, Any], limit: int) -> Iterator[tuple[str, str]]:
    """The Pulumi ids and names of the objects of a resource, for `pulumi import`.

    Args:
        query: The ids in its path, such as `projectId`.
        limit: How many to give at most; 0: all.

    Raises:
        AdminError: OpenAI has no such list, an id is missing, or the list can't be read.
    """
    name = token.rpartition(":")[2]
    kind, needed = kinds.kind(name), list_inputs(name)
    if kind is None or kind.identity is None or needed is None:
        what = f"{token} can't be listed: OpenAI shows no list of them"
        raise errors.ConfigurationError(what, "Import the object by its id.")
    missing = [camel(name) for name in needed if not query.get(camel(name))]
    if missing:
        raise errors.ConfigurationError(
            f"{token} is listed by {' and '.join(missing)}", f"Set {' and '.join(missing)}."
        )
    parents = {name: query[camel(name)] for name in kind.parents}
    with operation(host, query[camel(kind.project_key)] if kind.project_key else "") as client:
        found = kind.all(client, **parents, **{option.name: option.default for option in kind.options})
    for item in found[:limit] if limit else found:
        own_id = str(getattr(item, kind.identity))
        yield "/".join([*parents.values(), own_id]), str(getattr(item, "name", None) or own_id)


@cache
def by_token() -> dict[str, LookUp]:
    """All provider functions. Built once in a process, since it loads every declaration."""
    return {function(look_up.name): look_up for name in kinds.names() for look_up in kinds.declared(name)}


def _given(look_up: LookUp, arguments: Mapping[str, Any]) -> dict[str, Any]:
    by_camel = {camel(parameter.name): parameter.name for parameter in look_up.asked}
    unknown = [name for name in arguments if name not in by_camel]
    if unknown:
        what = f"{camel(look_up.name)} has no argument {unknown[0]!r}"
        advice = nearest(unknown[0], by_camel, "arguments") if by_camel else "Remove it: the function has no arguments."
        raise errors.ConfigurationError(what, advice)
    given = {by_camel[name]: normalized(value) for name, value in arguments.items()}
    for parameter in look_up.asked:
        if parameter.name not in given and parameter.is_required:
            name = camel(parameter.name)
            raise errors.ConfigurationError(f"{camel(look_up.name)} needs {name}", f"Set {name}.")
        given.setdefault(parameter.name, parameter.default)
    return given


def _properties(result: Any) -> dict[str, Any]:
    """A result as an object, with what it computes from its fields."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(result):
        value, shown = getattr(result, field.name), declared(field)
        if shown.item:
            found[camel(field.name)] = [_properties(item) for item in value]
        else:
            found[camel(field.name)] = renamed(shown.shape, value)
    return found | {camel(name): getattr(result, name) for name in computed(type(result))}

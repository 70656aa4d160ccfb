"""The answer to the engine's question what differs: by property, with the place inside of it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.names import camel
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.lifecycle.diff import StateDifference
    from pulumi_openai_admin.resources.base import AdminResource

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ADD, _DELETE, _UPDATE = "ADD", "DELETE", "UPDATE"


def response(
    resource: type[AdminResource],
    difference: StateDifference,
    olds: Mapping[str, Any],
    old_inputs: Mapping[str, Any],
    news: Mapping[str, Any],
) -> Any:
    """The engine's message for a difference.

    Args:
        resource: The resource.
        difference: What differs.
        olds: The state.
        old_inputs: The inputs of the last update, or those that a refresh found.
        news: The inputs that the program sets now.
    """
    differing = sorted({*difference.inputs, *difference.replaces})
    detailed: dict[str, Any] = {}
    for name in differing:
        before, after = _value(resource, name, state.known(olds, name)), _value(resource, name, news.get(name))
        is_input = normalized(old_inputs.get(name)) != normalized(news.get(name))
        # Nothing differs inside if a refresh found what replaces the object.
        for path, kind in [*_paths(camel(name), before, after)] or [(camel(name), _UPDATE)]:
            detailed[path] = _property(kind, is_input=is_input, replaces=name in difference.replaces)
    answer = provider_pb2.DiffResponse
    return answer(
        changes=answer.DIFF_SOME if differing or difference.is_due else answer.DIFF_NONE,
        replaces=[camel(name) for name in difference.replaces],
        diffs=[camel(name) for name in differing],
        detailedDiff=detailed,
        hasDetailedDiff=bool(detailed),
        # Also for `replaceOnChanges` of the program.
        deleteBeforeReplace=difference.deletes_first or resource.handler.traits.deletes_before_replace,
    )


def _value(resource: type[AdminResource], name: str, value: Any) -> Any:
    """A value as the engine has it, with the properties of structures in its spelling."""
    return None if value is None else properties.from_inputs(resource.declaration, {name: value}).get(camel(name))


def _paths(path: str, before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """The places where two values differ, and how; a list counts as one place."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            if normalized(before.get(key)) != normalized(after.get(key)):
                yield from _paths(_below(path, key), before.get(key), after.get(key))
        return
    yield path, _ADD if before is None else _DELETE if after is None else _UPDATE


def _below(path: str, key: str) -> str:
    """The path of an entry: `limits["gpt-4o"].maxRequestsPer1Minute`."""
    if _PLAIN.fullmatch(key):
        return f"{path}.{key}"
    quoted = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'{path}["{quoted}"]'


def _property(kind: str, *, is_input: bool, replaces: bool) -> Any:
    name = f"{kind}_REPLACE" if replaces else kind
    return provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(name), inputDiff=is_input)

"""The inputs that a program gives a resource, as far as they are known when it declares the resource.

They are checked with the rules of `lifecycle.check` before the resource is registered. Otherwise the engine would find
a wrong input only after it has begun to create what the program declares before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_openai_admin.hosts.common.values import is_list, plain
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.check import invalid, invalid_together
from pulumi_openai_admin.schema.shapes import Items
from pulumi_openai_admin.schema.unknown import is_unknown, known_part

if TYPE_CHECKING:
    from pulumi_openai_admin.lifecycle.resource import Resource
    from pulumi_openai_admin.schema.fields import Field


def failures(
    resource: Resource, inputs: Mapping[str, Any], place: Callable[[str], str] = str, whole: str = ""
) -> list[str]:
    """The errors in inputs, each a sentence. Nothing is wrong with an Output, since its value is not known yet.

    Args:
        resource: The declaration.
        inputs: The inputs as the program gives them.
        place: Gives what the user calls an input, if that is not its name.
        whole: What the user calls all inputs together. Errors between inputs begin with it.
    """
    given = {field: inputs[field.name] for field in resource.declaration.inputs if inputs.get(field.name) is not None}
    keys = [f"{place(field.name)}{wrong}." for field, value in given.items() if (wrong := key_failure(field, value))]
    if keys:
        return keys
    known = {field.name: _plain(value) for field, value in given.items()}
    written = state.as_written(resource.declaration, known)
    secret = {field.name for field in given if field.secret}
    return [
        *(failure.reason for failure in invalid(resource, written, secret, place)),
        *(f"{whole}: {reason}" if whole else reason for reason in _failures_together(resource, written)),
    ]


def key_failure(field: Field[Any, Any], value: Any) -> str:
    """Which key of a mapping is no text, and what to write instead, behind the name of the input; empty if none."""
    is_no_list = isinstance(field.shape, Items) and isinstance(value, Mapping)  # whatever its keys are
    return "" if is_no_list else _wrong_key(field.name, value)


def _wrong_key(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        for key in value:
            if isinstance(key, pulumi.Output):
                what = " has an Output as a key, and a key must be a string"
                return f"{what}: write {name}=name.apply(lambda known: {{known: …}}), where name is the Output"
            if not isinstance(key, str):
                return f" has the key {key!r}, and a key must be a string"
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if is_list(value) else ()
    return next((f"[{key!r}]{wrong}" for key, entry in inside if (wrong := _wrong_key(name, entry))), "")


def _failures_together(resource: Resource, written: Mapping[str, Any]) -> list[str]:
    """The errors between inputs. An Output may be None, so that its input is not set: an error counts in both cases.

    Args:
        resource: The declaration.
        written: See `invalid_together`.
    """

    def found(inputs: Mapping[str, Any]) -> list[str]:
        return [failure.reason for failure in invalid_together(resource, inputs)]

    wrong = found(written)
    if not wrong or not is_unknown(dict(written)):
        return wrong
    without_outputs = found(known_part(dict(written)))
    return [reason for reason in wrong if reason in without_outputs]


def _plain(value: Any) -> Any:
    """A value of a program as a provider gets it: without entries that are not set."""
    return _without_none(plain(value))


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(entry) for key, entry in value.items() if entry is not None}
    return [_without_none(entry) for entry in value] if isinstance(value, list) else value

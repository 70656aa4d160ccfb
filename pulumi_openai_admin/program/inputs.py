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
from pulumi_openai_admin.schema.unknown import is_unknown, known_part

if TYPE_CHECKING:
    from pulumi_openai_admin.lifecycle.resource import Resource
    from pulumi_openai_admin.schema.fields import Field


def failures(resource: Resource, inputs: Mapping[str, Any], place: Callable[[str], str] = str) -> list[str]:
    """The errors in inputs, each a sentence. Nothing is wrong with an Output, since its value is not known yet.

    Args:
        resource: The declaration.
        inputs: The inputs as the program gives them.
        place: Gives what the user calls an input, if that is not its name.
    """
    given = {field: inputs[field.name] for field in resource.declaration.inputs if inputs.get(field.name) is not None}
    keys = [f"{place(field.name)}{wrong}." for field, value in given.items() if (wrong := key_failure(field, value))]
    if keys:
        return keys
    known = {field.name: _plain(value) for field, value in given.items()}
    normal = state.to_inputs(resource.declaration, known)
    secret = {field.name for field in given if field.secret}
    return [
        *(failure.reason for failure in invalid(resource, normal, secret, place)),
        *_failures_together(resource, normal),
    ]


def as_mapping(field: Field[Any, Any], value: Any) -> Any:
    """A list in place of a mapping as the mapping; an Output of it if the list contains one."""
    form = field.list_form
    if form is None or not is_list(value):
        return value
    if is_unknown(_plain(value)):
        return pulumi.Output.from_input(list(value)).apply(lambda entries: form.mapping(entries, field.normalize))
    return form.mapping(_plain(value), field.normalize)


def key_failure(field: Field[Any, Any], value: Any) -> str:
    """Which key of a mapping is no text, and what to write instead, behind the name of the input; empty if none."""
    return _wrong_key(value, lambda entry: _alternative(field, entry))


def _alternative(field: Field[Any, Any], entry: object) -> str:
    """What to write if a key is an Output."""
    if field.list_form is not None:
        return f"{field.name}={field.list_form.example(entry if isinstance(entry, str) else '…')}"
    return f"{field.name}=name.apply(lambda known: {{known: …}}), where name is the Output"


def _wrong_key(value: Any, alternative: Callable[[object], str]) -> str:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            if isinstance(key, pulumi.Output):
                return f" has an Output as a key, and a key must be a text: write {alternative(entry)}"
            if not isinstance(key, str):
                return f" has the key {key!r}, and a key must be a text"
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if is_list(value) else ()
    return next((f"[{key!r}]{wrong}" for key, entry in inside if (wrong := _wrong_key(entry, alternative))), "")


def _failures_together(resource: Resource, normal: Mapping[str, Any]) -> list[str]:
    """The errors between inputs. An Output may be None, so that its input is not set: an error counts in both cases.

    Args:
        resource: The declaration.
        normal: The inputs in the normal form for comparison.
    """

    def found(inputs: Mapping[str, Any]) -> list[str]:
        return [failure.reason for failure in invalid_together(resource, inputs)]

    wrong = found(normal)
    if not wrong or not is_unknown(dict(normal)):
        return wrong
    without_outputs = found(known_part(dict(normal)))
    return [reason for reason in wrong if reason in without_outputs]


def _plain(value: Any) -> Any:
    """A value of a program as a provider gets it: without entries that are not set."""
    return _without_none(plain(value))


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(entry) for key, entry in value.items() if entry is not None}
    return [_without_none(entry) for entry in value] if isinstance(value, list) else value

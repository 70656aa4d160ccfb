"""Arguments of constructors: wrong arguments become a message that names the line of the program."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Container, Iterable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.config import CONFIG

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.engine.outputs import is_list, plain
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.check import Autonaming, Mode, invalid, invalid_together
from pulumi_openai_admin.schema.shapes import Items, is_unknown, known_part
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    import inspect

    from pulumi_openai_admin.lifecycle.state import Resource


class DeclarationError(errors.ConfigurationError, pulumi.RunError):
    """A declaration in the program is invalid.

    It is also a `pulumi.RunError`, so that the program ends with the message and without a traceback.
    """

    def __str__(self) -> str:
        return self.in_words(PULUMI)


def failures(
    resource: Resource, inputs: Mapping[str, Any], place: Callable[[str], str] = str, whole: str = ""
) -> list[str]:
    """The errors in inputs, each a sentence. Nothing is wrong with an Output, since its value is not known yet.

    Args:
        inputs: The inputs as the program gives them.
        place: Gives what the user calls an input, if that is not its name.
        whole: What the user calls all inputs together. Errors between inputs begin with it.
    """
    given = {field: inputs[field.name] for field in resource.declaration.inputs if inputs.get(field.name) is not None}
    keys = [
        f"{place(field.name)}{wrong}."
        for field, value in given.items()
        # Of a mapping in place of a list, the type is wrong, whatever its keys are.
        if not (isinstance(field.shape, Items) and isinstance(value, Mapping))
        and (wrong := _wrong_key(field.name, value))
    ]
    if keys:
        return keys
    known = {field.name: without_none(plain(value)) for field, value in given.items()}
    written = state.as_written(resource.declaration, known)
    secret = {field.name for field in given if field.secret}
    return [
        *(failure.reason for failure in invalid(resource, written, secret, place)),
        *(f"{whole}: {reason}" if whole else reason for reason in _failures_together(resource, written)),
    ]


def _wrong_key(name: str, value: Any) -> str:
    """Which key of a mapping is no text, and what to write instead, behind the name of the input; empty if none."""
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
        written: See `invalid_together`.
    """

    def found(inputs: Mapping[str, Any]) -> list[str]:
        return [failure.reason for failure in invalid_together(resource, inputs)]

    wrong = found(written)
    if not wrong or not is_unknown(dict(written)):
        return wrong
    without_outputs = found(known_part(dict(written)))
    return [reason for reason in wrong if reason in without_outputs]


def without_none(value: Any) -> Any:
    """A value as a provider gets it: without entries that are not set."""
    if isinstance(value, dict):
        return {key: without_none(entry) for key, entry in value.items() if entry is not None}
    return [without_none(entry) for entry in value] if isinstance(value, list) else value


_SETTING = "pulumi:autonaming"
_MODES = {"verbatim": Autonaming(Mode.ENFORCE, "${name}"), "disabled": Autonaming(Mode.DISABLE, "")}
_OF_STACK = re.compile(r"\$\{(?:organization|project|stack|config\.(?P<key>[^}]+))\}")


def of(kind: str) -> Autonaming | None:
    """How the stack names the objects of a kind, such as "Project"; None if it does not say it."""
    setting = CONFIG.get().get(_SETTING)
    if not setting:
        return None
    root = json.loads(setting)
    provider = root.get("providers", {}).get(config.NAMESPACE, {})
    resource = provider.get("resources", {}).get(f"{config.NAMESPACE}:index:{kind}", {})
    # The most specific one that says something.
    entry: Mapping[str, Any] = next(
        (entry for entry in (resource, provider, root) if "mode" in entry or "pattern" in entry), {}
    )
    if "pattern" not in entry:
        return _MODES.get(entry.get("mode", ""))
    pattern = _OF_STACK.sub(_value, entry["pattern"])
    return Autonaming(Mode.ENFORCE if entry.get("enforce") else Mode.PROPOSE, pattern)


def _value(expression: re.Match[str]) -> str:
    """The value of an expression that is the same for all resources of a stack."""
    if expression["key"] is None:
        values = {
            "${organization}": pulumi.get_organization,
            "${project}": pulumi.get_project,
            "${stack}": pulumi.get_stack,
        }
        return values[expression[0]]()
    first, *inside = expression["key"].split(".")
    stack = pulumi.Config()
    return str(
        reduce(lambda value, key: value[key], inside, stack.require_object(first)) if inside else stack.require(first)
    )


_POSITIONAL = "resource_name"


class ArgumentError(TypeError, pulumi.RunError):
    """A resource was declared with unknown arguments, or without a required one.

    It is also a `pulumi.RunError`, so that the program ends with the message and without a traceback.
    """


def bind(
    kind: str, signature: inspect.Signature, outputs: Container[str], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> inspect.BoundArguments:
    """The arguments of a constructor, by name.

    Args:
        kind: The name of the class.
        signature: Its parameters, the name in the program first.
        outputs: The names of its outputs, which are no arguments.

    Raises:
        ArgumentError: The arguments are wrong.
    """
    try:
        return signature.bind(*args, **kwargs)
    except TypeError:
        what, advice = _failure(kind, signature.parameters, outputs, args, kwargs)
        raise ArgumentError(f"{what}{calling_line()}. {advice}".strip()) from None


def _failure(
    kind: str,
    parameters: Mapping[str, inspect.Parameter],
    outputs: Container[str],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> tuple[str, str]:
    for name in (name for name in kwargs if name not in parameters):
        if name in outputs:
            return f"{name!r} is an output of {kind}, not an argument", ""
        return f"{kind} has no argument {name!r}", nearest(name, parameters, "arguments")
    if len(args) > 1 or (args and _POSITIONAL in kwargs):
        return f"{kind} takes one argument by position, the name of the resource", "Pass the others by name."
    given = {*kwargs, *([_POSITIONAL] if args else [])}
    missing = [name for name, found in parameters.items() if found.default is found.empty and name not in given]
    return f"{kind} is missing {' and '.join(map(repr, missing))}", ""


def nearest(name: str, names: Iterable[str], what: str) -> str:
    """What to write instead of an unknown name, such as one of "inputs": the nearest one, or all."""
    existing = list(names)
    return did_you_mean(name, existing, f"Its {what} are {', '.join(existing)}.", spelled=repr)


def calling_line() -> str:
    """The line of the program: the innermost frame outside this package and Pulumi."""
    frame = sys._getframe(1)  # noqa: SLF001 - a traceback would show lines of this package
    while frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in _NOT_THE_PROGRAM:
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return ""
    path, folder = frame.f_code.co_filename, os.path.join(os.getcwd(), "")  # noqa: PTH109, PTH118 - a prefix
    return f" ({path.removeprefix(folder)}, line {frame.f_lineno})"


_NOT_THE_PROGRAM = {"pulumi", __name__.partition(".")[0]}

"""Arguments of constructors: wrong arguments become a message that names the line of the program."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    import inspect
    from collections.abc import Container, Iterable, Mapping

_POSITIONAL = "resource_name"


class ArgumentError(TypeError, pulumi.RunError):
    """A resource was declared with unknown arguments, or without a required one.

    It is also a `pulumi.RunError`, so that the program ends with the message and without a traceback.
    """


@dataclass(frozen=True)
class Constructor:
    """A constructor of a resource or a component.

    Args:
        kind: The name of the class.
        signature: Its parameters, the name in the program first.
        outputs: The names of its outputs, which are no arguments.
    """

    kind: str
    signature: inspect.Signature
    outputs: Container[str]


def bind(constructor: Constructor, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> inspect.BoundArguments:
    """The arguments by name.

    Raises:
        ArgumentError: The arguments are wrong.
    """
    try:
        return constructor.signature.bind(*args, **kwargs)
    except TypeError:
        what, advice = _failure(constructor, args, kwargs)
        raise ArgumentError(f"{what}{calling_line()}. {advice}".strip()) from None


def _failure(constructor: Constructor, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[str, str]:
    kind, parameters = constructor.kind, constructor.signature.parameters
    for name in kwargs:
        if name not in parameters:
            return _unknown(constructor, name)
    if len(args) > 1 or (args and _POSITIONAL in kwargs):
        return f"{kind} takes one argument by position, the name of the resource", "Pass the others by name."
    given = {*kwargs, *([_POSITIONAL] if args else [])}
    missing = [name for name, found in parameters.items() if found.default is found.empty and name not in given]
    return f"{kind} is missing {' and '.join(map(repr, missing))}", ""


def _unknown(constructor: Constructor, name: str) -> tuple[str, str]:
    kind, parameters = constructor.kind, constructor.signature.parameters
    if name in constructor.outputs:
        return f"{name!r} is an output of {kind}, not an argument", ""
    return f"{kind} has no argument {name!r}", nearest(name, parameters, "arguments")


def nearest(name: str, names: Iterable[str], what: str) -> str:
    """What to write instead of an unknown name: the nearest one, or all.

    Args:
        name: The unknown name.
        names: The names that there are.
        what: What they are names of.
    """
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

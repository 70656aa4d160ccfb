"""Arguments of constructors: wrong arguments become a message that names the line of the program."""

from __future__ import annotations

import difflib
import os
import sys
from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    import inspect
    from collections.abc import Mapping

    from pulumi_openai_admin.dynamic.resource import AdminResource

_POSITIONAL = "resource_name"


class ArgumentError(TypeError, pulumi.RunError):
    """A resource was declared with unknown arguments, or without a required one.

    It is also a `pulumi.RunError`, so that the program ends with the message and without a traceback.
    """


def bind(resource: type[AdminResource], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> inspect.BoundArguments:
    """The arguments by name.

    Raises:
        ArgumentError: The arguments are wrong.
    """
    try:
        return resource.__signature__.bind(*args, **kwargs)
    except TypeError:
        what, advice = _failure(resource, args, kwargs)
        raise ArgumentError(f"{what}{calling_line()}. {advice}".strip()) from None


def _failure(resource: type[AdminResource], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[str, str]:
    kind, parameters = resource.__name__, resource.__signature__.parameters
    for name in kwargs:
        if name not in parameters:
            return _unknown(resource, name)
    if len(args) > 1 or (args and _POSITIONAL in kwargs):
        return f"{kind} takes one argument by position, the name of the resource", "Pass the others by name."
    given = {*kwargs, *([_POSITIONAL] if args else [])}
    missing = [name for name, found in parameters.items() if found.default is found.empty and name not in given]
    return f"{kind} is missing {' and '.join(map(repr, missing))}", ""


def _unknown(resource: type[AdminResource], name: str) -> tuple[str, str]:
    kind, parameters = resource.__name__, resource.__signature__.parameters
    if name in resource.declaration.fields:
        return f"{name!r} is an output of {kind}, not an argument", ""
    near = difflib.get_close_matches(name, parameters, n=1)
    advice = f"Did you mean {near[0]!r}?" if near else f"Its arguments are {', '.join(parameters)}."
    return f"{kind} has no argument {name!r}", advice


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

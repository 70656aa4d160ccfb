"""Look-ups in unit tests: where a program runs with `pulumi.runtime.set_mocks`, the mocks answer in OpenAI's place."""

from __future__ import annotations

import inspect
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

import pulumi
from pulumi.runtime.mocks import MockCallArgs

from pulumi_openai_admin import config
from pulumi_openai_admin.functions.failure import LookUpFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi.runtime import Mocks

T = TypeVar("T")

ITEMS = "items"
"""Where a mock of a look-up that gives a list puts the list: what a mock gives is a mapping."""


class ProgramHasMocks(Exception):
    """A look-up is about to connect in a program whose engine is mocked."""

    def __init__(self, mocks: Mocks, provider: str) -> None:
        super().__init__()
        self.mocks = mocks
        self.provider = provider


def answer(function: Callable[..., T], arguments: Mapping[str, Any], test: ProgramHasMocks) -> T:
    """What the mocks say that a look-up finds.

    Raises:
        LookUpFailed: They have no usable answer, or say that it fails.
    """
    token = token_of(function.__name__)
    bound = inspect.signature(function).bind(**arguments)
    bound.apply_defaults()
    given = {name: value for name, value in bound.arguments.items() if name != "opts" and value is not None}
    reply: Any = test.mocks.call(MockCallArgs(token, given, test.provider))
    if isinstance(reply, tuple):
        reply, failures = reply
        for failure in failures or ():
            raise LookUpFailed(f"{token}: {failure[1]}")
    hint = get_type_hints(function, localns={"pulumi": pulumi})["return"]
    many = get_origin(hint) is list
    kind = get_args(hint)[0] if many else hint
    if not isinstance(reply, dict) or not reply or (many and not isinstance(reply.get(ITEMS), list)):
        shape = f"{{{ITEMS!r}: [{{…}}, …]}}, each" if many else "a mapping"
        raise LookUpFailed(
            f"The mocks have no answer to {token}", f"Let `call` return {shape} with the fields of {kind.__name__}."
        )
    found: Any = [_result(kind, one) for one in reply[ITEMS]] if many else _result(kind, reply)
    return found  # type: ignore[no-any-return]


def token_of(name: str) -> str:
    """What a mock knows a look-up by: `get_project` is `openai-admin:index:getProject`."""
    first, *others = name.split("_")
    return f"{config.NAMESPACE}:index:{first}{''.join(map(str.capitalize, others))}"


def _result(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """A result; what the mock leaves out is None."""
    names = [field.name for field in fields(kind)]
    for name in values:
        if name not in names:
            raise LookUpFailed(f"{kind.__name__} has no field {name!r}", f"It has {', '.join(names)}.")
    return kind(**{name: values.get(name) for name in names})

"""Look-ups in unit tests: where a program runs with `pulumi.runtime.set_mocks`, the mocks answer in OpenAI's place."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi.runtime.mocks import MockCallArgs

from pulumi_openai_admin import config
from pulumi_openai_admin.data_sources.failure import LookUpError
from pulumi_openai_admin.data_sources.result import ITEM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from dataclasses import Field

    from pulumi.runtime import Mocks

T = TypeVar("T")

ITEMS = "items"
"""Where a mock of a look-up that gives a list puts the list: what a mock gives is a mapping."""


class MockedProgramError(Exception):
    """A look-up is about to connect in a program whose engine is mocked."""

    def __init__(self, mocks: Mocks, provider: str) -> None:
        super().__init__()
        self.mocks = mocks
        self.provider = provider


def answer(name: str, given: Mapping[str, Any], test: MockedProgramError, result: type[T], *, many: bool) -> Any:
    """What the mocks say that a look-up finds.

    Args:
        name: The look-up's name.
        given: Its arguments that are set.
        test: What the program runs in.
        result: What it finds.
        many: Whether it gives a list of them.

    Raises:
        LookUpError: They have no usable answer, or say that it fails.
    """
    token = token_of(name)
    reply: Any = test.mocks.call(MockCallArgs(token, dict(given), test.provider))
    if isinstance(reply, tuple):
        reply, failures = reply
        for failure in failures or ():
            raise LookUpError(f"{token}: {failure[1]}")
    if not isinstance(reply, dict) or not reply or (many and not isinstance(reply.get(ITEMS), list)):
        shape = f"{{{ITEMS!r}: [{{…}}, …]}}, each" if many else "a mapping"
        raise LookUpError(
            f"The mocks have no answer to {token}", f"Let `call` return {shape} with the fields of {result.__name__}."
        )
    return [_result(result, one) for one in reply[ITEMS]] if many else _result(result, reply)


def token_of(name: str) -> str:
    """What a mock knows a look-up by: `get_project` is `openai-admin:index:getProject`."""
    first, *others = name.split("_")
    return f"{config.NAMESPACE}:index:{first}{''.join(map(str.capitalize, others))}"


def _result(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """A result; what the mock leaves out is None."""
    names = [field.name for field in fields(kind)]
    for name in values:
        if name not in names:
            raise LookUpError(f"{kind.__name__} has no field {name!r}", f"It has {', '.join(names)}.")
    return kind(**{field.name: _value(field, values.get(field.name)) for field in fields(kind)})


def _value(field: Field[Any], value: Any) -> Any:
    """The value of a field; the results in it from their mappings."""
    item = field.metadata.get(ITEM)
    return [_result(item, one) for one in value] if item and value else value

"""Provider functions in unit tests: with `pulumi.runtime.set_mocks`, the mocks give the results."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi.runtime.mocks import MockCallArgs

from pulumi_openai_admin import config
from pulumi_openai_admin.data_sources.result import ITEM, LookUpError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from dataclasses import Field

    from pulumi.runtime import Mocks

T = TypeVar("T")

ITEMS = "items"
"""The key of the list in the mapping that a mock returns for `list_…`."""


class MockedProgramError(Exception):
    """A provider function needs a connection in a program whose engine is mocked."""

    def __init__(self, mocks: Mocks, provider: str) -> None:
        super().__init__()
        self.mocks = mocks
        self.provider = provider


def answer(name: str, given: Mapping[str, Any], test: MockedProgramError, result: type[T], *, many: bool) -> Any:
    """The result of a provider function, from the mocks.

    Args:
        name: The provider function's name.
        given: Its arguments that are set.
        test: The test in which the program runs.
        result: The class of the result.
        many: Whether the provider function returns a list of them.

    Raises:
        LookUpError: The mocks return no usable result, or a failure.
    """
    token = token_of(name)
    reply: Any = test.mocks.call(MockCallArgs(token, dict(given), test.provider))
    if isinstance(reply, tuple):
        reply, failures = reply
        for failure in failures or ():
            raise LookUpError(f"{token}: {failure[1]}")
    if not isinstance(reply, dict) or not reply or (many and not isinstance(reply.get(ITEMS), list)):
        form = f"{{{ITEMS!r}: [{{…}}, …]}}, each" if many else "a mapping"
        raise LookUpError(
            f"The mocks have no result for {token}", f"Let `call` return {form} with the fields of {result.__name__}."
        )
    return [_result(result, item) for item in reply[ITEMS]] if many else _result(result, reply)


def token_of(name: str) -> str:
    """The token of a provider function for mocks: `get_project` is `openai-admin:index:getProject`."""
    first, *others = name.split("_")
    return f"{config.NAMESPACE}:index:{first}{''.join(map(str.capitalize, others))}"


def _result(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """A result; fields that the mock omits are None."""
    names = [field.name for field in fields(kind)]
    for name in values:
        if name not in names:
            raise LookUpError(f"{kind.__name__} has no field {name!r}", f"Its fields are {', '.join(names)}.")
    return kind(**{field.name: _value(field, values.get(field.name)) for field in fields(kind)})


def _value(field: Field[Any], value: Any) -> Any:
    """The value of a field; the results in it from their mappings."""
    item = field.metadata.get(ITEM)
    return [_result(item, each) for each in value] if item and value else value

"""The provider and the emulator limit the same strings, to the same lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import annotated_types
import pytest

from pulumi_openai_admin import resources
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.schema.constraints import Length
from pulumi_openai_admin.schema.fields import FieldRole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

pytestmark = pytest.mark.every_resource
Limit = tuple[str, int, int]
"""The name of a property at OpenAI, and its least and greatest number of characters."""


def declared(resource: Any) -> set[Limit]:
    return {
        (field.wire, field.bounds.constraint.least, field.bounds.constraint.most)
        for field in resource.declaration.with_role(FieldRole.ARGUMENT)
        if isinstance(field.bounds.constraint, Length)
    }


def constraints_of(property_: FieldInfo) -> Iterator[Any]:
    """The constraints of a property, and of the parts of a union: `Annotated[str, Field(…)] | None`."""
    yield from property_.metadata
    for part in get_args(property_.annotation):
        for it in getattr(part, "__metadata__", ()):
            yield from getattr(it, "metadata", [it])


def limits_of(name: str, property_: FieldInfo) -> Iterator[Limit]:
    constraints = [*constraints_of(property_)]
    least = next((it.min_length for it in constraints if isinstance(it, annotated_types.MinLen)), 0)
    for it in constraints:
        if isinstance(it, annotated_types.MaxLen) and "list" not in str(property_.annotation):
            yield name, least, it.max_length


def emulated(resource: Any) -> set[Limit]:
    path = getattr(resource.handler, "path", None)
    bodies = (
        body
        for kind in KINDS
        if getattr(kind, "path", None) == path
        for body in (getattr(kind, "create_body", None), getattr(kind, "update_body", None))
        if body is not None
    )
    return {limit for body in bodies for name, it in body.model_fields.items() for limit in limits_of(name, it)}


@pytest.mark.parametrize("name", resources.ALL)
def test_the_emulator_has_the_lengths_of_the_declaration(name: str) -> None:
    resource = resources.class_of(name)
    assert emulated(resource) == declared(resource)

"""Strings that OpenAI may show and that no version of this package knows: a role or a type, for example."""

from __future__ import annotations

from typing import Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import FieldRole

NEW = "something_new"
CHOICES = [
    (resource, field)
    for resource in (getattr(pulumi_openai_admin, name) for name in ALL)
    for field in resource.declaration.fields.values()
    if field.is_readable and isinstance(field.shape, shapes.Text) and field.shape.choices
]


@pytest.mark.parametrize(("resource", "field"), CHOICES)
def test_a_choice_that_is_new_comes_into_the_state(resource: Any, field: Any) -> None:
    parents = {part.wire: "id-1" for part in resource.declaration.with_role(FieldRole.PATH)}
    remote = Remote(parents, "id-1", {})
    documents.put(remote.attributes, field.wire, NEW)
    assert state.to_outputs(resource.declaration, remote, ())[field.name] == NEW

"""The entry of an existing object in a file for `pulumi import`: its state, with the provider that serves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.dynamic import reference
from pulumi_openai_admin.dynamic.admin_provider import AdminProvider
from pulumi_openai_admin.dynamic.resource import type_token
from pulumi_openai_admin.lifecycle.adopt import adopted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.dynamic.resource import AdminResource
    from pulumi_openai_admin.http.client import Client


@dataclass(frozen=True)
class Imported:
    """An existing object that is imported into a stack."""

    type_token: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Its whole state, with the data for later steps."""


def imported(client: Client, resource: type[AdminResource], inputs: Mapping[str, Any], id_: str) -> Imported:
    """The state of a resource with these inputs that manages an existing object with the same values.

    Args:
        client: Has the lists with the object, or reads them.
        resource: The class of the resource.
        inputs: The inputs in the program.
        id_: The Pulumi id.

    Raises:
        errors.NotAdoptableError: The inputs are invalid, or would change the object.
    """
    entry = adopted(resource, client, inputs, id_)
    serialized = {reference.PROPERTY: reference.to(AdminProvider(resource))}
    outputs = {**entry.outputs.values, **serialized}  # without secrets: OpenAI shows none
    return Imported(type_token(resource), entry.id, {**entry.inputs, **serialized}, outputs)

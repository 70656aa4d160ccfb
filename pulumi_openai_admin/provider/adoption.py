"""What stands in a stack's state for an object that was there before Pulumi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.provider import reference, state
from pulumi_openai_admin.provider.lifecycle import AdminProvider
from pulumi_openai_admin.provider.resource import type_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.api.remote import Adoptable
    from pulumi_openai_admin.provider.resource import AdminResource


class NotAsFound(Exception):
    """No program can say what the object holds: taking it over would not preview clean. The text is for the user."""


@dataclass(frozen=True)
class Adopted:
    """An object that a stack takes over."""

    type_token: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Its whole state, with what later steps need."""


def adopt(
    client: Client, resource: type[AdminResource], endpoint: Adoptable, inputs: Mapping[str, Any], own_id: str = ""
) -> Adopted:
    """The state that a resource with these inputs has once it looks after an object that is so already.

    Made by the endpoint's own steps, so it is the state that they go on from.

    Args:
        client: Knows the lists that the object stands in. Nothing else is asked.
        resource: What the program declares.
        endpoint: The resource's endpoint.
        inputs: What the program says.
        own_id: The object's own id, where the inputs do not tell which it is.

    Raises:
        NotAsFound: These inputs are refused, or would change the object.
    """
    provider, declaration = AdminProvider(resource), resource.declaration
    remote = state.new_remote(declaration, inputs)
    remote.id = own_id
    endpoint.adopt(client, remote, state.to_wanted(declaration, inputs))
    id_, outputs = state.make_id(declaration, remote), state.to_outputs(declaration, remote, inputs)
    checked = provider.check({}, dict(inputs))
    if checked.failures or provider.diff(id_, outputs, checked.inputs).changes is not False:
        told = " ".join(failure.reason for failure in checked.failures or ()) or "the object holds something else"
        raise NotAsFound(f"{resource.__name__} {id_}: {told.rstrip('.')}")
    serialized = {reference.PROPERTY: reference.to(provider)}
    return Adopted(type_token(resource), id_, {**inputs, **serialized}, {**outputs, **serialized})

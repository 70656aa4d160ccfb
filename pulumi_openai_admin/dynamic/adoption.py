"""The state of a resource for an existing object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.dynamic import reference
from pulumi_openai_admin.dynamic.admin_provider import AdminProvider
from pulumi_openai_admin.dynamic.resource import type_token
from pulumi_openai_admin.lifecycle import state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.dynamic.resource import AdminResource
    from pulumi_openai_admin.handlers.handler import Adoptable
    from pulumi_openai_admin.http.client import Client


class NotAdoptableError(Exception):
    """A program can't express the object, so the preview after the import would show a change."""


@dataclass(frozen=True)
class Adopted:
    """An existing object that is imported into a stack."""

    type_token: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Its whole state, with the data for later steps."""


def adopt(
    client: Client, resource: type[AdminResource], handler: Adoptable, inputs: Mapping[str, Any], own_id: str = ""
) -> Adopted:
    """The state of a resource with these inputs that manages an existing object with the same values.

    The handler creates it, so that its later steps can use it.

    Args:
        client: Has the lists with the object. No other request is sent.
        resource: The class of the resource.
        handler: Its handler.
        inputs: The inputs in the program.
        own_id: The object's id, if the inputs do not identify it.

    Raises:
        NotAdoptableError: The inputs are invalid, or would change the object.
    """
    provider, declaration = AdminProvider(resource), resource.declaration
    remote = state.new_remote(declaration, inputs)
    remote.id = own_id
    handler.adopt(client, remote, state.to_wanted(declaration, inputs))
    id_, outputs = state.make_id(declaration, remote), state.to_outputs(declaration, remote, inputs)
    checked = provider.check({}, dict(inputs))
    if checked.failures or provider.diff(id_, outputs, checked.inputs).changes is not False:
        reasons = " ".join(failure.reason for failure in checked.failures or ()) or "the object has other values"
        raise NotAdoptableError(f"{resource.__name__} {id_}: {reasons.rstrip('.')}")
    serialized = {reference.PROPERTY: reference.to(provider)}
    return Adopted(type_token(resource), id_, {**inputs, **serialized}, {**outputs, **serialized})

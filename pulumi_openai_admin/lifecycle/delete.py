"""The verb `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.lifecycle import claims, organization, state
from pulumi_openai_admin.lifecycle.connection import operation
from pulumi_openai_admin.remedies import Advice, Kind, Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Resource


def delete(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> None:
    """Delete the object, or restore the values that it had before it was managed.

    If the engine destroys the whole stack and the stack manages the project, nothing is done: the engine archives the
    project afterwards, and archiving ends all objects of the project.

    If OpenAI does not show the project, the state keeps the object: with a key of another organization, destroy would
    otherwise drop objects from the state that still exist.

    Raises:
        AdminError: The handler's errors.
    """
    remote = state.remote_of(resource.declaration, id_, olds)
    remote.is_declared_elsewhere = claims.named_elsewhere(host.urn, is_deleted=True)
    with operation(host) as client:
        try:
            if state.managed_inputs(olds) is not None:
                organization.prove(resource, client, remote)
            ends = olds.get(state.ENDS_WITH_PARENT) and resource.handler.is_ended_by_parent(remote)
            if ends and host.destroys_whole_stack():
                client.require_parent(remote.parents)
            else:
                resource.handler.delete(client, remote)
        except errors.ParentNotFoundError as unknown:
            raise type(unknown)(unknown.what, _advice(host, unknown.guidance)) from unknown


def _advice(host: Host, advice: Advice) -> Advice:
    return Advice(
        "Nothing was deleted, and the state keeps the resource. ",
        advice,
        " If the object no longer exists, ",
        Remedy(Kind.REMOVE_FROM_STATE, urn=host.urn or "<urn>"),
        ".",
    )

"""The verb `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import lost_writes
from pulumi_openai_admin.lifecycle import lost, organization, state
from pulumi_openai_admin.lifecycle.connection import operation, project_key
from pulumi_openai_admin.remedies import Advice, Remedy, RemedyKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Resource


def delete(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> None:
    """Delete the object, or restore the values that it had before it was managed.

    An object in a project is deleted by its own request, even if the engine archives the project afterwards: that may
    fail. If OpenAI does not show the project, the state keeps the object: with a key of another organization, destroy
    would otherwise drop objects from the state that still exist. Neither
    does it forget what a request without a response may still create.

    Raises:
        AdminError: The handler's errors.
    """
    remote = state.remote_of(resource.declaration, id_, olds)
    remote.step.is_declared_elsewhere = host.run.claims.declared_elsewhere(host.urn, is_deleted=True)
    with operation(host, project_key(resource, olds)) as client:
        remote.step.is_replaced = host.run.claims.is_replaced(host.urn) or client.has_created(host.urn, id_)
        try:
            if state.managed_inputs(olds) is not None:
                organization.prove(resource, client, remote)
            if resource.handler.traits.manages_existing:  # a late request would give back what the removal ends
                lost_writes.wait(client, remote, f"delete {resource.declaration.kind} {id_}")
            if not lost.is_unknown(id_):
                resource.handler.delete(client, remote)
            lost.look_until_closed(resource, host, client, remote)
        except errors.ParentNotFoundError as unknown:
            raise type(unknown)(unknown.what, _advice(host, unknown.guidance)) from unknown
        except errors.UnrelatedNotFoundError as unknown:
            raise type(unknown)(unknown.what, _advice(host, unknown.guidance), unknown.facts) from unknown


def _advice(host: Host, advice: Advice) -> Advice:
    return Advice(
        "Nothing was deleted, and the state keeps the resource. ",
        advice,
        " If the object no longer exists, ",
        Remedy(RemedyKind.REMOVE_FROM_STATE, urn=host.urn or "<urn>"),
        ".",
    )

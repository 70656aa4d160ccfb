"""The verb `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.connection import operation
from pulumi_openai_admin.remedies import Advice, Kind, Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Resource


def delete(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> None:
    """Delete the object, or restore what was found before it was managed.

    Inside a project that the same run archives nothing is done: the engine destroys the whole stack, so it archives the
    project after this, and with that OpenAI ends all that is inside.

    Where OpenAI does not show the project, nothing is known of the object, and the state keeps it: with another
    organization's key, destroy would empty the state of objects that still exist.

    Raises:
        AdminError: What the handler raises.
    """
    remote = state.remote_of(resource.declaration, id_, olds)
    with operation(host) as client:
        try:
            if olds.get(state.ENDS_WITH_PARENT) and host.destroys_whole_stack():
                client.require_parent(remote.parents)
            else:
                resource.handler.delete(client, remote)
        except errors.ParentNotFoundError as unknown:
            raise type(unknown)(unknown.what, _way_out(host, unknown.guidance)) from unknown


def _way_out(host: Host, advice: Advice) -> Advice:
    return Advice(
        "Nothing was deleted, and the resource stays in the state. ",
        advice,
        " If it is really gone, ",
        Remedy(Kind.REMOVE_FROM_STATE, urn=host.urn or "<urn>"),
        ".",
    )

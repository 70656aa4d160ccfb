"""The verb `delete`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline
from pulumi_openai_admin.handlers.capabilities import ManagesMany, is_ended_by_parent
from pulumi_openai_admin.lifecycle import lost, organization, state
from pulumi_openai_admin.lifecycle.connection import operation, project_key
from pulumi_openai_admin.printable import bounded, printable
from pulumi_openai_admin.remedies import Advice, Remedy, RemedyKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Resource

logger = logging.getLogger(__name__)


def delete(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> None:
    """Delete the object, or restore the values that it had before it was managed.

    If the engine destroys the whole stack and the stack manages the project, nothing is done: the engine archives the
    project afterwards, and archiving ends all objects of the project.

    If OpenAI does not show the project, the state keeps the object: with a key of another organization, destroy would
    otherwise drop objects from the state that still exist. Neither does it forget what a request without a response may
    still create.

    Raises:
        AdminError: The handler's errors.
    """
    remote = state.remote_of(resource.declaration, id_, olds)
    remote.step.is_declared_elsewhere = host.run.claims.named_elsewhere(host.urn, is_deleted=True)
    remote.step.is_replaced = host.run.claims.is_replaced(host.urn)
    with operation(host, project_key(resource, olds)) as client:
        try:
            if state.managed_inputs(olds) is not None:
                organization.prove(resource, client, remote)
            if lost.is_unknown(id_):
                lost.look_until_closed(resource, host, client, remote)
                return
            ends = olds.get(state.ENDS_WITH_PARENT) and is_ended_by_parent(resource.handler, remote)
            if ends and host.destroys_whole_stack():
                client.require_parent(remote.parents)
            elif not (client.has_created(host.urn, id_) and _forgets(resource, host, remote, olds)):
                resource.handler.delete(client, remote)
            lost.look_until_closed(resource, host, client, remote)
        except errors.ParentNotFoundError as unknown:
            raise type(unknown)(unknown.what, _advice(host, unknown.guidance)) from unknown
        except errors.UnrelatedNotFoundError as unknown:
            raise type(unknown)(unknown.what, _advice(host, unknown.guidance), unknown.facts) from unknown


def _forgets(resource: Resource, host: Host, remote: Remote, olds: Mapping[str, Any]) -> bool:
    """Warn of what is lost because a forced replacement has created the new resource for the same object first.

    Returns:
        Whether nothing is left to do. Of many objects under one resource, the new resource may leave some to restore.
    """
    if not resource.handler.traits.manages_existing:
        return False
    values = baseline.restorable(remote, is_secret=bool(state.secret_inputs(olds)))
    if values:
        logger.warning(
            "Resource %r was created again before the old resource was deleted, so destroy no longer restores the "
            "original values: %s. Before you force a replacement again (--replace, or a taint), declare the resource "
            "option deleteBeforeReplace (delete_before_replace in Python).",
            printable(host.urn.split("::", 3)[-1]), printable(bounded(", ", values)),
        )  # fmt: skip
    return bool(values) and not isinstance(resource.handler, ManagesMany)


def _advice(host: Host, advice: Advice) -> Advice:
    return Advice(
        "Nothing was deleted, and the state keeps the resource. ",
        advice,
        " If the object no longer exists, ",
        Remedy(RemedyKind.REMOVE_FROM_STATE, urn=host.urn or "<urn>"),
        ".",
    )

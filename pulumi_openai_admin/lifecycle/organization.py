"""Proof that a key belongs to the organization of an object that is in no project, before anything is sent.

Another organization may have an object with the same id or address: a user, or a setting that every organization has.
OpenAI never deletes a project. So the state records a project of the organization, and a key that does not show that
project belongs to another organization.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.http.parents import PROJECT, parents_in

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.resource import Resource


@dataclass
class Anchor(MemoryPart):
    """The id of a project of the organization; empty if the key shows none."""

    anchor: str = ""


def remember(resource: Resource, client: Client, remote: Remote) -> None:
    """Record a project of the organization, before an object is created or adopted.

    Raises:
        ConfigurationError: OpenAI shows no project, so later runs could not check their keys.
        PermissionDeniedError: The key can't list projects.
    """
    if _needs_proof(resource, remote):
        anchor = client.anchor()
        if not anchor:
            raise errors.ConfigurationError(
                "OpenAI lists no project of the organization for this key, so nothing was changed",
                "Use a key that can list projects. The provider records one project to recognize keys of another "
                "organization.",
            )
        remote.memory.put(Anchor(anchor))


def prove(resource: Resource, client: Client, remote: Remote) -> None:
    """Check that the key belongs to the organization of an object in the state: one request in a run.

    Raises:
        ParentNotFoundError: Nothing proves that it does.
    """
    if not _needs_proof(resource, remote):
        return
    anchor = remote.memory[Anchor].anchor
    if not anchor:
        raise errors.ParentNotFoundError(
            "The key may belong to another organization: no project in the state identifies the organization",
            "Remove the resource from the state, and import it again with a key that can list projects.",
        )
    try:
        client.require_parent({PROJECT.id_name: anchor})
    except errors.ParentNotFoundError as missing:
        what = f"The key may belong to another organization: it does not show project {anchor}"
        raise errors.ParentNotFoundError(what, "Use a key of the organization that the state is from.") from missing
    remote.memory.put(Anchor(client.anchor()))  # the same one for all resources of the run


def _needs_proof(resource: Resource, remote: Remote) -> bool:
    is_in_project = any(parent is PROJECT for parent, _ in parents_in(remote.parents))
    return not is_in_project and not resource.handler.traits.proves_organization

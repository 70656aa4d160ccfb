"""The verb `read`: gives the current state of an object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import PendingAction
from pulumi_openai_admin.handlers.lost_requests import is_open
from pulumi_openai_admin.lifecycle import by_id, lost, organization, state
from pulumi_openai_admin.lifecycle.connection import operation, project_key
from pulumi_openai_admin.lifecycle.secret_outputs import SecretStrings, outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Outputs, Resource


@dataclass(frozen=True)
class Read:
    """An object as OpenAI shows it now."""

    outputs: Outputs
    inputs: dict[str, Any] | None
    """The inputs that the program set, with their current values; None if the program only reads the object."""


def read(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> Read | None:
    """Read the object. Neither an error nor a key of another organization counts as "the object no longer exists".

    Otherwise the state would lose what only it contains: the API keys, and the rate limits to restore.

    Args:
        resource: Its declaration.
        host: Serves the call.
        id_: The Pulumi id.
        olds: The state. Without `__managed`, the program only reads the object, which then has to exist.

    Returns:
        None if the object no longer exists.

    Raises:
        ResourceGoneError: An object that the program only reads does not exist.
        AdminError: The handler's errors.
    """
    host.run.secrets.note(olds, state.secret_inputs(olds))
    try:
        with operation(host, project_key(resource, olds)) as client:
            return current(resource, client, id_, olds, host.run.secrets)
    except errors.ResourceGoneError as gone:
        if state.managed_inputs(olds) is None or isinstance(gone, errors.ParentNotFoundError):
            raise
        return None


def current(
    resource: Resource, client: Client, id_: str, olds: Mapping[str, Any], known: SecretStrings | None = None
) -> Read:
    """Read the object with a client that the caller has.

    Args:
        resource: Its declaration.
        client: Sends the requests.
        id_: The Pulumi id.
        olds: See `read`.
        known: The secret inputs of the run; None if nothing is stored.

    Raises:
        ResourceGoneError: The object no longer exists; the text gives the reason.
        AdminError: The handler's errors.
    """
    is_looked_up = state.managed_inputs(olds) is None
    if is_looked_up:
        with by_id.selecting(resource, client, id_):
            remote = state.to_remote(resource.declaration, id_, {})
            if key := resource.handler.traits.project_key:
                remote.options = {key: olds.get(key)}  # the next refresh needs it, too
            resource.handler.read(client, remote)
    else:
        remote = state.remote_of(resource.declaration, id_, olds)
        organization.prove(resource, client, remote)
        _read_known(resource, client, remote)
    secret = state.secret_inputs(olds)
    given = state.managed_inputs(olds) or ()
    found = outputs(resource.declaration, remote, given, secret, known or SecretStrings(), olds)
    if not is_looked_up:
        return Read(found, state.live_inputs(found.values))
    values = {name: value for name, value in found.values.items() if name != state.MANAGED}
    return Read(replace(found, values=values), None)


def _read_known(resource: Resource, client: Client, remote: Remote) -> None:
    """Read an object in the state, and look for what requests without a response may have created.

    As long as one may, the state keeps an object that no longer exists: only the state knows of the request.

    Raises:
        ResourceGoneError: The object no longer exists, and no request can still create one.
    """
    gone = None
    try:
        if lost.is_unknown(remote.id):
            gone = errors.ResourceGoneError("A creation without a response has created nothing")
        else:
            resource.handler.read(client, remote)
    except (errors.ParentEndedError, errors.ParentNotFoundError):
        raise
    except errors.ResourceGoneError as error:
        gone = error
    lost.look(resource, client, remote, removes=False)
    if gone is None:
        return
    if not is_open(remote):
        raise gone
    if not lost.is_unknown(remote.id):
        remote.due.append(PendingAction(gone.what, "create it again", lost.replaced_input(resource)))

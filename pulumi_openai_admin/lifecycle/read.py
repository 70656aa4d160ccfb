"""The verb `read`: brings the state up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.connection import operation
from pulumi_openai_admin.lifecycle.resource import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Resource


@dataclass(frozen=True)
class Read:
    """An object as OpenAI shows it now."""

    outputs: Outputs
    inputs: dict[str, Any] | None
    """The inputs that the program set, at their values now; None where the program only looks the object up."""


def read(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> Read | None:
    """Read the object. An error is never taken for "gone".

    Nor is another organization's key: the state alone has the API keys, and what the limits were before.

    Args:
        resource: Its declaration.
        host: Who serves the call.
        id_: The Pulumi id.
        olds: The state. One that no step of this package made (`__managed` is absent) is of an object that the program
            only looks up, which has to be there.

    Returns:
        None if the object is gone.

    Raises:
        ResourceGoneError: An object that the program only looks up is not there.
        AdminError: What the handler raises.
    """
    is_looked_up = state.managed_inputs(olds) is None
    remote = state.remote_of(resource.declaration, id_, {} if is_looked_up else olds)
    with operation(host) as client:
        try:
            resource.handler.read(client, remote)
        except errors.ResourceGoneError as gone:
            if is_looked_up or isinstance(gone, errors.ParentNotFoundError):
                raise
            return None
    secret = state.secret_inputs(olds)
    values = state.to_outputs(resource.declaration, remote, state.managed_inputs(olds) or (), secret)
    inputs = None if is_looked_up else state.live_inputs(values)
    if is_looked_up:
        del values[state.MANAGED]
    return Read(Outputs.of(resource.declaration, values, secret), inputs)

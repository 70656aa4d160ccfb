"""The verbs `create` and `update`: what a failed one did before it failed is not lost."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.lifecycle import claims, state
from pulumi_openai_admin.lifecycle.connection import operation
from pulumi_openai_admin.lifecycle.resource import Outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Inputs, Resource

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Created:
    """An object that a resource manages from now on."""

    id: str
    """The Pulumi id."""
    outputs: Outputs


def preview_create(resource: Resource, inputs: Inputs) -> Outputs:
    """What is known of an object before it is created: the inputs. An output that is absent counts as unknown."""
    given = {name: inputs.values[name] for name in state.given(resource.declaration, inputs.values)}
    return Outputs(given, frozenset(inputs.secret))


def create(resource: Resource, host: Host, inputs: Inputs) -> Created:
    """Create the object, or begin to manage an existing one.

    Raises:
        AdminError: What the handler raises. What was done is recorded by the host, or undone.
    """
    remote = state.new_remote(resource.declaration, inputs.values)
    outputs = _Step(resource, host, remote, inputs, ()).carry_out(resource.handler.create)
    return Created(state.make_id(resource.declaration, remote), outputs)


def update(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any], inputs: Inputs) -> Outputs:
    """Change the object in place.

    Raises:
        AdminError: What the handler raises. What was done is recorded by the host, or undone.
    """
    remote = state.remote_of(resource.declaration, id_, olds)
    return _Step(resource, host, remote, inputs, state.managed_inputs(olds) or ()).carry_out(resource.handler.update)


@dataclass(frozen=True)
class _Step:
    """A step that changes something; what it did before it failed goes into the state all the same."""

    resource: Resource
    host: Host
    remote: Remote
    inputs: Inputs
    managed: Collection[str]
    """The inputs that the program set before: after a failure the next run unsets what is not set any more."""

    def carry_out(self, act: Callable[[Client, Remote, Wanted], None]) -> Outputs:
        """Run the handler's part, and give the state after it."""
        remote, wanted = self.remote, state.to_wanted(self.resource.declaration, self.inputs.values, self.managed)
        remote.options = wanted.options
        with operation(self.host) as client:
            self._refuse_conflict(remote.attributes or self.resource.handler.existing(client, remote, wanted))
            try:
                act(client, remote, wanted)
                remote.pending = []
            except Exception as error:
                if not (remote.id and remote.has_changed):
                    client.release(remote.acquired)
                    raise
                remote.pending = [self.host.describe(error)]
                self._keep_partial(client, wanted.cleared, error)
                return self._outputs(wanted.cleared)
        return self._outputs()

    def _refuse_conflict(self, document: Mapping[str, Any]) -> None:
        """Stop before anything is written where the object turns out to be another resource's."""
        conflict = claims.conflict(self.resource, self.host, self.inputs.values, document)
        if conflict:
            raise errors.ConfigurationError(conflict.removesuffix("."))

    def _keep_partial(self, client: Client, cleared: Collection[str], error: Exception) -> None:
        """Put what was done into the state: with the error where the host lets us, else instead of it."""
        id_ = state.make_id(self.resource.declaration, self.remote)
        if self.host.keep_partial(id_, self._outputs(cleared), error):
            raise error
        try:
            is_undone = self.resource.handler.undo(client, self.remote)
        except errors.AdminError:
            is_undone = False
        if is_undone:
            client.release(self.remote.acquired)
            raise error
        logger.warning("Not all was done, and what was done is kept; %s to go on. %s", remedies.RUN_AGAIN, error)

    def _outputs(self, cleared: Collection[str] = ()) -> Outputs:
        """The state. What a failed step was to unset counts as managed still, by OpenAI's names."""
        declaration, secret = self.resource.declaration, self.inputs.secret
        given = {
            *state.given(declaration, self.inputs.values),
            *(field.name for field in declaration.inputs if field.wire in cleared),
        }
        return Outputs.of(declaration, state.to_outputs(declaration, self.remote, given, secret), secret)

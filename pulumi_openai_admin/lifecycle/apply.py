"""The verbs `create`, `update` and `delete`, and previews. What a failed operation has done is recorded or undone.

The state becomes a `Remote`, the inputs a `Wanted`, and the handler gets both. It writes into the `Remote` whatever it
learns, when it learns it. If it fails and has changed something, or an update has learned something (`StepContext`),
the host has the engine record what is known (`ErrorResourceInitFailed`), and the next run calls `update`, which
continues. If a creation fails without an id, and may have created the object, the state gets a resource with the id
`NO_RESPONSE`, which is none of OpenAI's. The next update replaces it: `delete` looks for the object and removes it.
Where the host can't record that, the handler undoes what it did, or the step succeeds with a warning and `unfinished`
in the state, which makes the next `diff` ask for an update.
"""

from __future__ import annotations

import logging
import math
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import creation, documents, lost_changes
from pulumi_openai_admin.handlers.handler import Remote, Wanted, noun_of
from pulumi_openai_admin.lifecycle import read, run, state
from pulumi_openai_admin.lifecycle.diff import StoredResource
from pulumi_openai_admin.lifecycle.run import Host, operation, project_key
from pulumi_openai_admin.lifecycle.state import Inputs, Outputs, Resource, outputs
from pulumi_openai_admin.remedies import Advice, Message, Remedy, RemedyKind
from pulumi_openai_admin.schema import validation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


class Created(NamedTuple):
    """A created object."""

    id: str
    """The Pulumi id."""
    outputs: Outputs


def preview_create(resource: Resource, inputs: Inputs) -> Outputs:
    """What is known before the object is created: the inputs. Absent outputs are unknown."""
    return Outputs(state.to_inputs(resource.declaration, inputs.values), frozenset(inputs.secret))


def create(resource: Resource, host: Host, inputs: Inputs) -> Created:
    """Create the object, or manage an existing object."""
    given = inputs._replace(values=state.to_inputs(resource.declaration, inputs.values))
    remote = state.new_remote(resource.declaration, given.values)
    created = _Step(resource, host, remote, given).run(resource.handler.create)
    return Created(state.make_id(resource.declaration, remote), created)


def preview_update(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any], inputs: Inputs) -> Outputs:
    """What is known before the object is updated. Absent outputs are unknown.

    These are the inputs, the properties that no update changes, and a value that OpenAI shows only once, unless the
    update renews it.
    """
    declaration, handler, record = resource.declaration, resource.handler, state.record(olds)
    known = preview_create(resource, inputs)
    stored = StoredResource(resource, id_, olds, known.values)
    due = [*record.actions, *stored.pending_actions(stored.time(host))]
    is_renewed = (
        bool(record.unfinished)
        or any(action.renews for action in due)
        or (handler.does("renews") and handler.renews(stored.remote, stored.wanted))
    )
    kept = {
        field.stored: olds[field.stored]
        for field in declaration.fields.values()
        if field.stored in olds
        and (field.identity or field.shown_once)
        and not (is_renewed and (field.shown_once or field.renewed_by))
    }
    secret = frozenset({*declaration.hidden(inputs.secret), *record.secret_outputs})
    return replace(known, values={**kept, **known.values}, secret_outputs=secret)


def update(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any], inputs: Inputs) -> Outputs:
    """Update the object in place."""
    remote = state.to_remote(resource.declaration, id_, olds)
    host.learn_secrets(remote.step.secret, olds)
    given = inputs._replace(values=state.to_inputs(resource.declaration, inputs.values))
    return _Step(resource, host, remote, given, id_, olds).run(resource.handler.update)


@dataclass(eq=False, repr=False)
class _Step:
    """One create or update. If it fails, the part that succeeded goes into the state."""

    resource: Resource
    host: Host
    remote: Remote
    inputs: Inputs
    """In the normal form."""
    id: str = ""
    """The Pulumi id of an object that is updated."""
    olds: Mapping[str, Any] = field(default_factory=dict)
    """Its state."""

    def run(self, act: Callable[[Client, Remote, Wanted], None]) -> Outputs:
        """Run the handler's operation, and return the state after it."""
        remote, claims, managed = self.remote, self.host.run.claims, state.managed_inputs(self.olds) or ()
        wanted = state.to_wanted(self.resource.declaration, self.inputs.values, managed)
        remote.step.secret = {*remote.step.secret, *self.inputs.secret}
        remote.step.is_declared_elsewhere = claims.declared_elsewhere(self.host.urn)
        remote.step.record_removed, remote.step.was_removed = claims.record_removed, claims.was_removed
        remote.step.is_in_state = self.host.run.ids_in_state.__contains__
        key = project_key(self.resource, self.inputs.values)
        hints = validation.hints(self.resource.declaration, self.inputs.values)
        with operation(self.host, key) as client, nullcontext() if self.id else read.naming_parents(client, hints):
            try:
                self._verify(client, wanted)
                remote.step.former_options, remote.options = remote.options, wanted.options
                try:
                    act(client, remote, wanted)
                    if self.id:
                        read.resolve_lost(self.resource, client, remote)
                finally:
                    lost_changes.note(client, remote)
            except Exception as error:
                if not self.id:  # what the resource declares is not there yet, so nothing may rely on it
                    claims.failed.add(self.host.urn)
                if not self._keep_failed(client, wanted, error):
                    raise
                return self._outputs(wanted.cleared)
        remote.unfinished, remote.pending_actions = "", []
        return self._outputs()

    def _verify(self, client: Client, wanted: Wanted) -> None:
        """Stop before anything is written if the key is another organization's, or another resource has the object."""
        remote, handler, given = self.remote, self.resource.handler, self.inputs.values
        claimed: Mapping[str, Any] | None = given
        if self.id:
            run.verify_organization(self.resource, client, remote)
            now = client.clock.now_or_local()
            claimed = state.without_ended(self.resource.declaration, handler, remote, given, now)
        else:
            run.record_organization(self.resource, client, remote)
        document = remote.attributes or handler.existing(client, remote, wanted)
        self.host.run.claims.require(self.resource, self.host.urn, claimed, document)

    def _keep_unknown(self, wanted: Wanted, error: Exception) -> None:
        """Record that the object may exist, together with the error. If the host can't, the error alone says so."""
        known = {name: value for name, value in wanted.settings.items() if value is not None}
        self.remote.id, self.remote.attributes = state.NO_RESPONSE, documents.nested(known)
        if isinstance(error, errors.AdminError):
            advice = error.guidance
            if not isinstance(error, errors.UnknownCreationError):  # which of several objects it is, the user decides
                noun = noun_of(self.resource.handler) or "object"
                then = f": it looks for the {noun}, and deletes it before it creates another one."
                advice = Advice(remedies.RUN_AGAIN, then)
            lost = errors.ResponseLostError(error.happened, advice)
            id_ = state.make_id(self.resource.declaration, self.remote)
            if self.host.keep_partial(id_, self._outputs(), lost):
                raise lost from error

    def _keep_failed(self, client: Client, wanted: Wanted, error: Exception) -> bool:
        """Record what was done together with the error, if the host can. Otherwise undo it.

        Returns:
            Whether the step has to succeed, because nothing else records what was done.
        """
        remote = self.remote
        if not remote.id and creation.is_open(remote):
            self._keep_unknown(wanted, error)
            return False
        if not (remote.id and (remote.step.has_changed or (remote.step.has_learned and self.id))):
            client.release(remote.step.acquired)
            return False
        # Without advice, which says to run the update that shows this again.
        what = errors.AdminError(error.happened) if isinstance(error, errors.AdminError) else error
        remote.unfinished = self.host.describe(what)
        id_ = self.id or state.make_id(self.resource.declaration, remote)
        if self.host.keep_partial(id_, self._outputs(wanted.cleared), error):
            return False
        with suppress(errors.AdminError):
            if self.resource.handler.undo(client, remote):
                client.release(remote.step.acquired)
                return False
        logger.warning("The update did not finish; %s to complete it. %s", remedies.RUN_AGAIN, error)
        return True

    def _outputs(self, cleared: Collection[str] = ()) -> Outputs:
        """The state. `cleared` has what a failed step did not unset: it still counts as managed."""
        declaration = self.resource.declaration
        given = {*self.inputs.values, *(field.name for field in declaration.inputs if field.key in cleared)}
        return outputs(declaration, self.remote, given, self.inputs.secret, self.host.run.secrets, self.olds)


def delete(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> None:
    """Delete the object, or restore the values that it had before it was managed.

    An object in a project is deleted by its own request, even if the engine archives the project afterwards: that may
    fail. If OpenAI does not show the project, the state keeps the object: with a key of another organization, destroy
    would otherwise drop objects from the state that still exist. The state also keeps what a request without a response
    may still create.
    """
    remote = state.to_remote(resource.declaration, id_, olds)
    host.learn_secrets(remote.step.secret, olds)
    remote.step.is_declared_elsewhere = host.run.claims.declared_elsewhere(host.urn, is_deleted=True)
    remote.step.record_removed = host.run.claims.record_removed
    with operation(host, project_key(resource, olds)) as client:
        remote.step.is_replaced = host.urn in host.run.claims.declared
        try:
            if state.managed_inputs(olds) is not None:
                run.verify_organization(resource, client, remote)
            if resource.handler.traits.manages_existing:  # a late request would give back what the removal ends
                lost_changes.wait(client, remote, f"delete {resource.declaration.kind} {id_}")
            if (host.urn, id_) in host.run.imported:  # `pulumi do … delete`
                resource.handler.delete_found(client, remote)
            elif not state.has_no_response(id_):
                resource.handler.delete(client, remote)
            _resolve_until_closed(resource, host, client, remote)
        except (errors.ParentNotFoundError, errors.UnrelatedNotFoundError) as unknown:
            kept, gone = "Nothing was deleted, and the state keeps the resource. ", " If the object no longer exists, "
            removal = Remedy(RemedyKind.REMOVE_FROM_STATE, urn=host.urn or "<urn>")
            unknown.guidance = Advice(kept, unknown.guidance, gone, removal, ".")
            raise


def _resolve_until_closed(resource: Resource, host: Host, client: Client, remote: Remote) -> None:
    """Look until no request of a resource can still create anything, within the operation's time limit."""
    try:
        read.resolve_lost(resource, client, remote, math.inf)
    except errors.ResponseLostError as unknown:
        kept = Remedy(RemedyKind.REMOVE_FROM_STATE, urn=host.urn or "<urn>")
        advice = Advice(unknown.guidance, " If nothing is left, ", kept, ", then ", remedies.RUN_AGAIN, ".")
        raise errors.ResponseLostError(Message(unknown.happened), advice) from unknown

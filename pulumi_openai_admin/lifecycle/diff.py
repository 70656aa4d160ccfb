"""The verb `diff`: which inputs differ from the state, and which of them replace the object."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin import remedies
from pulumi_openai_admin.handlers.creation import LostCreations, in_words
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Shows, Wanted, noun_of
from pulumi_openai_admin.handlers.memory import part_of
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.fields import FieldRole, WhenRemoved
from pulumi_openai_admin.schema.shapes import are_same, is_unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pulumi_openai_admin.lifecycle.run import Host
    from pulumi_openai_admin.lifecycle.state import Inputs, Resource

logger = logging.getLogger(__name__)


class StateDifference(NamedTuple):
    """The difference between an object's state and the inputs."""

    inputs: tuple[str, ...]
    """The inputs that are added, changed or removed."""
    replaces: tuple[str, ...]
    """The inputs whose difference replaces the object."""
    is_due: bool
    """Whether an update has to run although no input differs."""
    deletes_first: bool = False
    """Whether a replacement deletes the old object first, whatever is usual for the kind."""


_FAR_AWAY = 100 * 365 * 86_400
"""Seconds after which everything that can fall due is due."""
_CLOCK_ERROR = 3 * 86_400
"""How many seconds the clock of a machine may be behind, for OpenAI's clock to decide what is due."""


def diff(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any], news: Inputs) -> StateDifference:
    """Compare the state with the inputs, and log warnings that a preview should show.

    Raises:
        ConfigurationError: Another resource of the program manages the same object.
    """
    record, lost = state.record(olds), part_of(olds.get(state.MANAGED) or {}, LostCreations).lost_creations
    if state.has_no_response(id_):
        return _replacement_of_unknown(resource, lost)
    if record.unfinished:
        logger.warning("The previous update did not finish. This update completes it: %s", record.unfinished)
    declaration, given = resource.declaration, state.to_inputs(resource.declaration, news.values)
    stored = StoredResource(resource, id_, olds, given)
    host.run.ids_in_state.update(stored.ids())  # the create of a replacement does not get the state of the old object
    others = {name for name, new in given.items() if is_unknown(new) or not are_same(new, state.known(olds, name))}
    if others and (same := stored.meaning_the_same(others)):
        others.difference_update(same)
        given |= same
    removed_inputs = {name for name in record.inputs or () if name not in given}
    replaces = tuple(
        field.name
        for field in declaration.inputs
        if (field.replaces and field.name in others)
        or (field.when_removed is WhenRemoved.REPLACES and field.name in removed_inputs)
    )
    replaces += stored.replaced_by_value(others.difference(replaces))
    now = None if replaces else stored.time(host)
    looks = (
        PendingAction(in_words(request), f"look for the {request['noun']}, and remove it", renews=False)
        for request in lost
    )
    due = [*record.actions, *looks, *stored.pending_actions(now)]
    for action in due:
        logger.warning("%s; %s to %s.", action.what, remedies.RUN, action.purpose)
    if now is not None:
        stored.announce(now)
    replaces += tuple(action.replaces for action in due if action.replaces)
    differing = tuple(sorted({*others, *removed_inputs, *(given.keys() - (record.inputs or ()))}))
    if (replaces or differing) and (note := stored.note(host, is_replaced=bool(replaces))):
        logger.warning("%s", note)
    # A refresh compares the inputs of the last update, which claim nothing in this run.
    if host.urn in host.run.claims.declared:
        handler = resource.handler
        claimed = given if now is None else state.without_ended(declaration, handler, stored.remote, given, now)
        host.run.claims.require(resource, host.urn, claimed, state.to_document(declaration, olds))
    removed = host.run.claims.removed_from(host.urn)
    if removed:
        what = "%s was removed or restored in this update. So what this resource declares there is set again."
        logger.warning(what, removed)
    is_due = bool(record.unfinished or due or removed) or _is_disclosed(resource, host, olds, news)
    return StateDifference(differing, replaces, is_due)


def _replacement_of_unknown(resource: Resource, lost: Sequence[Any]) -> StateDifference:
    """The difference for an object of which it is not known whether it exists."""
    what, noun = in_words(lost[-1]) if lost else "A creation did not finish", noun_of(resource.handler) or "object"
    then = (
        "This update looks for it, and deletes it before it creates another one, unless the option retainOnDelete "
        "(retain_on_delete) is set."
    )
    if resource.handler.traits.shows is Shows.EACH:
        then = f"OpenAI has no list of {noun}s: this update fails, and says where to look for it."
    logger.warning("%s, so the %s may exist. %s", what, noun, then)
    return StateDifference((), (resource.declaration.inputs[0].name,), is_due=True, deletes_first=True)


@dataclass(eq=False, repr=False)
class StoredResource:
    """A resource in the state, beside the inputs of the program. What handlers get of it is made if one needs it."""

    resource: Resource
    id: str
    olds: Mapping[str, Any]
    news: Mapping[str, Any]

    @property
    def is_ours(self) -> bool:
        """Return whether this package wrote the state."""
        return self.olds.get(state.MANAGED) is not None

    @cached_property
    def remote(self) -> Remote:
        """The object in the state."""
        return state.to_remote(self.resource.declaration, self.id, self.olds)

    @cached_property
    def wanted(self) -> Wanted:
        """The inputs for handlers."""
        return state.to_wanted(self.resource.declaration, self.news)

    def does(self, method: str) -> bool:
        """Return whether a method of the handler has to be asked; see `Handler.does`."""
        return self.is_ours and self.resource.handler.does(method)

    def ids(self) -> Collection[str]:
        """Return the ids of the object and of its keys; none if the object is not known."""
        if not self.id:
            return ()
        own_id = self.id.rpartition("/")[2]
        if not self.does("key_ids"):
            return {own_id}
        not_revoked = self.remote.memory[LostCreations].to_revoke
        return {own_id, *self.resource.handler.key_ids(self.remote), *not_revoked}

    def meaning_the_same(self, others: Collection[str]) -> dict[str, Any]:
        """Return those of the inputs that differ which mean what the state has, as the state has them."""
        if not self.does("means_same"):
            return {}
        means_same = self.resource.handler.means_same
        return {
            field.name: state.known(self.olds, field.name)
            for field in self.resource.declaration.inputs
            if field.name in others
            and not is_unknown(self.news[field.name])
            and means_same(self.remote, field.key, field.to_handler(self.news[field.name]))
        }

    def replaced_by_value(self, others: Collection[str]) -> tuple[str, ...]:
        """Return the inputs whose difference replaces the object, for a handler that decides from the values."""
        if not self.does("needs_replacement"):
            return ()
        return tuple(
            field.name
            for field in self.resource.declaration.inputs
            if field.name in others and self.resource.handler.needs_replacement(self.remote, self.wanted, field.key)
        )

    def note(self, host: Host, *, is_replaced: bool) -> str:
        """Return what a preview has to say of a replacement or an update; empty if nothing."""
        handler = self.resource.handler
        if is_replaced:
            return handler.replacement_note(self.remote) if handler.does("replacement_note") else ""
        if not handler.does("change_note"):
            return ""
        self.remote.step.is_declared_elsewhere = host.run.claims.declared_elsewhere(host.urn)
        return handler.change_note(self.remote, self.wanted)

    def time(self, host: Host) -> float | None:
        """Return the present time, by the clock of the server if that is ahead; None if no time can come for it."""
        if not self.resource.handler.is_scheduled(self.news) or not self.is_ours:
            return None
        now = host.run.clock.now()
        if self.pending_actions(now + _FAR_AWAY):
            now = max(now, host.time_at_server(is_near=bool(self.pending_actions(now + _CLOCK_ERROR))) or now)
        return now

    def pending_actions(self, now: float | None) -> list[PendingAction]:
        """Return what has to be done because a time has come; see `time`."""
        return [] if now is None else self.resource.handler.pending_actions(self.remote, self.wanted, now)

    def announce(self, now: float) -> None:
        """Log which times are near, and which have passed."""
        for text in self.resource.handler.announcements(self.remote, self.wanted, now):
            logger.warning("%s", text)
        for text in self.resource.handler.reminders(self.remote, self.wanted):
            logger.log(remedies.NOTE, "%s", text)


def _is_disclosed(resource: Resource, host: Host, olds: Mapping[str, Any], news: Inputs) -> bool:
    """Whether the state contains values in plain text that the program now marks as secret.

    They are in the handler's private state, or in outputs that show inputs of other resources.
    """
    shown = state.disclosed(resource.declaration, olds, host.run.secrets)
    if shown and state.managed_inputs(olds) is not None and not shown.issubset(state.record(olds).secret_outputs):
        return True
    if not news.secret or not resource.handler.traits.remembers_settings:
        return False
    settings = {field.name for field in resource.declaration.with_role(FieldRole.ARGUMENT)}
    return not settings.isdisjoint({*news.secret} - {*state.record(olds).secret})

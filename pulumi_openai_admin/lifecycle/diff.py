"""The verb `diff`: which inputs differ from the state, and which of them replace the object."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.lifecycle import lost, state
from pulumi_openai_admin.lifecycle.claims import managed_at
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.fields import FieldRole, WhenRemoved
from pulumi_openai_admin.schema.shapes import are_same
from pulumi_openai_admin.schema.unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.handlers.handler import Handler, PendingAction, Remote, Wanted
    from pulumi_openai_admin.lifecycle.run import Caller
    from pulumi_openai_admin.lifecycle.state import Resource
    from pulumi_openai_admin.schema.fields import Field

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StateDifference:
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


def diff(  # noqa: PLR0913, PLR0917 - what the engine passes, and the clock
    resource: Resource,
    host: Caller,
    id_: str,
    olds: Mapping[str, Any],
    news: Inputs,
    at_server: Callable[..., float | None] | None = None,
) -> StateDifference:
    """Compare the state with the inputs, and log warnings that a preview should show.

    Args:
        resource: Its declaration.
        host: Serves the call.
        id_: The Pulumi id.
        olds: The state.
        news: The checked inputs.
        at_server: See `pending_actions`.

    Raises:
        ConfigurationError: Another resource of the program manages the same object.
    """
    if lost.is_unknown(id_):
        host.run.claims.replace(host.urn)
        logger.warning("%s", lost.replacement_note(resource, olds))
        return StateDifference((), (lost.replaced_input(resource),), is_due=True, deletes_first=True)
    unfinished = state.unfinished(olds)
    if unfinished:
        logger.warning("The previous update did not finish. This update completes it: %s", " ".join(unfinished))
    _note_ids(resource, host, id_, olds)
    managed = state.managed_inputs(olds)
    others = {field.name for field in resource.declaration.inputs if _is_other(field.name, olds, news.values)}
    same = _meaning_the_same(resource, id_, olds, news.values, others) if others else {}
    others.difference_update(same)
    news = Inputs({**news.values, **same}, news.secret)
    replaces = tuple(
        field.name
        for field in resource.declaration.inputs
        if _needs_replacement(field, news.values, others, managed or ())
    )
    replaces += _replaced_by_value(resource, id_, olds, news.values, others.difference(replaces))
    at_time = None if replaces else _at_time(resource, id_, olds, news, host.clock.now(), at_server)
    due = [*state.due(olds), *lost.pending_actions(olds), *(at_time.pending_actions() if at_time else [])]
    for action in due:
        logger.warning("%s; %s to %s.", action.what, remedies.RUN, action.purpose)
    if at_time:
        at_time.announce()
    replaces += tuple(action.replaces for action in due if action.replaces)
    given = set(state.given(resource.declaration, news.values))
    differing = tuple(sorted((given ^ (managed or set())) | others))
    if replaces:
        host.run.claims.replace(host.urn)
        _warn_of_replacement(resource, id_, olds)
    elif differing:
        _warn_of_change(resource, id_, olds, news)
    # A refresh compares the inputs of the last update, which claim nothing in this run.
    if host.run.claims.is_declared(host.urn):
        claimed = managed_at(resource, at_time.remote, news.values, at_time.now) if at_time else news.values
        conflict = host.run.claims.conflict(resource, host.urn, claimed, state.to_document(resource.declaration, olds))
        if conflict:
            raise errors.ConfigurationError(conflict.removesuffix("."))
    is_due = bool(unfinished or due) or _is_disclosed(resource, host, olds, news)
    return StateDifference(differing, replaces, is_due)


def _note_ids(resource: Resource, host: Caller, id_: str, olds: Mapping[str, Any]) -> None:
    """Record the ids in the state: the create of a replacement does not get the state of the old object."""
    if not id_:
        return
    handler = resource.handler
    host.run.ids_in_state.add(id_.rpartition("/")[2])
    if handler.does("key_ids") and state.managed_inputs(olds) is not None:
        host.run.ids_in_state.update(handler.key_ids(state.remote_of(resource.declaration, id_, olds)))


def _meaning_the_same(
    resource: Resource, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any], others: Collection[str]
) -> dict[str, Any]:
    """Return those of the inputs that differ which mean what the state has, as the state has them."""
    declaration, handler = resource.declaration, resource.handler
    if not handler.does("means_same") or state.managed_inputs(olds) is None:
        return {}
    remote = state.remote_of(declaration, id_, olds)
    return {
        field.name: state.known(olds, field.name)
        for field in declaration.inputs
        if field.name in others
        and not is_unknown(news[field.name])
        and handler.means_same(remote, field.wire, field.to_handler(validation.normalized(news[field.name])))
    }


def pending_actions(  # noqa: PLR0913, PLR0917 - what the engine passes, and the clocks
    resource: Resource,
    id_: str,
    olds: Mapping[str, Any],
    news: Inputs,
    now: float,
    at_server: Callable[..., float | None] | None = None,
) -> list[PendingAction]:
    """What has to be done because a time has come, by the local clock, or of the server if that is ahead.

    Args:
        resource: Its declaration.
        id_: The Pulumi id.
        olds: The state.
        news: The checked inputs.
        now: The time by the local clock, in seconds since 1970.
        at_server: Gives the time by the server's clock, None if it is not known. Called if something can fall due.
    """
    at_time = _at_time(resource, id_, olds, news, now, at_server)
    return at_time.pending_actions() if at_time else []


@dataclass(frozen=True)
class _AtTime:
    """A resource at a time."""

    handler: Handler
    remote: Remote
    wanted: Wanted
    now: float
    """In seconds since 1970."""

    def pending_actions(self) -> list[PendingAction]:
        """What has to be done because a time has come."""
        return self.handler.pending_actions(self.remote, self.wanted, self.now)

    def announce(self) -> None:
        """Log which times are near, and which have passed."""
        for text in self.handler.announcements(self.remote, self.wanted, self.now):
            logger.warning("%s", text)
        for text in self.handler.reminders(self.remote, self.wanted):
            logger.log(remedies.NOTE, "%s", text)


def _at_time(  # noqa: PLR0913, PLR0917 - as `pending_actions`
    resource: Resource,
    id_: str,
    olds: Mapping[str, Any],
    news: Inputs,
    now: float,
    at_server: Callable[..., float | None] | None,
) -> _AtTime | None:
    """A resource at the present time; None if no time can come for it. See `pending_actions`."""
    handler = resource.handler
    if not handler.is_scheduled(news.values) or state.managed_inputs(olds) is None:
        return None
    remote = state.remote_of(resource.declaration, id_, olds)
    wanted = state.to_wanted(resource.declaration, news.values)
    if at_server is not None and handler.pending_actions(remote, wanted, now + _FAR_AWAY):
        is_near = bool(handler.pending_actions(remote, wanted, now + _CLOCK_ERROR))
        now = max(now, at_server(is_near=is_near) or now)
    return _AtTime(handler, remote, wanted, now)


def _needs_replacement(
    field: Field[Any, Any], news: Mapping[str, Any], others: Collection[str], managed: Collection[str]
) -> bool:
    """Return whether the difference in a field replaces the object."""
    if news.get(field.name) is not None:
        return field.replaces and field.name in others
    return field.when_removed is WhenRemoved.REPLACES and field.name in managed


def _replaced_by_value(
    resource: Resource, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any], others: Collection[str]
) -> tuple[str, ...]:
    """Return the inputs whose difference replaces the object, for a handler that decides from the values."""
    handler = resource.handler
    if not handler.does("needs_replacement") or state.managed_inputs(olds) is None:
        return ()
    remote, wanted = state.remote_of(resource.declaration, id_, olds), state.to_wanted(resource.declaration, news)
    return tuple(
        field.name
        for field in resource.declaration.inputs
        if field.name in others and handler.needs_replacement(remote, wanted, field.wire)
    )


def _warn_of_replacement(resource: Resource, id_: str, olds: Mapping[str, Any]) -> None:
    handler = resource.handler
    if not handler.does("replacement_note"):
        return
    note = handler.replacement_note(state.remote_of(resource.declaration, id_, olds))
    if note:
        logger.warning("%s", note)


def _warn_of_change(resource: Resource, id_: str, olds: Mapping[str, Any], news: Inputs) -> None:
    handler = resource.handler
    if not handler.does("change_note"):
        return
    wanted = state.to_wanted(resource.declaration, news.values)
    note = handler.change_note(state.remote_of(resource.declaration, id_, olds), wanted)
    if note:
        logger.warning("%s", note)


def _is_other(name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Return whether the program sets another value than the state has."""
    new = news.get(name)
    return new is not None and (is_unknown(new) or not are_same(validation.normalized(new), state.known(olds, name)))


def _is_disclosed(resource: Resource, host: Caller, olds: Mapping[str, Any], news: Inputs) -> bool:
    """Whether the state contains values in plain text that the program now marks as secret.

    They are in the handler's private state, or in outputs that show inputs of other resources.
    """
    shown = state.disclosed(resource.declaration, olds, host.run.secrets)
    if shown and state.managed_inputs(olds) is not None and not shown.issubset(state.secret_outputs(olds)):
        return True
    if not news.secret or not resource.handler.traits.remembers_settings:
        return False
    settings = {field.name for field in resource.declaration.with_role(FieldRole.ARGUMENT)}
    return not settings.isdisjoint({*news.secret} - {*state.secret_inputs(olds)})

"""Changes without a response (POST, PUT, PATCH): OpenAI may have made them, or may make them after the run has ended.

The state has when the last one ended, and by property the values that they may set. These are forgotten when a later
change of the property is confirmed, and earlier ones can no longer act. What ends an access or restores a property
waits until then. What creations without a response have made is looked for: see `creation`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import creation
from pulumi_openai_admin.handlers.memory import MemoryPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client


@dataclass(repr=False)
class LostChanges(MemoryPart):
    """What changes without a response may have set, or may still set."""

    lost_at: int | None = None
    """When the last one ended, in seconds since 1970 by OpenAI's clock: of all objects of the resource."""
    may_hold: dict[str, list[Any]] = field(default_factory=dict)
    """By property, the values that they may set. Null is not in the list."""


def note(client: Client, remote: Remote) -> None:
    """Record when the last request of the operation ended whose response was lost."""
    lost_at = client.requestor.lost_at
    if lost_at is not None:
        remote.memory[LostChanges].lost_at = int(lost_at) + 1


@contextmanager
def tracking(client: Client, remote: Remote, properties: Mapping[str, Any]) -> Iterator[None]:
    """Send properties, and record their values unless it is certain which of them OpenAI has, and keeps."""
    step, has_changed = remote.step, remote.step.has_changed
    step.has_changed = True  # until the contrary is known: a lost response may hide a change
    try:
        yield
    except errors.AdminError as error:
        if error.may_have_acted:
            _record(remote, properties)
        else:
            step.has_changed = has_changed
        raise
    if acts_for(client, remote):
        _record(remote, properties)
    else:
        forget(remote, properties)


def _record(remote: Remote, properties: Mapping[str, Any]) -> None:
    may_hold = remote.memory[LostChanges].may_hold
    for name, value in properties.items():
        others = [other for other in may_hold.get(name, ()) if other != value]
        may_hold[name] = others if value is None else [*others, value]


def forget(remote: Remote, names: Iterable[str]) -> None:
    """Forget the values that lost changes may set of properties."""
    may_hold = remote.memory[LostChanges].may_hold
    for name in names:
        may_hold.pop(name, None)


def is_known(remote: Remote, name: str, value: Any) -> bool:
    """Return whether a property is known to have a value: it is in the state, and no lost change may set another."""
    may_hold = remote.memory[LostChanges].may_hold
    return remote.are_equal(name, remote.get(name), value) and may_hold.get(name, [value]) == [value]


def acts_for(client: Client, remote: Remote) -> float:
    """Return how many seconds OpenAI may still act on a request whose response was lost; 0 if it can't."""
    note(client, remote)
    return seconds_left(client, remote.memory[LostChanges].lost_at)


def seconds_left(client: Client, lost_at: int | None) -> float:
    """Return how many seconds OpenAI may still act on a request that ended at a time without a response."""
    now = client.clock.now()
    if lost_at is None:
        return 0.0
    # The clock of your machine may be wrong: before OpenAI's first response, no time counts as passed.
    passed = 0.0 if now is None else max(0.0, now - lost_at)
    return max(0.0, creation.VISIBILITY_LAG_SECONDS - passed)


def wait(client: Client, remote: Remote, action: str) -> bool:
    """Wait until OpenAI no longer acts on requests whose responses were lost. What was read before is not current then.

    Returns:
        Whether there was a reason to wait.

    Raises:
        errors.OperationTimeoutError: The operation's time is over, or the user cancelled it.
    """
    seconds = acts_for(client, remote)
    if seconds:
        pause(client, seconds, action)
        client.forget_lists()
    remote.memory[LostChanges].lost_at = None
    return bool(seconds)


def pause(client: Client, seconds: float, action: str) -> None:
    """Wait while OpenAI may still act on a request whose response was lost; see `wait`."""
    client.log_wait(
        "Waiting %.0f s to %s: the response to an earlier request was lost, and OpenAI may still act on it.",
        seconds, action,
    )  # fmt: skip
    client.pause(seconds, action)

"""Changes whose responses were lost: OpenAI may still act on the request, also after the run has ended.

The state has when the last one ended. A removal waits until OpenAI can no longer act on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.handlers import creation
from pulumi_openai_admin.handlers.memory import MemoryPart

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client


@dataclass
class LostChange(MemoryPart):
    """When the last change without a response ended (POST, PUT, PATCH), in seconds since 1970 by OpenAI's clock."""

    lost_at: int | None = None


def note(client: Client, remote: Remote) -> None:
    """Record the last request of the operation whose response was lost."""
    lost_at = client.requestor.lost_at
    if lost_at is not None:
        remote.memory.put(LostChange(int(lost_at) + 1))


def acts_for(client: Client, remote: Remote) -> float:
    """Return how many seconds OpenAI may still act on a request whose response was lost; 0 if it can't."""
    note(client, remote)
    lost_at, now = remote.memory[LostChange].lost_at, client.clock.now()
    if lost_at is None:
        return 0.0
    # The clock of your machine may be wrong: before OpenAI's first response, no time counts as passed.
    passed = 0.0 if now is None else max(0.0, now - lost_at)
    return max(0.0, creation.VISIBILITY_LAG_SECONDS - passed)


def wait(client: Client, remote: Remote, action: str) -> None:
    """Wait until OpenAI no longer acts on requests whose responses were lost.

    Raises:
        errors.OperationTimeoutError: The operation's time is over, or the user cancelled it.
    """
    seconds = acts_for(client, remote)
    if seconds:
        client.log_wait(
            "Waiting %.0f s to %s: the response to an earlier request was lost, and OpenAI may still act on it.",
            seconds, action,
        )  # fmt: skip
        client.pause(seconds, action)
    remote.memory.put(LostChange())

"""Requests that change something, and whose responses were lost: OpenAI may still act on them.

The state records when the last one ended. A removal waits until none can act, so that none of them gives back
what the removal ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.memory import MemoryPart

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client


@dataclass
class LostWrite(MemoryPart):
    """When the last request without a response ended, in seconds since 1970 by OpenAI's clock."""

    lost_at: int | None = None


def note(client: Client, remote: Remote) -> None:
    """Record the last request of the operation whose response was lost."""
    lost_at = client.requestor.lost_at
    if lost_at is not None:
        remote.memory.put(LostWrite(int(lost_at) + 1))


def wait(client: Client, remote: Remote, action: str) -> None:
    """Wait until OpenAI no longer acts on requests whose responses were lost.

    Args:
        client: Waits.
        remote: The resource.
        action: What waits: it completes "Could not …".

    Raises:
        errors.OperationTimeoutError: The operation's time is over, or the user cancelled it.
    """
    note(client, remote)
    lost_at = remote.memory[LostWrite].lost_at
    if lost_at is None:
        return
    now = client.clock.now()
    # The clock of your machine may be wrong: before OpenAI's first response, all of the time is waited for.
    passed = 0.0 if now is None else max(0.0, now - lost_at)
    left = VISIBILITY_LAG_SECONDS - passed
    if left > 0:
        client.log_wait(
            "Waiting %.0f s to %s: the response to an earlier request was lost, and OpenAI may still act on it.",
            left, action,
        )  # fmt: skip
        client.pause(left, action)
    remote.memory.put(LostWrite())

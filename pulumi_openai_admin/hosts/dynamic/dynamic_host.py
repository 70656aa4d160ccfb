"""Implements the host of the verbs with Pulumi's host of dynamic providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.hosts.common import engine, secrets
from pulumi_openai_admin.hosts.common.wording import PULUMI
from pulumi_openai_admin.hosts.dynamic import host
from pulumi_openai_admin.remedies import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.clock import Clock
    from pulumi_openai_admin.lifecycle.resource import Outputs
    from pulumi_openai_admin.lifecycle.run import Run


@dataclass(frozen=True)
class DynamicHost:
    """Implements `lifecycle.host.Host` for one provider."""

    setting: Callable[[str], object]
    """A setting of the stack configuration."""
    process: host.Process

    @property
    def run(self) -> Run:
        """The run of this process."""
        return self.process.run

    @property
    def urn(self) -> str:
        """The URN of the current resource."""
        return host.urn()

    @property
    def timeout(self) -> float:
        """The program's `custom_timeouts`, in seconds."""
        return host.timeout()

    @property
    def clock(self) -> Clock:
        """Pulumi's host does not pass a cancellation on."""
        return self.process.clock

    def guard(self) -> None:
        """End this process if the engine has ended."""
        engine.end_if_orphaned()

    def serve_in_parallel(self, operations: int) -> None:
        """Add threads to the host's pool."""
        host.set_parallel_steps(operations)

    def describe(self, error: Exception) -> str:
        """The text of an error, with the commands of the Pulumi CLI."""
        return describe(error, PULUMI)

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Send the state to the engine with the error."""
        return host.keep_partial(id_, marked(outputs), self.describe(error))


def marked(outputs: Outputs) -> dict[str, Any]:
    """The state with its secrets marked, because a program's transformation may drop `additional_secret_outputs`.

    The engine marks secret inputs itself.
    """
    return {
        name: secrets.wrap(value) if name in outputs.secret_outputs else value for name, value in outputs.values.items()
    }

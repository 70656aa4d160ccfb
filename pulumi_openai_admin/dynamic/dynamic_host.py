"""What the verbs need, from Pulumi's host of dynamic providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.dynamic import engine_command, host, secrets, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.lifecycle.resource import Outputs


@dataclass(frozen=True)
class DynamicHost:
    """Serves the verbs of one provider: satisfies `lifecycle.host.Host`."""

    setting: Callable[[str], object]
    """A setting of the stack's configuration."""

    @property
    def urn(self) -> str:
        """The URN of the resource that is being served."""
        return host.urn()

    @property
    def timeout(self) -> float:
        """The seconds of the program's `custom_timeouts`."""
        return host.timeout()

    def guard(self) -> None:
        """End this process if the engine is gone."""
        host.end_if_orphaned()

    def serve_in_parallel(self, operations: int) -> None:
        """Widen the host's pool of threads."""
        host.serve_at_a_time(operations)

    def destroys_whole_stack(self) -> bool:
        """By the command line of the engine."""
        return engine_command.destroys_whole_stack()

    def describe(self, error: Exception) -> str:
        """In the words of the Pulumi CLI."""
        return words.describe(error)

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Have the error carry the state to the engine."""
        return host.keep_half_done(id_, marked(outputs), words.describe(error))


def marked(outputs: Outputs) -> dict[str, Any]:
    """The state with its secrets marked: a program's transformation may drop `additional_secret_outputs`.

    Secret inputs the engine marks by itself.
    """
    return {
        name: secrets.wrap(value) if name in outputs.secret_outputs else value for name, value in outputs.values.items()
    }

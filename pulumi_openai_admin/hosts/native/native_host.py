"""What the verbs need of the native provider, and the engine's current call."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.hosts.common import secrets
from pulumi_openai_admin.hosts.common.engine import EngineHandler
from pulumi_openai_admin.hosts.common.partial_failure import send_partial_failure
from pulumi_openai_admin.hosts.common.wording import NATIVE
from pulumi_openai_admin.hosts.native import properties, wire
from pulumi_openai_admin.hosts.native.names import camel
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.remedies import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.hosts.common.engine import Engine
    from pulumi_openai_admin.lifecycle.resource import Outputs
    from pulumi_openai_admin.resources.base import AdminResource


@dataclass
class Process:
    """What all calls to this process have in common: it serves one provider in one operation of the engine."""

    engine: Engine | None = None
    """None until the engine has said where it is."""
    reference: str = ""
    """How resources refer to the provider: its URN and its id. Empty until the engine has said it."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The provider's configuration, by full name (`openai-admin:baseUrl`)."""
    clock: Clock = field(default_factory=Clock)
    run: Run = field(default_factory=Run)


@dataclass(frozen=True)
class EngineCall:
    """One call of the engine for a resource."""

    urn: str
    timeout: float
    resource: type[AdminResource] | None
    """None for calls that are about the provider, and for provider functions."""
    context: Any
    tree: Mapping[str, Any] = field(default_factory=dict)
    """The inputs of the call, with their secrets marked."""
    names: Collection[str] = ()
    """The arguments of a provider function."""

    def describe(self, error: BaseException) -> str:
        """The message of an error."""
        return self.respell(describe(error, NATIVE))

    def respell(self, text: str) -> str:
        """A message with the names of properties as programs in any language have them."""
        names = properties.names_in(self.resource.declaration) if self.resource else self.names
        return properties.respelled(names, text)


current: ContextVar[EngineCall | None] = ContextVar("current", default=None)
"""The call that this thread, and threads that copy its context, serve."""


@dataclass(frozen=True)
class NativeHost:
    """Implements `lifecycle.host.Host` for one call."""

    process: Process
    call: EngineCall

    @property
    def run(self) -> Run:
        """The run of this process."""
        return self.process.run

    @property
    def urn(self) -> str:
        """The URN of the resource."""
        return self.call.urn

    @property
    def timeout(self) -> float:
        """The program's `customTimeouts`, in seconds."""
        return self.call.timeout

    @property
    def clock(self) -> Clock:
        """Ends with the engine's `Cancel`."""
        return self.process.clock

    @property
    def setting(self) -> Callable[[str], object]:
        """A setting of the provider."""
        return self.process.settings.get

    def guard(self) -> None:
        """End this process if the engine has ended."""
        if self.process.engine is not None:
            self.process.engine.end_if_orphaned()

    def serve_in_parallel(self, operations: int) -> None:
        """Nothing to do: the server has enough threads."""

    def describe(self, error: Exception) -> str:
        """The text of an error, with the commands of the Pulumi CLI."""
        return self.call.describe(error)

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Send the state to the engine with the error."""
        resource = self.call.resource
        if resource is None:
            return False
        return send_partial_failure(
            self.call.context,
            id_,
            lambda: wire.encode(state_of(resource, outputs, self.call.tree)),
            self.describe(error),
        )


def state_of(resource: type[AdminResource], outputs: Outputs, tree: Mapping[str, Any]) -> dict[str, Any]:
    """A state for the engine, with its secrets marked.

    Args:
        resource: The resource.
        outputs: Its state.
        tree: The values from the engine that it came from.
    """
    stored = {field.stored: camel(field.name) for field in resource.declaration.fields.values()}
    secret = {stored.get(name, name) for name in outputs.secret_inputs | outputs.secret_outputs}
    values = properties.from_state(resource.declaration, outputs.values)
    return {name: _marked(value, tree.get(name), is_secret=name in secret) for name, value in values.items()}


def _marked(value: Any, like: Any, *, is_secret: bool) -> Any:
    if value is None:
        return None
    if wire.has_secret(like):
        return wire.marked(value, like)
    return secrets.wrap(value) if is_secret else value


def handler(process: Process) -> EngineHandler:
    """Sends warnings to the engine, with the names that programs in any language have for properties."""

    def urn() -> str:
        call = current.get()
        return call.urn if call else ""

    def spelled(message: str) -> str:
        call = current.get()
        return call.respell(message) if call else message

    return EngineHandler(NATIVE, lambda: process.engine, urn, spelled)

"""The interface of the process that serves the verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pulumi_openai_admin.http.clock import Clock
    from pulumi_openai_admin.lifecycle.resource import Outputs
    from pulumi_openai_admin.lifecycle.run import Run


class Caller(Protocol):
    """Knows for which resource a verb is called, and in which run."""

    @property
    def run(self) -> Run:
        """The run of the engine that the call belongs to."""
        ...

    @property
    def urn(self) -> str:
        """The URN of the resource; empty if the host does not know it."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock of your machine; it knows whether the user has cancelled the operation."""
        ...


class Host(Caller, Protocol):
    """Serves one call of the engine, or all calls that reach the provider in one thread.

    The verbs do not keep the host: each call may have its own host, and several calls may run at the same time.
    """

    @property
    def timeout(self) -> float:
        """The time limit of the operation in seconds; 0 if the program sets none."""
        ...

    def setting(self, key: str, /) -> object:
        """A setting of the provider, such as `openai-admin:adminApiKey`; None if it is not set."""
        ...

    def guard(self) -> None:
        """Called before each request that is not idempotent: does not return if the engine has ended."""
        ...

    def serve_in_parallel(self, operations: int) -> None:
        """Set how many operations the host serves at a time, if it can."""
        ...

    def describe(self, error: Exception) -> str:
        """The text of an error, with the commands of the user's tool."""
        ...

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Record the state of an operation that partly failed, with its error. The caller then raises the error.

        Returns:
            Whether the engine gets the state. If not, nothing was recorded.
        """
        ...

"""What the verbs need from the process that serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pulumi_openai_admin.lifecycle.resource import Outputs


class Host(Protocol):
    """Serves one call of the engine, or all calls that reach the provider in one thread.

    The verbs keep no host: each call may bring its own, and several may run at the same time.
    """

    @property
    def urn(self) -> str:
        """The URN of the resource; empty where the host does not know it."""
        ...

    @property
    def timeout(self) -> float:
        """The seconds that the operation may take; 0 where the program does not say."""
        ...

    def setting(self, key: str, /) -> object:
        """A setting of the provider, such as `openai-admin:adminApiKey`; None where it is not set."""
        ...

    def guard(self) -> None:
        """Called before each request that can't be repeated: does not return if the engine is gone."""
        ...

    def serve_in_parallel(self, operations: int) -> None:
        """Have the host serve so many operations at a time, if it can."""
        ...

    def destroys_whole_stack(self) -> bool:
        """Whether the engine destroys the whole stack; False where that is not known."""
        ...

    def describe(self, error: Exception) -> str:
        """What the user is shown of an error, with the commands of the user's tool."""
        ...

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Record what an operation did before it failed, with its error: the error is raised right after.

        Returns:
            Whether the engine will learn of it. If not, nothing was recorded.
        """
        ...

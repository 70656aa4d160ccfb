"""What is known of one object at OpenAI, and what a program wants of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.api.client import Client


@dataclass
class Remote:
    """One object at OpenAI, as far as it is known.

    A shape writes into it whatever it learns, in the moment it learns it: when a later step
    fails, what the earlier ones did is still known here, and goes into the state.
    """

    parents: Mapping[str, str]
    """The ids in the path above the object: `{"project_id": "proj_…"}`."""
    id: str = ""
    """The object's own id; empty until there is one."""
    document: dict[str, Any] = field(default_factory=dict)
    """The object in OpenAI's own spelling. Holds what only a create reply shows, too."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What a shape remembers from one run to the next and nobody is shown."""
    unfinished: list[str] = field(default_factory=list)
    """In words: what the next run has to do, although no input differs."""
    origin: dict[str, Any] = field(default_factory=dict)
    """What this run found before it changed it, to take the run back."""
    has_changed: bool = False
    """Whether this run did something at OpenAI that a failure must not forget."""


@dataclass(frozen=True)
class Wanted:
    """What the program sets, in OpenAI's own spelling; what it leaves out is not here."""

    selection: Mapping[str, Any]
    """Which existing object is meant: `{"model": "gpt-4o"}`."""
    settings: Mapping[str, Any]


class Endpoint(Protocol):
    """The shape of an endpoint: what creating, reading, changing and deleting mean there.

    All verbs raise `errors.AdminError`. `read` and `update` raise `errors.Gone` where the object is not
    there any more; `delete` is done then.
    """

    @property
    def path(self) -> str:
        """Where the objects are listed, below the base address."""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the object, or begin to look after an existing one."""

    def read(self, client: Client, remote: Remote) -> None:
        """Bring `remote` up to date."""

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the object as wanted; goes on where an earlier run broke off."""

    def delete(self, client: Client, remote: Remote) -> None:
        """Delete the object, or put it back as it was found."""

    def undo(self, client: Client, remote: Remote) -> bool:
        """Take back what a broken run did; whether nothing of it is left.

        Called only where the state can't be told of a half-done step.
        """

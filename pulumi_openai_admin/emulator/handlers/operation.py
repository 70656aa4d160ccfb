"""An operation of the API: a method, a path, its parameters and body, and its handler."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.handlers.body import NoBody, Query

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.body import Body
    from pulumi_openai_admin.emulator.handlers.organization import Organization, StoredKind

PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Actor:
    """Who makes a call: the owner of an API key, or a person in a browser."""

    key_id: str = ""
    """The tracking id of the key; empty for a session in a browser."""
    user_id: str = ""
    email: str | None = None
    project_id: str = ""
    """The project of the key; empty for an Admin API key."""


@dataclass
class Request:
    """One call of an operation, with everything checked that its schemas say."""

    organization: Organization
    operation: Operation
    ids: Mapping[str, str]
    """The ids in the path, by name."""
    query: Any
    """The query string, as the operation's schema has it."""
    body: Any
    """The body, as the operation's schema has it."""
    actor: Actor

    @property
    def now(self) -> int:
        """The time that responses show, in Unix seconds."""
        return self.organization.world.now()


Answer = Callable[[Request], dict[str, Any]]


@dataclass(frozen=True)
class Operation:
    """What a kind offers at one path."""

    method: str
    path: str
    """The template below the base path, such as `/organization/groups/{group_id}`."""
    verb: str
    """`create`, `retrieve`, `update`, `list`, `delete`, or another word for what it does."""
    kind: StoredKind
    answer: Answer
    body: type[Body] = NoBody
    takes_no_body: bool = True
    """Whether the call may come without a body."""
    query: type[Query] = Query
    creates: bool = False
    """Whether a success has the status of a create."""
    parameters: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read the names of the ids from the path."""
        object.__setattr__(self, "parameters", tuple(PARAMETER.findall(self.path)))

"""An operation of the API: a method, a path, what the call may carry, and its handler.

Types of a body are strict (no `1.0`, no `true`, no `"1"` for an integer), unknown fields are refused, and a null is
refused where the specification does not allow one. A query string is text: numbers are read from it, and what is
unknown there is ignored.

A schema is built when the first call needs it (`defer_build`): all of them together take most of a start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from pulumi_openai_admin.emulator.handlers.behavior import LONGEST_LIFETIME, Behavior

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.kind import Kind, Organization
    from pulumi_openai_admin.emulator.store.store import RecordStore

PARAMETER = re.compile(r"{(\w+)}")

Lifetime = Annotated[int, Field(ge=1, le=LONGEST_LIFETIME)]
Name = Annotated[str, Field(min_length=1)]
OMITTED: Any = None
"""The default of a property that an update may omit and that can't be null: `name: Name = OMITTED`.

It is never read, because `given` has only the properties that were sent."""


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", strict=True, protected_namespaces=(), defer_build=True)

    def given(self) -> dict[str, Any]:
        """Give only what the caller sent: absent is not null, and neither is 0."""
        return self.model_dump(exclude_unset=True)


class SomeChange(Body):
    """A body with at least one of its properties."""

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("Invalid body: at least one parameter must be given.")
        return self


class NoBody(Body):
    """The body of a call that needs none."""


class Query(BaseModel):
    """A query string: `name=1`, `names[]=a&names[]=b`, `range[gte]=1`."""

    model_config = ConfigDict(extra="ignore", defer_build=True)

    @classmethod
    def read(cls, text: str) -> dict[str, Any]:
        """Turn the text into what the model validates."""
        values: dict[str, Any] = {}
        for name, value in parse_qsl(text, keep_blank_values=True):
            outer, _, inner = name.partition("[")
            field = cls.model_fields.get(outer)
            if field is None:
                continue
            if inner not in ("", "]"):
                values.setdefault(outer, {})[inner.rstrip("]")] = value
            elif get_origin(field.annotation) is list:
                values.setdefault(outer, []).append(value)
            else:
                values[outer] = value
        return values


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
    def store(self) -> RecordStore:
        """The records of the organization."""
        return self.organization.store

    @property
    def behavior(self) -> Behavior:
        """The switches."""
        return self.organization.behavior

    @property
    def now(self) -> int:
        """The time that responses show, in Unix seconds."""
        return self.organization.behavior.now()


Answer = Callable[[Request], Any]
"""Carries out a call, and gives what the response shows."""


@dataclass(frozen=True)
class Operation:
    """What a kind offers at one path."""

    method: str
    path: str
    """The template below the base path, such as `/organization/groups/{group_id}`."""
    verb: str
    """`create`, `retrieve`, `update`, `list`, `delete`, or another word for what it does."""
    kind: Kind
    answer: Answer
    body: type[BaseModel] = NoBody
    takes_no_body: bool = True
    """Whether the call may come without a body."""
    query: type[Query] = Query
    creates: bool = False
    """Whether a success has the status of a create."""
    in_thread: bool = False
    """Whether it reads the whole organization: in a thread, without a transaction, so that other calls go on."""
    parameters: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read the names of the ids from the path."""
        object.__setattr__(self, "parameters", tuple(PARAMETER.findall(self.path)))


AnswerT = TypeVar("AnswerT", bound=Callable[..., Any])


def action(method: str, path: str, **more: Any) -> Callable[[AnswerT], AnswerT]:
    """Make a method of a kind an operation beyond the usual ones; its name is the verb.

    `path` follows that of the collection, or that of the control API if it begins with `/_emulator`. `more` are
    further fields of the `Operation`.
    """

    def mark(answer: AnswerT) -> AnswerT:
        answer.action = (method, path, more)  # type: ignore[attr-defined]
        return answer

    return mark

"""What a resource's declaration is made of: fields, each with one role.

A field is declared once, on the resource class. Constructor, type hints, wire names, checks,
secrets, replacement, documentation and state are derived from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, cast, get_args, get_origin, overload

from typing_extensions import Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pulumi

T = TypeVar("T")
S = TypeVar("S", default=T)

ABSENT = ""
"""What the state holds for a field that OpenAI leaves out.

An output that is absent from the state is *unknown* in every preview, for ever, and so is all that
hangs on it. So something stands there, and the field turns it into `None` when a program reads it.
"""

_NOTHING = object()


class Role(Enum):
    """What a field is to its resource."""

    PATH = "path"
    """Part of the URL, so of the identity: another value is another object."""
    SELECTOR = "selector"
    """Says which of the objects that OpenAI made is meant: another one replaces."""
    ARGUMENT = "argument"
    """Sent; changed in place."""
    OUTPUT = "output"
    """Received only."""


class Replaces(Enum):
    """When an argument takes another object, since OpenAI can't change it in the one there is."""

    NEVER = "never"
    WHEN_CHANGED = "when changed"
    WHEN_REMOVED = "when removed"
    EITHER = "either"

    @property
    def on_change(self) -> bool:
        """Whether another value does."""
        return self in (Replaces.WHEN_CHANGED, Replaces.EITHER)

    @property
    def on_removal(self) -> bool:
        """Whether taking it out of the program does."""
        return self in (Replaces.WHEN_REMOVED, Replaces.EITHER)


class Readable(Protocol):
    """A resource of a program, whose fields can be read."""

    def read_field(self, field: Field[Any, Any]) -> pulumi.Output[Any]:
        """The field's value."""
        ...


class Field(Generic[T, S]):
    """A property of a resource: reads as `Output[T]`, takes `Input[S]`.

    `S` is `T` unless said otherwise: `Field[str, str | None]` may be left out, and is always there.
    """

    name: str
    type: Any
    choices: tuple[str, ...]

    def __init__(  # noqa: PLR0913 - a declaration has as many facts as it has
        self,
        role: Role,
        *,
        default: object = _NOTHING,
        wire: str = "",
        once: bool = False,
        identity: bool = False,
        minimum: int | None = None,
        maximum: int | None = None,
        keys: tuple[str, ...] = (),
        replaces: Replaces = Replaces.NEVER,
        hidden: bool = False,
        reveals: tuple[str, ...] = (),
    ) -> None:
        self.role = role
        self.hidden = hidden
        if default not in (_NOTHING, None):
            raise TypeError(f"default={default!r}: an input that is left out is not managed, so it can't have a value")
        self.required = default is _NOTHING
        self.wire = wire
        self.once = once
        self.identity = identity
        self.minimum = minimum
        self.maximum = maximum
        self.keys = keys
        self.reveals = reveals
        self.replaces = replaces if role is Role.ARGUMENT else Replaces.WHEN_CHANGED

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.wire = self.wire or name

    @property
    def stored(self) -> str:
        """Its name in the state: Pulumi never displays a property whose name begins with two underscores."""
        return f"__{self.name}" if self.hidden else self.name

    def learn_type(self, hint: Any) -> None:
        """Take the type, and the values it allows, from the annotation `Field[T, S]`."""
        arguments = get_args(hint)
        self.type = without_none(arguments[0])
        taken = without_none(arguments[-1])
        self.choices = cast("tuple[str, ...]", get_args(taken)) if get_origin(taken) is Literal else ()
        has_bounds = self.minimum is not None or self.maximum is not None
        if has_bounds and self.type is not int and get_origin(self.type) is not dict:
            raise TypeError(f"{self.name}: minimum and maximum bound whole numbers only, not {self.type}")

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Readable, owner: type) -> pulumi.Output[T]: ...
    def __get__(self, instance: Readable | None, owner: type) -> Self | pulumi.Output[T]:
        return self if instance is None else cast("pulumi.Output[T]", instance.read_field(self))

    def __set__(self, instance: Readable, value: pulumi.Input[S]) -> None:
        vars(instance)[self.name] = value


def without_none(hint: Any) -> Any:
    """`int | None` as `int`."""
    members = [member for member in get_args(hint) if member is not type(None)]
    return members[0] if type(None) in get_args(hint) and len(members) == 1 else hint


def path(*, wire: str = "") -> Any:
    """A part of the URL. Required; another value replaces the resource."""
    return Field(Role.PATH, wire=wire)


def selector(*, default: None = None, wire: str = "", identity: bool = False) -> Any:
    """A way to say which of OpenAI's own objects is meant. Another object replaces the resource.

    Args:
        default: `None`: selectors are alternatives, so each may be left out.
        wire: The property's name at OpenAI, where it is another.
        identity: Whether it is the object's id.
    """
    return Field(Role.SELECTOR, default=default, wire=wire, identity=identity)


def argument(
    *,
    default: object = _NOTHING,
    minimum: int | None = None,
    maximum: int | None = None,
    keys: tuple[str, ...] = (),
    replaces: Replaces = Replaces.NEVER,
) -> Any:
    """A property that the program sets and OpenAI keeps; changed in place.

    Args:
        default: `None` where it may be left out: then it is not managed.
        minimum: The least value of a number.
        maximum: The greatest value of a number.
        keys: Where it is a mapping: what its innermost keys may be.
        replaces: When it takes another object.
    """
    return Field(Role.ARGUMENT, default=default, minimum=minimum, maximum=maximum, keys=keys, replaces=replaces)


def output(  # noqa: PLR0913 - a declaration has as many facts as it has
    *,
    init: Literal[False] = False,  # noqa: ARG001 - read by type checkers: no constructor argument
    wire: str = "",
    once: bool = False,
    identity: bool = False,
    hidden: bool = False,
    reveals: tuple[str, ...] = (),
) -> Any:
    """A property that OpenAI gives.

    Args:
        init: Read by type checkers alone: an output is no argument of the constructor.
        wire: Where it stands in the reply, dotted: `api_key.value`.
        once: Only the create reply shows it. Secret, and carried forward for ever.
        identity: Whether it is the object's own id.
        hidden: Whether previews and refreshes leave it out, since most of it never changes.
        reveals: The inputs whose values stand in it, too: where one of them is secret, so is this.
    """
    return Field(Role.OUTPUT, wire=wire, once=once, identity=identity, hidden=hidden, reveals=reveals)


@dataclass(frozen=True)
class Declaration:
    """A resource's fields, in the order of their declaration."""

    fields: Mapping[str, Field[Any, Any]]

    @cached_property
    def inputs(self) -> list[Field[Any, Any]]:
        """What a program sets."""
        return [one for one in self.fields.values() if one.role is not Role.OUTPUT]

    @property
    def secrets(self) -> list[str]:
        """The names of the outputs that are shown once, and are secret."""
        return [one.name for one in self.fields.values() if one.once]

    def hidden(self, secret: Collection[str]) -> set[str]:
        """The names of the outputs that have to be secret where these inputs are; inputs the engine marks itself."""
        return {one.stored for one in self.fields.values() if one.once or not set(one.reveals).isdisjoint(secret)}

    @property
    def identity(self) -> str | None:
        """The name of the field that is the object's own id; None where its path alone says which it is."""
        return next((one.name for one in self.fields.values() if one.identity), None)

    def with_role(self, role: Role) -> list[Field[Any, Any]]:
        """The fields of one role."""
        return [one for one in self.fields.values() if one.role is role]

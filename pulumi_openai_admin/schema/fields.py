"""What a resource's declaration is made of: fields, each with one role.

A field is declared once, on the resource class. Constructor, type hints, wire names, checks,
secrets, replacement, documentation and state are derived from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, cast, get_args, overload

from typing_extensions import Self, TypeVar

from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import Bounds, without_none

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import pulumi

    from pulumi_openai_admin.schema.constraints import Constraint
    from pulumi_openai_admin.schema.shapes import Shape

T = TypeVar("T")
S = TypeVar("S", default=T)

ABSENT = ""
"""What the state holds for a field that OpenAI leaves out.

An output that is absent from the state is *unknown* in every preview, for ever, and so is all that
hangs on it. So something stands there, and the field turns it into `None` when a program reads it.
"""

_NOTHING = object()
_NO_BOUNDS = Bounds()


class Role(Enum):
    """What a field is to its resource."""

    PATH = "path"
    """Part of the URL, so of the identity: another value is another object."""
    SELECTOR = "selector"
    """Says which of the objects that OpenAI made is meant: another one replaces."""
    ARGUMENT = "argument"
    """Sent; changed in place."""
    OPTION = "option"
    """Set by the program and never sent: it tells the provider what to do."""
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
    shape: Shape

    def __init__(  # noqa: PLR0913 - a declaration has as many facts as it has
        self,
        role: Role,
        *,
        default: object = _NOTHING,
        wire: str = "",
        once: bool = False,
        secret: bool = False,
        write_only: bool = False,
        identity: bool = False,
        bounds: Bounds = _NO_BOUNDS,
        unordered: bool = False,
        clears: bool = False,
        replaces: Replaces = Replaces.NEVER,
        hidden: bool = False,
        reveals: tuple[str, ...] = (),
        spelling: Callable[[str], str] = str,
    ) -> None:
        self.role = role
        self.spelling = spelling
        self.hidden = hidden
        if default not in (_NOTHING, None):
            raise TypeError(f"default={default!r}: an input that is left out is not managed, so it can't have a value")
        self.required = default is _NOTHING
        if clears and self.required:
            raise TypeError("clears=True: an input that is required is never left out, so it is never cleared")
        self.wire = wire
        self.once = once
        self.secret = secret
        self.write_only = write_only
        self.identity = identity
        self.bounds = bounds
        self.unordered = unordered
        self.clears = clears
        self.reveals = reveals
        self.replaces = replaces if role in (Role.ARGUMENT, Role.OPTION) else Replaces.WHEN_CHANGED

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.wire = self.wire or name

    @property
    def stored(self) -> str:
        """Its name in the state: Pulumi never displays a property whose name begins with two underscores."""
        return f"__{self.name}" if self.hidden else self.name

    @property
    def is_secret(self) -> bool:
        """Whether its value is secret whatever the program says."""
        return self.once or self.secret

    @property
    def is_readable(self) -> bool:
        """Whether OpenAI shows it at any time."""
        return self.role is not Role.OPTION and not self.once and not self.write_only

    @property
    def choices(self) -> tuple[str, ...]:
        """The only texts that it takes; empty where there are others."""
        return self.shape.choices if isinstance(self.shape, shapes.Text) else ()

    def learn_type(self, hint: Any) -> None:
        """Take the type, and the values it takes, from the annotation `Field[T, S]`."""
        shown, *taken = get_args(hint)
        self.type = without_none(shown)
        # Before Python 3.13 the type parameter itself is in the place of a default.
        self.shape = shapes.of(next((it for it in taken if not isinstance(it, TypeVar)), shown), self.bounds)
        if self.bounds.are_numbers and not shapes.numbers_in(self.shape):
            raise TypeError(f"{self.name}: minimum and maximum bound whole numbers only, not {self.type}")
        if self.unordered and not any(isinstance(part, shapes.Items) for part in shapes.parts(self.shape)):
            raise TypeError(f"{self.name}: only a list can be unordered, not {self.type}")

    def ordered(self, value: Any) -> Any:
        """The value in the one form in which it is compared: the texts of a list whose order means nothing are sorted
        and without duplicates, and a text that can be written in several ways has one spelling.
        """
        if isinstance(value, str):
            return self.spelling(value)
        if not self.unordered or not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return value
        return sorted(set(value))

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Readable, owner: type) -> pulumi.Output[T]: ...
    def __get__(self, instance: Readable | None, owner: type) -> Self | pulumi.Output[T]:
        return self if instance is None else cast("pulumi.Output[T]", instance.read_field(self))

    def __set__(self, instance: Readable, value: pulumi.Input[S]) -> None:
        vars(instance)[self.name] = value


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


def argument(  # noqa: PLR0913 - a declaration has as many facts as it has
    *,
    default: object = _NOTHING,
    wire: str = "",
    minimum: int | None = None,
    maximum: int | None = None,
    must: Constraint | None = None,
    may_be_empty: bool = False,
    empty_means: str = "",
    unordered: bool = False,
    secret: bool = False,
    write_only: bool = False,
    clears: bool = False,
    replaces: Replaces = Replaces.NEVER,
    spelling: Callable[[str], str] = str,
) -> Any:
    """A property that the program sets and OpenAI keeps; changed in place.

    Args:
        default: `None` where it may be left out: then it is not managed.
        wire: Where OpenAI shows it, dotted, if not under its own name; the handler knows what it is sent as.
        minimum: The least value of its numbers.
        maximum: The greatest value of its numbers.
        must: What its texts must be.
        may_be_empty: Whether an empty list or mapping is a value of its own.
        empty_means: What OpenAI takes an empty list for, where it is refused because of that.
        unordered: Whether the order of its texts means nothing.
        secret: Whether it is secret, whatever the program says.
        write_only: Whether OpenAI never shows it: the state keeps what was sent.
        clears: Whether taking it out of the program unsets it at OpenAI (`null`). Else it is no longer managed.
        replaces: When it takes another object.
        spelling: Gives one text for all that mean the same, such as a certificate with other line endings.
    """
    return Field(
        Role.ARGUMENT,
        default=default,
        wire=wire,
        bounds=Bounds(minimum, maximum, must, may_be_empty, empty_means),
        unordered=unordered,
        secret=secret,
        write_only=write_only,
        clears=clears,
        replaces=replaces,
        spelling=spelling,
    )


def option(*, default: object = _NOTHING, replaces: Replaces = Replaces.NEVER) -> Any:
    """A property that the program sets and OpenAI never sees: it tells the provider what to do.

    Args:
        default: `None` where it may be left out.
        replaces: When it takes another object.
    """
    return Field(Role.OPTION, default=default, replaces=replaces)


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
        return [field for field in self.fields.values() if field.role is not Role.OUTPUT]

    @property
    def secrets(self) -> list[str]:
        """The names of the properties that are secret whatever the program says."""
        return [field.name for field in self.fields.values() if field.is_secret]

    def hidden(self, secret: Collection[str]) -> set[str]:
        """The names of the properties that have to be secret where these inputs are; inputs the engine marks itself."""
        fields = self.fields.values()
        return {field.stored for field in fields if field.is_secret or not set(field.reveals).isdisjoint(secret)}

    @property
    def identity(self) -> str | None:
        """The name of the field that is the object's own id; None where its path alone says which it is."""
        return next((field.name for field in self.fields.values() if field.identity), None)

    def with_role(self, role: Role) -> list[Field[Any, Any]]:
        """The fields of one role."""
        return [field for field in self.fields.values() if field.role is role]

"""The fields of a resource's declaration, each with one role.

A field is declared once, on the resource class. The constructor, type hints, wire names, checks, secrets, replacement,
documentation and state derive from it.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypedDict, get_args, overload

from typing_extensions import TypeVar, Unpack

from pulumi_openai_admin.schema import formats, ids, shapes
from pulumi_openai_admin.schema.shapes import (
    UNKNOWN,
    Bounds,
    KeyedList,
    Shape,
    WireForm,
    in_any_order,
    is_unknown,
    without_none,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.schema.constraints import Constraint, Enumeration

T = TypeVar("T")
S = TypeVar("S", default=T)

ABSENT = ""
"""The value of a field that OpenAI omits, in the state of the dynamic provider.

Pulumi treats an output that is missing in the state as *unknown* in every preview, with everything that depends on it.
So the state has this value, and the field gives `None` to the program.
"""

_AUTO_NAMED = "If omitted, the provider generates a name from the logical name, such as `team-1f0a3c9`."
ENDS_AT = "ends_at"
"""The property with the moment of each entry of a list of moments."""
_NOTHING = object()
_NO_BOUNDS = Bounds()
_SAME_FORM = WireForm()


class FieldRole(StrEnum):  # an `Enum` computes its hash in Python, and lists of fields are kept by role
    """The role of a field in its resource."""

    PATH = "path"
    """A part of the URL, and so of the identity: another value replaces the object."""
    SELECTOR = "selector"
    """Selects an object that OpenAI created: another value replaces the resource."""
    ARGUMENT = "argument"
    """Sent to OpenAI; updated in place."""
    OPTION = "option"
    """Set by the program and never sent to OpenAI: it controls the provider."""
    OUTPUT = "output"
    """Only received from OpenAI."""


class WhenRemoved(Enum):
    """What happens to the value of an input when a program that has set the input no longer sets it.

    A value is what the documentation says about it, as a sentence.
    """

    KEPT = "Removing it leaves OpenAI's value as it is."
    CLEARED = "Removing it clears the value."
    RESTORED = "Removing it restores the original value."
    REPLACES = "Removing it replaces the resource."
    DEFAULT = ""
    """The resource is as if the input had never been set. The description of the input says what that means."""


@dataclass(eq=False, repr=False)
class Field(Generic[T, S]):
    """A property of a resource: an Output of `T` that is set with an Input of `S` (`program/fields.py`).

    `S` is `T` by default. For example, `Field[str, str | None]` may be omitted, and its output is never None. The
    dictionaries of facts below describe the attributes.
    """

    role: FieldRole
    default: InitVar[object] = _NOTHING
    wire: str = ""
    bounds: Bounds = _NO_BOUNDS
    shown_once: bool = False
    secret: bool = False
    write_only: bool = False
    identity: bool = False
    renewed_by: str = ""
    unordered: bool = False
    replaces: bool = False
    when_removed: WhenRemoved | None = None
    """None if it is not an input that can be removed."""
    cleared_with: str | None = None
    hidden: bool = False
    reveals: tuple[str, ...] = ()
    normalize: Callable[[str], str] = str
    doubt: Callable[[str], str] | None = None
    wire_form: WireForm = _SAME_FORM
    keyed: KeyedList | None = None
    has_slashes: bool = False
    auto_named: bool = False
    required: bool = field(init=False)
    """Whether the program has to set it."""
    name: str = field(init=False)
    key: str = field(init=False)
    """The name that handlers have for it: of an argument its own, of all else OpenAI's."""
    type: Any = field(init=False)

    def __post_init__(self, default: object) -> None:
        if default not in (_NOTHING, None):
            raise TypeError(f"default={default!r}: an input that is omitted is not managed, so it can't have a default")
        self.required = default is _NOTHING
        if self.auto_named and self.required:
            raise TypeError("auto_named=True: needs default=None, because the program may omit it")
        if self.when_removed and self.required:
            raise TypeError(f"when_removed={self.when_removed.name}: a required input can't be removed")
        if self.cleared_with is not None and self.when_removed is not WhenRemoved.CLEARED:
            raise TypeError(f"cleared_with={self.cleared_with!r}: needs when_removed=WhenRemoved.CLEARED")
        self.unordered = self.unordered or self.keyed is not None
        is_set = self.role in (FieldRole.ARGUMENT, FieldRole.OPTION)
        self.replaces = self.replaces or not is_set
        if is_set and not self.required and self.when_removed is None:
            of_option = WhenRemoved.REPLACES if self.replaces else WhenRemoved.DEFAULT
            self.when_removed = WhenRemoved.KEPT if self.role is FieldRole.ARGUMENT else of_option

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.wire = self.wire or name
        self.key = name if self.role is FieldRole.ARGUMENT else self.wire
        if self.role not in (FieldRole.OPTION, FieldRole.OUTPUT) or self.identity:
            self.bounds = self.bounds._replace(ids_of=self.bounds.ids_of or ids.form_of_field(name))

    @property
    def is_always_set(self) -> bool:
        """Return whether every object has it: the program has to set it, or `check` does."""
        return self.required or self.auto_named

    @property
    def when_omitted(self) -> str:
        """What happens if a program omits or removes it, in sentences for documentation; empty if nothing does."""
        removal = self.when_removed.value if self.when_removed else ""
        return f"{_AUTO_NAMED} {removal}" if self.auto_named else removal

    @cached_property
    def stored(self) -> str:
        """Its name in the state: Pulumi never displays a property whose name begins with two underscores."""
        return f"__{self.name}" if self.hidden else self.name

    @property
    def is_secret(self) -> bool:
        """Return whether its value is always secret."""
        return self.shown_once or self.secret

    def bind_annotation(self, hint: Any) -> None:
        """Set the types of its values from the annotation `Field[T, S]`."""
        shown, *accepted = get_args(hint)
        self.type = without_none(shown)
        # Before Python 3.13, the type parameter itself is in the place of its default.
        self._accepted = next((type_ for type_ in accepted if not isinstance(type_, TypeVar)), shown)

    @cached_property
    def shape(self) -> Shape:
        """The shape of the values that it accepts. It is made when it is needed: most programs use few resources.

        Raises:
            TypeError: The conditions of the field do not fit its type.
        """
        shape = shapes.of(self._accepted, self.bounds)
        parts, is_bounded = shapes.parts(shape), (self.bounds.minimum, self.bounds.maximum) != (None, None)
        if is_bounded and not any(isinstance(part, shapes.Number) for part in parts):
            raise TypeError(f"{self.name}: minimum and maximum bound whole numbers only, not {self.type}")
        described = self.bounds.choices.texts if self.bounds.choices else {}
        texts = [part for part in parts if isinstance(part, shapes.Text)]
        choices = {choice for text in texts for choice in (*text.choices, *text.suggested)}
        if self.role is not FieldRole.OUTPUT and (wrong := choices ^ described.keys()):
            # From these the SDKs make their types.
            raise TypeError(f"{self.name}: Literal[…] and choices=Enumeration(…) differ in {', '.join(sorted(wrong))}")
        if self.unordered and not any(isinstance(part, shapes.Items) for part in parts):
            raise TypeError(f"{self.name}: only a list can be unordered, not {self.type}")
        return shape

    def normalized(self, value: Any) -> Any:
        """The value with one spelling of a text that can be written in several ways, and of keys."""
        if self.keyed is not None and isinstance(value, list):
            return self.keyed.normalized(value, self.normalize)
        if isinstance(value, str):
            return self.normalize(value)
        if isinstance(value, dict):
            found = {self.normalize(key): item for key, item in value.items()}
            return found if len(found) == len(value) else value  # else `check` refuses it
        return value

    def ordered(self, value: Any) -> Any:
        """The value in the form for comparison: `normalized`, with the items of unordered lists sorted, each once."""
        value = self.normalized(value)
        if self.keyed is not None and isinstance(value, list):
            return self.keyed.ordered(value)
        return in_any_order(value) if self.unordered and isinstance(value, list) else value

    def to_handler(self, value: Any) -> Any:
        """The value of a program or of the state as handlers have it: in OpenAI's form, or as a mapping by its keys."""
        return self.wire_form.to_openai(value) if self.keyed is None else self.keyed.mapping(value)

    def from_handler(self, value: Any) -> Any:
        """The value of a handler as programs and the state have it; see `to_handler`."""
        return self.wire_form.from_openai(value) if self.keyed is None else self.keyed.entries(value)

    def kept(self, value: Any, left: Any) -> Any:
        """A list without the entries that handlers have removed from its mapping.

        Args:
            left: The mapping, with what is left of it.
        """
        if self.keyed is None or not isinstance(value, list):
            return left
        return [entry for entry, key in zip(value, self.keyed.keys_of(value), strict=True) if key in {*left, UNKNOWN}]

    def names_in(self, value: Any) -> list[str] | None:
        """What a list names: its keys, or its strings; None if the value is no list, or a part of that is unknown."""
        if not isinstance(value, list):
            return None
        names = value if self.keyed is None else self.keyed.keys_of(value)
        return None if is_unknown(names) else names

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Any: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else instance.read_field(self)

    def __set__(self, instance: object, value: Any) -> None:
        vars(instance)[self.name] = value


class PathFacts(TypedDict, total=False):
    """What a declaration may say of a part of the URL."""

    wire: str
    """The property's name at OpenAI, if it differs. Of an argument, its dotted name in OpenAI's responses; `sent_as` of
    the handler has the name in requests, if that is another one."""
    constraint: Constraint | None
    """The condition on its strings: `Length(1, 255)`, or a pattern of `schema/constraints.py`."""
    ids_of: ids.IdForm | None
    """The form of its ids, if that is not the form that its name says (`schema/ids.py`)."""
    normalize: Callable[[str], str]
    """Gives the same string for equivalent strings, such as an address in upper and in lower case. Of a mapping, or a
    list with `keyed`, for its keys."""
    has_slashes: bool
    """Whether it may contain slashes. It is the only part then, and an id behind it contains none."""


class InputFacts(TypedDict, total=False):
    """What a declaration may say of an input, whether it is sent to OpenAI or not; see also `PathFacts`."""

    constraint: Constraint | None
    ids_of: ids.IdForm | None
    normalize: Callable[[str], str]
    minimum: int | None
    """The minimum of its numbers."""
    maximum: int | None
    """The maximum of its numbers."""
    unit: str
    """What its numbers count."""
    choices: Enumeration | None
    """The descriptions of the strings of its `Literal`."""
    may_be_empty: bool
    """Whether an empty list or mapping is valid."""
    secret: bool
    """Whether it is always secret."""
    replaces: bool
    """Whether another value replaces the object, because it can't be changed in place."""
    when_removed: WhenRemoved | None
    """What its removal from the program does, if it may be omitted: `KEPT` by default, of a setting or a member that
    exists before the resource `RESTORED`, of an option `DEFAULT`, or `REPLACES` if it replaces the object."""
    keyed: KeyedList | None
    """Which properties of the entries of its list are their keys and values, if handlers have a mapping."""


class ArgumentFacts(InputFacts, total=False):
    """What a declaration may say of an argument."""

    wire: str
    keys: Constraint | None
    """The condition on the keys of a mapping."""
    empty_means: str
    """What an empty list means to OpenAI, if it is refused for that reason."""
    unordered: bool
    """Whether the order of its strings has no meaning."""
    write_only: bool
    """Whether OpenAI never shows it: the state keeps the value that was sent."""
    cleared_with: str | None
    """The value that clears it at OpenAI, if that is not null but, for example, an empty text. An object that OpenAI
    shows with this value, or without the property, has none."""
    doubt: Callable[[str], str] | None
    """Gives what may be wrong with one text of its list, for a warning; empty if nothing is."""
    wire_form: WireForm
    """How OpenAI writes its values, if that differs. Handlers have the values as OpenAI writes them."""
    auto_named: bool
    """Whether it is the name of an object, and OpenAI requires one: if the program omits it, it is made from the
    resource's name (`lifecycle/check.py`)."""


def _field(role: FieldRole, facts: Mapping[str, Any], default: object = _NOTHING) -> Any:
    bounds = {name: value for name, value in facts.items() if name in Bounds._fields}
    others = {name: value for name, value in facts.items() if name not in bounds}
    return Field(role, default, bounds=Bounds(**bounds), **others)


def path(**facts: Unpack[PathFacts]) -> Any:
    """A part of the URL. It is required, and another value replaces the resource."""
    return _field(FieldRole.PATH, facts)


def selector(
    *, default: None = None, wire: str = "", identity: bool = False, normalize: Callable[[str], str] = str
) -> Any:
    """Selects an object that OpenAI created. Another value replaces the resource.

    Args:
        default: `None`: selectors are alternatives, so each of them may be omitted.
        wire: See `PathFacts`.
        identity: Whether it is the object's id.
        normalize: See `PathFacts`.
    """
    return Field(FieldRole.SELECTOR, default, wire, identity=identity, normalize=normalize)


def argument(*, default: object = _NOTHING, **facts: Unpack[ArgumentFacts]) -> Any:
    """A property that the program sets and OpenAI stores; updated in place.

    Args:
        default: `None` if it may be omitted: then it is not managed.
        facts: What the declaration says of it.
    """
    return _field(FieldRole.ARGUMENT, facts, default)


def option(*, default: object = _NOTHING, **facts: Unpack[InputFacts]) -> Any:
    """A property that the program sets and that is never sent to OpenAI: it controls the provider.

    Args:
        default: `None` if it may be omitted.
        facts: What the declaration says of it.
    """
    return _field(FieldRole.OPTION, facts, default)


def moment(
    *, default: None, of: tuple[str, ...] = (), ids_of: ids.IdForm | None = None, normalize: Callable[[str], str] = str
) -> Any:
    """An option that is a moment (`schema/formats.py`), or a list of entries with `ends_at`. It may be omitted.

    Args:
        default: `None`, for type checkers.
        of: Of a list, the properties of which each entry has exactly one: what ends.
        ids_of: The form of the ids in a list, if that is not the form that their names say.
        normalize: Of a list, gives the same text for equivalent keys.
    """
    return option(
        default=default,
        minimum=formats.EARLIEST,
        maximum=formats.LATEST,
        unit="seconds since 1970",
        constraint=formats.MOMENT,
        may_be_empty=bool(of),
        ids_of=ids_of,
        normalize=normalize,
        keyed=KeyedList(of, ENDS_AT) if of else None,
    )


class OutputFacts(TypedDict, total=False):
    """What a declaration may say of an output."""

    wire: str
    """Its dotted name in the response: `api_key.value`."""
    shown_once: bool
    """Whether only the response to the creation shows it. It is secret, and later updates keep it in the state."""
    identity: bool
    """Whether it is the object's own id."""
    renewed_by: str
    """The option with which an update may put another object in the place of this one. The Pulumi id keeps the id of
    the first object, and the state has the id of the current one."""
    hidden: bool
    """Whether previews and refreshes omit it, because most of it never changes."""
    reveals: tuple[str, ...]
    """The inputs whose values it contains: if one of them is secret, it is secret too."""
    keyed: KeyedList | None


def output(*, init: Literal[False] = False, **facts: Unpack[OutputFacts]) -> Any:  # noqa: ARG001 - for type checkers
    """A property that OpenAI sets. To type checkers, it is not an argument of the constructor."""
    return _field(FieldRole.OUTPUT, facts)


@dataclass(eq=False, repr=False)
class Declaration:
    """The fields of a resource, in the order of their declaration."""

    fields: Mapping[str, Field[Any, Any]]
    kind: str = ""
    """The name of the resource's class: "ProjectServiceAccount"."""

    @cached_property
    def inputs(self) -> list[Field[Any, Any]]:
        """The fields that a program sets."""
        return [field for field in self.fields.values() if field.role is not FieldRole.OUTPUT]

    @cached_property
    def attributes(self) -> list[Field[Any, Any]]:
        """The fields that OpenAI's object has, without those that only its path has."""
        own = {FieldRole.SELECTOR, FieldRole.ARGUMENT, FieldRole.OUTPUT}
        return [field for field in self.fields.values() if field.role in own]

    @property
    def secrets(self) -> list[str]:
        """The names of the properties that are always secret."""
        return [field.name for field in self.fields.values() if field.is_secret]

    def hidden(self, secret: Collection[str]) -> set[str]:
        """The names of the properties that are secret if these inputs are. The engine marks the inputs itself."""
        fields = self.fields.values()
        return {field.stored for field in fields if field.is_secret or not set(field.reveals).isdisjoint(secret)}

    @cached_property
    def identity(self) -> str | None:
        """The name of the field that is the object's own id; None if its path alone identifies it."""
        return next((field.name for field in self.fields.values() if field.identity), None)

    @cached_property
    def renewable(self) -> str | None:
        """The name of the field that is the own id of an object in whose place an update may put another; None if there
        is none.
        """
        return next((field.name for field in self.fields.values() if field.renewed_by), None)

    @property
    def settable(self) -> tuple[str, ...]:
        """The arguments that are changed in place."""
        return tuple(field.name for field in self.with_role(FieldRole.ARGUMENT) if not field.replaces)

    @property
    def wire_names(self) -> dict[str, str]:
        """The arguments that OpenAI names differently, with the dotted name in its responses."""
        return {field.name: field.wire for field in self.with_role(FieldRole.ARGUMENT) if field.name != field.wire}

    def with_role(self, role: FieldRole) -> list[Field[Any, Any]]:
        """The fields of one role."""
        return self._by_role[role]

    @cached_property
    def _by_role(self) -> dict[FieldRole, list[Field[Any, Any]]]:
        return {role: [field for field in self.fields.values() if field.role is role] for role in FieldRole}

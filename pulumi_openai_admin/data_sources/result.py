"""Results of provider functions: frozen dataclasses that derive from a declaration."""

from __future__ import annotations

import dataclasses
import inspect
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pulumi

from pulumi_openai_admin import errors
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.program.provider import PUBLIC_MODULE
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import WireForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.schema.shapes import Shape


class LookUpError(errors.AdminError, pulumi.RunError):
    """A provider function failed; `__cause__` is the error that caused it, if there is one.

    It is also a `pulumi.RunError`, so the program ends with its message and without a traceback.
    """

    def __str__(self) -> str:
        return self.in_words(PULUMI)


_SAME_FORM = WireForm()
_DECLARED = "declared"
"""In a field's metadata: its `Shown`."""


@dataclasses.dataclass(frozen=True)
class Shown:
    """One field of a result."""

    name: str
    prose: str
    type: Any
    is_optional: bool = False
    """Whether OpenAI may omit it."""
    wire: str = ""
    """Its dotted name in OpenAI's response, such as `owner.type`; empty for the same name."""
    key: str = ""
    """Its dotted name in what the handler makes of the response; empty for OpenAI's."""
    item: type[Any] | None = None
    """What a list has, where that is a result, too."""
    form: WireForm = _SAME_FORM
    """How OpenAI writes its values."""
    own_shape: Shape | None = None
    """The shape of its values, if its type does not say it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "wire", self.wire or self.name)
        object.__setattr__(self, "key", self.key or self.wire)

    @property
    def shape(self) -> Shape:
        """The shape of its values; any of a list of results."""
        return self.own_shape or (shapes.AnyValue() if self.item else shapes.of(self.type, shapes.Bounds()))


def declared(field: dataclasses.Field[Any]) -> Shown:
    """What the field of a result shows."""
    found: Shown = field.metadata[_DECLARED]
    return found


def computed(kind: type[Any]) -> dict[str, Any]:
    """The properties of a result, which it computes from its fields."""
    return dict(inspect.getmembers(kind, lambda member: isinstance(member, property)))


class _OnDemand:
    """An attribute of a result that completes the class when something reads it first."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, _instance: object, owner: type[Result]) -> Any:
        owner._complete()  # noqa: SLF001 - this is a part of the class
        return getattr(owner, self._name)


class Result:
    """What a provider function gives: a frozen dataclass with keyword-only fields.

    Its fields and its docstring derive from a declaration when they are first needed. `import *` loads all results, a
    program uses few of them, and a dataclass takes most of a millisecond.
    """

    _declare: ClassVar[Callable[[], tuple[str, Iterable[Shown]]]]
    """Gives what a result is, in words, and its fields."""
    _is_complete: ClassVar[bool] = False
    _lock: ClassVar[RLock] = RLock()
    """Provider functions run in several threads."""

    def __new__(cls, **_values: Any) -> Self:
        """Complete the class before its first object."""
        if not cls._is_complete:
            cls._complete()
        return super().__new__(cls)

    @classmethod
    def _complete(cls) -> None:
        with cls._lock:
            if cls._is_complete:
                return
            about, shown_fields = cls._declare()
            fields = list(shown_fields)
            attributes = "\n".join(f"    {field.name}: {field.prose}" for field in fields)
            cls.__doc__ = f"{about}\n\nAttributes:\n{attributes}\n"
            cls.__annotations__ = {
                field.name: field.type | None if field.is_optional else field.type for field in fields
            }
            for field in fields:
                setattr(cls, field.name, dataclasses.field(metadata={_DECLARED: field}))
            dataclasses.dataclass(frozen=True, kw_only=True)(cls)
            cls._is_complete = True


def result_class(name: str, base: type, declare: Callable[[], tuple[str, Iterable[Shown]]]) -> type[Any]:
    """The class of a result, whose additional properties are those of a base class.

    `declare` gives what a result is, in words, and its fields.
    """
    own = {"_declare": staticmethod(declare), "__doc__": _OnDemand(), "__dataclass_fields__": _OnDemand()}
    return type(name, (base, Result) if base is not object else (Result,), {**own, "__module__": PUBLIC_MODULE})


def from_wire(kind: type[Any], document: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """A result, from an object as OpenAI shows it and from what is known without it, such as the ids in its path.

    An object that lacks a documented property is refused.
    """
    values = {}
    for field in map(declared, dataclasses.fields(kind)):
        value = known.get(field.name, field.form.from_openai(documents.get(document, field.key)))
        if value is None and not field.is_optional:
            name = " ".join(str(document[key]) for key in ("object", "id") if document.get(key)) or "object"
            what = f"OpenAI shows the {name} without its {field.wire}"
            raise errors.InvalidResponseError(what, errors.UNDOCUMENTED_ADVICE)
        if isinstance(value, str | int) and field.type is float:
            try:
                value = float(value)  # an amount, which OpenAI shows as a number or as a text
            except ValueError as error:
                what = f"OpenAI shows {value!r} as the {field.name} of a {kind.__name__}"
                raise errors.InvalidResponseError(what, errors.UNDOCUMENTED_ADVICE) from error
        values[field.name] = value
    return kind(**values)

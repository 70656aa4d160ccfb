"""Results of provider functions: frozen dataclasses that derive from a declaration."""

from __future__ import annotations

import dataclasses
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_origin

import pulumi

from pulumi_openai_admin import errors
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.program.provider import PUBLIC_MODULE
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import WireForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.schema.fields import Field
    from pulumi_openai_admin.schema.shapes import Shape


class LookUpError(errors.AdminError, pulumi.RunError):
    """A provider function failed; `__cause__` is the error that caused it, if there is one.

    It is also a `pulumi.RunError`, so the program ends with its message and without a traceback.
    """

    def __str__(self) -> str:
        return self.in_words(PULUMI)


_SAME_FORM = WireForm()
_WIRE = "wire"
"""In a field's metadata: its dotted name in OpenAI's response: `owner.type`."""
FORM = "form"
"""In a field's metadata: how OpenAI writes its values."""
SHAPE = "shape"
"""In a field's metadata: the shape of its values; None of a list of results."""
_IS_OPTIONAL = "is optional"
"""In a field's metadata: whether it may be None."""
ITEM = "item"
"""In a field's metadata: the class of what its list has; None of other fields."""
PROSE = "prose"
"""In a field's metadata: its description."""


@dataclasses.dataclass(frozen=True)
class Shown:
    """One field of a result."""

    name: str
    wire: str
    type: Any
    is_optional: bool
    prose: str
    item: type[Any] | None = None
    """What a list has, where that is a result, too."""
    form: WireForm = _SAME_FORM
    """How OpenAI writes its values."""
    shape: Shape | None = None
    """The shape of its values, if its type does not say it."""


def shown(field: Field[Any, Any], *, wire: str, is_optional: bool, prose: str) -> Shown:
    """The field of a result for a field of a declaration."""
    # OpenAI may add values, and results are not validated.
    kind = str if get_origin(field.type) is Literal else field.type
    return Shown(field.name, wire, kind, is_optional, prose, form=field.wire_form, shape=field.shape)


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
            about, declared = cls._declare()
            fields = list(declared)
            attributes = "\n".join(f"    {field.name}: {field.prose}" for field in fields)
            cls.__doc__ = f"{about}\n\nAttributes:\n{attributes}\n"
            cls.__annotations__ = {
                field.name: field.type | None if field.is_optional else field.type for field in fields
            }
            for field in fields:
                setattr(cls, field.name, dataclasses.field(metadata=_metadata(field)))
            dataclasses.dataclass(frozen=True, kw_only=True)(cls)
            cls._is_complete = True


def _metadata(field: Shown) -> dict[str, Any]:
    return {
        _WIRE: field.wire,
        _IS_OPTIONAL: field.is_optional,
        PROSE: field.prose,
        ITEM: field.item,
        FORM: field.form,
        SHAPE: field.shape or (None if field.item else shapes.of(field.type, shapes.Bounds())),
    }


def result_class(name: str, base: type, declare: Callable[[], tuple[str, Iterable[Shown]]]) -> type[Any]:
    """The class of a result.

    Args:
        name: Its name.
        base: Has additional properties.
        declare: Gives what a result is, in words, and its fields.
    """
    own = {"_declare": staticmethod(declare), "__doc__": _OnDemand(), "__dataclass_fields__": _OnDemand()}
    return type(name, (base, Result) if base is not object else (Result,), {**own, "__module__": PUBLIC_MODULE})


def from_wire(kind: type[Any], document: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """A result, from an object as OpenAI shows it and from what is known without it, such as the ids in its path.

    Raises:
        errors.InvalidResponseError: The object lacks a documented property.
    """
    values = {}
    for field in dataclasses.fields(kind):
        wire = field.metadata[_WIRE]
        values[field.name] = known.get(field.name, field.metadata[FORM].from_openai(documents.get(document, wire)))
        if values[field.name] is None and not field.metadata[_IS_OPTIONAL]:
            name = " ".join(str(document[key]) for key in ("object", "id") if document.get(key)) or "object"
            what = f"OpenAI shows the {name} without its {wire}"
            raise errors.InvalidResponseError(
                what, "Run the command again. If this happens again, update pulumi-openai-admin."
            )
        if isinstance(values[field.name], str | int) and field.type in (float, float | None):
            values[field.name] = _number(kind, field.name, values[field.name])
    return kind(**values)


def _number(kind: type[Any], name: str, value: str | int) -> float:
    """An amount, which OpenAI shows as a number or as a text."""
    try:
        return float(value)
    except ValueError as error:
        what = f"OpenAI shows {value!r} as the {name} of a {kind.__name__}"
        raise errors.InvalidResponseError(
            what, "Run the command again. If this happens again, update pulumi-openai-admin."
        ) from error

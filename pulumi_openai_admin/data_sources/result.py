"""Results of provider functions: frozen dataclasses that derive from a declaration."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Literal, get_origin

import pulumi

from pulumi_openai_admin import errors
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.program.provider import PUBLIC_MODULE
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import SameForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.schema.fields import Field
    from pulumi_openai_admin.schema.shapes import Shape, WireForm


class LookUpError(errors.AdminError, pulumi.RunError):
    """A provider function failed; `__cause__` is the error that caused it, if there is one.

    It is also a `pulumi.RunError`, so the program ends with its message and without a traceback.
    """

    def __str__(self) -> str:
        return self.in_words(PULUMI)


_SAME_FORM = SameForm()
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


def result_class(name: str, doc: str, shown_fields: Iterable[Shown], base: type) -> type[Any]:
    """A frozen dataclass with keyword-only fields."""
    declared = list(shown_fields)
    attributes = "\n".join(f"    {field.name}: {field.prose}" for field in declared)
    created = dataclasses.make_dataclass(
        name,
        [
            (
                field.name,
                field.type | None if field.is_optional else field.type,
                dataclasses.field(
                    metadata={
                        _WIRE: field.wire,
                        _IS_OPTIONAL: field.is_optional,
                        PROSE: field.prose,
                        ITEM: field.item,
                        FORM: field.form,
                        SHAPE: field.shape or (None if field.item else shapes.of(field.type, shapes.Bounds())),
                    }
                ),
            )
            for field in declared
        ],
        bases=(base,),
        namespace={"__doc__": f"{doc}\n\nAttributes:\n{attributes}\n"},
        frozen=True,
        kw_only=True,
    )
    created.__module__ = PUBLIC_MODULE
    return created


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

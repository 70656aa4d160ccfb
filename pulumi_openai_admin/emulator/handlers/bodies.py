"""What the operations read: bodies, which refuse what they do not know, and query strings, which ignore it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, Union, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from pulumi_openai_admin.emulator.handlers.behavior import LONGEST_LIFETIME

Lifetime = Annotated[int, Field(ge=1, le=LONGEST_LIFETIME)]
Name = Annotated[str, Field(min_length=1)]


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


def body(schema: str, base: type[Body] = Body, /, **properties: Any) -> type[Body]:
    """Make the schema of a body, by the name that OpenAI gives it.

    A property has its type, and if it may be omitted, its default: `name=Name, description=(str, "")`.
    """
    fields: dict[str, Any] = {
        name: given if isinstance(given, tuple) else (given, ...) for name, given in properties.items()
    }
    return create_model(schema, __base__=base, **fields)


def optional(kind: Any) -> tuple[Any, None]:
    """Make a property that may be omitted or null."""
    return kind | None, None


def changes(schema: str, base: type[Body] = Body, /, **properties: Any) -> type[Body]:
    """Make the schema of an update, which may omit each of its properties. They have types, and no defaults.

    `base`: `SomeChange`, if an update of nothing is refused.
    """
    return body(schema, base, **{name: (kind, None) for name, kind in properties.items()})


def one_of(tag: str, /, **forms: Mapping[str, Any]) -> Any:
    """Make the type of a property whose objects have several forms: the property `tag` has the name of the form."""
    made = tuple(body(form, **{tag: Literal[form], **properties}) for form, properties in forms.items())
    return Annotated[Union[made], Field(discriminator=tag)]  # noqa: UP007 - made at run time


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

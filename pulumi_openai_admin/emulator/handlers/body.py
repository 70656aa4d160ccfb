"""What a call may carry: request bodies and query strings, each field checked as OpenAI checks it.

Types of a body are strict (no `1.0`, no `true`, no `"1"` for an integer), unknown fields are refused, and a null is
refused where the specification does not allow one. A query string is text: numbers are read from it, and what is
unknown there is ignored.

A schema is built when the first call needs it (`defer_build`): all of them together take most of a start.
"""

from __future__ import annotations

from typing import Annotated, Any, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field

from pulumi_openai_admin.emulator.handlers.world import LONGEST_LIFETIME

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

    def need_one(self) -> None:
        """Refuse an empty object."""
        if not self.model_fields_set:
            raise ValueError("Invalid body: at least one parameter must be given.")


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

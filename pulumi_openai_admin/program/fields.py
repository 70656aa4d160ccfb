"""The fields of a declaration, as a program reads them: the value of a field of a resource is an `Output`.

`schema/fields.py` has them without Pulumi. At run time both are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from pulumi_openai_admin.schema import fields
from pulumi_openai_admin.schema.fields import WhenRemoved, argument, moment, option, output, path, selector

__all__ = ["Field", "WhenRemoved", "argument", "moment", "option", "output", "path", "selector"]

if TYPE_CHECKING:
    from typing import Self

    import pulumi

    from pulumi_openai_admin.schema.fields import Readable, S, T

    class Field(fields.Field[T, S]):
        """A property of a resource: an `Output[T]` that is set with an `Input[S]`; see `schema/fields.py`."""

        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(self, instance: Readable, owner: type) -> pulumi.Output[T]: ...
        def __get__(self, instance: Readable | None, owner: type) -> Self | pulumi.Output[T]: ...

        def __set__(self, instance: Readable, value: pulumi.Input[S]) -> None: ...

else:
    Field = fields.Field

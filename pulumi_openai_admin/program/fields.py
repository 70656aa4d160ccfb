"""The fields of a declaration, as a program reads them, and the types of inputs that several resources have.

The value of a field of a resource is an `Output`. `schema/fields.py` has the fields without Pulumi; at run time, both
are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, overload

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.program.provider import PUBLIC_MODULE
from pulumi_openai_admin.schema import fields
from pulumi_openai_admin.schema.fields import WhenRemoved, argument, moment, option, output, path, selector

__all__ = ["Field", "RoleAssignmentEnd", "WhenRemoved", "argument", "moment", "option", "output", "path", "selector"]

if TYPE_CHECKING:
    from typing import Self

    from pulumi_openai_admin.schema.fields import S, T

    class Field(fields.Field[T, S]):
        """A property of a resource: an `Output[T]` that is set with an `Input[S]`; see `schema/fields.py`."""

        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type) -> pulumi.Output[T]: ...
        def __get__(self, instance: object, owner: type) -> Self | pulumi.Output[T]: ...

        def __set__(self, instance: object, value: pulumi.Input[S]) -> None: ...

else:
    Field = fields.Field


class RoleAssignmentEnd(TypedDict):
    """When the assignment of a role ends."""

    role_id: pulumi.Input[str]
    """The role (`role_…`), or the alias of a predefined one."""
    ends_at: pulumi.Input[str | int]
    """A date (`2026-12-31`, the end of that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or seconds
    since 1970."""


RoleAssignmentEnd.__module__ = PUBLIC_MODULE

"""When assignments of roles end: an item of the input `until` of every resource with the roles of one holder."""

from __future__ import annotations

from typing import TypedDict

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.program.provider import PUBLIC_MODULE


class RoleAssignmentEnd(TypedDict):
    """When the assignment of a role ends."""

    role_id: pulumi.Input[str]
    """The role (`role_…`), or the alias of a predefined one."""
    ends_at: pulumi.Input[str | int]
    """A date (`2026-12-31`, the end of that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or seconds
    since 1970."""


RoleAssignmentEnd.__module__ = PUBLIC_MODULE

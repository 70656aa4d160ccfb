"""The users of a project, under one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - its annotations are read at run time
from typing import TypedDict, final

import pulumi  # noqa: TC002 - the same
from typing_extensions import Required

from pulumi_openai_admin.handlers.kinds.project_users import spelled
from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
from pulumi_openai_admin.program.provider_reference import PUBLIC_MODULE
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.project_user import ProjectUser
from pulumi_openai_admin.schema.constraints import PERSON
from pulumi_openai_admin.schema.fields import Field, argument, moment, option, output, path
from pulumi_openai_admin.schema.list_form import ListForm
from pulumi_openai_admin.schema.rules import KeysAmong


class ProjectMember(TypedDict, total=False):
    """A user of a project: one of `user_id` and `email`, and the role."""

    user_id: pulumi.Input[str]
    """The user (`user-…`)."""
    email: pulumi.Input[str]
    """The user's address."""
    role: Required[pulumi.Input[str]]
    """`owner`, `member` or `viewer`."""


ProjectMember.__module__ = PUBLIC_MODULE


@final
class ProjectMembers(AdminResource):
    """Users of a project, each with a role: some of them, or exactly these.

    A user who leaves the program leaves the project, whoever added the user. Destroying the resource removes the users
    that the program names. A user who was in the project before stays, unless the set was imported, and gets back the
    role from before the first change.

    Its id is `<project_id>`.

    Raises:
        PartialUpdateError: Some users could not be added, changed or removed. What was done is kept.
        NoMatchError: A user is not in the organization, and was no member before. If an address names nobody, nothing
            is changed.
        ConfigurationError: The id and the address of one user are both named.
        ProjectArchivedError: Nothing can be changed in an archived project.

    Source: GET and POST /organization/projects/{project_id}/users, POST and DELETE …/{user_id}, and GET
    /organization/users for addresses (operations `list-project-users`, `create-project-user`, `modify-project-user`,
    `delete-project-user`, `list-users`).
    """

    handler = MemberSet(ProjectUser.handler, members="members", value="role", ids_output="user_ids")
    rules = (KeysAmong("until", "members"),)

    project_id: Field[str] = path()
    """The project (`proj_…`). Another project replaces the resource."""
    members: Field[dict[str, str], Mapping[str, pulumi.Input[str]] | Sequence[ProjectMember]] = argument(
        keys=PERSON,
        normalize=spelled,
        may_be_empty=True,
        list_form=ListForm({"user_id": "user.user_id", "email": "user.email"}, "role"),
    )
    """By address or id (`user-…`) the role in the project: `owner`, `member` or `viewer`. Or a list of mappings with
    `user_id` or `email`, and `role`, whose ids may be those of other resources. As an output, a mapping. Upper and
    lower case of an address mean the same. Changed in place: a user who is taken out is removed, whoever added the
    user."""
    exclusive: Field[bool | None] = option(default=None)
    """Whether users that the program does not name are removed from the project. A preview names them before. Without
    it, they are not managed."""
    until: Field[dict[str, str | int], Mapping[str, pulumi.Input[str | int]] | None] = moment(
        default=None, may_be_empty=True, normalize=spelled
    )
    """When the access of single users ends, by address or id, as `members` has it. A date (`2026-12-31`, the end of
    that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that
    removes the user from the project, whoever added the user. A new time has to be in the future. Changed in place."""
    user_ids: Field[dict[str, str]] = output(hidden=True, reveals=("members",))
    """The ids of the users, by the name that `members` has for each. Previews do not display them."""

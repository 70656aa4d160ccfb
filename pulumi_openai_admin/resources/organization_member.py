"""People of the organization, from the invite on."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.organization_members import OrganizationMembers
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.organization_user import OrganizationUser
from pulumi_openai_admin.resources.project_user import ProjectUser
from pulumi_openai_admin.schema.constraints import EMAIL_IN_ID
from pulumi_openai_admin.schema.fields import Field, argument, option, output, path


@final
class OrganizationMember(AdminResource):
    """One person. Sends an invite, and waits for nobody: once it is accepted, the next refresh finds the user.

    Roles are changed in place: of a user at once, and of a person who is invited by another invite. An invite that has
    expired is sent again by the next `pulumi up` after a refresh. A person who is in the organization already is not
    invited.

    Destroying the resource withdraws the invite. A user stays in the organization, unless `remove_on_destroy` is True;
    one who was there before the resource gets back the roles from before the first change.

    Its id is `<email>`.

    Raises:
        BadRequestError: OpenAI refuses the invite or the change; the last owner can be neither changed nor removed.
        ResponseLostError: It can't be told what a lost reply made; the message names all that may exist.
        ParentNotFoundError: The key may be another organization's: it does not show the project of the organization
            that the state records. The resource stays in the state.

    Source: GET and POST /organization/invites, DELETE …/{invite_id}, GET /organization/users, POST and DELETE
    …/{user_id}, GET and POST /organization/projects/{project_id}/users, POST and DELETE …/{user_id} (operations
    `list-invites`, `inviteUser`, `delete-invite`, `list-users`, `modify-user`, `delete-user`, `list-project-users`,
    `create-project-user`, `modify-project-user`, `delete-project-user`).
    """

    handler = OrganizationMembers(OrganizationUser.handler, ProjectUser.handler)

    email: Field[str] = path(must=EMAIL_IN_ID, spelling=str.lower)
    """The person's address, in lower case, however the program spells it. Another address replaces the resource."""
    role: Field[str, Literal["owner", "reader"]] = argument()
    """The role in the organization. Changed in place."""
    projects: Field[dict[str, str], dict[str, Literal["member", "owner"]] | None] = argument(
        default=None, may_be_empty=True
    )
    """By project (`proj_…`) the role that the person has there. A person leaves a project that is taken out, whoever
    gave the access. Other projects are not managed. Left out, an invite is to the default project, as OpenAI has it;
    with `{}` it is to none. Changed in place."""
    remove_on_destroy: Field[bool | None] = option(default=None)
    """Whether destroy removes the user from the organization, and with that from all its projects and groups."""
    status: Field[str] = output()
    """`invited`, `expired` (the invite), or `member`."""
    invite_id: Field[str | None] = output()
    """The invite (`invite-…`); `None` if the person was in the organization already."""
    user_id: Field[str | None] = output()
    """The user (`user-…`); `None` until the invite is accepted."""
    expires_at: Field[int | None] = output()
    """When the invite expires, in seconds since 1970 (UTC); `None` of a member."""

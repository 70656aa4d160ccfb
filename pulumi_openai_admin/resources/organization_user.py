"""Users of the organization."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.kinds.users import OrganizationUsers
from pulumi_openai_admin.program.fields import Field, argument, option, output, selector
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import ORGANIZATION_ROLE
from pulumi_openai_admin.schema.rules import AnyArgument, ExactlyOneSelector


@final
class OrganizationUser(AdminResource):
    """The role and the metadata of a user who is in the organization. Set exactly one of `user_id` and `email`.

    Only properties that the program sets are managed. Destroying the resource restores the values from before the first
    change. A removal never raises a role: `role` is restored only if it was lower, and otherwise stays with a warning.
    The user stays in the organization, unless `remove_on_destroy` is `True`.

    The resource ID is `<user_id>`.

    Raises:
        NoMatchError: The user is not in the organization: invite the person first.
        ConfigurationError: The user is a service account.
        BadRequestError: OpenAI rejects the change. The last owner can be neither changed nor removed.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.
    """

    handler = OrganizationUsers("/organization/users")
    rules = (ExactlyOneSelector(), AnyArgument())

    user_id: Field[str, str | None] = selector(default=None, wire="id", identity=True)
    """The user (`user-…`). Set this or `email`."""
    email: Field[str | None] = selector(default=None, normalize=str.lower)
    """The user's address, in lower case. The program may use any case. Set this or `user_id`."""
    role: Field[str, Literal["owner", "reader"] | None] = argument(default=None, choices=ORGANIZATION_ROLE)
    """The role in the organization."""
    technical_level: Field[str | None] = argument(default=None)
    """The user's technical level."""
    developer_persona: Field[str | None] = argument(default=None)
    """The user's kind of developer work."""
    remove_on_destroy: Field[bool | None] = option(default=None)
    """Whether destroy removes the user from the organization, and so from all its projects and groups. While another
    resource of the program names the user, the removal fails and the state keeps this resource."""
    name: Field[str | None] = output()
    """The user's name."""
    added_at: Field[int] = output()
    """When the user was added to the organization, in seconds since 1970 (UTC)."""
    is_scim_managed: Field[bool | None] = output()
    """Whether an identity provider manages the user (SCIM)."""
    baseline: Field[dict[str, str]] = output()
    """The values from before the first change, by property (`"technical_level"`). Destroy restores them, but never a
    higher role."""

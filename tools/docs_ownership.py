"""What identifies the object of each kind, what an update removes, and what destroy restores and leaves.

The first column comes from the declarations, the others from the handlers. A handler that is not listed takes the row
of its base class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.handlers.keys.service_account_api_keys import ServiceAccountApiKeys
from pulumi_openai_admin.handlers.kinds.api_objects import ApiObjects
from pulumi_openai_admin.handlers.kinds.api_settings import ApiSettings
from pulumi_openai_admin.handlers.kinds.groups import ProjectGroups
from pulumi_openai_admin.handlers.kinds.invites import Invites
from pulumi_openai_admin.handlers.kinds.organization_members import OrganizationMembers
from pulumi_openai_admin.handlers.kinds.projects import Projects
from pulumi_openai_admin.handlers.kinds.role_assignment import RoleAssignments
from pulumi_openai_admin.handlers.kinds.users import OrganizationUsers
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
from pulumi_openai_admin.handlers.shapes.membership import Membership
from pulumi_openai_admin.handlers.shapes.optional_setting import OptionalSetting
from pulumi_openai_admin.handlers.shapes.rate_limit import RateLimitSetting
from pulumi_openai_admin.handlers.shapes.rate_limits import RateLimitSettings
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.handlers.shapes.toggle import Toggle
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.paths import USER
from tools.docs_declarations import DocsError, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_openai_admin.handlers.handler import Handler
    from pulumi_openai_admin.resources.base import AdminResource

HEAD = ("resource", "identified by", "`up` removes", "destroy restores", "destroy leaves")
_NOTHING = "nothing"
_NO_LONGER_SET = "no object; a value that the program no longer sets is restored"
_CHANGED_BY_OTHERS = "a value that was changed outside Pulumi since"
_ENTRIES = "entries removed from the program, even if others added them; if exclusive, others that a preview has shown"
_UNASSIGNED = "nothing: the role is unassigned"
_LOWER_ROLE = "the original base role of a user if it is lower; other roles are unassigned"
_NOT_LOWERED = "the base role of a user if the original one is not lower"
_ROWS: dict[type[Handler], tuple[str, str, str]] = {
    Collection: (_NOTHING, "nothing: the object is deleted", _NOTHING),
    ServiceAccountApiKeys: (_NOTHING, "nothing: the key is revoked", _NOTHING),
    Projects: (_NOTHING, _NOTHING, "the project, archived"),
    Invites: (_NOTHING, "nothing: the invite is deleted", "an invite that was accepted"),
    Membership: (_NOTHING, "nothing: the member is removed", _NOTHING),
    Toggle: (
        _NOTHING,
        "nothing: the certificate is deactivated",
        "a certificate that was active before, unless the activation was imported",
    ),
    ProjectGroups: (_NOTHING, _UNASSIGNED, "other roles of the group"),
    OrganizationUsers: (
        _NO_LONGER_SET,
        "the original values, and the original role if it is lower",
        "the user, unless `remove_on_destroy` is set",
    ),
    MemberSet: (_ENTRIES, "nothing: the entries in the program are removed", "entries that the program does not name"),
    OrganizationMembers: (
        "the access to projects that the program no longer names, even if others gave it",
        "the original role in the organization if it is lower",
        "the user, unless `remove_on_destroy` is set",
    ),
    ApiObjects: (_NOTHING, "nothing: the object is deleted", _NOTHING),
    ApiSettings: (_NO_LONGER_SET, "the original values", _CHANGED_BY_OTHERS),
    Setting: (_NO_LONGER_SET, "the original values", _CHANGED_BY_OTHERS),
    OptionalSetting: (_NO_LONGER_SET, "the original setting, or its absence", _CHANGED_BY_OTHERS),
    RateLimitSetting: (_NO_LONGER_SET, "the original values", _CHANGED_BY_OTHERS),
    RateLimitSettings: (_NO_LONGER_SET, "the original values", _CHANGED_BY_OTHERS),
}


def rows(resources: Iterable[type[AdminResource]]) -> str:
    """The table of all kinds."""
    return table(
        HEAD,
        (
            (f"[{resource.__name__}](resources/{resource.__name__}.md)", _identity(resource), *_row(resource))
            for resource in resources
        ),
    )


def _row(resource: type[AdminResource]) -> tuple[str, str, str]:
    handler = resource.handler
    member = handler.member if isinstance(handler, MemberSet) else handler
    if isinstance(member, RoleAssignments):
        return _row_of_roles(member, is_set=member is not handler)
    for kind in type(handler).__mro__:
        if kind in _ROWS:
            return _ROWS[kind]
    raise DocsError(f"tools/docs_ownership.py does not say what destroy does with {resource.__name__}")


def _row_of_roles(handler: RoleAssignments, *, is_set: bool) -> tuple[str, str, str]:
    """Return the row of roles: the base role of a user is not unassigned."""
    removed, left = (_ENTRIES, _ROWS[MemberSet][2]) if is_set else (_NOTHING, _NOTHING)
    if USER.id_name not in handler.path:
        return removed, "nothing: the roles in the program are unassigned" if is_set else _UNASSIGNED, left
    return removed, _LOWER_ROLE, "; ".join(part for part in (_NOT_LOWERED, left) if part != _NOTHING)


def _identity(resource: type[AdminResource]) -> str:
    declaration = resource.declaration
    if isinstance(resource.handler, OrganizationMembers):
        return "`invite_id`, then `user_id`; `email` until the ID is known"
    names = [field.name for field in declaration.with_role(FieldRole.PATH)]
    names += [declaration.identity] if declaration.identity else []
    selectors = [field.name for field in declaration.with_role(FieldRole.SELECTOR) if field.name not in names]
    known = ", ".join(f"`{name}`" for name in names) or "the organization"
    chosen = ", ".join(f"`{name}`" for name in selectors)
    return f"{known}; {chosen} until the ID is known" if chosen else known

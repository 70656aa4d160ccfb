"""What identifies the object of each kind, what an update removes, and what destroy restores and leaves.

The first column comes from the declarations, the others from the handlers. A handler that is not listed takes the row
of its base class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.handlers.keys.service_account_api_keys import ServiceAccountApiKeys
from pulumi_openai_admin.handlers.kinds.api_objects import ApiObjects
from pulumi_openai_admin.handlers.kinds.api_settings import ApiSettings
from pulumi_openai_admin.handlers.kinds.existing_object import ExistingObject
from pulumi_openai_admin.handlers.kinds.invites import Invites
from pulumi_openai_admin.handlers.kinds.organization_members import OrganizationMembers
from pulumi_openai_admin.handlers.kinds.project_groups import ProjectGroups
from pulumi_openai_admin.handlers.kinds.projects import Projects
from pulumi_openai_admin.handlers.kinds.role_assignment import RoleAssignments
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
from pulumi_openai_admin.handlers.shapes.membership import Membership
from pulumi_openai_admin.handlers.shapes.optional_setting import OptionalSetting
from pulumi_openai_admin.handlers.shapes.rate_limit import RateLimitSetting
from pulumi_openai_admin.handlers.shapes.rate_limits import RateLimitSettings
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.schema.fields import FieldRole
from tools.docs_declarations import DocsError, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_openai_admin.handlers.handler import Handler
    from pulumi_openai_admin.resources.base import AdminResource

HEAD = ("resource", "identified by", "`up` removes", "destroy restores", "destroy leaves")
_NOTHING = "nothing"
_NO_LONGER_SET = "no object; a value that the program no longer sets is restored"
_CHANGED_BY_OTHERS = "a value that was changed outside Pulumi since"
_ROWS: dict[type[Handler], tuple[str, str, str]] = {
    Collection: (_NOTHING, "nothing: the object is deleted", _NOTHING),
    ServiceAccountApiKeys: (_NOTHING, "nothing: the key is revoked", _NOTHING),
    Projects: (_NOTHING, _NOTHING, "the project, archived"),
    Invites: (_NOTHING, "nothing: the invite is deleted", "an invite that was accepted, or that was pending before"),
    Membership: (
        _NOTHING,
        "the original value, if the object existed before",
        "an object that existed before, unless imported",
    ),
    ProjectGroups: (
        _NOTHING,
        _NOTHING,
        "the role if the group had it before, unless imported; other roles of the group",
    ),
    RoleAssignments: (
        _NOTHING,
        "the base role that the assignment replaced",
        "a role that was assigned or inherited before, unless imported",
    ),
    ExistingObject: (_NO_LONGER_SET, "the original values", "the user, unless `remove_on_destroy` is set"),
    MemberSet: (
        "entries removed from the program, even if others added them; if exclusive, others that a preview has shown",
        "the original values of entries that existed before",
        "entries that existed before, unless imported",
    ),
    OrganizationMembers: (
        "the access to projects that the program no longer names, even if others gave it",
        "the original roles of a user who was in the organization before",
        "the user, unless `remove_on_destroy` is set; an invite that was pending before, unless imported",
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
    for kind in type(resource.handler).__mro__:
        if kind in _ROWS:
            return _ROWS[kind]
    raise DocsError(f"tools/docs_ownership.py does not say what destroy does with {resource.__name__}")


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

"""The scenarios of the role assignments of groups and users, in the organization and in a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import (
    GroupRole,
    GroupRoles,
    ProjectGroupRole,
    ProjectGroupRoles,
    ProjectRole,
    ProjectUserRole,
    ProjectUserRoles,
    Role,
    UserRole,
    UserRoles,
)
from tests.host.rules import Member, Members
from tests.host.scenario import PROJECT, UNTIL, Drift, Inputs, Scenario, Step, Verb
from tests.host.scenarios.memberships import GROUPS, ROLE, USERS, group_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.host.provider_process import DynamicProcess

_OTHER_ROLE = {"id": "role_other", "role_name": "Other", "permissions": ["api.groups.read"]}
_GROUP, _OTHER_GROUP = {"group_id": "group_life"}, {"group_id": "group_other"}
_USER, _OTHER_USER = {"user_id": "user-grace"}, {"user_id": "user-alan"}


def _seed(parents: Inputs, *roles: dict[str, Any]) -> dict[str, Any]:
    """Who has roles, and the roles, in the organization or in the project."""
    principals: dict[str, Any] = {"groups": GROUPS} if "group_id" in parents else {"users": USERS}
    if "project_id" not in parents:
        return {**principals, "roles": list(roles)}
    return {**principals, "project_roles": [{"project_id": parents["project_id"], **role} for role in roles]}


def _prepare(parents: Inputs, *, is_set: bool) -> Callable[[DynamicProcess, str], Inputs]:
    """Creates a role for a case of the fault matrix, and a group where groups have roles."""

    def prepare(host: DynamicProcess, project: str) -> Inputs:
        inputs = {"name": f"of {project}", "permissions": ["api.groups.read"]}
        if "project_id" in parents:
            role = host.create(ProjectRole, {"project_id": project, **inputs})[1]
        else:
            role = host.create(Role, inputs)[1]
        principal = group_of(host, project) if "group_id" in parents else {"user_id": "user-emulator"}
        return {**principal, **({"role_ids": [role["role_id"]]} if is_set else {"role_id": role["role_id"]})}

    return prepare


def _assignment(resource: type[Any], kind: str, parents: Inputs, another: Inputs) -> Scenario:
    """The scenario of the assignment of one role: `kind` is the emulator's name for it."""
    return Scenario(
        resource,
        seed=_seed(parents, ROLE),
        inputs={**parents, "role_id": "role_life"},
        outputs={"role_name": "Auditor"},
        steps=(Step(UNTIL, writes=()),),
        another=another,
        rule=Member(kind, list_ids=None),
        verbs=(
            Verb("create", None, {}, "POST"),
            Verb("create-list", None, {}, "GET"),
            Verb("read", {}, {}, "GET"),
            Verb("until", {}, UNTIL, "GET"),
            Verb("delete", {}, None, "DELETE", "{id}"),
        ),
        prepare=_prepare(parents, is_set=False),
    )


def _set(resource: type[Any], kind: str, parents: Inputs, another: Inputs, there: tuple[str, ...] = ()) -> Scenario:
    """The scenario of a set of roles, which is exclusive; `there` are assigned before."""
    both = {"role_ids": sorted([*there, "role_life", "role_other"])}
    none: Inputs = {"role_ids": []}
    return Scenario(
        resource,
        seed=_seed(parents, ROLE, _OTHER_ROLE),
        inputs={**parents, "role_ids": sorted([*there, "role_life"]), "exclusive": True},
        drift=Drift(both, body={"role_id": "role_other"}),
        steps=(Step(both),),
        another=another,
        is_gone_after_delete=False,
        rule=Members(kind, "role_ids", only_named=True),
        verbs=(
            Verb("create", None, {}, "POST"),
            Verb("create-list", None, {}, "GET"),
            Verb("read", {}, {}, "GET"),
            Verb("assign", none, {}, "POST"),
            Verb("take-away", {}, none, "DELETE", "*"),
            Verb("delete", {}, None, "DELETE", "*"),
        ),
        prepare=_prepare(parents, is_set=True),
    )


GROUP_ROLE = _assignment(GroupRole, "group_role", _GROUP, _OTHER_GROUP)
GROUP_ROLES = _set(GroupRoles, "group_role", _GROUP, _OTHER_GROUP)
PROJECT_GROUP_ROLE = _assignment(ProjectGroupRole, "project_group_role", {**PROJECT, **_GROUP}, {})
PROJECT_GROUP_ROLES = _set(ProjectGroupRoles, "project_group_role", {**PROJECT, **_GROUP}, _OTHER_GROUP)
USER_ROLE = _assignment(UserRole, "user_role", _USER, _OTHER_USER)
USER_ROLES = _set(UserRoles, "user_role", _USER, _OTHER_USER, ("role-api-organization-reader",))
PROJECT_USER_ROLE = _assignment(ProjectUserRole, "project_user_role", {**PROJECT, **_USER}, {})
PROJECT_USER_ROLES = _set(ProjectUserRoles, "project_user_role", {**PROJECT, **_USER}, _OTHER_USER)

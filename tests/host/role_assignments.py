"""What the scenarios of the four kinds of role assignments share, single ones and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectRole, Role
from tests.host.principals import GROUPS, USERS, group_of
from tests.host.rules import Member, Members
from tests.host.scenario import UNTIL, Drift, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.host.dynamic_host import DynamicHost

ROLE = {"id": "role_life", "role_name": "Auditor", "permissions": ["api.groups.read"]}
_OTHER_ROLE = {"id": "role_other", "role_name": "Other", "permissions": ["api.groups.read"]}


def _seed(parents: dict[str, str], *roles: dict[str, Any]) -> dict[str, Any]:
    """Who has roles, and the roles, in the organization or in the project."""
    principals: dict[str, Any] = {"groups": GROUPS} if "group_id" in parents else {"users": USERS}
    if "project_id" not in parents:
        return {**principals, "roles": list(roles)}
    return {**principals, "project_roles": [{"project_id": parents["project_id"], **role} for role in roles]}


def _prepare(parents: dict[str, str], *, is_set: bool) -> Callable[[DynamicHost, str], dict[str, Any]]:
    """Creates a role for a case of the fault matrix, and a group where groups have roles."""

    def prepare(host: DynamicHost, project: str) -> dict[str, Any]:
        inputs = {"name": f"of {project}", "permissions": ["api.groups.read"]}
        if "project_id" in parents:
            role = host.create(ProjectRole, {"project_id": project, **inputs})[1]
        else:
            role = host.create(Role, inputs)[1]
        principal = group_of(host, project) if "group_id" in parents else {"user_id": "user-emulator"}
        return {**principal, **({"role_ids": [role["role_id"]]} if is_set else {"role_id": role["role_id"]})}

    return prepare


def scenario_of_assignment(
    resource: type[Any], *, kind: str, path: str, parents: dict[str, str], replaced_by: dict[str, str]
) -> Scenario:
    """The scenario of the assignment of one role.

    Args:
        resource: The class.
        kind: The emulator's name for an assignment.
        path: Where roles are assigned, with the names of the ids.
        parents: The ids; the last is of the group or user that has the role.
        replaced_by: The id that differs in what replaces the assignment.
    """
    inputs = {**parents, "role_id": "role_life"}
    (replaces,), principal = replaced_by, list(parents)[-1]
    return Scenario(
        resource,
        path=f"{path.format(**parents)}/{{id}}",
        seed=_seed(parents, ROLE),
        inputs=inputs,
        outputs={**inputs, "role_name": "Auditor"},
        drift=None,
        steps=[Step({**inputs, **UNTIL}, UNTIL, writes=[])],
        replaced_by={**inputs, **replaced_by},
        replaces=replaces,
        bad={
            "role_id is missing": {"role_id": None},
            f"{principal} is not an id": {principal: "../admin_api_keys"},
        },
        missing="/".join([*parents.values(), "role_none"]),
        malformed="none",
        is_in_project="project_id" in parents,
        matrix=Matrix(
            path=path,
            rule=Member(kind, list_ids=None),
            prepare=_prepare(parents, is_set=False),
            verbs=(
                Verb("create", None, {}, "POST"),
                Verb("create-list", None, {}, "GET"),
                Verb("read", {}, {}, "GET"),
                Verb("until", {}, UNTIL, "GET"),
                Verb("delete", {}, None, "DELETE", "{id}"),
            ),
        ),
    )


def scenario_of_set(
    resource: type[Any],
    *,
    kind: str,
    path: str,
    parents: dict[str, str],
    replaced_by: dict[str, str],
    there: tuple[str, ...] = (),
) -> Scenario:
    """The scenario of a set of roles, which is exclusive.

    Args:
        resource: The class.
        kind: The emulator's name for an assignment.
        path: Where roles are assigned, with the names of the ids.
        parents: The ids.
        replaced_by: The id that differs in what replaces the set.
        there: Roles that are assigned before.
    """
    inputs = {**parents, "role_ids": sorted([*there, "role_life"]), "exclusive": True}
    both = {**inputs, "role_ids": sorted([*there, "role_life", "role_other"])}
    (replaces,) = replaced_by
    none: dict[str, Any] = {"role_ids": []}
    return Scenario(
        resource,
        path=path.format(**parents),
        seed=_seed(parents, ROLE, _OTHER_ROLE),
        inputs=inputs,
        outputs=inputs,
        drift=Drift({"role_id": "role_other"}, "role_ids", shows=both["role_ids"]),
        steps=[Step(both, {"role_ids": both["role_ids"]}, writes=["POST roles"])],
        replaced_by={**both, **replaced_by},
        replaces=replaces,
        bad={
            "role_ids is missing": {"role_ids": None},
            "role_ids must be a list": {"role_ids": "role_life"},
            f"{replaces} is not an id": {replaces: "../admin_api_keys"},
        },
        missing="/".join(["proj_demo"] * ("project_id" in parents) + ["none"]),
        malformed="none" if len(parents) > 1 else "a/b",
        is_gone_after_delete=False,
        is_in_project="project_id" in parents,
        matrix=Matrix(
            path=path,
            rule=Members(kind, "role_ids", only_named=True),
            prepare=_prepare(parents, is_set=True),
            verbs=(
                Verb("create", None, {}, "POST"),
                Verb("create-list", None, {}, "GET"),
                Verb("read", {}, {}, "GET"),
                Verb("assign", none, {}, "POST"),
                Verb("take-away", {}, none, "DELETE", "*"),
                Verb("delete", {}, None, "DELETE", "*"),
            ),
        ),
    )

"""A group of a project and its role, beside other roles that the group has there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.resources.project_group import ProjectGroup
from pulumi_openai_admin.resources.project_group_role import ProjectGroupRole
from tests.unit.fakes import FakeOpenAI, error_body, listed

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor

GROUPS = "/organization/projects/proj_1/groups"
ROLES = "/projects/proj_1/groups/group_1/roles"
IDS = {"project_id": "proj_1", "group_id": "group_1"}
MEMBER, OWNER = (f"role-api-project-{name}__api-project__proj_1" for name in ("member", "owner"))


@dataclass
class Project(FakeOpenAI):
    """A project with one group, which is there as long as it has a role."""

    roles: list[str] = field(default_factory=list)

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == GROUPS and method == "GET":
            rows = [{"group_id": "group_1", "group_name": "Eng"}] if self.roles else []
            return 200, {"data": rows, "has_more": False, "next": None}
        if path == ROLES and method == "GET":
            rows = [{"id": id_, "name": id_, "predefined_role": "__" in id_} for id_ in self.roles]
            return 200, {"data": rows, "has_more": False, "next": None}
        if path in {GROUPS, ROLES}:
            role = body.get("role_id") or body["role"]
            role = {"member": MEMBER, "owner": OWNER}.get(role.removeprefix("role-api-project-"), role)
            self.roles = [*self.roles, *([] if role in self.roles else [role])]
            group = {"group_id": "group_1", "group_name": "Eng"}
            return 200, group if path == GROUPS else {"group": group, "role": {"id": role, "name": role}}
        role = path.removeprefix(f"{ROLES}/")
        role = {"role-api-project-member": MEMBER}.get(role, role)
        if method == "DELETE" and role != path:
            if role not in self.roles:
                return 404, error_body("No such role assignment")
            self.roles.remove(role)
            return 200, {"deleted": True}
        return super()._answer(method, path, body)


@pytest.fixture
def openai(requests_mock: Any) -> Project:
    return Project(requests_mock)


def created(requestor: Requestor, role: str) -> Remote:
    remote = Remote(dict(IDS))
    ProjectGroup.handler.create(Client(requestor), remote, Wanted({}, {"role": role}))
    remote.step.acquired, remote.step.rollback = [], {}
    return remote


def destroyed(requestor: Requestor, remote: Remote) -> None:
    ProjectGroup.handler.delete(Client(requestor), remote)


def test_a_group_gets_its_role_although_another_resource_was_first(requestor: Requestor, openai: Project) -> None:
    custom = Remote({**IDS, "role_id": "role_custom"})
    ProjectGroupRole.handler.create(Client(requestor), custom, Wanted({}, {}))
    remote = created(requestor, "member")
    assert openai.roles == ["role_custom", MEMBER]
    destroyed(requestor, remote)
    assert openai.roles == ["role_custom"]


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_role_that_can_not_be_assigned_is_an_error(requestor: Requestor, openai: Project, is_lost: bool) -> None:
    openai.roles = ["role_custom"]
    answer = (500, {}) if is_lost else (400, error_body("No such role"))
    openai.surprise("POST", ROLES, answer, acts=is_lost, times=9)
    remote = Remote(dict(IDS))
    with pytest.raises(errors.StatusError, match="Could not assign role member to group group_1 of project proj_1"):
        ProjectGroup.handler.create(Client(requestor), remote, Wanted({}, {"role": "member"}))
    assert remote.step.has_changed is is_lost
    openai.surprises.clear()
    destroyed(requestor, remote)
    assert openai.roles == ["role_custom"]


def test_a_role_that_no_list_shows_is_unassigned_by_its_alias(requestor: Requestor, openai: Project) -> None:
    remote = created(requestor, "member")
    openai.surprise("GET", "groups|roles", listed(), times=9)
    destroyed(requestor, remote)
    assert openai.roles == []

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control

PROJECT = "proj_demo"


def test_names_are_unique_among_the_custom_roles_of_one_place(organization: Organization) -> None:
    organization.roles.create(role_name="A", permissions=[])
    other = organization.roles.create(role_name="B", permissions=[])
    organization.projects.roles.create(PROJECT, role_name="A", permissions=[])
    organization.projects.roles.create("proj_staging", role_name="A", permissions=[])
    for refused in (
        lambda: organization.roles.create(role_name="A", permissions=[]),
        lambda: organization.roles.update(other.id, role_name="A"),
        lambda: organization.projects.roles.create(PROJECT, role_name="A", permissions=[]),
    ):
        with pytest.raises(openai.BadRequestError) as error:
            refused()
        assert (error.value.code, error.value.param) == ("already_exists", "role_name")


def test_predefined_roles_are_there_and_cannot_be_changed(organization: Organization, control: Control) -> None:
    ids = [role.id for role in organization.roles.list()]
    assert ids == [f"role-api-organization-{name}__api-organization__org-emulator" for name in ("owner", "reader")]
    roles = organization.projects.roles
    listed = list(roles.list(PROJECT))
    assert [role.name for role in listed] == ["owner", "member", "viewer"]
    assert {(role.predefined_role, role.resource_type) for role in listed} == {(True, "api.project")}
    by_alias = roles.retrieve("role-api-project-owner", project_id=PROJECT)
    assert by_alias.id == f"role-api-project-owner__api-project__{PROJECT}"
    with pytest.raises(openai.NotFoundError):
        roles.retrieve(by_alias.id, project_id="proj_staging")
    for refused in (
        lambda: roles.update(by_alias.id, project_id=PROJECT, role_name="x"),
        lambda: roles.delete("role-api-project-owner", project_id=PROJECT),
    ):
        with pytest.raises(openai.BadRequestError, match="is predefined by OpenAI and cannot be") as error:
            refused()
        assert error.value.code == "predefined_role"
    control.world(predefined_role_names="display")
    assert [role.name for role in roles.list(PROJECT)] == ["Project Owner", "Project Member", "Project Viewer"]


@pytest.mark.parametrize("limit", range(1, 7))
def test_predefined_roles_are_paged_before_the_custom_ones(organization: Organization, limit: int) -> None:
    roles = organization.projects.roles
    for name in ("a", "b", "c"):
        roles.create(PROJECT, role_name=name, permissions=[])
    names = ["owner", "member", "viewer", "a", "b", "c"]
    assert [role.name for role in roles.list(PROJECT, limit=limit)] == names
    assert [role.name for role in roles.list(PROJECT, limit=limit, order="desc")] == names[::-1]


def events(organization: Organization, kind: str) -> list[dict[str, object]]:
    return [event.to_dict()[kind] for event in organization.audit_logs.list(event_types=[kind])]  # type: ignore[list-item,misc]


def test_a_custom_role_is_created_changed_and_deleted(organization: Organization) -> None:
    roles = organization.roles
    role = roles.create(role_name="Keys", permissions=["api.groups.read", "api.groups.write"])
    assert (role.name, role.description, role.resource_type) == ("Keys", None, "api.organization")
    assert not role.predefined_role
    changed = roles.update(role.id, permissions=["api.groups.read", "api.roles.read"], description="of keys")
    assert (changed.name, changed.permissions) == ("Keys", ["api.groups.read", "api.roles.read"])
    assert roles.update(role.id, description=None, permissions=None).description is None
    assert roles.retrieve(role.id).permissions == ["api.groups.read", "api.roles.read"]
    assert roles.delete(role.id).deleted
    with pytest.raises(openai.NotFoundError, match=f"The role {role.id} was not found"):
        roles.retrieve(role.id)
    assert events(organization, "role.created") == [
        {
            "id": role.id,
            "role_name": "Keys",
            "permissions": ["api.groups.read", "api.groups.write"],
            "resource_type": "api.organization",
            "resource_id": "org-emulator",
        }
    ]
    changes = [event["changes_requested"] for event in events(organization, "role.updated")]
    assert changes == [
        {"description": None},
        {
            "description": "of keys",
            "permissions_added": ["api.roles.read"],
            "permissions_removed": ["api.groups.write"],
        },
    ]
    assert events(organization, "role.deleted") == [{"id": role.id}]

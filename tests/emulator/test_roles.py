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

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


READER = "role-api-organization-reader__api-organization__org-emulator"
OWNER = READER.replace("reader", "owner")
MEMBER = f"role-api-project-member__api-project__{PROJECT}"


@pytest.fixture
def grace(control: Control) -> str:
    control.seed({"users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"}]})
    return "user-grace"


def test_a_person_gets_a_role_by_a_group_and_is_removed(organization: Organization, control: Control) -> None:
    users, groups = organization.users, organization.groups
    invite = organization.invites.create(email="grace@example.com", role="reader", projects=[])
    grace = str(control.accept_invite(invite.id, "Grace")["id"])
    role = organization.roles.create(role_name="Group manager", permissions=["api.groups.write"])
    engineering, on_call = (groups.create(name=name) for name in ("Engineering", "On call"))
    for group in (engineering, on_call):
        groups.users.create(group.id, user_id=grace)
    given = groups.roles.create(engineering.id, role_id=role.id)
    assert (given.group.id, given.group.scim_managed, given.role) == (engineering.id, False, role)
    assert [(each_role.id, each_role.assignment_sources) for each_role in groups.roles.list(engineering.id)] == [
        (role.id, None)
    ]

    own, inherited = users.roles.list(grace)
    assert (own.id, own.predefined_role, own.assignment_sources) == (READER, True, None)
    assert (inherited.id, inherited.name, inherited.permissions) == (role.id, "Group manager", ["api.groups.write"])
    groups.roles.create(on_call.id, role_id=role.id)
    sources = users.roles.retrieve(role.id, user_id=grace).assignment_sources
    assert sources is not None
    assert [(source.principal_id, source.principal_type) for source in sources] == [
        (engineering.id, "group"),
        (on_call.id, "group"),
    ]
    with pytest.raises(openai.NotFoundError, match=f"The role assignment {role.id} was not found"):
        users.roles.delete(role.id, user_id=grace)
    groups.users.delete(grace, group_id=on_call.id)
    groups.delete(engineering.id)
    assert [each_role.id for each_role in users.roles.list(grace)] == [READER]

    users.roles.create(grace, role_id=role.id)
    users.delete(grace)
    assert set(control.live()) & {"user_role", "group_user", "project_user"} == set()
    groups.roles.delete(role.id, group_id=on_call.id)
    assert organization.roles.delete(role.id).deleted


def test_a_role_in_use_stays(organization: Organization, grace: str) -> None:
    group = organization.groups.create(name="Engineering")
    role = organization.roles.create(role_name="A", permissions=[])
    own = organization.projects.roles.create(PROJECT, role_name="B", permissions=[])
    organization.users.roles.create(grace, role_id=role.id)
    organization.projects.groups.roles.create(group.id, project_id=PROJECT, role_id=own.id)
    for refused in (
        lambda: organization.roles.delete(role.id),
        lambda: organization.projects.roles.delete(own.id, project_id=PROJECT),
    ):
        with pytest.raises(openai.BadRequestError, match="is assigned to users or groups") as error:
            refused()
        assert error.value.code == "role_in_use"
    organization.users.roles.delete(role.id, user_id=grace)
    organization.groups.delete(group.id)
    assert organization.roles.delete(role.id).deleted
    assert organization.projects.roles.delete(own.id, project_id=PROJECT).deleted


def test_the_predefined_role_is_the_role_that_a_person_shows(organization: Organization, grace: str) -> None:
    users = organization.users
    given = users.roles.create(grace, role_id="role-api-organization-owner")
    assert (given.role.id, given.user.id, given.user.role) == (OWNER, grace, "owner")
    assert [role.id for role in users.roles.list(grace)] == [OWNER]
    assert users.roles.delete("role-api-organization-owner", user_id=grace).object == "user.role.deleted"
    assert (users.retrieve(grace).role, list(users.roles.list(grace))) == (None, [])
    assert users.update(grace, role_id=READER).role == "reader"
    custom = organization.roles.create(role_name="A", permissions=[])
    assert users.update(grace, role_id=custom.id).role == "reader"
    assert [role.id for role in users.roles.list(grace)] == [READER, custom.id]
    (ada,) = (user for user in users.list() if user.role == "owner")
    for refused in (
        lambda: users.roles.delete(OWNER, user_id=ada.id),
        lambda: users.roles.create(ada.id, role_id=READER),
    ):
        with pytest.raises(openai.BadRequestError, match="The last owner"):
            refused()


def test_who_is_in_a_project_has_a_role_there(organization: Organization, control: Control, grace: str) -> None:
    users = organization.projects.users
    before = control.live()
    role = organization.projects.roles.create(PROJECT, role_name="Keys", permissions=[])
    users.roles.create(grace, project_id=PROJECT, role_id=role.id)
    assert users.retrieve(grace, project_id=PROJECT).role == "Keys"
    given = users.roles.create(grace, project_id=PROJECT, role_id="role-api-project-member")
    assert (given.object, given.role.id) == ("user.role", MEMBER)
    assert users.retrieve(grace, project_id=PROJECT).role == "member"
    assert users.update(grace, project_id=PROJECT, role="owner").role == "owner"
    ids = [each_role.id for each_role in users.roles.list(grace, project_id=PROJECT)]
    assert ids == [MEMBER.replace("member", "owner"), role.id]
    for role_id in ids:
        users.roles.delete(role_id, project_id=PROJECT, user_id=grace)
    with pytest.raises(openai.NotFoundError):
        users.retrieve(grace, project_id=PROJECT)
    users.roles.create(grace, project_id=PROJECT, role_id=role.id)
    users.create(PROJECT, user_id=grace, role="viewer")
    assert users.retrieve(grace, project_id=PROJECT).role == "viewer"
    users.delete(grace, project_id=PROJECT)
    organization.projects.roles.delete(role.id, project_id=PROJECT)
    assert control.live() == before


def test_a_group_in_a_project(organization: Organization, control: Control, grace: str) -> None:
    groups, users = organization.projects.groups, organization.projects.users
    before = control.live()
    group = organization.groups.create(name="Engineering")
    organization.groups.users.create(group.id, user_id=grace)
    shown = groups.create(PROJECT, group_id=group.id, role="role-api-project-member")
    assert (shown.group_id, shown.group_name, shown.project_id) == (group.id, "Engineering", PROJECT)
    assert groups.retrieve(group.id, project_id=PROJECT, group_type="group") == shown
    with pytest.raises(openai.NotFoundError):
        groups.retrieve(group.id, project_id=PROJECT, group_type="tenant_group")
    assert [each_role.id for each_role in groups.roles.list(group.id, project_id=PROJECT)] == [MEMBER]
    (inherited,) = users.roles.list(grace, project_id=PROJECT)
    assert inherited.id == MEMBER
    assert [assignment_source.principal_id for assignment_source in inherited.assignment_sources or []] == [group.id]
    assert list(users.roles.list(grace, project_id="proj_staging")) == []

    groups.create(PROJECT, group_id=group.id, role="viewer")
    assert len(list(groups.roles.list(group.id, project_id=PROJECT))) == 2
    assert [each_group.group_id for each_group in groups.list(PROJECT)] == [group.id]
    assert groups.delete(group.id, project_id=PROJECT).object == "project.group.deleted"
    assert list(groups.list(PROJECT)) == []
    assert len(events(organization, "role.assignment.deleted")) == 2

    role = organization.projects.roles.create(PROJECT, role_name="Keys", permissions=[])
    groups.roles.create(group.id, project_id=PROJECT, role_id=role.id)
    assert [each_group.group_id for each_group in groups.list(PROJECT)] == [group.id]
    groups.roles.delete(role.id, project_id=PROJECT, group_id=group.id)
    assert list(groups.list(PROJECT)) == []
    groups.create(PROJECT, group_id=group.id, role=role.id)
    organization.groups.delete(group.id)
    organization.projects.roles.delete(role.id, project_id=PROJECT)
    assert control.live() == before


def test_giving_a_role_again_changes_nothing_and_writes_no_event(organization: Organization, grace: str) -> None:
    role = organization.roles.create(role_name="A", permissions=[])
    for _ in range(2):
        organization.users.roles.create(grace, role_id=role.id)
    (event,) = events(organization, "role.assignment.created")
    assert event == {
        "id": f"role_assignment_{role.id}_{grace}",
        "principal_id": grace,
        "principal_type": "user",
        "resource_id": "org-emulator",
        "resource_type": "api.organization",
    }
    organization.projects.users.roles.create(grace, project_id=PROJECT, role_id=MEMBER)
    (latest, _) = events(organization, "role.assignment.created")
    assert (latest["resource_id"], latest["resource_type"]) == (PROJECT, "api.project")


def test_a_list_shows_a_new_assignment_only_after_a_while(organization: Organization, control: Control) -> None:
    role = organization.roles.create(role_name="A", permissions=[])
    late, early = (organization.groups.create(name=name) for name in ("Late", "Early"))
    organization.groups.roles.create(early.id, role_id=role.id)
    control.world(assignment_lag_seconds=3600)
    organization.groups.roles.create(late.id, role_id=role.id)
    assert list(organization.groups.roles.list(late.id)) == []
    assert organization.groups.roles.retrieve(role.id, group_id=late.id).id == role.id
    assert [each_role.id for each_role in organization.groups.roles.list(early.id)] == [role.id]
    assert organization.groups.roles.delete(role.id, group_id=late.id).deleted

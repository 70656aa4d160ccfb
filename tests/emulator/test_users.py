from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control


DAY = 86_400


def join(organization: Organization, control: Control, email: str = "grace@example.com", **more: object) -> str:
    invite = organization.invites.create(email=email, role="reader", **more)
    return str(control.accept_invite(invite.id)["id"])


def test_a_person_joins_is_in_two_groups_and_is_removed(organization: Organization, control: Control) -> None:
    before = control.live()
    invite = organization.invites.create(
        email="grace@example.com", role="reader", projects=[{"id": "proj_demo", "role": "owner"}]
    )
    assert (invite.status, invite.accepted_at, invite.expires_at - invite.created_at) == ("pending", None, 7 * DAY)
    user = organization.users.retrieve(control.accept_invite(invite.id, "Grace")["id"])
    assert (user.name, user.email, user.role) == ("Grace", "grace@example.com", "reader")
    assert [(project.id, project.role) for project in user.projects.data] == [("proj_demo", "owner")]
    assert organization.invites.retrieve(invite.id).status == "accepted"
    groups = [organization.groups.create(name=name) for name in ("Engineering", "On call")]
    for group in groups:
        organization.groups.users.create(group.id, user_id=user.id)
    assert organization.groups.users.retrieve(user.id, group_id=groups[0].id).email == "grace@example.com"
    organization.users.delete(user.id)
    for group in groups:
        assert list(organization.groups.users.list(group.id)) == []
        organization.groups.delete(group.id)
    assert list(organization.projects.users.list("proj_demo")) == []
    left = control.live()
    assert {kind: set(objects) for kind, objects in left.items() if kind != "invite"} == {
        kind: set(objects) for kind, objects in before.items()
    }


@pytest.mark.parametrize("end", ["removed", "deleted", "archived"])
def test_a_service_account_is_in_a_group_until_its_end(organization: Organization, control: Control, end: str) -> None:
    accounts = organization.projects.service_accounts
    account = accounts.create("proj_demo", name="ci", create_service_account_only=True)
    group = organization.groups.create(name="Deployers")
    users = organization.groups.users
    added = users.create(group.id, user_id=account.id)
    assert (added.user_id, added.group_id) == (account.id, group.id)
    grace = join(organization, control)
    users.create(group.id, user_id=grace)
    shown = {member.id: member.to_dict() for member in users.list(group.id)}
    assert shown[account.id] == {"id": account.id, "name": "ci", "email": None, "is_service_account": True}
    assert shown[grace]["is_service_account"] is False
    assert users.retrieve(account.id, group_id=group.id).is_service_account
    {
        "removed": lambda: users.delete(account.id, group_id=group.id),
        "deleted": lambda: accounts.delete(account.id, project_id="proj_demo"),
        "archived": lambda: organization.projects.archive("proj_demo"),
    }[end]()
    assert [member.id for member in users.list(group.id)] == [grace]
    assert ("service_account" in control.live()) is (end == "removed")


def test_groups_are_paged_by_a_token_in_both_orders(organization: Organization, api: Http) -> None:
    made = [organization.groups.create(name=str(number)).id for number in range(5)]
    assert [group.id for group in organization.groups.list(limit=2)] == made
    assert [group.id for group in organization.groups.list(limit=2, order="desc")] == made[::-1]
    page = api("GET", "/organization/groups?limit=2").json()
    assert set(page) == {"object", "data", "has_more", "next"}
    assert set(page["data"][0]) == {"id", "name", "created_at", "is_scim_managed", "group_type"}
    assert api("GET", f"/organization/groups?limit=2&after={made[3]}").json()["next"] is None
    assert api("GET", "/organization/groups?limit=0").json()["data"] == []
    assert api.refusal("GET", "/organization/groups?limit=1001")[0] == 400
    assert api.refusal("GET", "/organization/groups?order=up")[0] == 400


def test_the_last_owner_stays(organization: Organization, control: Control) -> None:
    (ada,) = organization.users.list()
    for refused in (
        lambda: organization.users.delete(ada.id),
        lambda: organization.users.update(ada.id, role="reader"),
    ):
        with pytest.raises(openai.BadRequestError, match="The last owner of the organization cannot be") as error:
            refused()
        assert error.value.code == "last_owner"
    grace = join(organization, control)
    assert organization.users.update(grace, role="owner").role == "owner"
    assert organization.users.update(ada.id, role="reader").role == "reader"


def test_an_invite_expires_by_the_clock_and_can_be_withdrawn(organization: Organization, control: Control) -> None:
    first = organization.invites.create(email="a@example.com", role="reader", projects=[])
    control.advance_clock(7 * DAY)
    assert organization.invites.retrieve(first.id).status == "expired"
    with pytest.raises(Exception, match="is expired"):
        control.accept_invite(first.id)
    second = organization.invites.create(email="b@example.com", role="owner")
    assert [project.id for project in second.projects] == ["proj_default"]
    control.call("POST", f"invites/{second.id}/expire")
    assert organization.invites.retrieve(second.id).status == "expired"
    assert organization.invites.delete(second.id).deleted
    assert [invite.id for invite in organization.invites.list()] == [first.id]


def test_who_is_there_cannot_be_invited(organization: Organization) -> None:
    with pytest.raises(openai.BadRequestError, match="already a member"):
        organization.invites.create(email="ada@example.com", role="reader")
    with pytest.raises(openai.NotFoundError, match="The project proj_nobody was not found"):
        organization.invites.create(
            email="x@example.com", role="reader", projects=[{"id": "proj_nobody", "role": "owner"}]
        )


def test_a_person_in_a_project_by_id_and_by_address(organization: Organization, control: Control) -> None:
    user = join(organization, control, projects=[])
    users = organization.projects.users
    assert users.create("proj_demo", user_id=user, role="member").role == "member"
    assert users.update(user, project_id="proj_demo", role="owner").role == "owner"
    assert users.create("proj_staging", email="grace@example.com", role="member").id == user
    with pytest.raises(openai.BadRequestError, match="exactly one"):
        users.create("proj_demo", role="member")
    with pytest.raises(openai.BadRequestError, match="Supported values"):
        users.update(user, project_id="proj_demo", role="emperor")
    with pytest.raises(openai.BadRequestError, match="is archived"):
        users.list("proj_retired")
    organization.users.delete(user)
    assert "project_user" not in control.live()


def test_who_is_in_a_project_cannot_be_added_again(organization: Organization, control: Control) -> None:
    control.world(members_are_added_once=True)
    users, groups = organization.projects.users, organization.projects.groups
    grace, group = join(organization, control, projects=[]), organization.groups.create(name="Engineering")
    users.create("proj_demo", user_id=grace, role="member")
    groups.create("proj_demo", group_id=group.id, role="member")
    with pytest.raises(openai.BadRequestError, match=f"User {grace} already exists in project proj_demo") as error:
        users.create("proj_demo", user_id=grace, role="owner")
    assert error.value.code == "already_exists"
    with pytest.raises(openai.BadRequestError, match=f"Group {group.id} already exists in project proj_demo"):
        groups.create("proj_demo", group_id=group.id, role="owner")
    assert users.retrieve(grace, project_id="proj_demo").role == "member"
    assert users.create("proj_staging", user_id=grace, role="owner").role == "owner"


def test_the_default_project_keeps_its_users(organization: Organization, control: Control) -> None:
    users, grace = organization.projects.users, join(organization, control, projects=[])
    control.world(default_project_keeps_users=True)
    for project in ("proj_default", "proj_demo"):
        users.create(project, user_id=grace, role="member")
    with pytest.raises(openai.BadRequestError, match="cannot be removed from the default project"):
        users.delete(grace, project_id="proj_default")
    assert users.delete(grace, project_id="proj_demo").deleted
    control.world(default_project_keeps_users=False)
    assert users.delete(grace, project_id="proj_default").deleted


def test_owners_are_members_of_each_project(organization: Organization, control: Control) -> None:
    users, grace = organization.projects.users, join(organization, control, projects=[])
    (ada,) = (user.id for user in organization.users.list() if user.role == "owner")
    users.create("proj_demo", user_id=grace, role="member")
    control.world(owners_are_members=True)
    assert [(user.id, user.role) for user in users.list("proj_demo")] == [(ada, "owner"), (grace, "member")]
    assert users.retrieve(ada, project_id="proj_demo").role == "owner"
    with pytest.raises(openai.BadRequestError, match="is an owner of the organization and cannot be removed"):
        users.delete(ada, project_id="proj_demo")
    assert users.update(ada, project_id="proj_demo", role="viewer").role == "viewer"
    assert [(user.id, user.role) for user in users.list("proj_demo")] == [(grace, "member"), (ada, "viewer")]
    assert users.delete(ada, project_id="proj_demo").deleted


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("24 digits", "[0-9a-f]{24}"),
        ("32 digits", "[0-9a-f]{32}"),
        ("prefix", "group_[A-Za-z0-9]{24}"),
    ],
)
def test_the_ids_of_groups_have_the_form_of_the_switch(
    organization: Organization, control: Control, form: str, pattern: str
) -> None:
    control.world(group_ids=form)
    group = organization.groups.create(name="Engineering")
    assert re.fullmatch(pattern, group.id)
    if form != "prefix":
        assert int(group.id[:8], 16) == group.created_at
    assert organization.groups.retrieve(group.id) == group


def test_ids_in_a_form_that_nobody_has_seen(organization: Organization, control: Control) -> None:
    control.world(unseen_ids=True)
    project = organization.projects.create(name="Shop")
    account = organization.projects.service_accounts.create(project.id, name="ci")
    group, person = organization.groups.create(name="Team"), join(organization, control)
    row = organization.projects.rate_limits.list_rate_limits(project.id, limit=1).data[0]
    changed = organization.projects.rate_limits.update_rate_limit(
        row.id, project_id=project.id, max_requests_per_1_minute=1
    )
    assert (changed.id, changed.model) == (row.id, row.model)
    assert row.id == f"{row.model}~limit"
    made = [project.id, account.id, account.api_key.id, group.id, person]
    assert all(re.fullmatch(r"~0\w{4}!\$&'\(\)\*\+,;=:\.-_\w{12}", id_) for id_ in made), made


def test_who_is_in_a_group_can_be_added_again(organization: Organization, control: Control) -> None:
    user = join(organization, control)
    group = organization.groups.create(name="Engineering")
    for _ in range(2):
        organization.groups.users.create(group.id, user_id=user)
    assert [member.id for member in organization.groups.users.list(group.id)] == [user]
    assert organization.groups.users.delete(user, group_id=group.id).deleted
    with pytest.raises(openai.NotFoundError):
        organization.groups.users.delete(user, group_id=group.id)
    with pytest.raises(openai.NotFoundError, match="The user user-nobody was not found"):
        organization.groups.users.create(group.id, user_id="user-nobody")


def test_users_are_found_by_address(organization: Organization, control: Control) -> None:
    join(organization, control, "grace@example.com")
    joan = join(organization, control, "joan@example.com")
    assert [user.id for user in organization.users.list(emails=["joan@example.com"])] == [joan]
    assert len(list(organization.users.list(emails=["joan@example.com", "ada@example.com"], limit=1))) == 2

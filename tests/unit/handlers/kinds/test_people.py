"""Users of groups, projects and the organization: who is meant, and why OpenAI refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import Group, GroupMembers, GroupUser, OrganizationUser, ProjectGroup, ProjectUser, errors
from pulumi_openai_admin.handlers.handler import ANYWHERE, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.handlers.shapes.membership import existing_note
from tests.unit.fakes import FakeOpenAI, Log, error_body, listed, warnings

if TYPE_CHECKING:
    import requests_mock as mocked

    from pulumi_openai_admin.http.client import Client

ORGANIZATION, GROUPS = "/organization/users", "/organization/projects/proj_1/groups"
USERS = "/organization/groups/group_1/users"
ROLES = "/projects/proj_1/groups/group_1/roles"
IN_GROUP = {"group_id": "group_1", "user_id": "user-1"}
IN_PROJECT = {"project_id": "proj_1", "group_id": "group_1"}
PREDEFINED = "role-api-project-{}__api-project__proj_1"
SCIM_ADVICE = (
    "Change the group at the identity provider. To stop managing it here, remove the resource from the program, and "
    "remove it from the state ('<urn>')."
)


@pytest.fixture
def openai(requests_mock: mocked.Mocker) -> FakeOpenAI:
    """A user, a group, and a group that an identity provider manages."""
    openai = FakeOpenAI(requests_mock)
    openai.seed(
        users=[{"id": "user-1", "email": "Ada@example.com", "name": "Ada", "role": "reader"}],
        groups=[{"id": "group_1", "name": "Eng"}, {"id": "group_scim", "name": "Eng", "is_scim_managed": True}],
        project_roles=[{"project_id": "proj_1", "id": "role_1", "role_name": "R", "permissions": ["api.groups.read"]}],
    )
    return openai


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.usefixtures("openai")
def test_a_group_that_scim_manages_is_refused_with_the_reason(client: Client, method: str) -> None:
    group, remote = Group.handler, Remote({}, "group_scim", {"name": "Eng"}, Memory({"anchor": "proj_1"}))
    other = Wanted({}, {"name": "Other"})
    with pytest.raises(errors.PermissionDeniedError, match="is managed by your identity provider") as told:
        group.update(client, remote, other) if method == "POST" else group.delete(client, remote)
    assert told.value.advice == SCIM_ADVICE


@pytest.mark.parametrize("selection", [{"email": "eve@example.com"}, {"id": "user-2"}])
def test_an_absent_user_is_to_be_invited(client: Client, openai: FakeOpenAI, selection: dict[str, str]) -> None:
    with pytest.raises(errors.NoMatchError, match="The organization has no user") as told:
        OrganizationUser.handler.create(client, Remote({}), Wanted(selection, {"role": "owner"}))
    assert "Invite" in told.value.advice
    assert not openai.writes()


def test_a_service_account_is_no_organization_user(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "users$", listed({"id": "user-1", "is_service_account": True}))
    with pytest.raises(errors.ConfigurationError, match="User user-1 is a service account"):
        OrganizationUser.handler.create(client, Remote({}), Wanted({"id": "user-1"}, {"role": "owner"}))


@pytest.mark.usefixtures("openai")
def test_a_preview_does_not_say_that_a_user_of_the_organization_will_be_removed(client: Client) -> None:
    wanted = Wanted({"id": "user-1"}, {"role": "owner"})
    assert OrganizationUser.handler.observe(client, Remote({}), wanted).others == ""


def test_a_user_whom_another_resource_names_is_not_removed_but_an_error(client: Client, openai: FakeOpenAI) -> None:
    remote = Remote({}, options={"remove_on_destroy": True})
    OrganizationUser.handler.create(client, remote, Wanted({"id": "user-1"}, {"role": "reader"}))
    remote.step.is_declared_elsewhere = lambda claim: "GroupUser 'ada'" if claim.place == ANYWHERE else ""
    with pytest.raises(errors.ConfigurationError) as told:
        OrganizationUser.handler.delete(type(client)(client.requestor), remote)
    assert str(told.value) == (
        "User user-1 of the organization was not removed, because GroupUser 'ada' names the user. Remove the user from "
        "that resource, or do not set remove_on_destroy or until. Then run the command again."
    )
    assert openai.writes() == []


@pytest.mark.parametrize("role", ["member", "role-api-project-member", "role_1"])
def test_a_group_with_its_role_is_told_and_loses_it(client: Client, openai: FakeOpenAI, role: str, caplog: Log) -> None:
    openai.others("POST", GROUPS, {"group_id": "group_1", "role": role})
    remote = Remote(dict(IN_PROJECT))
    ProjectGroup.handler.create(client, remote, Wanted({}, {"role": role}))
    assert remote.attributes["role"] == role
    assert warnings(caplog) == [f"{existing_note('Group group_1 of project proj_1', count=1)}."]
    assert openai.writes() == []
    ProjectGroup.handler.delete(type(client)(client.requestor), remote)
    id_ = PREDEFINED.format("member") if "member" in role else role
    assert openai.writes() == [("DELETE", f"{ROLES}/{id_}", None)]


ADD, PEOPLE = "POST group_1/users$", "GET organization/users$"
REFUSED = (403, error_body("no"))
SERVICE_ACCOUNT = {"id": "user-1", "is_service_account": True}
NOT_THERE = (404, error_body("Not found", "not_found"))
SCIM_EVENT = (
    "Could not add user user-1 of group group_1: no: group 'Eng' (group_1) is managed by your identity provider "
    "(SCIM): OpenAI refuses changes by the API"
)


@pytest.mark.parametrize(
    ("replies", "event", "advice"),
    [
        (
            {"GET groups$": listed({"id": "group_1", "name": "Eng", "is_scim_managed": True}), ADD: REFUSED},
            SCIM_EVENT,
            SCIM_ADVICE,
        ),
        (
            {PEOPLE: listed(SERVICE_ACCOUNT), ADD: (404, error_body("no", "not_found"))},
            "Could not add user user-1 of group group_1: no: user user-1 is a service account",
            "Name a person. A service account belongs to its project: manage it with ProjectServiceAccount.",
        ),
        (
            {PEOPLE: listed(), ADD: NOT_THERE},
            "The organization has no user user-1",
            (
                "Check the spelling, and remove a person who has left from the program. Invite a person who is not "
                "there yet, with OrganizationMember or in OpenAI's dashboard."
            ),
        ),
        (
            {ADD: (400, error_body("Not today"))},
            "Could not add user user-1 of group group_1: Not today",
            "Correct the program and run it again.",
        ),
        (
            {PEOPLE: REFUSED, ADD: NOT_THERE},
            "Could not add user user-1 of group group_1: Not found",
            "Check the id, and that the key belongs to its organization.",
        ),
    ],
    ids=["scim", "service account", "not there", "refused", "not shown"],
)
def test_a_refusal_to_add_a_user_to_a_group_says_why(
    client: Client, openai: FakeOpenAI, replies: dict[str, Any], event: str, advice: str
) -> None:
    for request, reply in replies.items():
        method, path = request.split()
        openai.surprise(method, path, reply, times=9)
    with pytest.raises(errors.AdminError) as told:
        GroupUser.handler.create(client, Remote(IN_GROUP), Wanted({}, {}))
    assert (told.value.what, told.value.advice) == (event, advice)


def test_members_of_a_group_that_scim_manages_are_not_declared(client: Client, openai: FakeOpenAI) -> None:
    openai.seed(group_users=[{"group_id": group_id, "user_id": "user-1"} for group_id in ("group_1", "group_scim")])
    assert GroupUser.handler.ids(client, Remote({"group_id": "group_1"})) == ["user-1"]
    assert GroupUser.handler.ids(client, Remote({"group_id": "group_scim"})) == []


def test_a_service_account_is_not_declared_and_the_reason_says_what_to_do(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "users$", listed(SERVICE_ACCOUNT))
    openai.surprise("GET", "user-1$", (200, SERVICE_ACCOUNT))
    with pytest.raises(errors.NotAdoptableError, match="it can't be imported as a user") as refusal:
        OrganizationUser.handler.declared(client, Remote({}, "user-1"))
    assert "ProjectServiceAccount" in refusal.value.advice


def test_a_group_that_does_not_exist_is_told_with_the_nearest(client: Client, openai: FakeOpenAI) -> None:
    people.require_group(client, "group_1")
    for id_, advice in (("group_12", "Did you mean group_1?"), ("x", "Check it in OpenAI's dashboard, under Groups.")):
        with pytest.raises(errors.NoMatchError) as told:
            people.require_group(client, id_)
        assert told.value.what == f"The organization has no group {id_}"
        assert told.value.advice == advice
    openai.surprise("GET", "groups$", REFUSED)
    people.require_group(type(client)(client.requestor), "group_12")


def test_a_group_of_a_project_is_imported_with_a_predefined_role_first(client: Client, openai: FakeOpenAI) -> None:
    openai.others("POST", GROUPS, {"group_id": "group_1", "role": "role_1"})
    openai.others("POST", ROLES, {"role_id": PREDEFINED.format("owner")})

    def declared() -> Any:
        return ProjectGroup.handler.declared(type(client)(client.requestor), Remote(dict(IN_PROJECT), "group_1"))

    assert declared()["role"] == "owner"
    openai.others("DELETE", f"{ROLES}/{PREDEFINED.format('owner')}")
    assert declared()["role"] == "role_1"
    openai.surprise("GET", ROLES, listed())
    with pytest.raises(errors.NotAdoptableError) as told:
        declared()
    assert told.value.what == "Group group_1 of project proj_1 can't be imported: it has no role there"


def test_a_preview_compares_the_role_of_a_group_that_is_in_the_project(client: Client, openai: FakeOpenAI) -> None:
    openai.others("POST", GROUPS, {"group_id": "group_1", "role": "member"})
    observation = ProjectGroup.handler.observe(client, Remote(dict(IN_PROJECT)), Wanted({}, {"role": "member"}))
    assert observation.values == [ValueComparison("role", "role", None, "member", "member", True)]


@pytest.mark.parametrize("handler", [OrganizationUser.handler, ProjectUser.handler])
def test_another_address_of_a_user_is_no_other_user(client: Client, openai: FakeOpenAI, handler: Any) -> None:
    is_in_project = handler is ProjectUser.handler
    remote = Remote({"project_id": "proj_1"} if is_in_project else {})
    wanted = Wanted({"email": "ada@example.com"}, {"role": "member" if is_in_project else "reader"})
    handler.create(client, remote, wanted)
    openai.change("user", "user-1", email="Lovelace@example.com")
    openai.calls.clear()
    handler.read(type(client)(client.requestor), remote)
    assert (remote.id, remote.get("email")) == ("user-1", "lovelace@example.com")
    assert handler.means_same(remote, "email", "Ada@example.com")
    assert not handler.means_same(remote, "email", "eve@example.com")
    handler.update(type(client)(client.requestor), remote, wanted)
    assert not openai.writes()


@pytest.mark.parametrize("account_id", ["svc_acct_1", "69fbc2ab1dd08190b811e6a0"])
def test_a_service_account_is_a_member_of_a_group(client: Client, openai: FakeOpenAI, account_id: str) -> None:
    accounts = [{"id": account_id, "name": "ci"}]
    openai.seed(
        projects=[{"id": "proj_2", "name": "B", "service_accounts": accounts}],
        groups=[{"id": "group_2", "name": "Ops"}],
    )
    remote = Remote({"group_id": "group_1", "user_id": account_id})
    GroupUser.handler.require_candidate(client, remote.parents, account_id)
    GroupUser.handler.create(client, remote, Wanted({}, {}))
    assert remote.get("name") == "ci"
    members = Remote({"group_id": "group_2"})
    GroupMembers.handler.create(client, members, Wanted({}, {"user_ids": [account_id]}))
    assert members.get("user_ids") == [account_id]
    assert ORGANIZATION not in [path for _, path, _ in openai.calls], "which has no accounts of projects"


@pytest.mark.parametrize("status", [400, 404])
def test_a_service_account_that_can_not_be_added_is_named(client: Client, openai: FakeOpenAI, status: int) -> None:
    openai.surprise("POST", USERS, (status, error_body("The user svc_acct_1 was not found", "not_found")))
    with pytest.raises(errors.AdminError) as told:
        GroupUser.handler.create(client, Remote({"group_id": "group_1", "user_id": "svc_acct_1"}), Wanted({}, {}))
    assert ("The organization has no service account svc_acct_1" in told.value.what) is (status == 404)
    assert "Invite" not in told.value.advice


def test_the_plan_of_a_removal_names_a_property_that_only_a_lost_change_may_have_set() -> None:
    lost = Memory({"touched": ["technical_level"], "may_hold": {"technical_level": ["high"]}})
    remote = Remote({}, "user-1", {"role": "reader", "technical_level": "high"}, lost)
    what = (
        "technical_level stays at high (it had no value before, and OpenAI cannot unset it), stays in the organization"
    )
    assert OrganizationUser.handler.removal(remote, 0).end == what

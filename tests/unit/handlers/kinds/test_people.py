"""Users of groups, projects and the organization: who is meant, and why OpenAI refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    Group,
    GroupMembers,
    GroupUser,
    OrganizationUser,
    ProjectGroup,
    ProjectUser,
    errors,
)
from pulumi_openai_admin.handlers.handler import ANYWHERE, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.kinds import people
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.handlers.shapes.membership import existing_note
from tests.unit.fakes import FakeOpenAI, error_body, listed, warnings

if TYPE_CHECKING:
    import requests_mock as mocked

    from pulumi_openai_admin.http.client import Client

ORGANIZATION = "/organization/users"
USER = {"id": "user-1", "email": "Ada@example.com", "name": "Ada", "role": "reader", "added_at": 1}


@dataclass
class Organization(FakeOpenAI):
    """Replies to `METHOD path` with a document, or a status and one.

    A list that has no reply shows the objects that have one each; what refuses one refuses the list.
    """

    replies: dict[str, Any] = field(default_factory=dict)

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:  # noqa: ARG002 - the reply is the same
        reply = self.replies.get(f"{method} {path}", (404, error_body("Not found", "not_found")))
        if f"{method} {path}" not in self.replies and path in {ORGANIZATION, "/organization/groups"}:
            below = [reply for name, reply in self.replies.items() if name.rpartition("/")[0] == f"GET {path}"]
            reply = next((reply for reply in below if isinstance(reply, tuple)), listed(*below))
        return reply if isinstance(reply, tuple) else (200, reply)


def serve(mock: mocked.Mocker, replies: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Return the list that gets what is asked."""
    return Organization(mock, replies=replies).calls


def writes(asked: list[tuple[str, str, Any]]) -> list[tuple[str, str, Any]]:
    return [request for request in asked if request[0] != "GET"]


ANCHOR = {
    "GET /organization/projects": listed({"id": "proj_1"}),
    "GET /organization/projects/proj_1": {"id": "proj_1", "status": "active"},
}
SCIM_GROUP = {"GET /organization/groups/group_1": {"id": "group_1", "name": "Eng", "is_scim_managed": True}}
NO_USERS = {"GET /organization/groups/group_1/users": listed()}
REFUSED = (403, error_body("no"))


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_group_that_scim_manages_is_refused_with_the_reason(
    client: Client, requests_mock: mocked.Mocker, method: str
) -> None:
    serve(requests_mock, {**ANCHOR, **SCIM_GROUP, f"{method} /organization/groups/group_1": (400, error_body("no"))})
    group, remote = Group.handler, Remote({}, "group_1", {"name": "Eng"}, Memory({"anchor": "proj_1"}))
    other = Wanted({}, {"name": "Other"})
    with pytest.raises(errors.BadRequestError, match="is managed by your identity provider") as told:
        group.update(client, remote, other) if method == "POST" else group.delete(client, remote)
    assert told.value.advice == (
        "Change the group at the identity provider. To stop managing it here, remove the resource from the program, "
        "and remove it from the state ('<urn>')."
    )


@pytest.mark.parametrize("selection", [{"email": "eve@example.com"}, {"id": "user-2"}])
def test_an_organization_user_who_is_not_there_is_to_be_invited(
    client: Client, requests_mock: mocked.Mocker, selection: dict[str, str]
) -> None:
    asked = serve(requests_mock, {**ANCHOR, f"GET {ORGANIZATION}": listed(USER)})
    with pytest.raises(errors.NoMatchError, match="The organization has no user") as told:
        OrganizationUser.handler.create(client, Remote({}), Wanted(selection, {"role": "owner"}))
    assert "Invite" in told.value.advice
    assert not writes(asked)


def test_a_service_account_is_no_organization_user(client: Client, requests_mock: mocked.Mocker) -> None:
    serve(requests_mock, {**ANCHOR, f"GET {ORGANIZATION}": listed({**USER, "is_service_account": True})})
    with pytest.raises(errors.ConfigurationError, match="User user-1 is a service account"):
        OrganizationUser.handler.create(client, Remote({}), Wanted({"id": "user-1"}, {"role": "owner"}))


def test_a_preview_does_not_say_that_a_user_of_the_organization_will_be_removed(
    client: Client, requests_mock: mocked.Mocker
) -> None:
    serve(requests_mock, {**ANCHOR, f"GET {ORGANIZATION}": listed(USER)})
    wanted = Wanted({"id": "user-1"}, {"role": "owner"})
    assert OrganizationUser.handler.observe(client, Remote({}), wanted).others == ""


def test_a_user_whom_another_resource_names_is_not_removed_but_an_error(
    client: Client, requests_mock: mocked.Mocker
) -> None:
    asked = serve(requests_mock, {**ANCHOR, f"GET {ORGANIZATION}": listed(USER)})
    remote = Remote({}, options={"remove_on_destroy": True})
    OrganizationUser.handler.create(client, remote, Wanted({"id": "user-1"}, {"role": "reader"}))
    remote.step.is_declared_elsewhere = lambda claim: "GroupUser 'ada'" if claim.place == ANYWHERE else ""
    with pytest.raises(errors.ConfigurationError) as told:
        OrganizationUser.handler.delete(type(client)(client.requestor), remote)
    assert str(told.value) == (
        "User user-1 of the organization was not removed, because GroupUser 'ada' names the user. Remove the user from "
        "that resource, or do not set remove_on_destroy or until. Then run the command again."
    )
    assert writes(asked) == []


GROUPS = "/organization/projects/proj_1/groups"
ROLES = "/projects/proj_1/groups/group_1/roles"
GROUP_ROW = {"group_id": "group_1", "group_name": "Eng", "group_type": "group", "created_at": 1}


@pytest.mark.parametrize("role", ["member", "role-api-project-member", "role_custom"])
def test_a_group_that_has_its_role_is_told_and_loses_it_with_the_resource(
    client: Client, requests_mock: mocked.Mocker, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    listed_id = "role-api-project-member__api-project__proj_1" if "member" in role else role
    roles = listed({"id": "role-api-project-member__api-project__proj_1", "name": "member"}, {"id": "role_custom"})
    replies = {
        f"GET {GROUPS}": listed(GROUP_ROW),
        f"GET {ROLES}": roles,
        f"DELETE {ROLES}/{listed_id}": {"deleted": True},
    }
    asked = serve(requests_mock, replies)
    remote = Remote({"project_id": "proj_1", "group_id": "group_1"})
    ProjectGroup.handler.create(client, remote, Wanted({}, {"role": role}))
    assert remote.attributes["role"] == role
    assert warnings(caplog) == [f"{existing_note('Group group_1 of project proj_1', count=1)}."]
    assert writes(asked) == []
    ProjectGroup.handler.delete(type(client)(client.requestor), remote)
    assert writes(asked) == [("DELETE", f"{ROLES}/{listed_id}", None)]


IN_GROUP = {"group_id": "group_1", "user_id": "user-1"}
ADD = "POST /organization/groups/group_1/users"
SERVICE_ACCOUNT = {**USER, "is_service_account": True}
NOT_THERE = (404, error_body("Not found", "not_found"))
SCIM_EVENT = (
    "Could not add user user-1 of group group_1: no: group 'Eng' (group_1) is managed by your identity provider "
    "(SCIM): OpenAI refuses changes by the API"
)


@pytest.mark.parametrize(
    ("replies", "event", "advice"),
    [
        (
            {**SCIM_GROUP, ADD: (400, error_body("no"))},
            SCIM_EVENT,
            (
                "Change the group at the identity provider. To stop managing it here, remove the resource from the "
                "program, and remove it from the state ('<urn>')."
            ),
        ),
        (
            {"GET /organization/users/user-1": SERVICE_ACCOUNT, ADD: (404, error_body("no", "not_found"))},
            "Could not add user user-1 of group group_1: no: user user-1 is a service account",
            "Name a person. A service account belongs to its project: manage it with ProjectServiceAccount.",
        ),
        (
            {ADD: NOT_THERE},
            "The organization has no user user-1",
            (
                "Check the spelling, and remove a person who has left from the program. Invite a person who is not "
                "there yet, with OrganizationMember or in OpenAI's dashboard."
            ),
        ),
        (
            {"GET /organization/users/user-1": USER, ADD: (400, error_body("Not today"))},
            "Could not add user user-1 of group group_1: Not today",
            "Correct the program and run it again.",
        ),
        (
            {"GET /organization/users/user-1": REFUSED, ADD: NOT_THERE},
            "Could not add user user-1 of group group_1: Not found",
            "Check the id, and that the key belongs to its organization.",
        ),
    ],
    ids=["scim", "service account", "not there", "refused", "not shown"],
)
def test_a_refusal_to_add_a_user_to_a_group_says_why(
    client: Client, requests_mock: mocked.Mocker, replies: dict[str, Any], event: str, advice: str
) -> None:
    serve(requests_mock, {**ANCHOR, "GET /organization/groups/group_1": {"id": "group_1"}, **NO_USERS, **replies})
    with pytest.raises(errors.AdminError) as told:
        GroupUser.handler.create(client, Remote(IN_GROUP), Wanted({}, {}))
    assert (told.value.what, told.value.advice) == (event, advice)


def test_members_of_a_group_that_scim_manages_are_not_declared(client: Client, requests_mock: mocked.Mocker) -> None:
    users = {"GET /organization/groups/group_1/users": listed({"id": "user-1", "name": "Ada", "email": "a@b"})}
    groups = {"GET /organization/groups": listed(SCIM_GROUP["GET /organization/groups/group_1"])}
    serve(requests_mock, {**SCIM_GROUP, **groups, **users})
    assert GroupUser.handler.ids(client, Remote({"group_id": "group_1"})) == []


def test_a_service_account_is_not_declared_and_the_reason_says_what_to_do(
    client: Client, requests_mock: mocked.Mocker
) -> None:
    account = {"id": "user-1", "is_service_account": True}
    serve(requests_mock, {**ANCHOR, f"GET {ORGANIZATION}": listed(account), f"GET {ORGANIZATION}/user-1": account})
    with pytest.raises(errors.NotAdoptableError, match="it can't be imported as a user") as refusal:
        OrganizationUser.handler.declared(client, Remote({}, "user-1"))
    assert "ProjectServiceAccount" in refusal.value.advice


def test_a_group_that_does_not_exist_is_told_with_the_nearest(client: Client, requests_mock: mocked.Mocker) -> None:
    serve(requests_mock, {"GET /organization/groups": listed({"id": "group_12"})})
    people.require_group(client, "group_12")
    with pytest.raises(errors.NoMatchError) as told:
        people.require_group(client, "group_1")
    assert told.value.what == "The organization has no group group_1"
    assert told.value.advice == "Did you mean group_12?"
    with pytest.raises(errors.NoMatchError) as told:
        people.require_group(client, "x")
    assert told.value.advice == "Check it in OpenAI's dashboard, under Groups."
    serve(requests_mock, {"GET /organization/groups": REFUSED})
    people.require_group(type(client)(client.requestor), "group_1")


def test_a_group_of_a_project_is_imported_with_a_predefined_role_first(
    client: Client, requests_mock: mocked.Mocker
) -> None:
    remote = Remote({"project_id": "proj_1", "group_id": "group_1"}, "group_1")
    predefined = {"id": "role-api-project-owner__api-project__proj_1", "predefined_role": True}
    roles = listed({"id": "custom", "predefined_role": False}, predefined)
    serve(requests_mock, {f"GET {GROUPS}": listed(GROUP_ROW), f"GET {ROLES}": roles})
    assert ProjectGroup.handler.declared(client, remote) == {**GROUP_ROW, "role": "owner"}
    serve(requests_mock, {f"GET {GROUPS}": listed(GROUP_ROW), f"GET {ROLES}": listed({"id": "role_custom"})})
    assert ProjectGroup.handler.declared(type(client)(client.requestor), remote)["role"] == "role_custom"
    serve(requests_mock, {f"GET {GROUPS}": listed(GROUP_ROW), f"GET {ROLES}": listed()})
    with pytest.raises(errors.NotAdoptableError) as told:
        ProjectGroup.handler.declared(type(client)(client.requestor), remote)
    assert told.value.what == "Group group_1 of project proj_1 can't be imported: it has no role there"


def test_a_preview_compares_the_role_of_a_group_that_is_in_the_project(
    client: Client, requests_mock: mocked.Mocker
) -> None:
    remote, wanted = Remote({"project_id": "proj_1", "group_id": "group_1"}), Wanted({}, {"role": "member"})
    roles = listed({"id": "role-api-project-member__api-project__proj_1"})
    serve(requests_mock, {f"GET {GROUPS}": listed(GROUP_ROW), f"GET {ROLES}": roles})
    observation = ProjectGroup.handler.observe(client, remote, wanted)
    assert observation.values == [ValueComparison("role", "role", None, "member", "member", True)]


@pytest.mark.parametrize("handler", [OrganizationUser.handler, ProjectUser.handler])
def test_another_address_of_a_user_is_no_other_user(client: Client, requests_mock: mocked.Mocker, handler: Any) -> None:
    parents = {"project_id": "proj_1"} if handler is ProjectUser.handler else {}
    at = "/organization/projects/proj_1/users" if parents else ORGANIZATION
    replies: dict[str, Any] = {f"GET {ORGANIZATION}": listed(USER), f"GET {at}": listed(USER)}
    asked = serve(requests_mock, replies)
    remote = Remote(parents)
    handler.create(client, remote, Wanted({"email": "ada@example.com"}, {"role": "reader"}))
    replies[f"GET {ORGANIZATION}"] = replies[f"GET {at}"] = listed({**USER, "email": "Lovelace@example.com"})
    handler.read(type(client)(client.requestor), remote)
    assert (remote.id, remote.get("email")) == ("user-1", "lovelace@example.com")
    assert handler.means_same(remote, "email", "Ada@example.com")
    assert not handler.means_same(remote, "email", "eve@example.com")
    wanted = Wanted({"email": "ada@example.com"}, {"role": "reader"})
    handler.update(type(client)(client.requestor), remote, wanted)
    assert not writes(asked)


@pytest.mark.parametrize("account_id", ["svc_acct_1", "69fbc2ab1dd08190b811e6a0"])
def test_a_service_account_is_a_member_of_a_group(
    client: Client, requests_mock: mocked.Mocker, account_id: str
) -> None:
    account = {"id": account_id, "name": "ci", "email": None, "is_service_account": True}
    at = "/organization/groups/group_1/users"
    replies = {f"GET {at}": listed(), f"POST {at}": {"user_id": account_id}, f"GET {at}/{account_id}": account}
    asked = serve(requests_mock, replies)
    remote = Remote({"group_id": "group_1", "user_id": account_id})
    GroupUser.handler.require_candidate(client, remote.parents, account_id)
    GroupUser.handler.create(client, remote, Wanted({}, {}))
    assert remote.get("name") == "ci"
    members = Remote({"group_id": "group_2"})
    there = "/organization/groups/group_2/users"
    replies |= {f"GET {there}": listed(), f"POST {there}": {"user_id": account_id}}
    GroupMembers.handler.create(client, members, Wanted({}, {"user_ids": [account_id]}))
    assert members.get("user_ids") == [account_id]
    assert ORGANIZATION not in [path for _, path, _ in asked], "which has no accounts of projects"


@pytest.mark.parametrize("status", [400, 404])
def test_a_service_account_that_can_not_be_added_is_named_as_one(
    client: Client, requests_mock: mocked.Mocker, status: int
) -> None:
    groups = {"GET /organization/groups/group_1": {"id": "group_1"}}
    refusal = (status, error_body("The user svc_acct_1 was not found", "not_found"))
    serve(requests_mock, {**ANCHOR, **NO_USERS, **groups, ADD: refusal})
    with pytest.raises(errors.AdminError) as told:
        GroupUser.handler.create(client, Remote({"group_id": "group_1", "user_id": "svc_acct_1"}), Wanted({}, {}))
    assert ("The organization has no service account svc_acct_1" in told.value.what) is (status == 404)
    assert "Invite" not in told.value.advice

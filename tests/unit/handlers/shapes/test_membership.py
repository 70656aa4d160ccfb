from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.shapes.membership import THERE, Membership, existing_note
from tests.unit.fakes import FakeOpenAI, error_body, next_run, told

if TYPE_CHECKING:
    import requests_mock as mocked

    from pulumi_openai_admin.http.client import Client

MEMBERS = Membership("/organization/groups/{group_id}/users", noun="user", id_name="user_id")
WITH_ROLE = Membership("/organization/projects/{project_id}/users", noun="user", id_name="user_id", settable=("role",))
GROUP, PROJECT = "/organization/groups/group_1", "/organization/projects/proj_1"
NOTHING = Wanted({}, {})


@dataclass
class People(FakeOpenAI):
    """A group and a project with members."""

    members: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {GROUP: {}, PROJECT: {}})

    def add(self, parent: str, user: str, **values: Any) -> None:
        self.members[parent][user] = {"id": user, **values}

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:  # noqa: PLR0911 - a reply for each request
        if path == "/organization/projects":
            projects = [{"id": "proj_1"}] if PROJECT in self.members else [{"id": "proj_other"}]
            return 200, {"data": projects, "has_more": False}
        parent, _, rest = path.partition("/users")
        if parent not in self.members:
            return 404, error_body("Not found", "not_found")
        if "/users" not in path:
            return 200, {"id": parent.rpartition("/")[2], "status": "active"}
        there, user = self.members[parent], rest.removeprefix("/")
        if method == "GET" and user:
            return (200, there[user]) if user in there else (404, error_body("Not found", "not_found"))
        if method == "GET":
            return 200, {"data": list(there.values()), "has_more": False, "next": None}
        if method == "POST" and not user:
            row = there.setdefault(body["user_id"], {"id": body["user_id"], **body})
            return 200, {"object": "user", **row}
        if user not in there:
            return 404, error_body("Not found", "not_found")
        if method == "DELETE":
            del there[user]
            return 200, {"deleted": True}
        there[user].update(body)
        return 200, there[user]


@pytest.fixture
def people(requests_mock: mocked.Mocker) -> People:
    return People(requests_mock)


def new() -> Remote:
    return Remote({"group_id": "group_1", "user_id": "user-1"})


def in_project() -> Remote:
    return Remote({"project_id": "proj_1", "user_id": "user-1"})


def role(value: str) -> Wanted:
    return Wanted({}, {"role": value})


def added(client: Client) -> Remote:
    remote = new()
    MEMBERS.create(client, remote, NOTHING)
    return remote


def with_role(client: Client, value: str) -> Remote:
    remote = in_project()
    WITH_ROLE.create(client, remote, role(value))
    return remote


def delete(client: Client, remote: Remote, members: Membership = MEMBERS) -> None:
    members.delete(next_run(client, remote), remote)


# Adding and removing


def test_a_member_that_exists_is_told_and_removed(
    client: Client, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    people.add(GROUP, "user-1")
    note = existing_note("User user-1 of group group_1", count=1)
    assert MEMBERS.observe(client, new(), NOTHING).others == note
    remote = added(client)
    assert told(caplog) == f"{note}."
    assert not remote.step.has_changed
    delete(client, remote)
    assert (people.asked("POST"), people.members[GROUP]) == ([], {})


@pytest.mark.parametrize("status", [400, 409])
def test_a_member_that_another_adds_at_the_same_time_gets_the_role(client: Client, people: People, status: int) -> None:
    people.surprise(
        "POST", "users$", (status, error_body("exists")), acts=lambda: people.add(PROJECT, "user-1", role="owner")
    )
    with_role(client, "member")
    assert people.members[PROJECT]["user-1"]["role"] == "member"


# Roles


def test_a_change_that_openai_does_not_make_is_an_error(client: Client, people: People) -> None:
    people.add(PROJECT, "user-1", role="owner")
    people.surprise("POST", "user-1$", (200, {"id": "user-1", "role": "owner"}))
    with pytest.raises(errors.UpdateNotAppliedError, match="role is owner, expected member"):
        with_role(client, "member")


def test_a_member_that_openai_does_not_have_is_gone(client: Client, people: People) -> None:
    remote = added(client)
    people.members[GROUP].clear()
    people.now += VISIBILITY_LAG_SECONDS + 1
    with pytest.raises(errors.ResourceGoneError) as gone:
        MEMBERS.read(next_run(client, remote), remote)
    assert gone.value.what == "user user-1 of group group_1 no longer exists at OpenAI"
    assert gone.value.advice == "Refresh the state, then update the resources. The next update adds it again."
    (value,) = MEMBERS.observe(next_run(client, remote), remote, NOTHING).values
    assert value == ValueComparison("", "", THERE, None, THERE, is_same=False)


def test_a_preview_compares_what_the_program_sets_of_a_member(client: Client, people: People) -> None:
    observation = WITH_ROLE.observe(client, in_project(), role("owner"))
    assert observation.values == [ValueComparison("role", "role", None, None, "owner", is_same=False)]
    remote = with_role(client, "owner")
    people.members[PROJECT]["user-1"]["role"] = "member"
    observation = WITH_ROLE.observe(next_run(client, remote), remote, role("member"))
    assert observation == Observation(
        "user user-1 of project proj_1", [ValueComparison("role", "role", "owner", "member", "member", is_same=True)]
    )


def test_a_role_is_changed_in_place_and_the_member_removed_with_it(client: Client, people: People) -> None:
    people.add(PROJECT, "user-1", role="owner")
    remote = with_role(client, "member")
    assert people.asked("POST") == [(f"{PROJECT}/users/user-1", {"role": "member"})]
    assert remote.step.has_changed
    people.members[PROJECT]["user-1"]["role"] = "viewer"
    delete(client, remote, WITH_ROLE)
    assert people.members[PROJECT] == {}, "neither the role from before nor that of others is put back"

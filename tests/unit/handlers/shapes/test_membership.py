from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
import requests
import requests_mock as mocked

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.shapes.membership import THERE, Membership, existing_note
from tests.unit.fakes import NOW, URL, error_body, next_run, require_known_query, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.client import Client

MEMBERS = Membership("/organization/groups/{group_id}/users", noun="user", id_name="user_id")
WITH_ROLE = Membership("/organization/projects/{project_id}/users", noun="user", id_name="user_id", settable=("role",))
GROUP, PROJECT = "/organization/groups/group_1", "/organization/projects/proj_1"
LOST = requests.exceptions.ReadTimeout("slow")
NOTHING = Wanted({}, {})


@dataclass
class People:
    """A group and a project with members; the next requests that match a `surprise` are answered with it."""

    mock: mocked.Mocker
    members: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {GROUP: {}, PROJECT: {}})
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    surprises: list[tuple[str, str, tuple[int, Any] | Exception, Callable[[], Any] | bool]] = field(
        default_factory=list
    )
    hidden: int = 0
    """How many lists leave out all members."""
    now: int = NOW

    def __post_init__(self) -> None:
        self.mock.register_uri(mocked.ANY, mocked.ANY, content=self._content)

    def add(self, parent: str, user: str, **values: Any) -> None:
        self.members[parent][user] = {"id": user, **values}

    def surprise(
        self, method: str, path: str, answer: tuple[int, Any] | Exception, acts: Callable[[], Any] | bool = False
    ) -> None:
        self.surprises.append((method, path, answer, acts))

    def asked(self, method: str) -> list[tuple[str, Any]]:
        return [(path, body) for verb, path, body in self.calls if verb == method]

    def _content(self, request: Any, context: Any) -> bytes:
        path, body = request.url.removeprefix(URL).partition("?")[0], request.json() if request.body else None
        require_known_query(request)
        self.calls.append((request.method, path, body))
        context.headers.update({"x-request-id": f"req_{len(self.calls)}", "date": formatdate(self.now, usegmt=True)})
        for surprise in self.surprises:
            method, pattern, answer, acts = surprise
            if method == request.method and re.search(pattern, path):
                self.surprises.remove(surprise)
                if callable(acts):
                    acts()
                elif acts:
                    self._answer(method, path, body)
                if isinstance(answer, Exception):
                    raise answer
                context.status_code, reply = answer
                return json.dumps(reply).encode()
        context.status_code, reply = self._answer(request.method, path, body)
        return json.dumps(reply).encode()

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
            shown = [] if self.hidden else list(there.values())
            self.hidden = max(self.hidden - 1, 0)
            return 200, {"data": shown, "has_more": False, "next": None}
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


def test_a_warning_of_several_members_speaks_of_several() -> None:
    assert existing_note("2 users (a, b)", count=2).startswith(
        "2 users (a, b) exist already, and this resource now manages them: removing the resource removes them, unless"
    )


def test_a_member_that_no_list_shows_is_removed_by_its_id(client: Client, people: People) -> None:
    remote = added(client)
    people.hidden = 99
    delete(client, remote)
    assert people.members[GROUP] == {}


@pytest.mark.parametrize(("age", "requests_"), [(VISIBILITY_LAG_SECONDS + 1, 1), (1, 8)])
def test_a_removal_succeeds_where_the_member_is_gone(client: Client, people: People, age: int, requests_: int) -> None:
    remote = added(client)
    people.members[GROUP].clear()
    people.now += age
    delete(client, remote)
    assert len(people.asked("DELETE")) == requests_, "one that was added moments ago may not be found yet"


def test_a_young_member_that_is_not_found_yet_is_removed(client: Client, people: People) -> None:
    remote = added(client)
    people.surprise("DELETE", "user-1$", (404, error_body("Not found", "not_found")))
    delete(client, remote)
    assert people.members[GROUP] == {}


def test_two_hundred_members_are_read_with_one_list(client: Client, people: People) -> None:
    for number in range(200):
        people.add(GROUP, f"user-{number}")
    for number in range(200):
        MEMBERS.read(client, Remote({"group_id": "group_1", "user_id": f"user-{number}"}, f"user-{number}"))
    assert people.calls == [("GET", f"{GROUP}/users", None)]


# Lost replies and refusals


@pytest.mark.parametrize("acts", [False, True])
def test_a_lost_addition_is_repeated(
    client: Client, people: People, caplog: pytest.LogCaptureFixture, acts: bool
) -> None:
    people.surprise("POST", "users$", LOST, acts=acts)
    remote = added(client)
    assert remote.step.has_changed
    assert len(people.asked("POST")) == 2
    assert told(caplog) == "", "this resource added the member"
    delete(client, remote)
    assert people.members[GROUP] == {}


def test_an_addition_that_stays_lost_is_made_by_the_next_run(client: Client, people: People) -> None:
    for _ in range(6):
        people.surprise("POST", "users$", LOST)
    remote = new()
    with pytest.raises(errors.ResponseLostError):
        MEMBERS.create(client, remote, NOTHING)
    assert (remote.id, remote.step.has_changed) == ("user-1", True)
    MEMBERS.update(next_run(client, remote), remote, NOTHING)
    assert list(people.members[GROUP]) == ["user-1"]


@pytest.mark.parametrize("status", [400, 409])
def test_a_member_that_another_adds_at_the_same_time_gets_the_role(client: Client, people: People, status: int) -> None:
    people.surprise(
        "POST", "users$", (status, error_body("exists")), acts=lambda: people.add(PROJECT, "user-1", role="owner")
    )
    with_role(client, "member")
    assert people.members[PROJECT]["user-1"]["role"] == "member"


def test_a_refused_addition_is_an_error_and_leaves_nothing(client: Client, people: People) -> None:
    people.surprise("POST", "users$", (400, error_body("no")))
    remote = new()
    with pytest.raises(errors.BadRequestError):
        MEMBERS.create(client, remote, NOTHING)
    assert not remote.step.has_changed


@pytest.mark.parametrize("count", [1, 10, 100])
def test_additions_that_openai_refuses_share_one_list(client: Client, people: People, count: int) -> None:
    for number in range(count):
        people.surprise("POST", "users$", (400, error_body("no")))
        with pytest.raises(errors.BadRequestError):
            MEMBERS.create(client, Remote({"group_id": "group_1", "user_id": f"user-{number}"}), NOTHING)
    assert [path for path, _ in people.asked("GET")].count(f"{GROUP}/users") == 1


# Roles


def test_a_role_is_changed_in_place_and_the_member_removed_with_it(client: Client, people: People) -> None:
    people.add(PROJECT, "user-1", role="owner")
    remote = with_role(client, "member")
    assert people.asked("POST") == [(f"{PROJECT}/users/user-1", {"role": "member"})]
    assert remote.step.has_changed
    people.members[PROJECT]["user-1"]["role"] = "viewer"
    delete(client, remote, WITH_ROLE)
    assert people.members[PROJECT] == {}, "neither the role from before nor that of others is put back"


def test_a_change_that_openai_does_not_make_is_an_error(client: Client, people: People) -> None:
    people.add(PROJECT, "user-1", role="owner")
    people.surprise("POST", "user-1$", (200, {"id": "user-1", "role": "owner"}))
    with pytest.raises(errors.UpdateNotAppliedError, match="role is owner, expected member"):
        with_role(client, "member")


# Gone


def test_a_member_that_the_list_lacks_is_asked_for_by_its_id(client: Client, people: People) -> None:
    remote = with_role(client, "member")
    people.members[PROJECT]["user-1"]["role"] = "owner"
    people.hidden = 1
    WITH_ROLE.read(next_run(client, remote), remote)
    assert remote.get("role") == "owner"
    assert people.asked("GET")[-1] == (f"{PROJECT}/users/user-1", None)


def test_a_member_added_moments_ago_is_not_gone(client: Client, people: People) -> None:
    remote = with_role(client, "member")
    people.members[PROJECT].clear()
    WITH_ROLE.read(next_run(client, remote), remote)
    assert remote.get("role") == "member"


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


def test_the_member_of_a_group_that_is_gone_is_gone(client: Client, people: People) -> None:
    remote = added(client)
    del people.members[GROUP]
    with pytest.raises(errors.ParentEndedError):
        MEMBERS.read(next_run(client, remote), remote)
    delete(client, remote)


def test_with_another_organizations_key_no_member_of_a_project_is_gone(client: Client, people: People) -> None:
    remote = with_role(client, "member")
    people.members.clear()
    with pytest.raises(errors.ProjectNotFoundError):
        WITH_ROLE.read(next_run(client, remote), remote)
    with pytest.raises(errors.ProjectNotFoundError):
        delete(client, remote, WITH_ROLE)


@pytest.mark.parametrize("count", [1, 10, 100])
def test_members_that_others_removed_are_looked_for_with_one_list(client: Client, people: People, count: int) -> None:
    for number in range(count):
        remote = Remote({"group_id": "group_1", "user_id": f"user-{number}"}, f"user-{number}")
        with pytest.raises(errors.ResourceGoneError):
            MEMBERS.read(client, remote)
    assert [path for path, _ in people.asked("GET")].count(f"{GROUP}/users") == 1


# Several resources of a run


def test_a_member_that_another_resource_declares_is_left(client: Client, people: People) -> None:
    remote = added(client)
    claims: list[object] = []
    remote.step.is_declared_elsewhere = lambda claim: claims.append(claim) or "GroupUser 'b'"
    delete(client, remote)
    assert list(people.members[GROUP]) == ["user-1"]
    assert claims == [*MEMBERS.claims(remote.parents, NOTHING, {})]


def test_a_member_that_was_removed_in_the_run_is_added_again(client: Client, people: People) -> None:
    old = added(client)
    again = next_run(client, old)
    MEMBERS.delete(again, old)
    MEMBERS.create(again, new(), NOTHING)
    assert list(people.members[GROUP]) == ["user-1"]


# Imports and previews


def test_a_member_is_adopted_as_it_is_and_belongs_to_the_program(
    client: Client, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    people.add(GROUP, "user-1")
    remote = new()
    MEMBERS.adopt(client, remote, NOTHING)
    assert [*people.asked("POST"), *people.asked("DELETE")] == []
    assert told(caplog) == ""
    MEMBERS.delete(type(client)(client.requestor), remote)
    assert people.members[GROUP] == {}


def test_a_member_is_imported_as_it_is_listed(client: Client, people: People) -> None:
    people.add(PROJECT, "user-1", role="owner")
    assert WITH_ROLE.ids(client, in_project()) == ["user-1"]
    assert WITH_ROLE.declared(client, Remote(in_project().parents, "user-1")) == {"id": "user-1", "role": "owner"}


@pytest.mark.usefixtures("people")
def test_a_preview_says_whether_a_member_is_there(client: Client) -> None:
    nobody = Observation("user user-1 of group group_1", [ValueComparison("", "", None, None, THERE, is_same=False)])
    assert MEMBERS.observe(client, new(), NOTHING) == nobody
    remote = added(client)
    observation = MEMBERS.observe(next_run(client, remote), remote, NOTHING)
    assert observation == Observation(nobody.what, [ValueComparison("", "", THERE, THERE, THERE, is_same=True)])


def test_a_preview_compares_what_the_program_sets_of_a_member(client: Client, people: People) -> None:
    observation = WITH_ROLE.observe(client, in_project(), role("owner"))
    assert observation.values == [ValueComparison("role", "role", None, None, "owner", is_same=False)]
    remote = with_role(client, "owner")
    people.members[PROJECT]["user-1"]["role"] = "member"
    observation = WITH_ROLE.observe(next_run(client, remote), remote, role("member"))
    assert observation == Observation(
        "user user-1 of project proj_1", [ValueComparison("role", "role", "owner", "member", "member", is_same=True)]
    )

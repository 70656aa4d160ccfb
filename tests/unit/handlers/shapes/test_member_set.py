from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import GroupMembers, errors
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Observation, Remote, Wanted
from pulumi_openai_admin.handlers.shapes.membership import existing_note
from pulumi_openai_admin.http.client import Client
from tests.unit.fakes import Clock, FakeOpenAI, error_body, listed, warnings
from tests.unit.set_over_runs import ListOverRuns

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor

SET = GroupMembers.handler
USERS = "/organization/groups/group_1/users"


@dataclass
class Organization(FakeOpenAI):
    """A group with users."""

    users: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    """Users and service accounts that no longer exist."""
    is_there: bool = True

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:  # noqa: C901, PLR0911 - one reply each
        if path == "/organization/projects":
            return 200, {"data": [self.project] if self.project else [], "has_more": False}
        if path == "/organization/users":
            known = [*(f"user-{number}" for number in range(1000)), *self.users]
            there = [id_ for id_ in known if not id_.startswith("svc_acct_")]
            return 200, {
                "data": [{"id": id_, "email": None} for id_ in there if id_ not in self.deleted],
                "has_more": False,
            }
        if path == "/organization/groups":
            return 200, {"data": [{"id": "group_1", "name": "Eng"}], "has_more": False, "next": None}
        if not path.startswith("/organization/groups/group_1"):
            return super()._answer(method, path, body)
        if not self.is_there:
            return 404, error_body("No such group")
        if path == USERS and method == "GET":
            return 200, {"data": [{"id": user, "name": user} for user in self.users], "has_more": False, "next": None}
        if path == USERS and body["user_id"] in self.deleted:
            return 404, error_body("No such user")
        if path == USERS:
            self.users = list(dict.fromkeys([*self.users, body["user_id"]]))
            return 200, {"object": "group.user", "user_id": body["user_id"], "group_id": "group_1"}
        user = path.removeprefix(f"{USERS}/")
        if "/users/" in path and user not in self.users:
            return 404, error_body("No such user")
        if method == "DELETE":
            self.users.remove(user)
        return 200, {"id": user, "name": user}


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


@pytest.fixture
def stack(requestor: Requestor) -> ListOverRuns:
    return ListOverRuns(SET, requestor, Remote({"group_id": "group_1"}, unordered=frozenset({"user_ids"})))


def test_users_who_exist_are_told_once_and_belong_to_the_set(
    stack: ListOverRuns, openai: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    openai.users = ["user-1", "user-3", "user-9"]
    note = existing_note("2 users of group group_1 (user-1, user-3)", count=2)
    assert looked(stack, "user-1", "user-2", "user-3").others == note
    for _ in range(2):
        stack.up("user-1", "user-2", "user-3")
    assert warnings(caplog) == [f"{note}."]
    assert stack.note("user-2", "user-3") == (
        "1 user that the program does not name will be removed from group group_1: user-1."
    )
    stack.up("user-2", "user-3")
    assert openai.users == ["user-3", "user-9", "user-2"]
    stack.destroy()
    assert openai.users == ["user-9"]


def test_a_user_listed_after_the_removal_is_told_once_after_a_minute(
    stack: ListOverRuns, openai: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    stack.up("user-1", "user-2", exclusive=True)
    openai.surprise("GET", "users$", listed({"id": "user-1"}, {"id": "user-2"}), times=99)
    stack.up("user-2", exclusive=True)
    assert openai.users == ["user-2"]
    for age, count in ((0, 0), (VISIBILITY_LAG_SECONDS + 1, 1), (1, 1)):
        openai.now += age
        assert stack.refresh() == ["user-2"]
        stack.up("user-2", exclusive=True)
        assert len(warnings(caplog)) == count
    assert warnings(caplog)[0].startswith(
        "OpenAI still lists 1 user of group group_1 that this resource removed: user-1. Owners of the organization may "
        "be implicit members."
    )
    assert len(openai.asked("DELETE")) == 1
    stack.up("user-1", "user-2", exclusive=True)
    assert stack.remote.get("user_ids") == ["user-1", "user-2"]


def deletes(openai: Organization, *ids: str) -> None:
    openai.users = [id_ for id_ in openai.users if id_ not in ids]
    openai.deleted |= set(ids)
    openai.now += VISIBILITY_LAG_SECONDS + 1


def test_who_was_never_known_is_an_error_beside_one_who_was_deleted(stack: ListOverRuns, openai: Organization) -> None:
    stack.up("user-1", "user-2")
    deletes(openai, "user-2", "user-none")
    with pytest.raises(errors.NoMatchError, match="The organization has no user user-none"):
        stack.up("user-1", "user-2", "user-3", "user-none")
    assert openai.users == ["user-1"]


def test_an_exclusive_set_removes_nobody_before_a_preview_has_named_them(
    stack: ListOverRuns, openai: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    openai.users = ["user-9"]
    stack.up("user-1", exclusive=True)
    assert sorted(openai.users) == ["user-1", "user-9"]
    (told,) = warnings(caplog)
    assert told == (
        "Group group_1 has 1 user that the program does not name, and that no preview has shown: user-9. "
        "They are not removed yet; run the command again to remove them."
    )
    assert stack.remote.get("user_ids") == ["user-1", "user-9"], "so the next preview shows a change"
    assert stack.note("user-1") == "1 user that the program does not name will be removed from group group_1: user-9."
    stack.up("user-1", exclusive=True)
    assert openai.users == ["user-1"]
    assert stack.note("user-1") == ""


def test_an_exclusive_set_shows_who_joined_outside_and_removes_them(stack: ListOverRuns, openai: Organization) -> None:
    stack.up("user-1", exclusive=True)
    openai.users.append("user-9")
    assert stack.refresh() == ["user-1", "user-9"]
    stack.up("user-1", exclusive=True)
    assert openai.users == ["user-1"]


def test_what_was_done_is_kept_where_openai_refuses_a_user(stack: ListOverRuns, openai: Organization) -> None:
    stack.parallel = 1
    openai.surprise("POST", "users$", (400, error_body("No service accounts")))
    with pytest.raises(errors.PartialUpdateError) as told:
        stack.up("user-1", "user-2", "user-3")
    assert told.value.what == ("Failed to update 1 of 3 users of group group_1 (user-1); updated 2 (user-2, user-3)")
    assert told.value.advice.startswith("user-1: Could not add user user-1 of group group_1: No service accounts")
    assert told.value.advice.endswith("Run the command again to update the rest.")
    assert stack.remote.step.has_changed
    assert stack.remote.get("user_ids") == ["user-2", "user-3"]
    stack.destroy()
    assert openai.users == []


def test_a_key_that_may_not_add_stops_the_run(stack: ListOverRuns, openai: Organization) -> None:
    stack.parallel = 1
    openai.surprise("POST", "users$", (401, error_body("No")), times=9)
    with pytest.raises(errors.PartialUpdateError, match=r"updated 0 \(none\), did not try 2 \(user-2, user-3\)"):
        stack.up("user-1", "user-2", "user-3")
    assert not stack.remote.step.has_changed
    assert len(openai.asked("POST")) == 1


def test_a_group_that_is_gone_is_done(stack: ListOverRuns, openai: Organization) -> None:
    stack.up("user-1")
    openai.is_there = False
    stack.destroy()
    with pytest.raises(errors.ParentEndedError):
        stack.refresh()


def looked(stack: ListOverRuns, *users: str, exclusive: bool = False) -> Observation:
    options = {"exclusive": True} if exclusive else {}
    return SET.observe(Client(stack.requestor), stack.remote, Wanted({}, {"user_ids": list(users)}, options))


@pytest.mark.usefixtures("openai")
def test_a_preview_of_a_set_that_is_not_known_yet_compares_nothing(stack: ListOverRuns) -> None:
    assert SET.observe(Client(stack.requestor), stack.remote, Wanted({}, {})) == Observation(
        "the users of group group_1"
    )


@pytest.mark.parametrize("count", [1, 100])
def test_the_lists_of_a_set_stay_constant(stack: ListOverRuns, openai: Organization, count: int) -> None:
    stack.up(*(f"user-{number}" for number in range(count)))
    assert len(openai.asked("POST")) == count
    assert len(openai.asked("GET")) <= 2


@pytest.mark.usefixtures("openai")
def test_a_removal_waits_for_resources_that_may_declare_the_user(stack: ListOverRuns, clock: Clock) -> None:
    stack.up("user-1", "user-2")
    before = clock.at
    stack.up("user-1")
    assert clock.at > before


def test_a_preview_tells_who_was_deleted(stack: ListOverRuns, openai: Organization) -> None:
    stack.up("user-1", "user-2", "user-3")
    deletes(openai, "user-2", "user-3")
    observation = looked(stack, "user-1", "user-2", "user-3")
    assert [value.label for value in observation.values] == ["user-1"]
    assert observation.others == (
        "2 users of group group_1 no longer exist at OpenAI: user-2, user-3. Remove them from the program"
    )

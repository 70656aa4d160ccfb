"""What requests without a response may have created is looked for until it is known."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import GroupMembers, GroupUser, errors
from pulumi_openai_admin.handlers import creation
from pulumi_openai_admin.handlers.creation import (
    VISIBILITY_LAG_SECONDS,
    CreationPlace,
    LostRequests,
    LostWrite,
    is_open,
)
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from tests.unit.fakes import NOW, FakeOpenAI, error_body, listed, warnings

if TYPE_CHECKING:
    from tests.unit.fakes import Clock, FakeOpenAI

PATH = "/organization/projects/proj_1/service_accounts"
LOST = requests.exceptions.ReadTimeout("slow")
BODY = {"name": "ci"}


@pytest.fixture
def lost(client: Client, openai: FakeOpenAI) -> LostRequests:
    return next_run(client, Remote({"project_id": "proj_1"}), openai)


def next_run(client: Client, remote: Remote, openai: FakeOpenAI) -> LostRequests:
    another = Client(client.requestor)
    place = CreationPlace(
        "service account",
        "project proj_1",
        another.listing(PATH, "list the accounts", {}),
        lambda row, body: row["name"] == body["name"],
        lambda id_, _: openai.accounts.pop(id_),
        parents=remote.parents,
    )
    return LostRequests(another, remote, place)


def fail(lost: LostRequests, openai: FakeOpenAI) -> None:
    """A creation that gets no response, and for which no list can be read."""
    call = Call("POST", PATH, "create service account 'ci'", body=BODY, idempotent=False)
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.surprise("GET", ".", (403, {}), times=1))
    with pytest.raises(errors.ResponseLostError, match="may have been created"):
        lost.create(call, BODY)


def test_a_deletion_waits_until_nothing_can_be_created_any_more(
    lost: LostRequests, openai: FakeOpenAI, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    fail(lost, openai)
    openai.now += 20
    clock.slept.clear()
    openai.hidden[openai.add_account("ci")] = 5
    next_run(lost.client, lost.remote, openai).look(math.inf)
    assert (openai.accounts, is_open(lost.remote)) == ({}, False)
    assert sum(clock.slept) == 38
    assert "Waiting up to 32 s to look for service accounts of project proj_1" in warnings(caplog)[0]


def test_a_refresh_removes_nothing(lost: LostRequests, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture) -> None:
    fail(lost, openai)
    openai.add_account("ci")
    openai.now += 3600
    next_run(lost.client, lost.remote, openai).look(removes=False)
    assert list(openai.accounts) == ["svc_acct_1"]
    assert is_open(lost.remote)
    (told,) = warnings(caplog)
    assert told.endswith("may have created service account svc_acct_1 of project proj_1. The next update deletes it.")


def foreign(openai: FakeOpenAI, case: str) -> dict[str, Any]:
    """What is no result of the request, for a reason."""
    return openai.accounts[openai.add_account("other" if case == "another name" else "ci")]


@pytest.mark.parametrize("case", ["another name", "too late", "too early", "own", "of this run", "in the state"])
def test_what_is_not_from_the_request_is_left(lost: LostRequests, openai: FakeOpenAI, case: str) -> None:
    fail(lost, openai)
    row = foreign(openai, case)
    row["created_at"] = {"too late": NOW + 62, "too early": NOW - 1}.get(case, NOW)
    run = next_run(lost.client, lost.remote, openai)
    if case == "own":
        run = replace(run, place=replace(run.place, own=[row["id"]]))
    if case == "of this run":
        run.client.acquire(row["id"])
    if case == "in the state":
        lost.remote.step.is_in_state = {row["id"]}.__contains__
    openai.now += 3600
    run.look()
    assert list(openai.accounts) == [row["id"]]
    assert not is_open(lost.remote)


def test_several_that_fit_are_named_and_none_is_removed(lost: LostRequests, openai: FakeOpenAI) -> None:
    fail(lost, openai)
    for _ in range(2):
        openai.add_account("ci")
    run = next_run(lost.client, lost.remote, openai)
    with pytest.raises(errors.ResponseLostError) as error:
        run.look()
    assert error.value.what.endswith(
        "got no response, and several new service accounts of project proj_1 match: svc_acct_1, svc_acct_2. None was "
        "changed"
    )
    assert error.value.advice == "Delete those that are not needed, then run the command again."
    assert len(openai.accounts) == 2
    assert lost.remote.step.has_learned
    openai.now += 60
    run.look()
    assert len(openai.accounts) == 2, "the user was told, and decides"
    assert not is_open(lost.remote)


def test_in_an_archived_project_nothing_is_left_to_find(lost: LostRequests, openai: FakeOpenAI) -> None:
    fail(lost, openai)
    openai.project = {"id": "proj_1", "status": "archived"}
    lost.look()
    assert not is_open(lost.remote)


def test_another_resource_of_the_run_waits_for_a_lost_creation(
    lost: LostRequests, openai: FakeOpenAI, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    fail(lost, openai)
    clock.slept.clear()
    another = LostRequests(lost.client, Remote({"project_id": "proj_1"}), lost.place)
    another.create(Call("POST", PATH, "create another", body=BODY, idempotent=False), BODY)
    assert clock.slept[0] == 60
    assert warnings(caplog)[-1].startswith("Waiting 60 s to create another: a request of another resource of this run")


def test_a_list_that_cannot_be_read_decides_nothing(lost: LostRequests, openai: FakeOpenAI) -> None:
    fail(lost, openai)
    openai.now += 3600
    openai.surprise("GET", "accounts$", (401, error_body("No")))
    with pytest.raises(errors.AuthenticationError):
        lost.look()
    assert is_open(lost.remote)


# A removal waits for lost requests


USER = {"group_id": "group_1", "user_id": "user-1"}


class Waits:
    """A client whose time passes only while it waits."""

    def __init__(self, now: float, lost_at: float | None, *, is_known: bool = True) -> None:
        self.now, self.waited = now, 0.0
        self.requestor = SimpleNamespace(lost_at=lost_at)
        self.clock = SimpleNamespace(now=lambda: self.now if is_known else None)

    def pause(self, seconds: float, _: str) -> None:
        self.now, self.waited = self.now + seconds, self.waited + seconds

    def log_wait(self, *_: object) -> None:
        """Nobody reads it."""


def test_without_openais_clock_the_wait_is_not_shortened() -> None:
    client: Any = Waits(86_400, None, is_known=False)
    remote = Remote({})
    remote.memory.put(LostWrite(0))
    creation.wait_for_lost(client, remote, "remove it")
    assert client.waited == VISIBILITY_LAG_SECONDS


MOMENTS = st.integers(-10_000, 10_000)


@given(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)
def test_a_removal_comes_a_minute_after_the_last_lost_request(
    now: int, recorded: int | None, lost_at: int | None
) -> None:
    client: Any = Waits(now, lost_at)
    remote = Remote({})
    remote.memory.put(LostWrite(recorded))
    creation.wait_for_lost(client, remote, "remove it")
    last = recorded if lost_at is None else lost_at
    if last is None:
        assert client.waited == 0
    else:
        assert client.waited == VISIBILITY_LAG_SECONDS or client.now >= last + VISIBILITY_LAG_SECONDS
        assert client.waited <= VISIBILITY_LAG_SECONDS, "also by a clock that was set back"
    assert remote.memory[LostWrite] == LostWrite()
    waited = client.waited
    creation.wait_for_lost(client, remote, "remove it")
    assert client.waited <= waited + 1 or now < (last or 0), "one wait is enough"


@pytest.mark.parametrize("handler", [GroupUser.handler, GroupMembers.handler])
def test_what_a_lost_request_adds_late_is_removed(
    client: Client, openai: FakeOpenAI, clock: Clock, caplog: pytest.LogCaptureFixture, handler: Any
) -> None:
    """OpenAI acts 50 s after the connection was closed; a DELETE before that would find nothing."""
    late = clock.at + 50
    deleted: list[bool] = []
    openai.surprise("GET", "users", listed({"id": "user-1"}), times=99)
    openai.surprise("GET", "group_1", (200, {"id": "group_1"}), times=99)
    openai.surprise("POST", "users$", LOST, times=99)
    openai.surprise(
        "DELETE", "user-1$", (200, {"deleted": True}), acts=lambda: deleted.append(clock.at >= late), times=99
    )
    is_set = handler is GroupMembers.handler
    remote = Remote({"group_id": "group_1"}) if is_set else Remote(USER, "user-1")
    remote.memory.put(LostWrite(NOW))
    if is_set:
        handler.adopt(client, remote, Wanted({}, {"user_ids": ["user-1"]}))
        client = type(client)(client.requestor)
    handler.delete(client, remote)
    assert deleted == [True]
    assert any("the response to an earlier request was lost" in text for text in warnings(caplog))


def test_one_look_that_finds_nothing_decides_nothing(
    lost: LostRequests, openai: FakeOpenAI, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    fail(lost, openai)
    openai.now += 17
    next_run(lost.client, lost.remote, openai).look()
    assert is_open(lost.remote)
    assert clock.slept[-1] == 0
    assert warnings(caplog) == [
        (
            "A request at 2027-01-15 08:00 UTC to create service account 'ci' got no response, and may still act for "
            "43 s. The first update after that looks again for what it created."
        )
    ]
    openai.now += 43
    next_run(lost.client, lost.remote, openai).look()
    assert not is_open(lost.remote)
    assert len(warnings(caplog)) == 1

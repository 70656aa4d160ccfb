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
from pulumi_openai_admin.handlers.creation import (
    CONFLICT_WAITS,
    POLL_DELAYS,
    VISIBILITY_LAG_SECONDS,
    Creation,
    CreationPlace,
    LostRequests,
    LostWrite,
    is_made_in,
    is_open,
    wait_for_lost,
    waits,
)
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from tests.unit.fakes import NOW, FakeOpenAI, error_body, listed, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Listing
    from tests.unit.fakes import Clock, FakeOpenAI

PATH = "/organization/projects/proj_1/service_accounts"
LOST = requests.exceptions.ReadTimeout("slow")
UNCERTAIN = [
    pytest.param(LOST, id="time-out"),
    pytest.param(requests.exceptions.ConnectionError("reset"), id="reset"),
    pytest.param(requests.exceptions.ChunkedEncodingError("cut"), id="truncated"),
    pytest.param((500, error_body("stumbled")), id="500"),
    pytest.param((502, b"<html>"), id="502"),
    pytest.param((408, {}), id="408"),
    pytest.param((201, b"<html>"), id="not JSON"),
    pytest.param((201, b'{"id": "svc'), id="half of JSON"),
    pytest.param((201, [1]), id="no object"),
    pytest.param((201, {"name": "ci"}), id="no id"),
    pytest.param((201, {"id": None}), id="id null"),
    pytest.param((201, {"id": ""}), id="id empty"),
    pytest.param((201, {"id": 7}), id="id a number"),
]


@pytest.fixture
def listing(client: Client) -> Listing:
    return client.listing(PATH, "list the accounts", {})


@pytest.fixture
def creation(client: Client, listing: Listing) -> Creation:
    call = Call("POST", PATH, "create the account", body={"name": "ci"}, idempotent=False)
    place = CreationPlace(
        "service account", "project proj_1", listing, lambda row, body: row.get("name") == body["name"], pytest.fail
    )
    return Creation(client, call, place, {"name": "ci"})


def posts(openai: FakeOpenAI) -> int:
    return len(openai.asked("POST"))


@pytest.mark.parametrize("end", UNCERTAIN)
def test_one_new_object_that_fits_is_ours(creation: Creation, openai: FakeOpenAI, client: Client, end: Any) -> None:
    openai.surprise("POST", "accounts$", end, acts=True)
    made = creation.run()
    assert (made.reply["id"], made.is_found) == ("svc_acct_1", True)
    assert posts(openai) == len(openai.accounts) == 1
    assert client.is_owned("svc_acct_1")


@pytest.mark.parametrize("end", UNCERTAIN)
def test_where_nothing_new_appears_there_is_another_try(
    creation: Creation, openai: FakeOpenAI, clock: Clock, end: Any
) -> None:
    openai.surprise("POST", "accounts$", end)
    made = creation.run()
    assert (made.reply["id"], made.is_found, made.lost) == ("svc_acct_1", False, None)
    assert (posts(openai), len(openai.accounts)) == (2, 1)
    assert clock.slept == [*waits(60), *POLL_DELAYS[1:]], "it is known that the first one can't act any more"


def test_several_that_could_be_ours_stop_it_and_are_all_named(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: [openai.add_account("ci") for _ in range(3)])
    with pytest.raises(errors.ResponseLostError) as error:
        creation.run()
    assert error.value.what.endswith(
        ": the response was lost, and several new service accounts match: svc_acct_1, svc_acct_2, svc_acct_3"
    )
    assert error.value.advice == "Delete those that are not needed, then run the command again."
    assert posts(openai) == 1


def test_a_refusal_of_another_key_does_not_mean_that_nothing_is_there(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST)
    openai.surprise("POST", "accounts$", (403, error_body("You may not", "forbidden")))
    with pytest.raises(errors.ResponseLostError) as error:
        creation.run(lambda *_: None)
    assert (
        "You may not (status 403, forbidden, request req_7). The service account may have been created"
        in error.value.what
    )
    assert "in the project's list of service accounts, and delete the new one there" in error.value.advice
    assert isinstance(error.value.__cause__, errors.PermissionDeniedError)
    assert creation.lost
    assert creation.lost["attempts"] == 1


# What is of no use without its reply


def test_more_than_the_lost_tries_can_have_made_are_not_discarded(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: [openai.add_account("ci") for _ in range(2)])
    discarded: list[str] = []
    with pytest.raises(errors.ResponseLostError, match="svc_acct_1, svc_acct_2"):
        creation.run(lambda id_, _: discarded.append(id_))
    assert discarded == []


CONFLICT = (409, error_body("Another request is under way", "lock_timeout"))


def test_after_a_conflict_that_created_nothing_the_request_is_sent_again(
    creation: Creation, openai: FakeOpenAI, clock: Clock
) -> None:
    openai.surprise("POST", "accounts$", CONFLICT, times=2)
    made = creation.run()
    assert (made.reply["id"], made.is_found) == ("svc_acct_1", False)
    assert (posts(openai), len(openai.accounts)) == (3, 1)
    assert [wait for wait in clock.slept if wait] == list(CONFLICT_WAITS)
    assert [verb for verb, _, _ in openai.calls] == ["GET", "POST"] + ["GET", "POST"] * 2


def test_what_such_a_request_made_late_is_looked_for_later(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", CONFLICT, acts=lambda: openai.hidden.update({openai.add_account("ci"): 1}))
    made = creation.run()
    assert made.reply["id"] == "svc_acct_2"
    assert made.lost
    assert (made.lost["start"], made.lost["attempts"]) == (NOW, 1)


def test_a_conflict_after_which_nobody_can_look_is_not_tried_again(creation: Creation, openai: FakeOpenAI) -> None:
    creation.place.listing.preload([])
    openai.surprise("POST", "accounts$", CONFLICT)
    openai.surprise("GET", "accounts$", (403, {"error": "No"}), times=99)
    with pytest.raises(errors.ResponseLostError, match="The service account may have been created"):
        creation.run()
    assert posts(openai) == 1


# Others work in the organization at the same time


def test_what_was_created_before_the_request_is_not_ours(
    creation: Creation, listing: Listing, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    listing.rows()
    theirs, another = (openai.add_account("ci", created_at=NOW - 3000) for _ in range(2))
    openai.surprise("POST", "accounts$", LOST)
    made = creation.run()
    assert (made.reply["id"], made.is_found) == ("svc_acct_3", False)
    told = [warning for warning in warnings(caplog) if "has the same" in warning]
    assert told == [
        (
            f"Service account {theirs}, {another} has the same name or owner, but was not created by this request. "
            "It is not changed."
        )
    ]


def test_what_is_taken_after_a_lost_response_is_named(
    creation: Creation, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True)
    creation.run()
    assert warnings(caplog) == [
        (
            "Service account 'ci' (svc_acct_1) was taken as the one that this run created, because the response was "
            "lost: it was created at 2027-01-15 08:00 UTC and has the same properties. If another client created it, "
            "remove it from the state ('<urn>') and set another name."
        )
    ]


def test_without_openais_clock_nothing_is_taken(creation: Creation, openai: FakeOpenAI, client: Client) -> None:
    client.clock = clock_module.ServerClock(clock_module.Clock())
    openai.surprise("POST", "accounts$", LOST, acts=True, times=5)
    with pytest.raises(errors.ResponseLostError, match="may have been created"):
        creation.run()


@pytest.mark.parametrize(("created_at", "is_in"), [(NOW - 1, False), (NOW, True), (NOW + 10, True), (NOW + 11, False)])
def test_a_period_has_both_its_ends(created_at: int, is_in: bool) -> None:
    assert is_made_in({"created_at": created_at}, NOW + 0.5, NOW + 8.5, is_dated=True) is is_in
    assert not is_made_in({"created_at": created_at}, None, NOW + 8.5, is_dated=True)


def test_only_what_may_be_taken_for_the_result_is_remembered_as_known(creation: Creation, openai: FakeOpenAI) -> None:
    openai.add_account("old", created_at=NOW - 9)
    openai.accounts["undated"] = {"id": "undated", "name": "ci"}
    new = openai.add_account("ci")
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.surprise("GET", ".", (403, {}), times=99))
    with pytest.raises(errors.ResponseLostError):
        creation.run()
    assert creation.lost
    assert creation.lost["known"] == sorted([new, "undated"])


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
    next_run(lost.client, lost.remote, openai).resolve(math.inf)
    assert (openai.accounts, is_open(lost.remote)) == ({}, False)
    assert sum(clock.slept) == 38
    assert "Waiting up to 32 s to look for service accounts of project proj_1" in warnings(caplog)[0]


def test_a_refresh_removes_nothing(lost: LostRequests, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture) -> None:
    fail(lost, openai)
    openai.add_account("ci")
    openai.now += 3600
    next_run(lost.client, lost.remote, openai).resolve(removes=False)
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
    run.resolve()
    assert list(openai.accounts) == [row["id"]]
    assert not is_open(lost.remote)


def test_several_that_fit_are_named_and_none_is_removed(lost: LostRequests, openai: FakeOpenAI) -> None:
    fail(lost, openai)
    for _ in range(2):
        openai.add_account("ci")
    run = next_run(lost.client, lost.remote, openai)
    with pytest.raises(errors.ResponseLostError) as error:
        run.resolve()
    assert error.value.what.endswith(
        "got no response, and several new service accounts of project proj_1 match: svc_acct_1, svc_acct_2. None was "
        "changed"
    )
    assert error.value.advice == "Delete those that are not needed, then run the command again."
    assert len(openai.accounts) == 2
    assert lost.remote.step.has_learned
    openai.now += 60
    run.resolve()
    assert len(openai.accounts) == 2, "the user was told, and decides"
    assert not is_open(lost.remote)


def test_in_an_archived_project_nothing_is_left_to_find(lost: LostRequests, openai: FakeOpenAI) -> None:
    fail(lost, openai)
    openai.project = {"id": "proj_1", "status": "archived"}
    lost.resolve()
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
        lost.resolve()
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
    wait_for_lost(client, remote, "remove it")
    assert client.waited == VISIBILITY_LAG_SECONDS


MOMENTS = st.integers(-10_000, 10_000)


@given(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)
def test_a_removal_comes_a_minute_after_the_last_lost_request(
    now: int, recorded: int | None, lost_at: int | None
) -> None:
    client: Any = Waits(now, lost_at)
    remote = Remote({})
    remote.memory.put(LostWrite(recorded))
    wait_for_lost(client, remote, "remove it")
    last = recorded if lost_at is None else lost_at
    if last is None:
        assert client.waited == 0
    else:
        assert client.waited == VISIBILITY_LAG_SECONDS or client.now >= last + VISIBILITY_LAG_SECONDS
        assert client.waited <= VISIBILITY_LAG_SECONDS, "also by a clock that was set back"
    assert remote.memory[LostWrite] == LostWrite()
    waited = client.waited
    wait_for_lost(client, remote, "remove it")
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
    next_run(lost.client, lost.remote, openai).resolve()
    assert is_open(lost.remote)
    assert clock.slept[-1] == 0
    assert warnings(caplog) == [
        (
            "A request at 2027-01-15 08:00 UTC to create service account 'ci' got no response, and may still act for "
            "43 s. The first update after that looks again for what it created."
        )
    ]
    openai.now += 43
    next_run(lost.client, lost.remote, openai).resolve()
    assert not is_open(lost.remote)
    assert len(warnings(caplog)) == 1

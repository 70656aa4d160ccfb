from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import (
    CONFLICT_WAITS,
    MAX_TRIES,
    POLL_DELAYS,
    Creation,
    CreationPlace,
    is_made_in,
    waits,
)
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.http.call import Call
from tests.unit.fakes import NOW, error_body, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client, Listing
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


def test_the_error_says_that_all_that_was_created_was_discarded(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True, times=MAX_TRIES)
    with pytest.raises(errors.ResponseLostError) as error:
        creation.run(lambda id_, _: openai.accounts.pop(id_))
    assert ". The service accounts svc_acct_1, svc_acct_3, " in error.value.what
    assert error.value.what.endswith(" were created, and revoked because no response arrived")
    assert error.value.advice == "Run the command again."


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

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import CONFLICT_WAITS, MAX_TRIES, POLL_DELAYS, Creation, is_made_in, waits
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from tests.unit.fakes import NOW, error_body, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.config import Settings
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
    return Creation(client, call, listing, "service account", lambda row: row.get("name") == "ci")


def posts(openai: FakeOpenAI) -> int:
    return len(openai.asked("POST"))


def test_what_goes_well_takes_a_look_and_a_post(creation: Creation, openai: FakeOpenAI, client: Client) -> None:
    made = creation.run()
    assert (made.reply["id"], made.is_found, made.lost) == ("svc_acct_1", False, None)
    assert [verb for verb, _, _ in openai.calls] == ["GET", "POST"]
    assert client.is_owned("svc_acct_1")


def test_what_was_made_is_in_the_list_without_fetching_it(
    creation: Creation, listing: Listing, openai: FakeOpenAI
) -> None:
    creation.run()
    assert list(listing.rows()) == ["svc_acct_1"]
    assert len(openai.asked("GET")) == 1


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


@pytest.mark.parametrize("lag", range(1, len(POLL_DELAYS)))
def test_a_list_that_lags_is_looked_at_again(creation: Creation, openai: FakeOpenAI, clock: Clock, lag: int) -> None:
    openai.lag = lag
    openai.surprise("POST", "accounts$", LOST, acts=True)
    assert creation.run().is_found
    assert posts(openai) == 1
    assert clock.slept == list(POLL_DELAYS[: lag + 1])


def test_what_was_there_before_is_not_ours(creation: Creation, openai: FakeOpenAI) -> None:
    openai.add_account("ci")
    openai.surprise("POST", "accounts$", LOST)
    assert creation.run().reply["id"] == "svc_acct_2"


def test_what_was_there_before_is_not_mistaken_for_a_second(creation: Creation, openai: FakeOpenAI) -> None:
    openai.add_account("ci")
    openai.surprise("POST", "accounts$", LOST, acts=True)
    made = creation.run()
    assert (made.reply["id"], made.is_found) == ("svc_acct_2", True)


def test_what_another_of_our_posts_made_is_not_ours(creation: Creation, openai: FakeOpenAI, client: Client) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: client.acquire(openai.add_account("ci")))
    made = creation.run()
    assert (made.reply["id"], made.is_found, made.lost) == ("svc_acct_2", False, None)


def test_what_has_another_name_is_not_ours(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.add_account("other"))
    assert creation.run().reply["id"] == "svc_acct_2"


def test_several_that_could_be_ours_stop_it_and_are_all_named(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: [openai.add_account("ci") for _ in range(3)])
    with pytest.raises(errors.ResponseLostError) as error:
        creation.run()
    assert error.value.what.endswith(
        ": the response was lost, and several new service accounts match: svc_acct_1, svc_acct_2, svc_acct_3"
    )
    assert error.value.advice == "Delete those that are not needed, then run the command again."
    assert posts(openai) == 1


def test_one_of_a_lost_try_that_appears_within_a_minute_is_ours(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.hidden.update({openai.add_account("ci"): 7}))
    made = creation.run()
    assert (made.reply["id"], made.is_found, posts(openai)) == ("svc_acct_1", True, 1)


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ((400, error_body("No")), errors.BadRequestError),
        ((401, error_body("Incorrect API key")), errors.AuthenticationError),
        ((403, {}), errors.PermissionDeniedError),
        ((404, error_body("Project not found")), errors.NotFoundError),
        ((404, {}), errors.UnrelatedNotFoundError),
        ((429, error_body("No", "insufficient_quota")), errors.SpendLimitError),
    ],
)
def test_a_refusal_made_nothing_and_is_told_as_it_is(
    creation: Creation, openai: FakeOpenAI, end: Any, kind: type[Exception]
) -> None:
    openai.surprise("POST", "accounts$", end)
    with pytest.raises(kind) as error:
        creation.run()
    assert "may have been created" not in str(error.value)
    assert len(openai.calls) == 2


@pytest.mark.parametrize("end", [(429, {}), requests.exceptions.ConnectTimeout("no")], ids=["throttled", "not sent"])
def test_what_certainly_did_not_act_is_repeated_without_a_look(
    creation: Creation, openai: FakeOpenAI, end: Any
) -> None:
    openai.surprise("POST", "accounts$", end)
    assert creation.run().reply["id"] == "svc_acct_1"
    assert len(openai.asked("GET")) == 1


def test_a_refusal_after_a_try_that_can_no_longer_act_is_told_as_it_is(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST)
    openai.surprise("POST", "accounts$", (403, error_body("You may not", "forbidden")))
    with pytest.raises(errors.PermissionDeniedError, match="You may not"):
        creation.run()


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


def test_a_post_that_is_always_lost_is_given_up(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", (500, error_body("stumbled")), times=99)
    with pytest.raises(errors.ResponseLostError) as error:
        creation.run()
    assert error.value.what.endswith(". No new service account appeared, so nothing was created")
    assert not error.value.may_have_acted
    assert posts(openai) == 2


def test_a_key_that_is_always_lost_is_given_up_and_may_exist(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", (500, error_body("stumbled")), times=99)
    with pytest.raises(
        errors.ResponseLostError,
        match=r"stumbled \(status 500, request req_\d+\)\. The service account may have been created",
    ):
        creation.run(lambda *_: None)
    assert posts(openai) == MAX_TRIES
    assert creation.lost
    assert creation.lost["attempts"] == MAX_TRIES


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_look_that_fails_is_told_with_what_may_exist(creation: Creation, openai: FakeOpenAI, status: int) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.surprise("GET", ".", (status, {}), times=99))
    with pytest.raises(
        errors.ResponseLostError, match=r"no response came within 60 s\. The service account may have been created"
    ) as error:
        creation.run()
    assert error.value.may_have_acted
    assert posts(openai) == 1


def test_a_look_for_which_no_time_is_left_is_told_with_what_may_exist(
    creation: Creation, openai: FakeOpenAI, clock: Clock, client: Client
) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: setattr(clock, "at", clock.at + 597))
    with client.operation(), pytest.raises(errors.ResponseLostError, match="may have been created"):
        creation.run()


@pytest.mark.parametrize("status", [401, 403, 500])
def test_where_the_first_look_fails_nothing_is_made(creation: Creation, openai: FakeOpenAI, status: int) -> None:
    openai.surprise("GET", ".", (status, {}), times=99)
    with pytest.raises(errors.StatusError) as error:
        creation.run()
    assert not error.value.may_have_acted
    assert posts(openai) == 0


# What is of no use without its reply


def test_what_is_found_is_discarded_and_another_made(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True)
    discarded: list[str] = []
    made = creation.run(lambda id_, _: discarded.append(id_))
    assert discarded == ["svc_acct_1"]
    assert (made.reply["id"], made.is_found, made.lost) == ("svc_acct_3", False, None)


def test_each_lost_try_may_have_made_one(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.hidden.update({openai.add_account("ci"): 4}))
    openai.surprise("POST", "accounts$", LOST, acts=True)
    discarded: list[str] = []
    made = creation.run(lambda id_, _: discarded.append(id_))
    assert discarded == ["svc_acct_1", "svc_acct_2"]
    assert made.lost is None


def test_more_than_the_lost_tries_can_have_made_are_not_discarded(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: [openai.add_account("ci") for _ in range(2)])
    discarded: list[str] = []
    with pytest.raises(errors.ResponseLostError, match="svc_acct_1, svc_acct_2"):
        creation.run(lambda id_, _: discarded.append(id_))
    assert discarded == []


def test_what_cannot_be_discarded_stops_it(creation: Creation, openai: FakeOpenAI) -> None:
    def discard(id_: str, _: object) -> None:
        raise errors.PermissionDeniedError(f"Could not revoke {id_}", "", errors.ResponseFacts(403))

    openai.surprise("POST", "accounts$", LOST, acts=True)
    with pytest.raises(errors.PermissionDeniedError, match="Could not revoke svc_acct_1"):
        creation.run(discard)
    assert posts(openai) == 1


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


def test_a_conflict_that_stays_is_a_refusal(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", CONFLICT, times=99)
    with pytest.raises(errors.ConflictError, match="Another request is under way") as error:
        creation.run()
    assert not error.value.may_have_acted
    assert (posts(openai), openai.accounts) == (3, {})


def test_a_conflict_with_the_same_request_sent_twice_by_a_gateway_makes_no_second_one(
    creation: Creation, openai: FakeOpenAI
) -> None:
    openai.surprise("POST", "accounts$", CONFLICT, acts=True)
    made = creation.run()
    assert (made.reply["id"], made.is_found) == ("svc_acct_1", True)
    assert posts(openai) == len(openai.accounts) == 1


def test_what_such_a_request_made_late_is_looked_for_later(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", CONFLICT, acts=lambda: openai.hidden.update({openai.add_account("ci"): 1}))
    made = creation.run()
    assert made.reply["id"] == "svc_acct_2"
    assert made.lost
    assert (made.lost["start"], made.lost["attempts"]) == (NOW, 1)


def test_a_conflict_after_which_nobody_can_look_is_not_tried_again(creation: Creation, openai: FakeOpenAI) -> None:
    creation.listing.preload([])
    openai.surprise("POST", "accounts$", CONFLICT)
    openai.surprise("GET", "accounts$", (403, {"error": "No"}), times=99)
    with pytest.raises(errors.ResponseLostError, match="The service account may have been created"):
        creation.run()
    assert posts(openai) == 1


def test_two_that_are_made_at_once_in_turn_are_not_mixed_up(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True, times=2)
    listing = client.listing(PATH, "list the accounts", {})
    together = threading.Barrier(2)

    def make(name: str) -> str:
        call = Call("POST", PATH, "create the account", body={"name": name}, idempotent=False)
        together.wait(5)
        with client.exclusively(PATH, "create the account"):
            creation = Creation(client, call, listing, "account", lambda row: row.get("name") == name)
            return str(creation.run().reply["name"])

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(make, ["a", "b"])) == ["a", "b"]
    assert sorted(account["name"] for account in openai.accounts.values()) == ["a", "b"]


def test_there_is_one_turn_at_a_time_for_each_name(client: Client) -> None:
    with client.exclusively("a", "make it"), client.exclusively("b", "make it"):
        assert client._named_locks["a"].locked()
    assert not client._named_locks["a"].locked()


def test_a_turn_is_waited_for_as_long_as_the_operation_may_take(settings: Settings) -> None:
    client = Client(Requestor(replace(settings, max_wait_seconds=0.05)))
    with client.exclusively("a", "make it"), ThreadPoolExecutor(1) as thread:

        def wait() -> None:
            with client.operation(), client.exclusively("a", "make the second one"):
                """Never reached."""

        with pytest.raises(errors.OperationTimeoutError) as error:
            thread.submit(wait).result()
    assert error.value.what == (
        "Could not make the second one: openai-admin:maxWaitSeconds passed while waiting for another resource of "
        "this run"
    )


# Others work in the organization at the same time


def test_what_was_created_before_the_request_is_not_ours_however_old_the_list_is(
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


def test_what_is_taken_without_a_name_or_a_time_is_named_by_its_id(
    creation: Creation, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    def act() -> None:
        openai.accounts["svc_acct_1"] = {"id": "svc_acct_1"}

    openai.surprise("POST", "accounts$", LOST, acts=act)
    undated = replace(creation, is_ours=lambda _: True, is_dated=False)
    undated.run()
    (warning,) = warnings(caplog)
    assert warning.startswith("Service account svc_acct_1 was taken as the one that this run created")
    assert "it was created since the request and " in warning
    assert warning.endswith("remove it from the state ('<urn>').")


def test_the_error_says_that_all_that_was_created_was_discarded(creation: Creation, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True, times=MAX_TRIES)
    with pytest.raises(errors.ResponseLostError) as error:
        creation.run(lambda id_, _: openai.accounts.pop(id_))
    assert ". The service accounts svc_acct_1, svc_acct_3, " in error.value.what
    assert error.value.what.endswith(" were created, and revoked because no response arrived")
    assert error.value.advice == "Run the command again."


def test_the_error_says_that_an_object_may_exist_if_one_attempt_was_not_found(
    creation: Creation, openai: FakeOpenAI
) -> None:
    openai.surprise("POST", "accounts$", LOST)
    openai.surprise("POST", "accounts$", LOST, acts=True, times=MAX_TRIES - 1)
    with pytest.raises(errors.ResponseLostError, match="The service account may have been created"):
        creation.run(lambda id_, _: openai.accounts.pop(id_))


def test_of_a_lost_one_and_a_strangers_the_lost_one_is_ours(
    creation: Creation, listing: Listing, openai: FakeOpenAI
) -> None:
    listing.rows()
    openai.add_account("ci", created_at=NOW - 3000)
    openai.surprise("POST", "accounts$", LOST, acts=True)
    assert (creation.run().reply["id"], posts(openai)) == ("svc_acct_2", 1)


def test_without_openais_clock_nothing_is_taken(creation: Creation, openai: FakeOpenAI, client: Client) -> None:
    client.clock = clock_module.ServerClock(clock_module.Clock())
    openai.surprise("POST", "accounts$", LOST, acts=True, times=5)
    with pytest.raises(errors.ResponseLostError, match="may have been created"):
        creation.run()


@pytest.mark.parametrize("row", [{"created_at": None}, {}, {"created_at": "soon"}])
@pytest.mark.parametrize("is_dated", [True, False])
def test_what_has_no_date_is_in_no_period(row: dict[str, Any], *, is_dated: bool) -> None:
    assert is_made_in(row, NOW, NOW + 1, is_dated=is_dated) is not is_dated


@pytest.mark.parametrize(("created_at", "is_in"), [(NOW - 1, False), (NOW, True), (NOW + 10, True), (NOW + 11, False)])
def test_a_period_has_both_its_ends(created_at: int, is_in: bool) -> None:
    assert is_made_in({"created_at": created_at}, NOW + 0.5, NOW + 8.5, is_dated=True) is is_in
    assert not is_made_in({"created_at": created_at}, None, NOW + 8.5, is_dated=True)


def test_the_period_begins_when_the_request_leaves_not_when_it_waits(
    creation: Creation, client: Client, openai: FakeOpenAI, clock: Clock
) -> None:
    client.requestor.limiter_of(creation.call).refused(clock.at, 100.0)
    openai.surprise("POST", "accounts$", LOST)
    openai.surprise("GET", "accounts$", (500, {}), times=99)
    creation.listing.preload([])
    client.clock.set(NOW)
    with pytest.raises(errors.ResponseLostError):
        creation.run()
    assert creation.lost
    assert creation.lost["start"] >= NOW + 100


def test_only_what_may_be_taken_for_the_result_is_remembered_as_known(creation: Creation, openai: FakeOpenAI) -> None:
    openai.add_account("old", created_at=NOW - 9)
    openai.accounts["undated"] = {"id": "undated", "name": "ci"}
    new = openai.add_account("ci")
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.surprise("GET", ".", (403, {}), times=99))
    with pytest.raises(errors.ResponseLostError):
        creation.run()
    assert creation.lost
    assert creation.lost["known"] == sorted([new, "undated"])

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import (
    CONFLICT_WAITS,
    POLL_DELAYS,
    VISIBILITY_LAG_SECONDS,
    Creations,
    LostCreations,
    is_open,
)
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from tests.unit.fakes import NOW, FakeOpenAI, Log, error_body, listed, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.creation import LostCreation
    from tests.unit.fakes import Clock

PATH = "/organization/projects/proj_1/service_accounts"
BODY = {"name": "ci"}
CREATE = Call("POST", PATH, "create service account 'ci'", body=BODY, idempotent=False)
LOST = requests.exceptions.ReadTimeout("slow")
UNCERTAIN = [
    pytest.param(LOST, id="time-out"),
    pytest.param((500, error_body("stumbled")), id="500"),
    pytest.param((201, b'{"id": "svc'), id="half of JSON"),
    pytest.param((201, {"name": "ci"}), id="no id"),
    pytest.param((201, {"id": ""}), id="id empty"),
    pytest.param((201, {"id": 7}), id="id a number"),
]


@pytest.fixture
def lost(client: Client, openai: FakeOpenAI) -> Creations:
    return next_run(client, Remote({"project_id": "proj_1"}), openai)


def next_run(client: Client, remote: Remote, openai: FakeOpenAI) -> Creations:
    another = Client(client.requestor)
    return Creations(
        another,
        remote,
        "service account",
        "project proj_1",
        another.listing(PATH, "list the accounts", {}),
        lambda row, body: body.items() <= row.items(),
        lambda id_, _: openai.remove("service_account", id_),
        parents=remote.parents,
    )


def recorded(lost: Creations) -> list[LostCreation]:
    return lost.remote.memory[LostCreations].lost_creations


def posts(openai: FakeOpenAI) -> int:
    return len(openai.asked("POST"))


@pytest.mark.parametrize("end", UNCERTAIN)
def test_one_new_object_that_fits_is_ours(lost: Creations, openai: FakeOpenAI, caplog: Log, end: Any) -> None:
    openai.surprise("POST", "accounts$", end, acts=True)
    assert lost.create(CREATE, BODY)["id"] == "svc_acct_1"
    assert posts(openai) == len(openai.accounts) == 1
    assert lost.client.is_owned("svc_acct_1")
    assert recorded(lost) == []
    assert warnings(caplog) == [
        (
            "Service account 'ci' (svc_acct_1) was taken as the one that this run created, because the response was "
            "lost: it was created at 2027-01-15 08:00 UTC and has the same properties. If another client created it, "
            "remove it from the state ('<urn>') and set another name."
        )
    ]


def test_where_nothing_new_appears_there_is_another_try(lost: Creations, openai: FakeOpenAI, clock: Clock) -> None:
    openai.surprise("POST", "accounts$", LOST)
    assert lost.create(CREATE, BODY)["id"] == "svc_acct_1"
    assert (posts(openai), len(openai.accounts), recorded(lost)) == (2, 1, [])
    assert clock.slept == [0, 1, 2, 5, 15, 15, 15, 7, 1, 2, 5], "it is known that the first one can't act any more"


@pytest.mark.parametrize(("discards", "count"), [(False, 3), (True, 2)])
def test_more_than_the_lost_attempts_can_have_created_are_named_and_none_is_changed(
    lost: Creations, openai: FakeOpenAI, count: int, *, discards: bool
) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: [openai.add_account("ci") for _ in range(count)])
    with pytest.raises(errors.ResponseLostError) as error:
        lost.create(CREATE, BODY, discards=discards)
    ids = [f"svc_acct_{number + 1}" for number in range(count)]
    assert error.value.what == (
        "A request at 2027-01-15 08:00 UTC to create service account 'ci' got no response, and several new service "
        f"accounts of project proj_1 match: {', '.join(ids)}. None was changed"
    )
    assert error.value.advice == "Delete those that are not needed, then run the command again."
    assert (posts(openai), [*openai.accounts], len(recorded(lost))) == (1, ids, 1)
    run = next_run(lost.client, lost.remote, openai)
    with pytest.raises(errors.ResponseLostError, match="None was changed"):
        run.resolve()
    assert lost.remote.step.has_learned
    openai.now += 60
    run.resolve()
    assert [*openai.accounts] == ids, "the user was told, and decides"
    assert not is_open(lost.remote)


def test_a_clock_that_was_set_back_does_not_prolong_the_wait(lost: Creations, openai: FakeOpenAI, clock: Clock) -> None:
    lost.add("create service account 'ci'", BODY)
    openai.now -= 100 * 86_400
    next_run(lost.client, lost.remote, openai).resolve(math.inf)
    assert not is_open(lost.remote)
    assert sum(clock.slept) == VISIBILITY_LAG_SECONDS + sum(POLL_DELAYS)


def test_a_refusal_of_another_key_does_not_mean_that_nothing_is_there(lost: Creations, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST)
    openai.surprise("POST", "accounts$", (403, error_body("You may not", "forbidden")))
    with pytest.raises(errors.ResponseLostError) as error:
        lost.create(CREATE, BODY, discards=True)
    assert (
        "You may not (status 403, forbidden, request req_7). The service account may have been created"
        in error.value.what
    )
    assert "in the project's list of service accounts, and delete the new one there" in error.value.advice
    assert isinstance(error.value.__cause__, errors.PermissionDeniedError)
    assert [request["attempts"] for request in recorded(lost)] == [1]


CONFLICT = (409, error_body("Another request is under way", "lock_timeout"))


def test_after_a_conflict_without_result_it_is_sent_again(lost: Creations, openai: FakeOpenAI, clock: Clock) -> None:
    openai.surprise("POST", "accounts$", CONFLICT, times=2)
    assert lost.create(CREATE, BODY)["id"] == "svc_acct_1"
    assert [wait for wait in clock.slept if wait] == list(CONFLICT_WAITS)
    assert [verb for verb, _, _ in openai.calls] == ["GET", "POST"] + ["GET", "POST"] * 2


def test_a_conflict_after_which_nobody_can_look_is_not_tried_again(lost: Creations, openai: FakeOpenAI) -> None:
    lost.listing.preload([])
    openai.surprise("POST", "accounts$", CONFLICT)
    openai.surprise("GET", "accounts$", (403, {"error": "No"}), times=99)
    with pytest.raises(errors.ResponseLostError, match="The service account may have been created"):
        lost.create(CREATE, BODY)
    assert posts(openai) == 1


def test_what_was_created_before_the_request_is_not_ours(lost: Creations, openai: FakeOpenAI, caplog: Log) -> None:
    lost.listing.rows()
    theirs, another = (openai.add_account("ci", created_at=NOW - 3000) for _ in range(2))
    openai.surprise("POST", "accounts$", LOST)
    assert lost.create(CREATE, BODY)["id"] == "svc_acct_3"
    assert [warning for warning in warnings(caplog) if "has the same" in warning] == [
        (
            f"Service account {theirs}, {another} has the same name or owner, but was not created by this request. "
            "It is not changed."
        )
    ]


def test_without_openais_clock_nothing_is_taken(lost: Creations, openai: FakeOpenAI) -> None:
    lost.client.clock = clock_module.ServerClock(clock_module.Clock())
    openai.surprise("POST", "accounts$", LOST, acts=True, times=5)
    with pytest.raises(errors.ResponseLostError, match="may have been created"):
        lost.create(CREATE, BODY)


def fail(lost: Creations, openai: FakeOpenAI) -> None:
    """A creation that gets no response, and for which no list can be read."""
    openai.surprise("POST", "accounts$", LOST, acts=lambda: openai.surprise("GET", ".", (403, {}), times=1))
    with pytest.raises(errors.ResponseLostError, match="may have been created"):
        lost.create(CREATE, BODY)


def test_a_deletion_waits_for_late_creations(lost: Creations, openai: FakeOpenAI, clock: Clock, caplog: Log) -> None:
    fail(lost, openai)
    openai.now += 20
    clock.slept.clear()
    openai.surprise("GET", "accounts$", listed(), times=5)
    openai.add_account("ci")
    next_run(lost.client, lost.remote, openai).resolve(math.inf)
    assert (openai.accounts, is_open(lost.remote)) == ({}, False)
    assert sum(clock.slept) == 38
    assert "Waiting up to 32 s to look for service accounts of project proj_1" in warnings(caplog)[0]


def test_a_refresh_removes_nothing(lost: Creations, openai: FakeOpenAI, caplog: Log) -> None:
    fail(lost, openai)
    openai.add_account("ci")
    openai.now += 3600
    next_run(lost.client, lost.remote, openai).resolve(removes=False)
    assert list(openai.accounts) == ["svc_acct_1"]
    assert is_open(lost.remote)
    (told,) = warnings(caplog)
    assert told.endswith("may have created service account svc_acct_1 of project proj_1. The next update deletes it.")


@pytest.mark.parametrize("case", ["another name", "too late", "too early", "own", "of this run", "in the state"])
def test_what_is_not_from_the_request_is_left(lost: Creations, openai: FakeOpenAI, case: str) -> None:
    fail(lost, openai)
    created_at = {"too late": NOW + 62, "too early": NOW - 1}.get(case, NOW)
    id_ = openai.add_account("other" if case == "another name" else "ci", created_at=created_at)
    run = next_run(lost.client, lost.remote, openai)
    if case == "own":
        run = replace(run, own=[id_])
    if case == "of this run":
        run.client.acquire(id_)
    if case == "in the state":
        lost.remote.step.is_in_state = {id_}.__contains__
    openai.now += 3600
    run.resolve()
    assert list(openai.accounts) == [id_]
    assert not is_open(lost.remote)


def test_in_an_archived_project_nothing_is_left_to_find(lost: Creations, openai: FakeOpenAI) -> None:
    fail(lost, openai)
    openai.archive()
    lost.resolve()
    assert not is_open(lost.remote)


def test_others_wait_for_a_lost_creation(lost: Creations, openai: FakeOpenAI, clock: Clock, caplog: Log) -> None:
    fail(lost, openai)
    clock.slept.clear()
    another = replace(lost, remote=Remote({"project_id": "proj_1"}))
    another.create(Call("POST", PATH, "create another", body=BODY, idempotent=False), BODY)
    assert clock.slept[0] == 60
    assert warnings(caplog)[-1].startswith("Waiting 60 s to create another: a request of another resource of this run")


def test_one_look_without_result_is_no_proof(lost: Creations, openai: FakeOpenAI, clock: Clock, caplog: Log) -> None:
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

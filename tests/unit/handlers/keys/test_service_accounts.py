from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.keys.lost_keys import DeadKey
from pulumi_openai_admin.handlers.keys.service_accounts import KeyCreation, ServiceAccounts
from pulumi_openai_admin.handlers.lost_requests import OpenRequests, is_open
from pulumi_openai_admin.http import clock as requestor_clock
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from tests.unit.fakes import KEY, NOW, FakeOpenAI, error_body, told, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.config import Settings
    from tests.unit.fakes import Clock

PROJECT = "/organization/projects/proj_1"
ACCOUNTS = ServiceAccounts(
    "/organization/projects/{project_id}/service_accounts",
    noun="service account",
    settable=("name", "role"),
    recognized_by=("name",),
    identity="id",
    keys="/organization/projects/{project_id}/api_keys",
)


def new() -> Remote:
    return Remote({"project_id": "proj_1"})


def wanted(name: str = "ci", **settings: Any) -> Wanted:
    return Wanted({}, {"name": name, **settings})


def created(client: Client, **settings: Any) -> Remote:
    remote = new()
    ACCOUNTS.create(client, remote, wanted(**settings))
    return remote


def updated(client: Client, remote: Remote, **settings: Any) -> Remote:
    ACCOUNTS.update(client, remote, wanted(**settings))
    for lost in ACCOUNTS.lost_requests(client, remote):
        lost.look()
    return remote


def value(remote: Remote) -> str | None:
    return (remote.attributes.get("api_key") or {}).get("value")


def next_run(client: Client) -> Client:
    """Another process has another client, that knows nothing of this one."""
    return type(client)(client.requestor)


LOST = requests.exceptions.ReadTimeout("slow")
UNCERTAIN = [
    pytest.param((500, error_body("stumbled")), id="5xx"),
    pytest.param((408, {}), id="408"),
    pytest.param(requests.exceptions.ReadTimeout("slow"), id="time-out"),
    pytest.param(requests.exceptions.ConnectionError("reset"), id="reset"),
    pytest.param((201, b"<html>"), id="not JSON"),
    pytest.param((201, {"object": "x"}), id="no id"),
    pytest.param((201, {"id": None}), id="id null"),
    pytest.param((201, {"id": ""}), id="id empty"),
    pytest.param((201, {"id": 7}), id="id a number"),
]


# Creating


def test_an_account_is_born_with_its_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    assert openai.calls == [
        ("GET", f"{PROJECT}/service_accounts", None),
        ("POST", f"{PROJECT}/service_accounts", {"name": "ci"}),
    ]
    assert remote.id == "svc_acct_1"
    assert remote.step.has_changed
    assert value(remote) == "sk-svcacct-VALUE0002"
    assert remote.attributes["api_key"]["id"] == "key_2"


def test_an_expiry_is_sent_with_the_birth(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, expires_in_seconds=60)
    assert openai.asked("POST") == [(f"{PROJECT}/service_accounts", {"name": "ci", "expires_in_seconds": 60})]
    assert remote.attributes["api_key"]["expires_at"] == NOW + 60


def test_a_keyless_account_has_no_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, create_service_account_only=True)
    assert openai.asked("POST") == [
        (f"{PROJECT}/service_accounts", {"name": "ci", "create_service_account_only": True})
    ]
    assert value(remote) is None
    assert remote.attributes["role"] == "none"


def test_a_role_takes_a_second_call(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, role="owner")
    assert openai.asked("POST") == [
        (f"{PROJECT}/service_accounts", {"name": "ci"}),
        (f"{PROJECT}/service_accounts/svc_acct_1", {"name": "ci", "role": "owner"}),
    ]
    assert remote.attributes["role"] == "owner"
    assert value(remote)


def test_the_role_that_an_account_has_anyway_takes_none(client: Client, openai: FakeOpenAI) -> None:
    created(client, role="member")
    assert len(openai.asked("POST")) == 1


def test_a_second_call_that_fails_loses_neither_id_nor_key(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "svc_acct_1$", (403, {"error": "No"}))
    remote = new()
    with pytest.raises(
        errors.PermissionDeniedError, match=r"Could not set name, role of service account 'ci' \(svc_acct_1\)"
    ):
        ACCOUNTS.create(client, remote, wanted(role="owner"))
    assert (remote.id, value(remote), remote.step.has_changed) == ("svc_acct_1", "sk-svcacct-VALUE0002", True)
    updated(client, remote, role="owner")
    assert openai.accounts["svc_acct_1"]["role"] == "owner"
    assert len(openai.accounts) == len(openai.keys) == 1


@pytest.mark.parametrize("end", UNCERTAIN)
def test_an_account_whose_reply_was_lost_is_found_and_gets_another_key(
    client: Client, openai: FakeOpenAI, end: Any
) -> None:
    openai.surprise("POST", "service_accounts$", end, acts=True)
    remote = created(client, role="owner")
    assert list(openai.accounts) == [remote.id] == ["svc_acct_1"]
    assert (openai.accounts[remote.id]["role"], remote.attributes["role"]) == ("owner", "owner")
    assert list(openai.keys) == [remote.attributes["api_key"]["id"]] == ["key_3"], "the unknown key was revoked"
    assert value(remote) == "sk-svcacct-VALUE0003"
    assert not is_open(remote)


def test_an_account_taken_after_a_lost_response_and_its_revoked_key_are_named(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    openai.surprise("POST", "service_accounts$", LOST, acts=True)
    created(client)
    taken, revoked = warnings(caplog)
    assert taken.startswith("Service account 'ci' (svc_acct_1) was taken as the one that this run created")
    assert revoked == (
        "API key key_2 of service account 'ci' (svc_acct_1) of project proj_1 was revoked: it was created at "
        "2027-01-15 08:00 UTC with the name 'Secret Key', and the response to a request of this resource at that time "
        "was lost. If another client created it, that client needs a new one."
    )


def test_an_expiry_holds_for_the_key_that_stands_for_a_lost_one(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "service_accounts$", LOST, acts=True)
    remote = created(client, expires_in_seconds=60)
    assert [key["expires_at"] for key in openai.keys.values()] == [NOW + 60]
    assert updated(client, remote, expires_in_seconds=60)
    assert openai.asked("POST")[-1][0].endswith("svc_acct_1/api_keys")


def test_a_keyless_account_whose_reply_was_lost_gets_no_key(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "service_accounts$", LOST, acts=True)
    remote = created(client, create_service_account_only=True)
    assert (list(openai.accounts), openai.keys, value(remote)) == ([remote.id], {}, None)


@pytest.mark.parametrize("key", [None, {}, {"id": "key_2"}, {"id": "key_2", "value": None}, {"value": ""}])
def test_a_create_reply_that_does_not_show_the_key_is_made_up_for(
    client: Client, openai: FakeOpenAI, key: dict[str, Any] | None
) -> None:
    shown = {"id": "svc_acct_1", "name": "ci", "role": "member", "created_at": NOW, "api_key": key}
    openai.surprise("POST", "service_accounts$", (201, shown), acts=True)
    remote = created(client)
    assert value(remote) == "sk-svcacct-VALUE0003"
    assert list(openai.keys) == ["key_3"]


def test_the_key_of_a_lost_reply_is_revoked_by_a_later_run_if_not_by_this(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "service_accounts$", LOST, acts=True)
    openai.surprise("DELETE", "key_2$", (403, {"error": "No"}))
    remote = new()
    with pytest.raises(errors.PermissionDeniedError, match="Could not revoke API key key_2 of service account 'ci'"):
        ACCOUNTS.create(client, remote, wanted())
    assert (remote.id, value(remote)) == ("svc_acct_1", "sk-svcacct-VALUE0003")
    assert remote.memory[OpenRequests].to_revoke == {"key_2": NOW}
    openai.now += 60
    updated(next_run(client), remote)
    assert list(openai.keys) == ["key_3"]
    assert not is_open(remote)


def test_the_key_of_a_lost_reply_is_revoked_where_the_list_shows_it_late(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "service_accounts$", LOST, acts=lambda: born_with_a_key_that_shows_late(openai))
    remote = created(client)
    assert list(openai.keys) == [remote.attributes["api_key"]["id"]]


def born_with_a_key_that_shows_late(openai: FakeOpenAI) -> None:
    openai.hidden[openai.add_key(openai.add_account("ci"))] = 3


def lists_fail(openai: FakeOpenAI) -> None:
    openai.surprise("GET", "(service_accounts|api_keys)$", (403, {"error": "No"}), times=99)


@pytest.mark.parametrize("end", [(429, {}), requests.exceptions.ConnectTimeout("no")], ids=["throttled", "not sent"])
def test_a_creation_that_certainly_did_not_happen_is_repeated(client: Client, openai: FakeOpenAI, end: Any) -> None:
    openai.surprise("POST", "service_accounts$", end)
    assert created(client).id
    assert len(openai.accounts) == 1


def test_a_refused_creation_made_nothing(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "service_accounts$", (400, error_body("The default project takes none")))
    remote = new()
    with pytest.raises(
        errors.BadRequestError, match="Could not create service account 'ci' in project proj_1: The default"
    ):
        ACCOUNTS.create(client, remote, wanted())
    assert not remote.step.has_changed


def test_a_creation_without_permission_is_told_as_that(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "service_accounts$", (401, error_body("Incorrect API key")))
    with pytest.raises(errors.AuthenticationError):
        created(client)


def test_nothing_is_made_in_an_archived_project(client: Client, openai: FakeOpenAI) -> None:
    openai.project = {"id": "proj_1", "status": "archived"}
    with pytest.raises(errors.ProjectArchivedError):
        created(client)


def test_a_missing_project_is_told_as_that(client: Client, openai: FakeOpenAI) -> None:
    openai.project = None
    with pytest.raises(errors.ResourceGoneError, match="Project proj_1 does not exist"):
        created(client)


# Reading


def test_reading_follows_changes_and_keeps_the_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.accounts[remote.id].update(name="renamed", role="owner")
    ACCOUNTS.read(client, remote)
    assert (remote.attributes["name"], remote.attributes["role"]) == ("renamed", "owner")
    assert value(remote) == "sk-svcacct-VALUE0002"


def test_a_null_in_a_reply_takes_nothing_away(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.accounts[remote.id].update(api_key=None)
    ACCOUNTS.read(client, remote)
    assert value(remote)


def test_a_missing_account_is_gone(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.accounts.clear()
    openai.now += 3600
    with pytest.raises(
        errors.ResourceGoneError,
        match=r"service account 'ci' \(svc_acct_1\) of project proj_1 no longer exists at OpenAI",
    ):
        ACCOUNTS.read(client, remote)


@pytest.mark.parametrize(("age", "gone"), [(0, False), (30, False), (600, True)])
def test_an_account_made_seconds_ago_may_not_be_shown_yet(
    client: Client, openai: FakeOpenAI, age: int, gone: bool
) -> None:
    remote = created(client)
    openai.accounts.clear()
    openai.now += age
    if gone:
        with pytest.raises(errors.ResourceGoneError):
            ACCOUNTS.read(client, remote)
    else:
        ACCOUNTS.read(client, remote)
        assert value(remote)


def test_openais_clock_decides_what_is_young(client: Client, openai: FakeOpenAI, monkeypatch: Any) -> None:
    remote = created(client)
    openai.accounts.clear()
    monkeypatch.setattr("time.time", lambda: NOW + 1e6)
    ACCOUNTS.read(client, remote)


def test_without_openais_clock_this_machines_own_does(client: Client, openai: FakeOpenAI, monkeypatch: Any) -> None:
    remote = created(client)
    client.clock = requestor_clock.ServerClock(requestor_clock.Clock())
    openai.surprise("GET", "svc_acct_1$", (404, error_body("No such account")), headers={"date": ""}, times=99)
    monkeypatch.setattr("time.time", lambda: NOW + 5.0)
    ACCOUNTS.read(client, remote)
    monkeypatch.setattr("time.time", lambda: NOW + 1e6)
    with pytest.raises(errors.ResourceGoneError):
        ACCOUNTS.read(client, remote)


def test_an_account_of_unknown_age_is_gone(client: Client, openai: FakeOpenAI) -> None:
    assert openai.accounts == {}
    with pytest.raises(errors.ResourceGoneError, match="service account svc_acct_9 of project proj_1"):
        ACCOUNTS.read(client, Remote({"project_id": "proj_1"}, "svc_acct_9"))


def test_a_missing_permission_is_not_gone(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.surprise("GET", "svc_acct_1$", (403, {"error": "Missing scopes: api.management.read."}))
    with pytest.raises(errors.PermissionDeniedError, match=r"api\.management\.read"):
        ACCOUNTS.read(client, remote)


def test_an_account_of_an_archived_project_is_gone(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.project = {"id": "proj_1", "status": "archived"}
    with pytest.raises(errors.ProjectArchivedError):
        ACCOUNTS.read(client, remote)


# Updating


def test_nothing_is_sent_where_nothing_differs(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, role="owner", expires_in_seconds=60)
    openai.calls.clear()
    updated(client, remote, role="owner", expires_in_seconds=60)
    assert openai.calls == []


def test_a_rename_keeps_id_and_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    before = (remote.id, value(remote))
    openai.calls.clear()
    updated(client, remote, name="new name")
    assert openai.calls == [("POST", f"{PROJECT}/service_accounts/svc_acct_1", {"name": "new name"})]
    assert (remote.id, value(remote)) == before


def test_a_role_taken_out_of_the_program_is_not_managed(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, role="owner")
    openai.calls.clear()
    updated(client, remote)
    assert openai.calls == []


def test_an_update_in_an_archived_project_says_so(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.project = {"id": "proj_1", "status": "archived"}
    with pytest.raises(errors.ProjectArchivedError):
        updated(client, remote, name="x")


def test_an_update_refused_in_a_living_project_is_told(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.surprise("POST", "svc_acct_1$", (400, error_body("The name is too long", "bad_name")))
    with pytest.raises(errors.BadRequestError, match=r"The name is too long \(status 400, bad_name, request req_3\)"):
        updated(client, remote, name="x" * 999)


# Keyless, and back


def test_an_account_that_becomes_keyless_loses_its_key(client: Client, openai: FakeOpenAI) -> None:
    remote = updated(client, created(client), create_service_account_only=True)
    assert openai.asked("DELETE") == [(f"{PROJECT}/api_keys/key_2", None)]
    assert openai.keys == {}
    assert list(openai.accounts) == ["svc_acct_1"]
    assert value(remote) is None


def test_a_key_that_cannot_be_deleted_is_made_to_expire(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.deletes_keys = False
    updated(client, remote, create_service_account_only=True)
    assert openai.asked("POST")[-1] == (f"{PROJECT}/api_keys/key_2", {"expires_in_seconds": 1})
    assert openai.keys["key_2"]["expires_at"] == NOW + 1
    assert value(remote) is None


def test_a_key_that_is_gone_already_needs_no_revoking(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.keys.clear()
    openai.now += 3600
    updated(client, remote, create_service_account_only=True)
    assert value(remote) is None


def test_a_young_key_that_is_not_found_is_revoked_when_it_is(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.surprise("DELETE", "key_2$", (404, error_body("No such key")), times=3)
    updated(client, remote, create_service_account_only=True)
    assert (value(remote), openai.keys, len(openai.asked("DELETE"))) == (None, {}, 4)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_key_that_was_not_revoked_is_not_forgotten(client: Client, openai: FakeOpenAI, status: int) -> None:
    remote = created(client)
    openai.surprise("DELETE", "key_2$", (status, {}), times=99)
    with pytest.raises(errors.StatusError, match="Could not revoke API key key_2 of service account 'ci'"):
        updated(client, remote, create_service_account_only=True)
    assert value(remote)


def test_a_key_of_which_nobody_knows_whether_it_was_revoked_is_dead_and_revoked_again(
    client: Client, openai: FakeOpenAI
) -> None:
    remote = created(client)
    remote.step.has_changed = False
    openai.surprise("DELETE", "key_2$", (500, {}), times=99)
    with pytest.raises(errors.StatusError):
        updated(client, remote, create_service_account_only=True)
    assert remote.step.has_changed
    assert remote.memory[DeadKey].dead_key == "key_2"
    assert remote.memory[OpenRequests].to_revoke == {"key_2": 0}


def test_a_key_that_was_revoked_before_another_could_not_be_is_noted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    first, second = openai.add_key(remote.id), openai.add_key(remote.id)
    remote.memory[OpenRequests].to_revoke = {first: NOW, second: NOW}
    remote.step.has_changed = False
    openai.surprise("DELETE", f"{second}$", (403, error_body("No")))
    openai.surprise("POST", f"{second}$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError):
        updated(client, remote)
    assert remote.step.has_changed
    assert remote.memory[OpenRequests].to_revoke == {second: NOW}


def test_a_key_of_a_lost_reply_that_could_not_be_revoked_is_noted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    remote.memory[DeadKey].dead_key = "key_2"
    remote.step.has_changed = False
    openai.surprise("POST", "svc_acct_1/api_keys$", LOST, acts=True)
    openai.surprise("DELETE", "key_3$", (403, error_body("No")))
    openai.surprise("POST", "key_3$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError):
        updated(client, remote)
    assert remote.step.has_changed
    assert remote.memory[OpenRequests].to_revoke == {"key_3": NOW}


def test_a_keyless_account_stays_keyless_without_a_request(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, create_service_account_only=True)
    openai.calls.clear()
    updated(client, remote, create_service_account_only=True)
    assert openai.calls == []


def test_an_account_that_gets_a_key_gets_a_role_that_can_use_it(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, create_service_account_only=True)
    openai.calls.clear()
    updated(client, remote)
    assert openai.calls == [
        ("POST", f"{PROJECT}/service_accounts/svc_acct_1", {"name": "ci", "role": "member"}),
        ("GET", f"{PROJECT}/api_keys", None),
        ("POST", f"{PROJECT}/service_accounts/svc_acct_1/api_keys", {"name": "ci"}),
    ]
    assert value(remote) == "sk-svcacct-VALUE0002"
    assert remote.attributes["role"] == "member"


def test_an_account_that_gets_a_key_gets_the_role_of_the_program(client: Client, openai: FakeOpenAI) -> None:
    updated(client, created(client, create_service_account_only=True), role="owner")
    assert openai.accounts["svc_acct_1"]["role"] == "owner"


def test_a_key_made_later_has_its_expiry(client: Client, openai: FakeOpenAI) -> None:
    remote = updated(client, created(client, create_service_account_only=True), expires_in_seconds=60)
    assert openai.asked("POST")[-1] == (
        f"{PROJECT}/service_accounts/svc_acct_1/api_keys",
        {"name": "ci", "expires_in_seconds": 60},
    )
    assert remote.attributes["api_key"]["expires_at"] == NOW + 60
    assert updated(client, remote, expires_in_seconds=60)
    assert len(openai.keys) == 1


# Another key


def keyless(client: Client) -> Remote:
    remote = created(client, create_service_account_only=True)
    remote.step.has_changed = False
    return remote


@pytest.mark.parametrize("end", UNCERTAIN)
def test_a_key_whose_value_was_lost_is_revoked_and_another_made(client: Client, openai: FakeOpenAI, end: Any) -> None:
    remote = keyless(client)
    openai.surprise("POST", "api_keys$", end, acts=True)
    updated(client, remote)
    assert openai.asked("DELETE") == [(f"{PROJECT}/api_keys/key_2", None)]
    assert list(openai.keys) == [remote.attributes["api_key"]["id"]] == ["key_3"]
    assert value(remote) == "sk-svcacct-VALUE0003"
    assert not is_open(remote)


@pytest.mark.parametrize("end", UNCERTAIN)
def test_a_key_that_was_not_made_after_all_is_made(client: Client, openai: FakeOpenAI, end: Any) -> None:
    remote = keyless(client)
    openai.surprise("POST", "api_keys$", end)
    updated(client, remote)
    assert list(openai.keys) == ["key_2"]
    assert openai.asked("DELETE") == []


def test_a_lost_key_that_cannot_be_deleted_is_made_to_expire(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    openai.deletes_keys = False
    openai.surprise("POST", "service_accounts/svc_acct_1/api_keys$", LOST, acts=True)
    updated(client, remote)
    assert openai.keys["key_2"]["expires_at"] == NOW + 1
    assert "expires_at" not in openai.keys["key_3"]


def test_the_keys_of_other_accounts_are_never_touched(client: Client, openai: FakeOpenAI) -> None:
    other = created(client, name="other")
    openai.surprise("POST", "service_accounts$", LOST, acts=True)
    remote = created(client)
    assert openai.keys_of(other.id) == ["key_2"]
    openai.surprise("POST", "svc_acct_3/api_keys$", LOST, acts=lambda: openai.add_key(other.id))
    remote.memory[DeadKey].dead_key = remote.attributes["api_key"]["id"]
    updated(client, remote)
    assert len(openai.keys_of(other.id)) == 2


def test_keys_that_the_account_had_before_are_kept(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    by_hand = openai.add_key(remote.id)
    openai.surprise("POST", "api_keys$", LOST, acts=True)
    updated(client, remote)
    assert by_hand in openai.keys
    assert len(openai.keys) == 2


def test_more_new_keys_than_lost_tries_stop_and_are_named(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    openai.surprise("POST", "api_keys$", LOST, acts=lambda: [openai.add_key(remote.id, name="ci") for _ in range(2)])
    with pytest.raises(errors.ResponseLostError, match="several new API keys match: key_2, key_3"):
        updated(client, remote)
    assert list(openai.keys) == ["key_2", "key_3"]
    (request,) = remote.memory[OpenRequests].open_requests
    assert (request["start"], request["attempts"], request["body"]) == (NOW, 1, {"name": "ci"})


def test_a_key_that_never_comes_about_stops_and_is_looked_for_by_the_next_run(
    client: Client, openai: FakeOpenAI
) -> None:
    remote = updated(client, keyless(client), create_service_account_only=True, role="member")
    remote.step.has_changed = False
    openai.surprise("POST", "api_keys$", (500, {}), times=5)
    with pytest.raises(
        errors.ResponseLostError, match=r"The API key may have been created\. Look in OpenAI's dashboard"
    ):
        updated(client, remote, role="member")
    assert remote.step.has_changed
    assert remote.memory[OpenRequests].open_requests[0]["attempts"] == 5
    late = openai.add_key(remote.id, name="ci")
    updated(next_run(client), remote)
    assert late not in openai.keys
    assert list(openai.keys) == [remote.attributes["api_key"]["id"]]


def test_a_key_that_another_stack_minted_before_is_not_revoked(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = keyless(client)
    client.listing(f"{PROJECT}/api_keys", "", {"limit": 100, "owner_project_access": "any"}).rows()
    theirs = openai.add_key(remote.id, name="ci", created_at=NOW - 3000)
    openai.surprise("POST", "api_keys$", LOST, acts=True)
    updated(client, remote)
    assert set(openai.keys) == {theirs, remote.attributes["api_key"]["id"]}
    assert theirs in told(caplog)


def test_a_key_of_another_name_that_somebody_mints_at_the_same_time_is_not_revoked(
    client: Client, openai: FakeOpenAI
) -> None:
    remote = keyless(client)
    theirs: list[str] = []
    openai.surprise("POST", "api_keys$", LOST, acts=lambda: theirs.append(openai.add_key(remote.id, name="theirs")))
    updated(client, remote)
    assert set(openai.keys) == {*theirs, remote.attributes["api_key"]["id"]}


def test_a_key_that_somebody_mints_by_hand_the_next_day_is_not_revoked(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = keyless(client)
    openai.surprise("POST", "api_keys$", (500, {}), times=5)
    with pytest.raises(errors.ResponseLostError):
        updated(client, remote)
    openai.now += 86_400
    by_hand = openai.add_key(remote.id)
    updated(next_run(client), remote)
    assert set(openai.keys) == {by_hand, remote.attributes["api_key"]["id"]}
    assert by_hand not in told(caplog)
    assert not is_open(remote)


def test_a_key_that_another_resource_of_the_run_has_just_created_is_not_revoked(
    client: Client, openai: FakeOpenAI
) -> None:
    remote = keyless(client)
    openai.surprise("POST", "api_keys$", (500, {}), times=5)
    with pytest.raises(errors.ResponseLostError):
        updated(client, remote)
    run, of_another_resource = next_run(client), openai.add_key(remote.id)
    run.acquire(of_another_resource)
    updated(run, remote)
    assert of_another_resource in openai.keys


def test_a_lost_key_that_shows_up_late_is_revoked(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    openai.surprise(
        "POST", "api_keys$", LOST, acts=lambda: openai.hidden.update({openai.add_key(remote.id, name="ci"): 4})
    )
    openai.surprise("DELETE", "key_2$", (404, error_body("No such key")))  # it is too young to be found
    updated(client, remote)
    assert openai.asked("DELETE") == [(f"{PROJECT}/api_keys/key_2", None)] * 2
    assert list(openai.keys) == [remote.attributes["api_key"]["id"]]
    assert not is_open(remote)


def test_a_key_shown_without_its_value_is_revoked_by_the_next_run(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    openai.surprise("POST", "api_keys$", (200, {"id": "key_2", "value": None, "created_at": openai.now}), acts=True)
    with pytest.raises(
        errors.InvalidResponseError, match="the response does not contain the value of the key key_2"
    ) as told_of:
        updated(client, remote)
    assert told_of.value.advice == "Run the command again: the update revokes the key and creates a new one."
    assert (remote.step.has_changed, value(remote)) == (True, None)
    assert remote.memory[OpenRequests].to_revoke == {"key_2": openai.now}
    updated(next_run(client), remote)
    assert list(openai.keys) == ["key_3"]


def test_a_refused_key_leaves_nothing_to_remember(client: Client, openai: FakeOpenAI) -> None:
    remote = updated(client, keyless(client), create_service_account_only=True, role="member")
    remote.step.has_changed = False
    openai.surprise("POST", "api_keys$", (400, error_body("Too many keys")))
    with pytest.raises(errors.BadRequestError, match="Could not create an API key for service account 'ci'"):
        updated(client, remote, role="member")
    assert not is_open(remote)
    assert not remote.step.has_changed


def test_a_lost_key_that_was_not_revoked_is_not_forgotten(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    openai.surprise("POST", "svc_acct_1/api_keys$", LOST, acts=True)
    openai.surprise("DELETE", "key_2$", (403, {"error": "No"}))
    with pytest.raises(errors.PermissionDeniedError):
        updated(client, remote)
    updated(next_run(client), remote)
    assert "key_2" not in openai.keys


@pytest.mark.parametrize("step", ["another key", "another expiry", "another name"])
def test_what_a_step_did_before_a_lost_key_could_not_be_revoked_is_noted(
    client: Client, openai: FakeOpenAI, step: str
) -> None:
    remote = created(client, expires_in_seconds=60)
    lost = openai.add_key(remote.id)
    remote.memory[OpenRequests].to_revoke = {lost: NOW}
    if step == "another key":
        remote.memory[DeadKey].dead_key = remote.attributes["api_key"]["id"]
    remote.step.has_changed = False
    openai.surprise("DELETE", f"{lost}$", (403, error_body("No")))
    openai.surprise("POST", f"{lost}$", (403, error_body("No")))
    settings = {"name": "cd"} if step == "another name" else {}
    with pytest.raises(errors.PermissionDeniedError):
        updated(client, remote, expires_in_seconds=90 if step == "another expiry" else 60, **settings)
    assert remote.step.has_changed
    assert value(remote) == ("sk-svcacct-VALUE0004" if step == "another key" else "sk-svcacct-VALUE0002")
    assert remote.memory[OpenRequests].to_revoke == {lost: NOW}


def test_a_key_is_kept_where_looking_for_strays_fails(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    openai.surprise("POST", "api_keys$", LOST)
    shown = {"id": "key_9", "value": "sk-svcacct-VALUE0009", "created_at": NOW}
    openai.surprise("POST", "api_keys$", (200, shown), acts=lambda: lists_fail(openai))
    with suppress(errors.AdminError):
        updated(client, remote)
    assert value(remote) == "sk-svcacct-VALUE0009"


# What becomes of a key


def dead(remote: Remote) -> str | None:
    return remote.memory[DeadKey].dead_key


def test_reading_a_living_key_takes_the_list_alone(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.calls.clear()
    ACCOUNTS.read(client, remote)
    assert [path for path, _ in openai.asked("GET")] == [
        f"{PROJECT}/service_accounts/svc_acct_1",
        f"{PROJECT}/api_keys",
    ]
    assert (dead(remote), remote.due) == (None, [])


def test_many_accounts_take_one_list_of_keys(client: Client, openai: FakeOpenAI) -> None:
    remotes = [created(client, name=f"ci-{number}") for number in range(3)]
    for remote in remotes:
        ACCOUNTS.read(client, remote)
    assert [path for path, _ in openai.asked("GET")].count(f"{PROJECT}/api_keys") == 1


def test_a_revoked_key_is_noticed_once_and_replaced_by_the_next_update(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.keys.clear()
    openai.now += 3600
    ACCOUNTS.read(client, remote)
    assert dead(remote) == "key_2"
    was_revoked = "API key key_2 of service account 'ci' (svc_acct_1) of project proj_1 was revoked"
    assert remote.due == [PendingAction(was_revoked, "create another key")]
    ACCOUNTS.read(client, remote)
    assert len(remote.due) == 1
    updated(client, remote)
    assert (remote.attributes["api_key"]["id"], dead(remote)) == ("key_3", None)
    assert openai.asked("DELETE") == []


def test_a_key_that_replaced_one_is_as_young_as_itself(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.keys.clear()
    openai.now += 3600
    ACCOUNTS.read(client, remote)
    updated(client, remote)
    assert remote.memory[KeyCreation].key_made_at == NOW + 3600
    openai.keys.clear()  # not shown yet
    ACCOUNTS.read(next_run(client), remote)
    assert dead(remote) is None
    openai.now += 3600
    ACCOUNTS.read(next_run(client), remote)
    assert dead(remote) == "key_3"


def test_an_expired_key_is_noticed_by_openais_clock(
    client: Client, openai: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = created(client, expires_in_seconds=60)
    monkeypatch.setattr("time.time", lambda: NOW + 1e6)
    ACCOUNTS.read(client, remote)
    assert remote.due == []
    openai.now += 60
    ACCOUNTS.read(client, remote)
    assert remote.due[0].what.endswith("has expired")
    updated(client, remote, expires_in_seconds=60)
    assert remote.attributes["api_key"]["expires_at"] == NOW + 120


def test_a_key_that_is_dead_and_no_longer_wanted_is_let_go(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.keys.clear()
    openai.now += 3600
    ACCOUNTS.read(client, remote)
    updated(client, remote, create_service_account_only=True)
    assert (value(remote), dead(remote), openai.keys) == (None, None, {})


def test_an_account_without_a_key_has_none_to_look_after(client: Client, openai: FakeOpenAI) -> None:
    remote = keyless(client)
    openai.calls.clear()
    ACCOUNTS.read(client, remote)
    assert len(openai.calls) == 1


# Expiry


def test_another_expiry_counts_from_now_and_keeps_the_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, expires_in_seconds=60)
    openai.calls.clear()
    openai.now += 30
    updated(client, remote, expires_in_seconds=90)
    assert openai.calls == [("POST", f"{PROJECT}/api_keys/key_2", {"expires_in_seconds": 90})]
    assert remote.attributes["api_key"]["expires_at"] == NOW + 120
    assert value(remote) == "sk-svcacct-VALUE0002"


def test_an_expiry_set_later_is_sent(client: Client, openai: FakeOpenAI) -> None:
    updated(client, created(client), expires_in_seconds=90)
    assert openai.keys["key_2"]["expires_at"] == NOW + 90


def test_an_expiry_that_is_sent_is_not_sent_again(client: Client, openai: FakeOpenAI) -> None:
    remote = updated(client, created(client), expires_in_seconds=90)
    openai.calls.clear()
    updated(client, remote, expires_in_seconds=90)
    assert openai.calls == []


def test_an_expiry_that_failed_is_sent_by_the_next_run(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.surprise("POST", "key_2$", (403, {"error": "No"}))
    with pytest.raises(errors.PermissionDeniedError, match=r"Could not set .* of API key key_2"):
        updated(client, remote, expires_in_seconds=90)
    updated(client, remote, expires_in_seconds=90)
    assert openai.keys["key_2"]["expires_at"] == NOW + 90


def test_an_expiry_cannot_be_taken_back_and_that_is_said(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, expires_in_seconds=60)
    openai.calls.clear()
    updated(client, remote)
    assert openai.calls == []
    assert told(caplog) == (
        "API key key_2 of service account 'ci' (svc_acct_1) of project proj_1 still expires at the same time: OpenAI "
        "can't remove an expiry. For a key without expiry, set create_service_account_only=True, update the resources, "
        "and then remove it again."
    )
    assert remote.attributes["api_key"]["expires_at"] == NOW + 60


# Deleting


def test_delete_ends_account_and_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    ACCOUNTS.delete(client, remote)
    assert openai.asked("DELETE") == [(f"{PROJECT}/service_accounts/svc_acct_1", None)]
    assert openai.accounts == openai.keys == {}


def test_an_account_that_is_gone_is_deleted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.accounts.clear()
    openai.now += 3600
    ACCOUNTS.delete(client, remote)


def test_a_young_account_that_is_not_found_at_first_is_deleted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.surprise("DELETE", "svc_acct_1$", (404, error_body("No such account")), times=3)
    ACCOUNTS.delete(client, remote)
    assert (openai.accounts, len(openai.asked("DELETE"))) == ({}, 4)


def test_a_young_account_that_is_not_found_until_it_is_old_is_gone(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client)
    openai.accounts.clear()
    for _ in range(5):
        openai.surprise(
            "DELETE",
            "svc_acct_1$",
            (404, error_body("No such account")),
            acts=lambda: setattr(openai, "now", openai.now + 10),
        )
    openai.surprise(
        "DELETE",
        "svc_acct_1$",
        (404, error_body("No such account")),
        acts=lambda: setattr(openai, "now", openai.now + 10),
        times=1,
    )
    ACCOUNTS.delete(client, remote)
    assert len(openai.asked("DELETE")) == 7
    told = "Waiting up to 57 s to delete service account 'ci' (svc_acct_1) of project proj_1: OpenAI does not find it"
    assert [message.partition(",")[0] for message in caplog.messages] == [told]


def test_a_young_account_that_is_not_found_in_the_time_there_is_is_an_error(
    settings: Settings, clock: Clock, openai: FakeOpenAI
) -> None:
    client = Client(Requestor(replace(settings, max_wait_seconds=30), clock=clock))
    remote = created(client)
    openai.surprise("DELETE", "svc_acct_1$", (404, error_body("No such account")), times=999)
    with client.operation(), pytest.raises(errors.OperationTimeoutError, match="Could not delete service account 'ci'"):
        ACCOUNTS.delete(client, remote)
    assert len(openai.accounts) == 1


def test_an_account_whose_project_is_archived_is_deleted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.project = {"id": "proj_1", "status": "archived"}
    ACCOUNTS.delete(client, remote)


def test_an_account_whose_project_the_key_does_not_show_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError):
        ACCOUNTS.delete(client, remote)


def test_a_deletion_whose_reply_was_lost_is_repeated_and_done(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.surprise("DELETE", "svc_acct_1$", requests.exceptions.ReadTimeout("slow"), acts=True)
    ACCOUNTS.delete(client, remote)
    assert len(openai.asked("DELETE")) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 409, 500])
def test_a_deletion_that_is_refused_is_an_error(client: Client, openai: FakeOpenAI, status: int) -> None:
    remote = created(client)
    openai.surprise("DELETE", "svc_acct_1$", (status, {}), times=99)
    with pytest.raises(errors.StatusError, match=r"Could not delete service account 'ci' \(svc_acct_1\) of project"):
        ACCOUNTS.delete(client, remote)


def test_a_made_account_is_not_undone() -> None:
    assert not ACCOUNTS.does("undo")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize("verb", ["create", "update", "delete", "mint", "revoke"])
def test_no_key_in_any_error(client: Client, openai: FakeOpenAI, verb: str, status: int) -> None:
    remote = created(client, create_service_account_only=verb == "mint")
    key = value(remote) or "sk-svcacct-VALUE9999"
    code = {404: "not_found", 429: "insufficient_quota"}.get(status)
    openai.now += 3600
    openai.surprises.clear()
    for method in ("POST", "DELETE"):
        openai.surprise(method, ".", (status, error_body(f"Bad {KEY} {key}", code)), times=99)
    acts = {
        "create": lambda: created(client),
        "update": lambda: updated(client, remote, name="other"),
        "delete": lambda: ACCOUNTS.delete(client, remote),
        "mint": lambda: updated(client, remote),
        "revoke": lambda: updated(client, remote, create_service_account_only=True),
    }
    if status == 404 and verb in {"delete", "revoke"}:
        acts[verb]()
        return
    with pytest.raises(errors.AdminError) as error:
        acts[verb]()
    told = f"{error.value}{error.value!r}{error.value.__cause__!r}"
    assert "SECRETKEY" not in told
    assert key not in told

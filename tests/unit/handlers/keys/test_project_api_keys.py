from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import POLL_DELAYS
from pulumi_openai_admin.handlers.keys.project_api_keys import AccountKeys, ProjectKeys, is_shown_as, owner
from tests.unit.fakes import NOW, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import Clock, FakeOpenAI

KEYS = "/organization/projects/proj_1/api_keys"
LONG_AGO = NOW - 3600


@pytest.fixture
def keys(client: Client, openai: FakeOpenAI) -> ProjectKeys:  # noqa: ARG001 - nothing leaves this machine
    return ProjectKeys(client, "/organization/projects/{project_id}/api_keys", {"project_id": "proj_1"})


@pytest.fixture
def key(openai: FakeOpenAI) -> str:
    return openai.add_key("svc_acct_9")


def test_the_list_shows_keys_of_accounts_without_access_too(keys: ProjectKeys, openai: FakeOpenAI) -> None:
    keys.listing().rows()
    assert openai.mock.last_request.qs == {"limit": ["100"], "owner_project_access": ["any"]}


@pytest.mark.parametrize(
    ("row", "id_"),
    [
        ({"owner": {"type": "service_account", "service_account": {"id": "svc_acct_9"}}}, "svc_acct_9"),
        ({"owner": {"type": "user", "user": {"id": "user-1"}}}, None),
        ({"owner": {"service_account": None, "user": {"id": "user-1"}}}, None),
        ({"owner": {"service_account": {}}}, None),
        ({"owner": None}, None),
        ({}, None),
    ],
)
def test_the_owner_is_a_service_account_or_none(row: dict[str, Any], id_: str | None) -> None:
    assert owner(row) == id_


@pytest.mark.parametrize(
    ("expires_at", "expired"), [(NOW, True), (NOW - 1, True), (NOW + 1, False), (None, False), ("soon", False)]
)
def test_a_key_expires_in_the_second_it_says_by_openais_clock(
    keys: ProjectKeys, expires_at: Any, expired: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: NOW + 1e6)
    keys.listing().rows()
    assert keys.has_expired({"expires_at": expires_at}) is expired
    assert not keys.has_expired({})


def test_no_key_has_expired_before_openais_clock_is_known(keys: ProjectKeys) -> None:
    assert not keys.has_expired({"expires_at": 1})


def test_an_accounts_keys_are_its_own_and_alive(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.add_key("svc_acct_8")
    openai.add_key("svc_acct_9", expires_at=NOW - 1)
    place = AccountKeys(keys, "svc_acct_9", "the account").place()
    assert [id_ for id_, row in place.listing.rows().items() if place.is_ours(row, {})] == [key]
    assert not place.is_ours(openai.keys[key], {"name": "another"})


# Fate


def test_a_key_in_the_list_lives(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    assert keys.why_ended({"id": key}, LONG_AGO, "the key") is None
    assert len(openai.calls) == 1


def test_a_key_that_only_the_list_lacks_lives(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.hidden[key] = 1
    assert keys.why_ended({"id": key}, LONG_AGO, "the key") is None
    assert openai.asked("GET")[-1][0] == f"{KEYS}/{key}"


@pytest.mark.parametrize(
    ("made_at", "fate"), [(NOW, None), (NOW - 59, None), (NOW - 60, "was revoked"), (None, "was revoked")]
)
def test_a_key_that_is_nowhere_was_revoked_unless_it_is_young(
    keys: ProjectKeys, made_at: int | None, fate: str | None
) -> None:
    assert keys.why_ended({"id": "key_9"}, made_at, "the key") == fate


def test_a_key_whose_time_is_over_has_expired(keys: ProjectKeys, key: str) -> None:
    assert keys.why_ended({"id": key, "expires_at": NOW}, LONG_AGO, "the key") == "has expired"
    assert keys.why_ended({"id": "key_9", "expires_at": NOW}, LONG_AGO, "the key") == "has expired"


def test_a_young_key_that_is_nowhere_is_looked_for_again_and_told(
    keys: ProjectKeys, openai: FakeOpenAI, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    assert openai.keys == {}
    assert keys.why_ended({"id": "key_9"}, NOW, "the key") is None
    assert clock.slept == list(POLL_DELAYS)
    assert "the key was not found, and was created less than 60 s ago, so OpenAI may not show it yet" in caplog.text


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
@pytest.mark.parametrize("where", ["api_keys$", "key_9$"])
def test_a_key_that_cannot_be_checked_is_left_alone(
    keys: ProjectKeys, openai: FakeOpenAI, where: str, status: int
) -> None:
    openai.surprise("GET", where, (status, error_body("No", "insufficient_quota")), times=99)
    assert keys.why_ended({"id": "key_9"}, LONG_AGO, "the key") is None


def test_a_list_that_is_not_found_says_nothing_of_a_key(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.surprise("GET", "api_keys$", (404, {}))
    assert keys.why_ended({"id": key}, LONG_AGO, "the key") is None


# Revoking


def test_a_key_is_deleted(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    keys.revoke(key, "the key", LONG_AGO)
    assert openai.keys == {}


def test_a_key_that_is_gone_needs_no_revoking(keys: ProjectKeys, openai: FakeOpenAI) -> None:
    keys.revoke("key_9", "the key", LONG_AGO)
    assert [(verb, path) for verb, path, _ in openai.calls] == [
        ("DELETE", "/organization/projects/proj_1/api_keys/key_9"),
        ("GET", "/organization/projects/proj_1"),  # else it may live on, in another organization
    ]


def test_a_key_that_cannot_be_deleted_expires_in_a_second(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.deletes_keys = False
    keys.revoke(key, "the key", LONG_AGO)
    assert openai.asked("POST") == [(f"{KEYS}/{key}", {"expires_in_seconds": 1})]
    assert openai.keys[key]["expires_at"] == NOW + 1


def test_a_key_that_has_expired_needs_nothing(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.deletes_keys = False
    openai.keys[key]["expires_at"] = NOW - 1
    openai.surprise("POST", f"{key}$", (400, error_body("An expired key cannot be changed")))
    keys.revoke(key, "the key", LONG_AGO)
    assert [verb for verb, _, _ in openai.calls] == ["DELETE", "GET", "POST", "GET"]


def test_a_key_that_stays_alive_is_an_error(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.deletes_keys = False
    openai.surprise("POST", f"{key}$", (400, error_body("No expiry in this organization")))
    with pytest.raises(errors.BadRequestError, match=r"Could not set .* of the key: No expiry in this organization"):
        keys.revoke(key, "the key", LONG_AGO)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_what_is_the_keys_or_openais_fault_is_no_reason_for_an_expiry(
    keys: ProjectKeys, openai: FakeOpenAI, key: str, status: int
) -> None:
    openai.surprise("DELETE", f"{key}$", (status, {}), times=99)
    with pytest.raises(errors.StatusError, match="Could not revoke the key"):
        keys.revoke(key, "the key", LONG_AGO)
    assert openai.asked("POST") == []


@pytest.mark.parametrize(
    ("value", "redacted", "fits"),
    [
        ("sk-svcacct-abc0123456789wxyz", "sk-svcacct-abc***wxyz", True),
        ("sk-admin-0123456789wxyz", "sk-admin-...wxyz", True),
        ("sk-svcacct-abd0123456789wxyz", "sk-svcacct-abc***wxyz", False),
        ("sk-svcacct-abc0123456789wxya", "sk-svcacct-abc***wxyz", False),
        ("wxyz", "***wxyz", False),
        ("", "***", False),
        ("sk-admin-0123456789wxyz", "sk-admin-...", False),
        ("sk-admin-0123456789wxyz", "", False),
        ("sk-abcwxyz", "sk-abc...wxyz", False),
    ],
)
def test_a_key_is_recognized_by_its_beginning_and_its_end(value: str, redacted: str, *, fits: bool) -> None:
    assert is_shown_as(value, redacted) is fits

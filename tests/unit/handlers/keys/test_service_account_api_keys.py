"""A key that was made is never lost over what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.keys.project_api_keys import ServiceAccountApiKeys
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

PROJECT = "/organization/projects/{project_id}"
KEYS = ServiceAccountApiKeys(PROJECT + "/service_accounts/{service_account_id}/api_keys", keys=PROJECT + "/api_keys")


@pytest.fixture
def key(openai: FakeOpenAI) -> Remote:
    """A key with an expiry, as an earlier run made it."""
    account = openai.add_account("ci")
    id_ = openai.add_key(account, expires_at=openai.now + 60)
    parents = {"project_id": "proj_1", "service_account_id": account}
    return Remote(parents, id_, {"expires_in_seconds": 60, "expires_at": openai.now + 60, "value": "sk-svcacct-V"})


def test_another_expiry_is_sent_and_noted(client: Client, openai: FakeOpenAI, key: Remote) -> None:
    KEYS.update(client, key, Wanted({}, {"expires_in_seconds": 90}))
    assert openai.asked("POST") == [(f"/organization/projects/proj_1/api_keys/{key.id}", {"expires_in_seconds": 90})]
    assert key.step.has_changed
    assert key.attributes["expires_at"] == openai.now + 90
    assert key.attributes["expires_in_seconds"] == 90


def test_a_lost_reply_revokes_only_keys_of_the_account_and_name(client: Client, openai: FakeOpenAI) -> None:
    account, other = openai.add_account("ci"), openai.add_account("cd")
    theirs: list[str] = []

    def act() -> None:
        theirs.extend([openai.add_key(other, name="n"), openai.add_key(account, name="another")])
        openai.add_key(account, name="n")

    openai.surprise("POST", "api_keys$", requests.exceptions.ReadTimeout("slow"), acts=act)
    remote = Remote({"project_id": "proj_1", "service_account_id": account})
    KEYS.create(client, remote, Wanted({}, {"name": "n"}))
    assert set(openai.keys) == {*theirs, remote.id}


@pytest.mark.parametrize(("ended", "why"), [("revoked", "was revoked"), ("expired", "has expired")])
def test_a_key_that_has_ended_is_gone_and_the_message_says_how(
    client: Client, openai: FakeOpenAI, key: Remote, ended: str, why: str
) -> None:
    if ended == "revoked":
        openai.keys.clear()
    else:
        openai.now += 60
    key.attributes["created_at"] = openai.now - 3600
    with pytest.raises(errors.ResourceGoneError) as told:
        KEYS.read(client, key)
    assert str(told.value) == (
        f"API key {key.id} of service account svc_acct_1 of project proj_1 no longer exists at OpenAI: it {why}. "
        "Refresh the state, then update the resources. The next update creates a new key."
    )


def test_another_expiry_by_somebody_else_is_shown(client: Client, openai: FakeOpenAI, key: Remote) -> None:
    openai.keys[key.id]["expires_at"] = openai.now + 5
    KEYS.read(client, key)
    assert key.attributes["expires_at"] == openai.now + 5
    assert key.attributes["value"] == "sk-svcacct-V"


def test_a_key_whose_value_no_reply_shows_is_revoked(client: Client, openai: FakeOpenAI) -> None:
    account = openai.add_account("ci")
    made = openai.add_key(account, name="n")
    openai.surprise("POST", "api_keys$", (200, {"id": made, "name": "n", "created_at": openai.now}))
    remote = Remote({"project_id": "proj_1", "service_account_id": account})
    with pytest.raises(errors.InvalidResponseError) as told:
        KEYS.create(client, remote, Wanted({}, {"name": "n"}))
    assert told.value.what.endswith(": the response does not contain the value of the key")
    assert told.value.advice == "The key was revoked; run the command again."
    assert openai.keys == {}


def test_a_key_that_is_not_revoked_is_an_error_with_advice(client: Client, openai: FakeOpenAI, key: Remote) -> None:
    openai.surprise("DELETE", "api_keys/", (403, error_body("Not yours")))
    with pytest.raises(errors.KeyRevocationError) as told:
        KEYS.delete(client, key)
    name = f"API key {key.id} of service account svc_acct_1 of project proj_1"
    assert told.value.what == (
        f"{name} was not revoked: OpenAI refuses to delete it and to let it expire: "
        f"Could not revoke {name}: Not yours (status 403, request req_1)"
    )
    assert told.value.advice == (
        "Revoke it in OpenAI's dashboard, then refresh the state. "
        "Until then, a preview may show no changes, and every update fails with this error."
    )


def test_a_preview_tells_that_the_account_of_a_new_key_is_unknown(client: Client, openai: FakeOpenAI) -> None:
    there = openai.add_account("ci")
    KEYS.observe(client, Remote({"project_id": "proj_1", "service_account_id": there}), Wanted({}, {}))
    with pytest.raises(errors.NoMatchError) as told:
        KEYS.observe(client, Remote({"project_id": "proj_1", "service_account_id": "svc_acct_11"}), Wanted({}, {}))
    assert str(told.value) == f"Project proj_1 has no service account svc_acct_11. Did you mean {there}?"
    with pytest.raises(errors.NoMatchError, match="dashboard, under Service accounts"):
        KEYS.observe(client, Remote({"project_id": "proj_1", "service_account_id": "x"}), Wanted({}, {}))
    assert len([path for path, _ in openai.asked("GET") if path.endswith("/service_accounts")]) == 1, "one list"


def test_a_preview_asks_for_no_account_of_a_key_that_is_there(client: Client, openai: FakeOpenAI, key: Remote) -> None:
    openai.accounts.clear()
    assert not KEYS.observe(client, key, Wanted({}, {})).values

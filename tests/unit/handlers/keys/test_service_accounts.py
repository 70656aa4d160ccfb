from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import ProjectServiceAccount, errors
from pulumi_openai_admin.handlers.creation import LostCreations
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.keys.rotation import DeadKey
from tests.unit.fakes import NOW, PROJECT, FakeOpenAI, Log, error_body, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ACCOUNTS = ProjectServiceAccount.handler


def wanted(name: str = "ci", **settings: Any) -> Wanted:
    return Wanted({}, {"name": name, **settings})


def created(client: Client, **settings: Any) -> Remote:
    remote = Remote({"project_id": "proj_1"})
    ACCOUNTS.create(client, remote, wanted(**settings))
    return remote


def updated(client: Client, remote: Remote, **settings: Any) -> Remote:
    ACCOUNTS.update(client, remote, wanted(**settings))
    for lost in ACCOUNTS.creations(client, remote):
        lost.resolve()
    return remote


def value(remote: Remote) -> str | None:
    return (remote.attributes.get("api_key") or {}).get("value")


LOST = requests.exceptions.ReadTimeout("slow")


# Keyless, and back


def test_a_key_that_may_be_revoked_is_dead_and_revoked_again(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    remote.step.has_changed = False
    openai.surprise("DELETE", "key_1$", (500, {}), times=99)
    with pytest.raises(errors.StatusError):
        updated(client, remote, create_service_account_only=True)
    assert remote.step.has_changed
    assert remote.memory[DeadKey].dead_key == "key_1"
    assert remote.memory[LostCreations].to_revoke == {"key_1": 0}


def test_a_key_that_was_revoked_before_another_could_not_be_is_noted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    first, second = openai.add_key(remote.id), openai.add_key(remote.id)
    remote.memory[LostCreations].to_revoke = {first: NOW, second: NOW}
    remote.step.has_changed = False
    openai.surprise("DELETE", f"{second}$", (403, error_body("No")))
    openai.surprise("POST", f"{second}$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError):
        updated(client, remote)
    assert remote.step.has_changed
    assert remote.memory[LostCreations].to_revoke == {second: NOW}


def test_a_key_of_a_lost_reply_that_could_not_be_revoked_is_noted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    remote.memory[DeadKey].dead_key = "key_1"
    remote.step.has_changed = False
    openai.surprise("POST", "svc_acct_1/api_keys$", LOST, acts=True)
    openai.surprise("DELETE", "key_2$", (403, error_body("No")))
    openai.surprise("POST", "key_2$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError):
        updated(client, remote)
    assert remote.step.has_changed
    assert remote.memory[LostCreations].to_revoke == {"key_2": NOW}


def test_the_keys_of_other_accounts_and_earlier_ones_are_never_touched(client: Client, openai: FakeOpenAI) -> None:
    other = created(client, name="other")
    openai.surprise("POST", "service_accounts$", LOST, acts=True)
    remote = created(client)
    by_hand = openai.add_key(remote.id)
    openai.surprise("POST", "svc_acct_2/api_keys$", LOST, acts=lambda: openai.add_key(other.id))
    remote.memory[DeadKey].dead_key = remote.attributes["api_key"]["id"]
    updated(client, remote)
    assert len(openai.keys_of(other.id)) == 2
    assert by_hand in openai.keys


# What becomes of a key


def dead(remote: Remote) -> str | None:
    return remote.memory[DeadKey].dead_key


def test_a_revoked_key_is_noticed_once_and_replaced_by_the_next_update(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.remove("api_key")
    openai.now += 3600
    ACCOUNTS.read(client, remote)
    assert dead(remote) == "key_1"
    was_revoked = "API key key_1 of service account 'ci' (svc_acct_1) of project proj_1 was revoked"
    assert remote.pending_actions == [PendingAction(was_revoked, "create another key")]
    ACCOUNTS.read(client, remote)
    assert len(remote.pending_actions) == 1
    updated(client, remote)
    assert (remote.attributes["api_key"]["id"], dead(remote)) == ("key_2", None)
    assert openai.asked("DELETE") == []


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_key_whose_time_is_over_has_expired(client: Client, openai: FakeOpenAI, *, is_shown: bool) -> None:
    remote = created(client, expires_in_seconds=60)
    if not is_shown:
        openai.remove("api_key")
    openai.now += 3600
    ACCOUNTS.read(client, remote)
    (action,) = remote.pending_actions
    assert action.what.endswith(" of project proj_1 has expired")


def test_a_list_that_is_not_found_says_nothing_of_a_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    openai.surprise("GET", "api_keys$", (404, {}))
    ACCOUNTS.read(client, remote)
    assert (remote.pending_actions, dead(remote)) == ([], None)


# Expiry


def test_another_expiry_counts_from_now_and_keeps_the_key(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, expires_in_seconds=60)
    key = value(remote)
    openai.calls.clear()
    openai.now += 30
    updated(client, remote, expires_in_seconds=90)
    assert openai.calls == [("POST", f"{PROJECT}/api_keys/key_1", {"expires_in_seconds": 90})]
    assert remote.attributes["api_key"]["expires_at"] == NOW + 120
    assert value(remote) == key


def test_an_expiry_cannot_be_taken_back_and_that_is_said(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = created(client, expires_in_seconds=60)
    openai.calls.clear()
    updated(client, remote)
    assert openai.calls == []
    (told,) = warnings(caplog)
    assert told == (
        "API key key_1 of service account 'ci' (svc_acct_1) of project proj_1 still expires at the same time: OpenAI "
        "can't remove an expiry. For a key without expiry, set create_service_account_only=True, update the resources, "
        "and then remove it again."
    )
    assert remote.attributes["api_key"]["expires_at"] == NOW + 60


# Deleting


def test_an_account_that_gets_a_key_gets_a_role_that_can_use_it(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, create_service_account_only=True)
    openai.calls.clear()
    updated(client, remote)
    assert openai.calls == [
        ("POST", f"{PROJECT}/service_accounts/svc_acct_1", {"name": "ci", "role": "member"}),
        ("GET", f"{PROJECT}/api_keys", None),
        ("POST", f"{PROJECT}/service_accounts/svc_acct_1/api_keys", {"name": "ci"}),
    ]
    assert (value(remote) or "").startswith("sk-svcacct-")
    assert remote.attributes["role"] == "member"


def test_a_young_account_that_is_not_found_until_it_is_old_is_gone(
    client: Client, openai: FakeOpenAI, caplog: Log
) -> None:
    remote = created(client)
    openai.remove("service_account")
    missing = (404, error_body("No such account"))
    openai.surprise("DELETE", "svc_acct_1$", missing, acts=lambda: setattr(openai, "now", openai.now + 10), times=6)
    ACCOUNTS.delete(client, remote)
    assert len(openai.asked("DELETE")) == 7
    told = "Waiting up to 57 s to delete service account 'ci' (svc_acct_1) of project proj_1: OpenAI does not find it"
    assert [message.partition(",")[0] for message in caplog.messages] == [told]

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccount, ProjectServiceAccountApiKey, errors
from pulumi_openai_admin.handlers.creation import LostCreations
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.keys.api_keys import ProjectKeys, is_shown_as
from pulumi_openai_admin.handlers.keys.rotation import DeadKey
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import KEY, NOW, PROJECT, FakeOpenAI, Log, error_body, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client


def test_a_key_that_stays_alive_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    key = openai.add_key(openai.add_account("ci"))
    path, parents = "/organization/projects/{project_id}/api_keys", {"project_id": "proj_1"}
    keys = ProjectKeys(client, path, parents, "svc_acct_1", "the account")
    openai.surprise("DELETE", f"{key}$", (400, error_body("The key belongs to a service account")))
    openai.surprise("POST", f"{key}$", (400, error_body("No expiry in this organization")))
    with pytest.raises(errors.BadRequestError, match="of API key key_1 of the account: No expiry in this organization"):
        keys.revoke(key, NOW - 3600)


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


ADDITIONAL_KEYS = ProjectServiceAccountApiKey.handler


@pytest.fixture
def additional(openai: FakeOpenAI) -> Remote:
    """A key with an expiry, as an earlier run made it."""
    account = openai.add_account("ci")
    id_ = openai.add_key(account, expires_at=openai.now + 60)
    parents = {"project_id": "proj_1", "service_account_id": account}
    return Remote(parents, id_, {"expires_in_seconds": 60, "expires_at": openai.now + 60, "value": "sk-svcacct-V"})


@pytest.mark.parametrize(("ended", "why"), [("revoked", "was revoked"), ("expired", "has expired")])
def test_a_key_that_has_ended_is_gone_and_the_message_says_how(
    client: Client, openai: FakeOpenAI, additional: Remote, ended: str, why: str
) -> None:
    if ended == "revoked":
        openai.remove("api_key")
    else:
        openai.now += 60
    additional.attributes["created_at"] = openai.now - 3600
    with pytest.raises(errors.ResourceGoneError) as told:
        ADDITIONAL_KEYS.read(client, additional)
    assert str(told.value) == (
        f"API key {additional.id} of service account svc_acct_1 of project proj_1 no longer exists at OpenAI: it {why}."
        " Refresh the state, then update the resources. The next update creates a new key."
    )


def test_a_key_whose_value_no_reply_shows_is_revoked(client: Client, openai: FakeOpenAI) -> None:
    account = openai.add_account("ci")
    made = openai.add_key(account, name="n")
    openai.surprise("POST", "api_keys$", (200, {"id": made, "name": "n", "created_at": openai.now}))
    remote = Remote({"project_id": "proj_1", "service_account_id": account})
    with pytest.raises(errors.InvalidResponseError) as told:
        ADDITIONAL_KEYS.create(client, remote, Wanted({}, {"name": "n"}))
    assert told.value.what.endswith(": the response does not contain the value of the key")
    assert told.value.advice == "The key was revoked; run the command again."
    assert openai.keys == {}


def test_a_key_that_is_not_revoked_is_an_error(client: Client, openai: FakeOpenAI, additional: Remote) -> None:
    openai.surprise("DELETE", "api_keys/", (403, error_body("Not yours")))
    with pytest.raises(errors.KeyRevocationError) as told:
        ADDITIONAL_KEYS.delete(client, additional)
    name = f"API key {additional.id} of service account svc_acct_1 of project proj_1"
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
    ADDITIONAL_KEYS.observe(client, Remote({"project_id": "proj_1", "service_account_id": there}), Wanted({}, {}))
    with pytest.raises(errors.NoMatchError) as told:
        ADDITIONAL_KEYS.observe(
            client, Remote({"project_id": "proj_1", "service_account_id": "svc_acct_11"}), Wanted({}, {})
        )
    assert str(told.value) == f"Project proj_1 has no service account svc_acct_11. Did you mean {there}?"
    with pytest.raises(errors.NoMatchError, match="dashboard, under Service accounts"):
        ADDITIONAL_KEYS.observe(client, Remote({"project_id": "proj_1", "service_account_id": "x"}), Wanted({}, {}))
    assert len([path for path, _ in openai.asked("GET") if path.endswith("/service_accounts")]) == 1, "one list"


def test_a_preview_asks_for_no_account_of_a_known_key(client: Client, openai: FakeOpenAI, additional: Remote) -> None:
    openai.remove("service_account")
    assert not ADDITIONAL_KEYS.observe(client, additional, Wanted({}, {})).values


# Admin API keys: the key of the run is not revoked, and no key whose value nobody knows is left.


KEYS = AdminApiKey.handler
USED = f"{KEY[:8]}-...{KEY[-4:]}"


@pytest.mark.parametrize(
    "attributes", [{"value": KEY}, {"redacted_value": USED}], ids=["by its value", "by its beginning and end"]
)
def test_the_key_of_the_run_is_not_revoked(client: Client, openai: FakeOpenAI, attributes: dict[str, str]) -> None:
    remote = Remote({}, "key_1", {"name": "ci", **attributes})
    with pytest.raises(errors.KeyRevocationError, match=r"'ci' .key_1. was not revoked: this run uses it") as told:
        KEYS.delete(client, remote)
    assert openai.calls == []
    assert KEY not in str(told.value)
    assert told.value.advice == (
        "Configure another Admin API key, after a replacement the new one, then run the same command again."
    )


def test_an_expired_key_is_gone(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "admin_api_keys/key_1$", (200, {"id": "key_1", "name": "ci", "expires_at": NOW}))
    with pytest.raises(errors.ResourceGoneError, match=r"Admin API key 'ci' .key_1. has expired") as told:
        KEYS.read(client, Remote({}, "key_1", memory=Memory({"anchor": "proj_1"})))
    assert told.value.advice == "Refresh the state, then update the resources. The next update creates a new key."


ACCOUNTS = ProjectServiceAccount.handler
LOST = requests.exceptions.ReadTimeout("slow")


def wanted(name: str = "ci", **settings: Any) -> Wanted:
    return Wanted({}, {"name": name, **settings})


def created(client: Client, **settings: Any) -> Remote:
    remote = Remote({"project_id": "proj_1"})
    ACCOUNTS.create(client, remote, wanted(**settings))
    remote.step.has_changed = False
    return remote


def updated(client: Client, remote: Remote, **settings: Any) -> Remote:
    ACCOUNTS.update(client, remote, wanted(**settings))
    for lost in ACCOUNTS.creations(client, remote):
        lost.resolve()
    return remote


def value(remote: Remote) -> str | None:
    return (remote.attributes.get("api_key") or {}).get("value")


def refuse_to_revoke(openai: FakeOpenAI, key: str) -> None:
    for method in ("DELETE", "POST"):
        openai.surprise(method, f"{key}$", (403, error_body("No")))


def test_a_key_that_may_be_revoked_is_dead_and_revoked_again(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
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
    refuse_to_revoke(openai, second)
    with pytest.raises(errors.PermissionDeniedError):
        updated(client, remote)
    assert remote.step.has_changed
    assert remote.memory[LostCreations].to_revoke == {second: NOW}


def test_a_key_of_a_lost_reply_that_could_not_be_revoked_is_noted(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client)
    remote.memory[DeadKey].dead_key = "key_1"
    openai.surprise("POST", "svc_acct_1/api_keys$", LOST, acts=True)
    refuse_to_revoke(openai, "key_2")
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


def test_an_account_that_gets_a_key_gets_a_role_that_can_use_it(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, create_service_account_only=True)
    openai.calls.clear()
    updated(client, remote)
    assert openai.calls == [
        ("GET", f"{PROJECT}/service_accounts/svc_acct_1", None),
        ("POST", f"{PROJECT}/service_accounts/svc_acct_1", {"name": "ci", "role": "member"}),
        ("GET", f"{PROJECT}/api_keys", None),
        ("POST", f"{PROJECT}/service_accounts/svc_acct_1/api_keys", {"name": "ci"}),
    ]
    assert (value(remote) or "").startswith("sk-svcacct-")
    assert remote.attributes["role"] == "member"


def test_an_account_that_is_not_found_until_it_is_old_is_gone(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = created(client)
    openai.remove("service_account")
    missing = (404, error_body("No such account"))
    openai.surprise("DELETE", "svc_acct_1$", missing, acts=lambda: setattr(openai, "now", openai.now + 10), times=6)
    ACCOUNTS.delete(client, remote)
    assert len(openai.asked("DELETE")) == 7
    told = "Waiting up to 57 s to delete service account 'ci' (svc_acct_1) of project proj_1: OpenAI does not find it"
    assert [message.partition(",")[0] for message in caplog.messages] == [told]

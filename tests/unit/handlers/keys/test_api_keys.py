from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.keys.api_keys import ProjectKeys, is_shown_as
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import KEY, NOW, FakeOpenAI, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

LONG_AGO = NOW - 3600


@pytest.fixture
def keys(client: Client, openai: FakeOpenAI) -> ProjectKeys:  # noqa: ARG001 - nothing leaves this machine
    path, parents = "/organization/projects/{project_id}/api_keys", {"project_id": "proj_1"}
    return ProjectKeys(client, path, parents, "svc_acct_1", "the account")


@pytest.fixture
def key(openai: FakeOpenAI) -> str:
    return openai.add_key(openai.add_account("ci"))


# Revoking


def test_a_key_that_stays_alive_is_an_error(keys: ProjectKeys, openai: FakeOpenAI, key: str) -> None:
    openai.surprise("DELETE", f"{key}$", (400, error_body("The key belongs to a service account")))
    openai.surprise("POST", f"{key}$", (400, error_body("No expiry in this organization")))
    with pytest.raises(errors.BadRequestError, match="of API key key_1 of the account: No expiry in this organization"):
        keys.revoke(key, LONG_AGO)


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


def test_a_key_that_is_not_revoked_is_an_error_with_advice(
    client: Client, openai: FakeOpenAI, additional: Remote
) -> None:
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


def test_a_preview_asks_for_no_account_of_a_key_that_is_there(
    client: Client, openai: FakeOpenAI, additional: Remote
) -> None:
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
        "Configure a different Admin API key, such as the new one, then run the command again."
    )


def test_an_expired_key_is_gone(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "admin_api_keys/key_1$", (200, {"id": "key_1", "name": "ci", "expires_at": NOW}))
    with pytest.raises(errors.ResourceGoneError, match=r"Admin API key 'ci' .key_1. has expired") as told:
        KEYS.read(client, Remote({}, "key_1", memory=Memory({"anchor": "proj_1"})))
    assert told.value.advice == "Refresh the state, then update the resources. The next update creates a new key."

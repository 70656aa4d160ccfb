"""Webhook endpoints: the key that says which project, and a secret that is in a reply only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import WebhookEndpoint, errors
from pulumi_openai_admin.delivery.secret_store import DeliveryError, Presence
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.webhook_endpoints import SigningSecret
from pulumi_openai_admin.schema import validation
from tests.unit.fake_store import FakeStore
from tests.unit.fakes import FakeOpenAI, Log, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ENDPOINTS = WebhookEndpoint.handler
PATH = "/webhook_endpoints"
SHOP = {"name": "shop", "url": "https://example.com/hooks", "event_types": ["batch.completed"]}
KEY = {"api_key": "sk-svcacct-KEY00001"}
STORE = {"deliver_to": {"command": {"arguments": ["op"]}}}


@pytest.fixture
def store(openai: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    this_store = FakeStore(openai)
    monkeypatch.setattr(delivered_keys, "destination_of", lambda _: this_store)
    return this_store


def wanted(**options: Any) -> Wanted:
    return Wanted({}, SHOP, {**KEY, **options})


def new(this_wanted: Wanted) -> Remote:
    return Remote({}, options=this_wanted.options, unordered=frozenset({"event_types"}))


def made(client: Client, **options: Any) -> Remote:
    remote = new(wanted(**options))
    ENDPOINTS.create(client, remote, wanted(**options))
    remote.step.has_changed = False
    return remote


def update(client: Client, remote: Remote, **options: Any) -> None:
    """What the verb does before it calls the handler."""
    remote.step.former_options, remote.options = remote.options, {**KEY, **options}
    ENDPOINTS.update(client, remote, wanted(**options))


def is_due(remote: Remote) -> bool:
    return remote.memory[SigningSecret].is_rotation_due


def test_a_rotation_without_a_secret_in_its_reply_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    remote = made(client)
    openai.surprise("POST", "rotate_secret$", (200, {"id": remote.id}))
    with pytest.raises(errors.InvalidResponseError, match="the response does not contain a signing secret"):
        update(client, remote, triggers=[1])
    assert is_due(remote)


def test_another_key_only_reads(client: Client, openai: FakeOpenAI) -> None:
    remote = made(client)
    openai.calls.clear()
    update(client, remote, api_key="sk-svcacct-KEY00002")
    assert [method for method, _, _ in openai.calls] == ["GET"]
    assert not remote.step.has_changed


def test_a_refused_key_does_not_mean_gone(client: Client, openai: FakeOpenAI) -> None:
    remote = made(client)
    openai.surprise("DELETE", "whe_1$", (401, error_body("Incorrect API key provided", "invalid_api_key")))
    with pytest.raises(errors.ParentNotFoundError, match="may be for another project or another organization"):
        ENDPOINTS.delete(client, remote)


def test_a_delivered_secret_is_in_the_store_alone(client: Client, openai: FakeOpenAI, store: FakeStore) -> None:
    remote = made(client, **STORE)
    (secret,) = store.values
    assert secret.startswith("whsec_")
    assert secret not in str(remote)
    assert remote.attributes["delivered_version"] == "v1"
    ENDPOINTS.delete(client, remote)
    assert store.removed == ["v1"]
    assert openai.shown(PATH) == {}


def test_an_endpoint_that_no_state_knows_is_not_read_with_a_refused_key(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "whe_1$", (401, error_body("Incorrect API key provided", "invalid_api_key")))
    with pytest.raises(errors.AuthenticationError):
        ENDPOINTS.read(client, Remote({}, "whe_1", {"id": "whe_1"}))


def test_a_secret_that_was_not_delivered_is_rotated_later(client: Client, openai: FakeOpenAI, store: FakeStore) -> None:
    remote, store.fails["deliver"] = new(wanted(**STORE)), ValueError("no whsec_0 here")
    with pytest.raises(DeliveryError, match="was not delivered: ValueError") as raised:
        ENDPOINTS.create(client, remote, wanted(**STORE))
    assert "whsec_" not in str(raised.value)
    assert "signing_secret" not in remote.attributes
    assert (remote.id, is_due(remote), remote.step.has_changed) == ("whe_1", True, True)
    store.fails.clear()
    update(client, remote, **STORE)
    assert len(store.values) == 1
    assert openai.asked("POST")[-1][0].endswith("/rotate_secret")


def test_a_store_that_lost_the_secret_gets_another_one(client: Client, openai: FakeOpenAI, store: FakeStore) -> None:
    remote, store.has = made(client, **STORE), Presence.GONE
    ENDPOINTS.read(client, remote)
    (due,) = remote.pending_actions
    assert (due.purpose, due.replaces) == ("rotate the signing secret, and deliver the new one", "")
    update(client, remote, **STORE)
    assert len({*store.values}) == 2
    assert openai.asked("POST")[-1][0].endswith("/rotate_secret")


def test_an_old_secret_is_rotated(client: Client, openai: FakeOpenAI) -> None:
    remote = made(client)
    secret = remote.attributes["signing_secret"]
    made_at = remote.memory[SigningSecret].secret_made_at
    assert made_at == openai.now
    assert not ENDPOINTS.pending_actions(remote, wanted(rotate_every="1h"), made_at + 3599)
    (due,) = ENDPOINTS.pending_actions(remote, wanted(rotate_every="1h"), made_at + 3600)
    assert due.what == (
        "The signing secret of webhook endpoint 'shop' (whe_1) was created 60 minutes ago and is rotated every 1 hour"
    )
    openai.now += 3600
    client.clock.set(float(openai.now))
    update(client, remote, rotate_every="1h")
    assert remote.attributes["signing_secret"] != secret
    assert remote.memory[SigningSecret].secret_made_at == openai.now


def test_a_preview_names_the_nearest_event_type_and_asks_once(client: Client, openai: FakeOpenAI) -> None:
    misspelled = Wanted({}, {**SHOP, "event_types": ["batch.complete"]}, KEY)
    for _ in range(2):
        with pytest.raises(
            errors.NoMatchError, match=r"no webhook event type 'batch\.complete'.*Did you mean batch\.co"
        ):
            ENDPOINTS.observe(client, new(misspelled), misspelled)
    assert [path for path, _ in openai.asked("GET")].count("/webhook_event_types") == 1
    ENDPOINTS.observe(client, new(wanted()), wanted())


def test_a_preview_with_the_key_of_another_project_says_so(client: Client, openai: FakeOpenAI) -> None:
    remote = made(client)
    remote.attributes["created_at"] -= 3600
    openai.others("DELETE", f"{PATH}/{remote.id}")
    with pytest.raises(errors.ConfigurationError, match="OpenAI does not show webhook endpoint 'shop'"):
        ENDPOINTS.observe(client, remote, wanted(api_key="sk-svcacct-KEY00002"))


def test_a_list_of_event_types_in_another_form_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "event_types$", (200, {"data": [{"id": "batch.completed"}]}))
    with pytest.raises(errors.InvalidResponseError, match="the response does not contain a list of names"):
        ENDPOINTS.observe(client, new(wanted()), wanted())


def test_an_endpoint_receives_at_least_one_type_of_events() -> None:
    """OpenAI refuses an empty list."""
    event_types = WebhookEndpoint.declaration.fields["event_types"]
    assert validation.failure(event_types, [], is_secret=False) == "event_types is an empty list."


def test_a_namesake_is_warned_of_by_its_name(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    openai.seed(webhook_endpoints=[{"project_id": "proj_1", "id": "whe_9", **SHOP}])
    made(client)
    assert (
        "The project of the API key already has another webhook endpoint with the same name ('shop'): whe_9."
        in caplog.text
    )

"""The order of the steps of a delivered key, and each point at which it can break: on both kinds of keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey, errors
from pulumi_openai_admin.delivery.secret_store import DeliveryError, Presence
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.delivered_keys import explained_refusal
from tests.unit.fake_store import FakeStore
from tests.unit.fakes import NOW, FakeOpenAI, Log, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

OPTIONS = {"deliver_to": {"command": {"arguments": ["op"]}}}


class Keys(FakeOpenAI):
    """An organization with both kinds of keys."""

    @property
    def live(self) -> set[str]:
        return {*self.keys, *self.admin_keys}

    @property
    def order(self) -> list[str]:
        """What was done, without reads of OpenAI."""
        done = {"POST": "create", "DELETE": "revoke"}
        return [done.get(method, method) for method, _, _ in self.calls if method != "GET"]


@pytest.fixture
def openai(requests_mock: Any) -> Keys:
    return Keys(requests_mock)


@dataclass
class Kind:
    handler: Any
    settings: dict[str, Any]
    parents: dict[str, str]

    def remote(self) -> Remote:
        return Remote(dict(self.parents), options=OPTIONS)

    def create(self, client: Client, remote: Remote) -> None:
        self.handler.create(client, remote, Wanted({}, self.settings, OPTIONS))


@pytest.fixture(params=["service account", "admin"])
def kind(request: pytest.FixtureRequest, openai: Keys) -> Kind:
    if request.param == "admin":
        return Kind(AdminApiKey.handler, {"name": "ci"}, {})
    account = openai.add_account("ci")
    openai.calls.clear()
    return Kind(
        ProjectServiceAccountApiKey.handler, {"name": "k"}, {"project_id": "proj_1", "service_account_id": account}
    )


@pytest.fixture
def store(openai: Keys, monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    found = FakeStore(openai)
    monkeypatch.setattr(delivered_keys, "destination_of", lambda _deliver_to: found)
    return found


def refused(what: str = "The store is read-only", *, acted: bool = False) -> DeliveryError:
    error = DeliveryError(what, "Ask its owner.")
    error.may_have_acted = acted
    return error


class Unexpected(Exception):
    """What the client of a store may raise."""


KEPT = "The next update creates and delivers a new key, and then revokes this one."
FAILURES = [
    pytest.param(
        {"check": refused()},
        ["check"],
        ("Could not create ", ": The store is read-only. Ask its owner."),
        "",
        id="it can't be written, and costs no key",
    ),
    pytest.param(
        {"deliver": refused("No room for sk-admin-VALUE0001 sk-svcacct-VALUE0002")},
        ["check", "create", "deliver", "revoke"],
        (" was created and not delivered: No room for ", ". The key was revoked. Ask its owner."),
        "",
        id="it does not take the key, which is revoked",
    ),
    pytest.param(
        {"deliver": refused("The response was lost", acted=True)},
        ["check", "create", "deliver"],
        (
            " was created, and may not have been delivered: The response was lost. The key was not revoked, ",
            f"because secret 'ci' may have it. Ask its owner. {KEPT}",
        ),
        "It is not known whether secret 'ci' has the key",
        id="it may have the key, which its readers may use",
    ),
    pytest.param(
        {"deliver": Unexpected("could not write sk-admin-VALUE0001 sk-svcacct-VALUE0002")},
        ["check", "create", "deliver"],
        (" may not have been delivered: Unexpected in the client of secret 'ci'. ",),
        "It is not known whether secret 'ci' has the key",
        id="its client raises something, which may contain the key",
    ),
    pytest.param(
        {"deliver": refused(), "revoke": refused()},
        ["check", "create", "deliver", "revoke"],
        (". It also could not be revoked: ", f". Ask its owner. Nobody has the key. {KEPT}"),
        " was neither delivered nor revoked",
        id="it does not take the key, which can't be revoked either",
    ),
]


@pytest.mark.parametrize(("fails", "order", "told", "due"), FAILURES)
def test_a_delivery_fails(
    client: Client,
    openai: Keys,
    kind: Kind,
    store: FakeStore,
    fails: dict[str, Exception],
    order: list[str],
    told: tuple[str, ...],
    due: str,
) -> None:
    store.fails = dict(fails)
    if "revoke" in fails:
        openai.surprise("DELETE", "api_keys/", (403, {"error": "No"}), times=1)
    remote = kind.remote()
    with pytest.raises(DeliveryError) as raised:
        kind.create(client, remote)
    shown = [remote, str(raised.value), raised.value.__cause__, raised.value.__context__]
    assert "VALUE" not in repr(shown)
    assert all(text in str(raised.value) for text in told)
    assert openai.order == order
    if not due:
        assert not openai.live
        assert (remote.id, remote.attributes, remote.step.has_changed, remote.pending_actions) == ("", {}, False, [])
        return
    assert openai.live == {remote.id}
    assert remote.step.has_changed
    (action,) = remote.pending_actions
    assert action.what.endswith(due)
    assert (action.replaces, action.purpose) == ("deliver_to", "create and deliver a new key, and then revoke this one")
    openai.calls.clear()
    kind.handler.read(client, remote)
    assert remote.pending_actions == [action], "a refresh does not ask the store for what it never had"
    kind.handler.delete(client, remote)
    assert (openai.order, openai.live) == (["revoke"], set())


@pytest.mark.parametrize(
    ("has", "what"),
    [
        (Presence.CURRENT, None),
        (Presence.UNKNOWN, None),
        (Presence.GONE, "Secret 'ci' no longer contains "),
        (Presence.REPLACED, "Secret 'ci' no longer contains , because its value was replaced"),
    ],
)
def test_a_refresh_notices_what_became_of_the_delivered_version(
    client: Client, kind: Kind, store: FakeStore, has: Presence, what: str | None
) -> None:
    remote = kind.remote()
    kind.create(client, remote)
    (value,) = store.values
    assert value not in repr(remote)
    store.has = has
    kind.handler.read(client, remote)
    found = [
        (pending.what.replace(kind.handler.name(remote), ""), pending.replaces) for pending in remote.pending_actions
    ]
    assert found == ([(what, "deliver_to")] if what else [])
    store.has = Presence.CURRENT
    kind.handler.read(client, remote)
    assert remote.pending_actions == [], "somebody put it right"


def test_what_is_not_known_now_changes_nothing(client: Client, kind: Kind, store: FakeStore, caplog: Log) -> None:
    remote = kind.remote()
    kind.create(client, remote)
    others = [PendingAction("Another", "do it"), PendingAction("It is replaced", "create another", "deliver_to")]
    remote.pending_actions = list(others)
    store.fails["presence"] = refused("The store does not respond")
    caplog.clear()
    kind.handler.read(client, remote)
    assert remote.pending_actions == others
    name = kind.handler.name(remote)
    assert warnings(caplog) == [
        f"The provider cannot tell whether secret 'ci' still has {name}: The store does not respond. Ask its owner."
    ]
    store.fails.clear()
    kind.handler.read(client, remote)
    assert remote.pending_actions == others[:1]


def test_what_was_not_removed_is_an_error_and_the_next_destroy_goes_on(
    client: Client, openai: Keys, kind: Kind, store: FakeStore
) -> None:
    remote = kind.remote()
    kind.create(client, remote)
    remote.attributes["created_at"] = NOW - 3600
    store.fails["remove"] = refused("The store does not respond")
    with pytest.raises(
        DeliveryError, match="was revoked, and not removed from secret 'ci': The store does not respond"
    ) as told:
        kind.handler.delete(client, remote)
    assert told.value.advice == "Ask its owner. To leave it there, remove it from the state ('<urn>')."
    store.fails.clear()
    openai.calls.clear()
    kind.handler.delete(client, remote)
    assert (openai.order[-1], store.removed) == ("remove", ["v1"])


def test_a_key_is_not_delivered_if_the_engine_has_ended(
    client: Client, openai: Keys, kind: Kind, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        """What ends the process."""

    def guard() -> None:
        if openai.live:
            raise Ended

    monkeypatch.setattr(client.requestor, "guard", guard)
    with pytest.raises(Ended):
        kind.create(client, kind.remote())
    assert openai.order == ["check", "create"]
    assert store.values == []


@pytest.mark.parametrize(
    ("kind", "message", "code", "is_policy"),
    [
        (errors.BadRequestError, "'expires_in_seconds' cannot exceed 5", "", False),
        (errors.PermissionDeniedError, "You can't. Missing scopes: api.management.write.", "", False),
        (errors.BadRequestError, "Not this", "rate_limit_not_updatable", False),
        (errors.NoAccessError, "Your organization has no access", "", False),
        (errors.InternalServerError, "We broke", "", False),
        (errors.PermissionDeniedError, "New keys are disabled", "", True),
        (errors.BadRequestError, "New keys are disabled", "something_new", True),
    ],
    ids=["a property", "a scope", "a code of rate limits", "no access", "no refusal", "no code", "an unknown code"],
)
def test_a_refusal_without_a_known_reason_names_the_policy(
    kind: type[errors.StatusError], message: str, code: str, is_policy: bool
) -> None:
    facts = errors.ResponseFacts(403, message, code, "req_1")
    with pytest.raises(kind) as raised, explained_refusal({"name": "ci", "expires_in_seconds": 60}):
        raise kind(f"Could not create a key: {message}", "Correct the program.", facts)
    assert (type(raised.value), raised.value.what) == (kind, f"Could not create a key: {message}")
    policy = (
        "If the organization allows API keys of service accounts only, or none, an owner can change this policy in "
    )
    told = raised.value.advice.removeprefix("Correct the program.")
    assert told.startswith(f" {policy}") if is_policy else told == ""

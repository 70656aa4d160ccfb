"""Keys that a secret store has, from one update to the next: readers of the store never get a revoked key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.delivery.secret_store import DeliveryError, Destination, Presence
from pulumi_openai_admin.emulator.store.identifiers import digest
from pulumi_openai_admin.handlers.keys import delivered_keys
from tests.host.delivery import VAULT
from tests.simulation.hosts import REFERENCE, output

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.cloud import Cloud
    from tests.simulation.engine import Engine, Operation
    from tests.simulation.hosts import Bag

HOUR = 3600
ACCOUNT: Bag = {"project_id": "proj_demo", "name": "bot", "create_service_account_only": True}
KEY: Bag = {
    "project_id": {"ref": "account", "output": "project_id"},
    "service_account_id": {"ref": "account", "output": "service_account_id"},
    "name": "deploy",
    "deliver_to": {"vault": VAULT},
}
ROTATED: Bag = {**KEY, "rotate_every": "10h", "overlap": "8h"}
LATE = {"kind": "late", "seconds": 20, "method": "POST"}
"""A request that gets no response, and acts 20 seconds later."""


@dataclass
class Store(Destination):
    """Has the versions of one secret, and fails once where a test says so."""

    fails: dict[str, bool] = field(default_factory=dict)
    """By step, whether it acts although it fails."""
    values: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    is_lost: bool = False

    place = "secret 'ci'"

    def check(self) -> None:
        """Everything is there."""

    def deliver(self, key: str) -> str:
        self._fail("deliver", lambda: self.values.append(key))
        self.is_lost = False
        return f"v{len(self.values)}"

    def presence(self, version: str) -> Presence:
        if self.is_lost:
            return Presence.GONE
        return Presence.CURRENT if version == f"v{len(self.values)}" else Presence.REPLACED

    def remove(self, version: str) -> None:
        self._fail("remove", lambda: self.removed.append(version))

    def _fail(self, step: str, act: Any) -> None:
        acts = self.fails.pop(step, None)
        if acts is not False:
            act()
        if acts is not None:
            error = DeliveryError("The store does not respond", "Ask its owner.")
            error.may_have_acted = acts
            raise error


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    found = Store()
    monkeypatch.setattr(delivered_keys, "destination_of", lambda _deliver_to: found)
    return found


def declared(**keys: Bag) -> list[Bag]:
    """A keyless account, and keys of it by name."""
    account = {"name": "account", "kind": "ProjectServiceAccount", "inputs": ACCOUNT}
    return [
        account,
        *(
            {"name": name, "kind": "ProjectServiceAccountApiKey", "inputs": {**KEY, **inputs}}
            for name, inputs in keys.items()
        ),
    ]


def up(engine: Engine, inputs: Bag, **step: Any) -> Operation:
    return engine.up(declared(key=inputs), step)


HOOK_KEY = "sk-svcacct-key_hooks"
HOOK: Bag = {
    "api_key": HOOK_KEY,
    "name": "shop",
    "url": "https://example.com/hooks",
    "event_types": ["batch.completed"],
}


def endpoint(**inputs: Any) -> list[Bag]:
    return [{"name": "hook", "kind": "WebhookEndpoint", "inputs": {**HOOK, **inputs}}]


def has_secret(cloud: Cloud, engine: Engine) -> bool:
    """Whether OpenAI signs with the secret in the state."""
    (entry,) = engine.entries
    secret = output(entry.kind, entry.outputs, "signing_secret")
    return bool(cloud.facts["webhook_endpoint", "proj_hooks", entry.id]["_secret_digest"] == digest(secret))


def others_end(cloud: Cloud, engine: Engine) -> None:
    """Another client revokes the key, or deletes the endpoint."""
    last = engine.entries[-1]
    if last.kind == "WebhookEndpoint":
        cloud.other("DELETE", f"/webhook_endpoints/{last.id}", project_id="proj_hooks")
    else:
        project, _, key = last.id.split("/")
        cloud.other("DELETE", f"/organization/projects/{project}/api_keys/{key}")


def live(cloud: Cloud) -> list[str]:
    """The ends of the values of the keys that work, the oldest first."""
    keys = [content for fact, content in cloud.facts.items() if fact[0] == "api_key" and content["name"] == KEY["name"]]
    return [key["redacted_value"][-4:] for key in sorted(keys, key=lambda key: key["created_at"])]


def has_current(cloud: Cloud, store: Store) -> bool:
    """Whether readers of the store get a key that works."""
    return store.values[-1][-4:] in live(cloud)


def said(engine: Engine) -> list[str]:
    """The messages of the last operation."""
    last = len(engine.operations) - 1
    return [message.text for message in engine.messages if message.operation == last]


def texts(operation: Operation) -> str:
    return " ".join(error.message for error in operation.errors)


@pytest.mark.parametrize(
    ("change", "is_refused"),
    [
        pytest.param({}, True, id="the next delivery is refused"),
        pytest.param({"rotate_every": "90d"}, False, id="the key is no longer due"),
    ],
)
def test_a_key_that_the_store_may_have_works_until_another_one_is_delivered(
    cloud: Cloud, engine: Engine, store: Store, change: Bag, is_refused: bool
) -> None:
    up(engine, ROTATED)
    cloud.advance(11 * HOUR)
    store.fails["deliver"] = True
    assert "may not have been delivered" in texts(up(engine, ROTATED))
    cloud.advance(600)
    if is_refused:
        store.fails["deliver"] = False
    assert bool(up(engine, {**ROTATED, **change}).errors) is is_refused
    assert has_current(cloud, store)
    assert len(live(cloud)) == 2
    assert not up(engine, {**ROTATED, **change}).errors
    assert live(cloud)[-1] == store.values[-1][-4:]
    assert len(live(cloud)) == 2, "the one before the rotation works until its overlap is over"
    engine.destroy({})
    assert live(cloud) == []


def test_destroy_revokes_a_key_that_the_store_may_have(cloud: Cloud, engine: Engine, store: Store) -> None:
    up(engine, ROTATED)
    cloud.advance(11 * HOUR)
    store.fails["deliver"] = True
    up(engine, ROTATED)
    assert len(live(cloud)) == 2
    engine.destroy({})
    assert (live(cloud), engine.entries) == ([], [])


def test_a_store_that_lost_the_key_gets_another_one_and_the_overlaps_go_on(
    cloud: Cloud, engine: Engine, store: Store
) -> None:
    up(engine, ROTATED)
    cloud.advance(10 * HOUR)
    up(engine, ROTATED)
    both = live(cloud)
    store.is_lost = True
    cloud.advance(HOUR)
    operation = up(engine, ROTATED, refresh=True)
    assert [name for name, _ in operation.steps] == ["update"]
    assert live(cloud) == [*both, store.values[-1][-4:]]
    assert up(engine, ROTATED, refresh=True).steps == []
    cloud.advance(7 * HOUR)
    up(engine, ROTATED)
    assert live(cloud) == [both[1], store.values[-1][-4:]]
    cloud.advance(HOUR)
    up(engine, ROTATED)
    assert live(cloud) == [store.values[-1][-4:]]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("unknown", ["rotate_every", "overlap"])
def test_a_preview_that_does_not_know_the_schedule_ends_no_overlap(cloud: Cloud, engine: Engine, unknown: str) -> None:
    up(engine, ROTATED)
    cloud.advance(10 * HOUR)
    up(engine, ROTATED)
    cloud.advance(HOUR)
    operation = engine.preview(declared(key={**ROTATED, unknown: REFERENCE}), {})
    assert (operation.errors, said(engine)) == ([], [])


@pytest.mark.parametrize("fault", [LATE, {"kind": "status", "status": 500, "method": "POST"}])
def test_a_refresh_knows_the_keys_that_are_to_be_revoked(
    cloud: Cloud, engine: Engine, store: Store, fault: Bag
) -> None:
    """It neither takes one for what a lost request has created, nor forgets it."""
    up(engine, ROTATED)
    cloud.advance(10 * HOUR)
    store.fails["deliver"] = True
    assert up(engine, ROTATED, faults=[fault]).errors
    cloud.advance(100)
    assert not engine.refresh({}).errors
    assert not up(engine, ROTATED).errors
    cloud.advance(9 * HOUR)
    assert not up(engine, ROTATED).errors
    assert live(cloud) == [store.values[-1][-4:]]


def test_two_keys_in_one_place_of_a_store_are_refused(cloud: Cloud, engine: Engine, store: Store) -> None:
    both = declared(first=KEY, second=KEY)
    assert not engine.up(both[:-1], {}).errors
    assert "both manage the secret that deliver" in texts(engine.preview(both, {}))
    assert engine.up(both, {}).errors
    assert len(store.values) == len(live(cloud)) == 1


DELIVERED = {
    "key": declared(key=KEY),
    "endpoint": endpoint(deliver_to=KEY["deliver_to"]),
}


@pytest.mark.parametrize("program", DELIVERED.values(), ids=DELIVERED)
def test_what_has_ended_and_is_still_in_the_store_stays_in_the_state(
    cloud: Cloud, engine: Engine, store: Store, program: list[Bag]
) -> None:
    engine.up(program, {})
    cloud.advance(HOUR)
    store.fails["remove"] = False
    assert "not removed from secret 'ci'" in texts(engine.up(program[:-1], {}))
    for _ in range(2):
        assert not engine.refresh({}).errors
    assert not engine.up(program[:-1], {}).errors
    assert store.removed == ["v1"]
    assert len(engine.entries) == len(program) - 1


@pytest.mark.parametrize("program", DELIVERED.values(), ids=DELIVERED)
def test_what_others_end_is_made_and_delivered_again(
    cloud: Cloud, engine: Engine, store: Store, program: list[Bag]
) -> None:
    engine.up(program, {})
    cloud.advance(HOUR)
    others_end(cloud, engine)
    assert not engine.up(program, {"refresh": True}).errors
    assert len(store.values) == 2
    assert engine.up(program, {"refresh": True}).steps == []
    engine.destroy({})
    assert store.removed == ["v1", "v2"]


@pytest.mark.parametrize("keeps_old", [True, False])
def test_a_rotation_that_acts_late_leaves_no_secret_that_nobody_has(
    cloud: Cloud, engine: Engine, keeps_old: bool
) -> None:
    engine.up(endpoint(), {})
    rotated = endpoint(triggers=[1], keep_old_secret_active_for_24_hours=keeps_old)
    assert not engine.up(rotated, {"faults": [LATE]}).errors
    cloud.advance(60)
    assert has_secret(cloud, engine)


@pytest.mark.parametrize(("passed", "waits"), [(10, True), (70, False)])
def test_an_update_after_a_lost_rotation_waits_until_it_can_no_longer_act(
    cloud: Cloud, engine: Engine, passed: int, waits: bool
) -> None:
    engine.up(endpoint(), {})
    rotated = endpoint(triggers=[1])
    assert engine.up(rotated, {"faults": [{**LATE, "times": 2}]}).errors
    cloud.advance(passed)
    assert not engine.up(rotated, {}).errors
    assert any(text.startswith("Waiting ") for text in said(engine)) is waits
    cloud.advance(60)
    assert has_secret(cloud, engine)


def test_a_rotation_by_others_is_noticed_by_a_refresh(cloud: Cloud, engine: Engine) -> None:
    engine.up(endpoint(), {})
    path = f"/webhook_endpoints/{engine.entries[0].id}/rotate_secret"
    cloud.other("POST", path, {}, "proj_hooks")
    assert not has_secret(cloud, engine)
    engine.refresh({})
    engine.refresh({})
    engine.up(endpoint(), {})
    assert has_secret(cloud, engine)
    assert engine.up(endpoint(), {"refresh": True}).steps == []


def test_a_secret_is_rotated_because_of_its_age_alone(cloud: Cloud, engine: Engine) -> None:
    scheduled = endpoint(rotate_every="10h")
    engine.up(scheduled, {})
    cloud.advance(10 * HOUR - 1)
    assert engine.up(scheduled, {}).steps == []
    cloud.advance(1)
    assert [name for name, _ in engine.up(scheduled, {}).steps] == ["update"]
    assert has_secret(cloud, engine)
    assert engine.up(scheduled, {}).steps == []


@pytest.mark.parametrize(("given", "kept"), [(None, "member"), ("owner", "owner")])
def test_an_account_that_gets_a_key_keeps_the_role_that_others_gave_it(
    cloud: Cloud, engine: Engine, given: str | None, kept: str
) -> None:
    engine.up(declared(), {})
    (account,) = engine.entries
    path = f"/organization/projects/{account.id.replace('/', '/service_accounts/')}"
    if given:
        cloud.other("POST", path, {"role": given})
    (with_key,) = declared()
    with_key["inputs"] = {name: value for name, value in ACCOUNT.items() if name != "create_service_account_only"}
    assert not engine.up([with_key], {}).errors
    (account,) = engine.entries
    assert cloud.facts["service_account", *account.id.split("/")]["role"] == kept
    assert output(account.kind, account.outputs, "role") == kept
    assert output(account.kind, account.outputs, "api_key")


EXPIRING = {"expires_in_seconds": HOUR}
OF_KEY = {name: value for name, value in KEY.items() if name != "deliver_to"}


def with_first_key(inputs: Bag) -> Bag:
    return {"name": "it", "kind": "ProjectServiceAccount", "inputs": {"project_id": "proj_demo", **inputs}}


def additional(inputs: Bag) -> Bag:
    return {"name": "it", "kind": "ProjectServiceAccountApiKey", "inputs": {**OF_KEY, **inputs}}


@pytest.mark.parametrize(
    ("declare", "change"),
    [
        pytest.param(with_first_key, {"expires_in_seconds": 2 * HOUR}, id="first key"),
        pytest.param(additional, {"expires_in_seconds": 2 * HOUR}, id="lifetime"),
        pytest.param(additional, {**EXPIRING, "scopes": ["api.model.read"]}, id="scopes"),
    ],
)
def test_an_expired_key_that_the_program_changes_is_replaced(
    cloud: Cloud, engine: Engine, declare: Callable[[Bag], Bag], change: Bag
) -> None:
    engine.up([*declared(), declare(EXPIRING)], {})
    cloud.advance(2 * HOUR)
    changed = [*declared(), declare(change)]
    assert not engine.up(changed, {}).errors
    (entry,) = [entry for entry in engine.entries if entry.name == "it"]
    keys = {fact[2]: content for fact, content in cloud.facts.items() if fact[0] == "api_key"}
    key = keys[output(entry.kind, entry.outputs, "api_key_id")]
    assert key["_digest"] == digest(output(entry.kind, entry.outputs, "api_key"))
    assert key["expires_at"] > cloud.time.now()
    assert engine.up(changed, {"refresh": True}).steps == []


def test_a_key_that_expired_before_its_rotation_gets_no_overlap(cloud: Cloud, engine: Engine) -> None:
    program = [*declared(), additional({"expires_in_seconds": 10 * HOUR, "rotate_every": "5h", "overlap": "1h"})]
    engine.up(program, {})
    cloud.advance(11 * HOUR)
    engine.up(program, {})
    (entry,) = [entry for entry in engine.entries if entry.name == "it"]
    assert not output(entry.kind, entry.outputs, "retiring_api_keys")

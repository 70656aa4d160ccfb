"""Keys that are rotated on a schedule, through real provider processes, with a clock that tests move.

Both kinds of keys, on both providers, in the state and in a store that is a real command.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey
from pulumi_openai_admin.delivery.masking import fingerprint
from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS
from tests.host.delivery import CommandStore
from tests.host.nothing_lost import live_keys
from tests.host.provider_process import Failure
from tests.host.scenario import is_live_project_key
from tests.host.scenarios.admin_api_key import is_admitted

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.dynamic_host import DynamicHost
    from tests.host.native_process import NativeProcess

DAY = 86_400
ACCOUNT = {"project_id": "proj_keys", "service_account_id": "svc_acct_keys"}
SEED = {"projects": [{"id": "proj_keys", "name": "keys", "service_accounts": [{"id": "svc_acct_keys", "name": "ci"}]}]}
SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}
CLOCK = """
import time, types
import pulumi_openai_admin.handlers.keys.rotation as rotation, pulumi_openai_admin.lifecycle.diff as diff
rotation.time = diff.time = types.SimpleNamespace(time=lambda: time.time() + {seconds})
"""
"""What a provider takes for the time of its machine. gRPC needs the real one."""


@dataclass
class Key:
    """A key in the engine's state, and the days that have passed since it was created."""

    server: EmulatorServer
    provider: type[DynamicHost | NativeProcess]
    environ: dict[str, str]
    resource: type[Any]
    inputs: dict[str, Any]
    days: float = 0
    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    told: str = ""

    def wait(self, days: float) -> None:
        """Let days pass at OpenAI and here."""
        self.days += days
        self.server.control.advance_clock(int(days * DAY))

    def host(self) -> DynamicHost | NativeProcess:
        return self.provider(self.environ, prelude=CLOCK.format(seconds=self.days * DAY))

    def up(self) -> bool:
        """A refresh and an update, as `pulumi up --refresh` does; whether there was something to do."""
        with self.host() as host:
            if not self.id:
                inputs, failures = host.check(self.resource, self.inputs)
                assert not failures
                self.id, self.state = host.create(self.resource, inputs)
                return True
            id_, self.state, _ = host.read(self.resource, self.id, self.state)
            assert id_ == self.id
            changes, replaces = host.diff(self.resource, self.id, self.state, self.inputs)
            assert not replaces
            if changes:
                self.state = host.update(self.resource, self.id, self.state, self.inputs)
            self.told = f"{host.warnings}\n{host.notes}" if changes else ""
            assert host.diff(self.resource, self.id, self.state, self.inputs) == (False, [])
        assert "Traceback" not in host.stderr
        return bool(changes)

    def replace(self, **change: Any) -> list[str]:
        """An update that replaces the key, as the engine does it: the new key is created before the old one is deleted.

        What it is replaced for.
        """
        self.inputs |= change
        old, state = self.id, self.state
        with self.host() as host:
            changes, replaces = host.diff(self.resource, old, state, self.inputs)
            assert changes is not False
            inputs, failures = host.check(self.resource, self.inputs)
            assert not failures
            self.id, self.state = host.create(self.resource, inputs)
            host.delete(self.resource, old, state)
            self.told = f"{host.warnings}\n{host.notes}"
        assert "Traceback" not in host.stderr
        return replaces

    def destroy(self) -> None:
        with self.host() as host:
            host.delete(self.resource, self.id, self.state)

    @property
    def key(self) -> str:
        return str(self.state[self.resource.declaration.identity])

    @property
    def can_be_used(self) -> bool:
        """Whether OpenAI accepts the value in the state."""
        is_live = is_live_project_key if self.resource is ProjectServiceAccountApiKey else is_admitted
        return is_live(self.server, self.state["api_key"])

    @property
    def live(self) -> set[str]:
        if self.resource is ProjectServiceAccountApiKey:
            return live_keys(self.server, "proj_keys")
        found = self.server.control.live("admin_api_key").get("admin_api_key", {})
        return {id_ for id_, key in found.items() if key["name"] == self.inputs["name"]}


@pytest.fixture(params=["account", "admin"])
def key(
    request: pytest.FixtureRequest,
    emulator: EmulatorServer,
    environ: dict[str, str],
    provider: type[DynamicHost | NativeProcess],
) -> Key:
    emulator.control.seed(SEED)
    if request.param == "account":
        return Key(emulator, provider, environ, ProjectServiceAccountApiKey, {**ACCOUNT, "name": "k", **SCHEDULE})
    return Key(emulator, provider, environ, AdminApiKey, {"name": "k", **SCHEDULE})


def test_a_key_is_rotated_and_the_old_one_is_revoked_after_the_overlap(key: Key) -> None:
    key.up()
    keys = [key.key]
    resource_id = key.id
    for age in (0, 1.1):
        key.wait(89.9 - age)
        assert not key.up(), "nothing is due"
        key.wait(0.2)
        assert key.up()
        assert f"{keys[-1]} was created 90 days ago and is rotated every 90 days; run `pulumi up` to create" in key.told
        assert f"{keys[-1]} still works. The first update after " in key.told
        keys.append(key.key)
        assert key.live == set(keys[-2:])
        assert set(RETIRING_API_KEYS.mapping(key.state["retiring_api_keys"])) == {keys[-2]}
        assert key.can_be_used
        key.wait(0.9)
        assert not key.up(), "the overlap is not over"
        key.wait(0.2)
        assert key.up()
        assert (
            f"The overlap of the old {'Admin ' if key.resource is AdminApiKey else ''}API key {keys[-2]} ended"
            in key.told
        )
        assert key.live == {keys[-1]}
        assert key.state["retiring_api_keys"] == ""
    assert len(set(keys)) == 3
    assert key.id == resource_id
    key.destroy()
    assert key.live == set()


def test_a_scheduled_rotation_delivers_the_new_key(key: Key, tmp_path: Path) -> None:
    store = CommandStore(tmp_path / "store")
    key.inputs["deliver_to"] = store.deliver_to
    key.up()
    first, secret = key.key, store.secret
    key.wait(91)
    store.behave("fails before writing")
    with pytest.raises(Failure, match="was created, and may not have been delivered") as failed:
        key.up()
    key.state = failed.value.properties
    assert len(key.live - {first}) == 1, "the store may have the new key, so it works until the next one is delivered"
    assert store.secret == secret
    store.behave("works")
    assert key.up()
    assert key.live == {first, key.key}
    assert store.secret != secret
    assert key.state["delivered_version"] == fingerprint(store.secret)
    key.wait(1.1)
    assert key.up()
    assert key.live == {key.key}
    assert not any(value in json.dumps(key.state) + key.told for value in (secret, store.secret))
    key.destroy()
    assert key.live == set()


def test_destroy_in_an_overlap_ends_both_keys(key: Key) -> None:
    key.up()
    key.wait(91)
    key.up()
    assert len(key.live) == 2
    key.destroy()
    assert key.live == set()


def test_another_trigger_in_an_overlap_ends_all_old_keys(key: Key) -> None:
    key.up()
    key.wait(91)
    key.up()
    assert len(key.live) == 2
    assert key.replace(triggers=["leaked"])
    assert key.live == {key.key}
    assert key.can_be_used
    assert not key.up(), "nothing is left to do"


def test_a_due_key_without_an_overlap_is_replaced(key: Key) -> None:
    del key.inputs["overlap"]
    key.up()
    first = key.key
    key.wait(91)
    assert key.replace()
    assert f"{first} was created 91 days ago and is rotated every 90 days; run `pulumi up` to replace it." in key.told
    assert key.live == {key.key} != {first}
    assert key.can_be_used
    assert not key.up(), "nothing is due"


def test_a_rotation_is_due_by_the_clock_of_a_server_that_is_ahead(key: Key) -> None:
    key.up()
    key.server.control.advance_clock(93 * DAY)  # the clock of the machine stays
    before = key.live
    with key.host() as host:
        assert host.diff(key.resource, key.id, key.state, key.inputs) == (True, [])
        assert "was created 93 days ago and is rotated every 90 days" in host.warnings
    with key.host() as host:
        assert host.diff(key.resource, key.id, key.state, key.inputs) == (True, [])
        host.update(key.resource, key.id, key.state, key.inputs)
    assert len(key.live - before) == 1


def test_a_preview_needs_no_server_and_no_key_for_what_may_fall_due(key: Key) -> None:
    key.up()
    for environ in ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, {"OPENAI_ADMIN_KEY": ""}):
        with key.provider({**key.environ, **environ}) as host:
            assert host.diff(key.resource, key.id, key.state, key.inputs) == (False, [])
            assert host.warnings == ""

"""Keys that go to a store and never enter the state, through real provider processes and a real command.

Each point at which a delivery can break is met by both kinds of keys, with one provider in `make test`, in turn, and
with both in `make test-full`. A search shows that nobody has the key but the store.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey
from pulumi_openai_admin.delivery.masking import fingerprint
from tests.full import IS_FULL
from tests.host.delivery import CommandStore, arguments_and_environments
from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess
from tests.host.provider_process import Failure
from tests.seed import seed_of_this_run

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer

PROVIDERS: dict[str, type[DynamicHost | NativeProcess]] = {"dynamic": DynamicHost, "native": NativeProcess}
ACCOUNT = {"project_id": "proj_keys", "service_account_id": "svc_acct_keys"}
SEED = {"projects": [{"id": "proj_keys", "name": "keys", "service_accounts": [{"id": "svc_acct_keys", "name": "ci"}]}]}
KINDS: dict[str, tuple[type[Any], dict[str, Any], str]] = {
    "account": (ProjectServiceAccountApiKey, {**ACCOUNT, "name": "k"}, "api_key"),
    "admin": (AdminApiKey, {"name": "k-admin"}, "admin_api_key"),
}
QUICK = """
import pulumi_openai_admin.handlers.creation as once
assert once.VISIBILITY_LAG_SECONDS  # else nothing is scaled down
once.VISIBILITY_LAG_SECONDS = 0
"""


@dataclass
class Key:
    """A resource that creates a key, what is in its state, and what its user was told."""

    server: EmulatorServer
    store: CommandStore
    provider: type[DynamicHost | NativeProcess]
    resource: type[Any]
    inputs: dict[str, Any]
    kind: str
    """The emulator's name."""
    id: str = ""
    state: dict[str, Any] | None = None
    olds: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What was replaced, and is not deleted yet."""
    shown: str = ""
    """All that was ever shown: errors, warnings, notes, logs and states."""
    error: str = ""

    def __post_init__(self) -> None:
        self.inputs = {**self.inputs, "triggers": [1], "deliver_to": self.store.deliver_to}

    def host(self) -> DynamicHost | NativeProcess:
        environ = {
            "OPENAI_ADMIN_KEY": self.server.admin_key,
            "OPENAI_BASE_URL": self.server.base_url,
            "OPENAI_LOG": "debug",
        }
        return self.provider(environ, prelude=QUICK)

    def up(self) -> None:
        """What the engine does in `pulumi up`: a replacement is created first, and what it replaces is deleted last."""
        self._run(self._engine_step)

    def destroy(self) -> None:
        self._run(self._delete_all)

    def refresh(self) -> None:
        self._run(self._read)

    def _run(self, step: Any) -> None:
        self.error = ""
        with self.host() as host:
            try:
                step(host)
            except Failure as failure:
                self.error = failure.message
                if failure.id:
                    if self.state is not None and failure.id != self.id:
                        self.olds.append((self.id, self.state))
                    self.id, self.state = failure.id, failure.properties
            self.told = host.warnings + host.notes
        self.shown += self.error + self.told + host.stderr + json.dumps([self.state, self.olds])
        assert "Traceback" not in self.shown

    def _engine_step(self, host: DynamicHost | NativeProcess) -> None:
        if self.state is None:
            inputs, failures = host.check(self.resource, self.inputs)
            assert not failures
            self.id, self.state = host.create(self.resource, inputs)
        else:
            changes, replaces = host.diff(self.resource, self.id, self.state, self.inputs)
            if replaces:
                inputs, failures = host.check(self.resource, self.inputs)
                assert not failures
                id_, state = host.create(self.resource, inputs)
                self.olds.append((self.id, self.state))
                self.id, self.state = id_, state
            elif changes is not False:
                self.state = host.update(self.resource, self.id, self.state, self.inputs)
        while self.olds:
            host.delete(self.resource, *self.olds[-1])
            self.olds.pop()

    def _delete_all(self, host: DynamicHost | NativeProcess) -> None:
        for id_, state in [*self.olds, (self.id, self.state or {})]:
            host.delete(self.resource, id_, state)
        self.id, self.state, self.olds = "", None, []

    def _read(self, host: DynamicHost | NativeProcess) -> None:
        assert self.state is not None
        id_, self.state, _ = host.read(self.resource, self.id, self.state)
        assert id_ == self.id

    @property
    def own_id(self) -> str:
        return self.id.rpartition("/")[2]

    @property
    def live(self) -> set[str]:
        """The ids of the keys that OpenAI has, but the one that all tests use."""
        found = self.server.control.live(self.kind).get(self.kind, {})
        return {path.rpartition("/")[2] for path, each_key in found.items() if each_key["name"] == self.inputs["name"]}

    def is_admitted(self, value: str) -> bool:
        if self.kind == "admin_api_key":
            url = f"{self.server.base_url}/organization/projects"
            return requests.get(url, headers={"Authorization": f"Bearer {value}"}, timeout=10).ok
        found = self.server.control.key(value)
        return found is not None and found["state"] == "live"

    def assert_delivered(self) -> None:
        """One key lives: it is in the state without its value, and the store has the value."""
        assert not self.error
        assert self.state is not None
        assert self.live == {self.own_id}
        assert self.is_admitted(self.store.secret)
        assert self.state["delivered_version"] == fingerprint(self.store.secret)
        assert self.state["delivered_to"].startswith("the command 'python")
        assert self.state["api_key"] == ""

    def assert_no_key_was_shown(self) -> None:
        """Nothing that was shown has any of the keys that the store ever got, or any key that OpenAI ever made."""
        requests_and_state = json.dumps([self.server.control.requests(), self.server.control.state()])
        for value in self.store.versions:
            assert value not in self.shown + requests_and_state
        assert "sk-svcacct-" not in self.shown


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest) -> type[DynamicHost | NativeProcess]:
    return PROVIDERS[request.param]


@pytest.fixture(params=KINDS)
def key(
    request: pytest.FixtureRequest,
    provider: type[DynamicHost | NativeProcess],
    emulator: EmulatorServer,
    tmp_path: Path,
) -> Key:
    emulator.control.seed(SEED)
    return Key(emulator, CommandStore(tmp_path / "store"), provider, *KINDS[request.param])


def test_scenario(key: Key) -> None:
    key.up()
    key.assert_delivered()
    assert key.told.startswith("A new key is delivered to the command 'python")
    assert key.state is not None
    before = dict(key.state)
    key.refresh()
    assert key.state == before
    key.up()
    assert (key.state, len(key.store.versions)) == (before, 1), "nothing differs"

    key.inputs["triggers"] = [2]
    key.up()
    key.assert_delivered()
    assert len(key.store.versions) == 2
    assert key.state["delivered_version"] != before["delivered_version"]

    delivered = key.inputs.pop("deliver_to")
    key.up()
    assert len(key.live) == 1
    assert key.state["delivered_to"] == key.state["delivered_version"] == ""
    assert key.is_admitted(key.state["api_key"])
    kept, key.state["api_key"] = key.state["api_key"], "***"
    key.inputs["deliver_to"] = delivered
    key.up()
    key.assert_delivered()
    assert not key.is_admitted(kept)

    key.destroy()
    assert not key.live
    assert not key.is_admitted(key.store.secret), "a command can't remove it: it is worth nothing"
    key.shown = key.shown.replace(kept, "")
    key.assert_no_key_was_shown()


def test_a_store_that_has_another_value_has_the_next_update_create_another_key(key: Key) -> None:
    """A command can't tell, so the finding is what a store that can tell would have recorded."""
    key.up()
    assert key.state is not None
    due = ["The store no longer contains the key", "create and deliver a new key", "deliver_to"]
    key.state["__managed"]["due"] = [due]
    key.refresh()
    assert key.state["__managed"]["due"] == [due]
    old = key.store.secret
    key.up()
    key.assert_delivered()
    assert "The store no longer contains the key; run `pulumi up` to create and deliver a new key." in key.told
    assert not key.is_admitted(old)
    key.assert_no_key_was_shown()


@dataclass(frozen=True)
class Break:
    """A point at which a delivery breaks."""

    mode: str
    """What the store does."""
    keys: int
    """How many keys OpenAI has afterwards beside those that were there."""
    says: str


NOT_REVOKED = "The key was not revoked, because the command 'python"
BREAKS = {
    "check-fails": Break("refuses", 0, "failed with exit code 1: you may not write it"),
    "before-writing": Break("fails before writing", 1, f"failed with exit code 1: no room for ***. {NOT_REVOKED}"),
    "after-writing": Break("fails after writing", 1, f"failed with exit code 1: the reply was lost. {NOT_REVOKED}"),
}


def broken_deliveries() -> list[Any]:
    """Each point with each kind, for the first key and in a rotation; the seed says which provider begins."""
    of_all = product(enumerate(BREAKS.items()), enumerate(KINDS), enumerate(("first", "rotation")), range(2))
    return [
        pytest.param(list(PROVIDERS)[(seed_of_this_run() + row + column + place + turn) % 2], kind, point, bool(place),
                     id=f"{name}-{kind}-{when}-{turn}")
        for (row, (name, point)), (column, kind), (place, when), turn in of_all
        if IS_FULL or not turn
    ]  # fmt: skip


@pytest.mark.parametrize(("provider", "key", "point", "was_there"), broken_deliveries(), indirect=["provider", "key"])
def test_a_broken_delivery_costs_nothing_and_the_next_run_finishes(key: Key, point: Break, *, was_there: bool) -> None:
    if was_there:
        key.up()
        key.inputs["triggers"] = [2]
    before, old = key.live, key.state
    key.store.behave(point.mode)
    key.up()
    assert point.says in key.error
    assert key.error.rstrip().endswith("."), "ends in what to do"
    assert len(key.live - before) == point.keys
    assert before <= key.live, "the old key goes on working"
    if point.keys:
        assert key.live - before == {key.own_id}, "the state knows it"
        assert key.state is not None
        assert key.state["api_key"] == key.state["delivered_version"] == ""
        key.refresh()
        assert not key.error
    else:
        assert key.state == old, "nothing was recorded"
    key.store.behave("works")
    key.up()
    key.assert_delivered()
    key.destroy()
    assert not key.live
    key.assert_no_key_was_shown()


def test_a_key_whose_provider_is_killed_while_it_is_delivered_is_named_by_the_next_run(key: Key) -> None:
    key.store.behave("waits")
    with key.host() as host:
        step = threading.Thread(target=_fails, args=(host, key))
        step.start()
        while not key.store.is_waiting:
            time.sleep(0.05)
        processes = arguments_and_environments()
        host._process.signal(signal.SIGKILL)
        step.join(20)
        assert not step.is_alive()
    os.kill(int((key.store.folder / "pid").read_text()), signal.SIGKILL)
    (orphan,) = key.live
    (lost,) = key.store.versions
    assert lost not in processes
    key.store.behave("works")
    key.up()
    assert not key.error
    assert key.is_admitted(key.store.secret)
    assert key.live == {orphan, key.own_id}
    assert orphan not in key.told, "it could be the key of a resource that the update deletes"
    assert "An interrupted run may have left one of them behind" in key.told
    key.refresh()
    assert orphan in key.told
    assert "An interrupted run may have left one of these" in key.told
    key.shown += host.stderr
    key.assert_no_key_was_shown()


def _fails(host: DynamicHost | NativeProcess, key: Key) -> None:
    with pytest.raises(Failure):
        host.create(key.resource, key.inputs)

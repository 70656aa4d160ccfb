"""A key goes from OpenAI to a command, on the real engine: it is in no file, no log and no list of processes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.by_hand import request
from tests.delivery import fake_vault
from tests.engine.under_way import up, wait
from tests.host.delivery import CommandStore, arguments_and_environments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.delivery.fake_vault import FakeVault
    from tests.engine.stacks import Stack

PROJECT = "/organization/projects/proj_demo"
VAULT = {"VAULT_TOKEN": fake_vault.TOKEN, "NO_PROXY": "*"}
REFRESH = ("refresh", "--yes", "--skip-preview")
VERBOSE = ("--logtostderr", "--logflow", "-v=9")
"""With these the engine logs what it sends to providers, and what it gets."""


ACCOUNT = {"project_id": "proj_demo", "name": "ci", "create_service_account_only": True, "role": "member"}
KEY = {"project_id": "proj_demo", "name": "ci", "service_account_id": "$account.service_account_id"}


def write(stack: Stack, store: CommandStore, trigger: int) -> None:
    """Declare an account and a key that is delivered."""
    key = {**KEY, "triggers": [trigger], "deliver_to": store.deliver_to}
    stack.declare(
        {"account": ("ProjectServiceAccount", ACCOUNT), "key": ("ProjectServiceAccountApiKey", key)},
        key="$key.api_key",
        where="$key.delivered_to",
    )


def assert_keys_are_only_in_the_store(stack: Stack, store: CommandStore) -> None:
    """No file of the engine, of the program or of a log has a key that was ever delivered."""
    files = [path for path in stack.folder.rglob("*") if path.is_file() and store.folder not in path.parents]
    assert any(path.suffix == ".json" for path in files), "the backend has files"
    state = json.dumps(stack.export("--show-secrets"))
    for key in store.versions:
        assert not [path for path in files if key.encode() in path.read_bytes()]
        assert not [text for text in stack.log if key in text]
        assert key not in state


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    server = fake_vault.FakeVault()
    server.start()
    yield server
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_the_key_is_nowhere_but_in_the_store(either: Stack, emulator: EmulatorServer) -> None:
    stack, store = either, CommandStore(either.folder / "store")
    store.behave("waits")
    write(stack, store, 1)
    with up(stack, *VERBOSE) as running:
        wait(lambda: store.is_waiting or running.process.poll() is not None, seconds=120)
        assert store.is_waiting, running.text[-4000:]
        processes = arguments_and_environments()
        store.behave("works")
        assert running.end() == 0, running.text[-4000:]
        assert "proj_demo" in running.text
    assert store.secret not in processes
    assert _is_live(emulator, store.secret)
    assert_keys_are_only_in_the_store(stack, store)
    assert stack.outputs()["where"].startswith("the command 'python")
    stack.assert_clean()

    # The store may have the replacement, so it is not revoked; the next run replaces it.
    write(stack, store, 2)
    told = stack.preview().text
    assert "A new key is delivered to the command 'python" in told
    assert "warning: A new" not in told
    first = store.secret
    store.behave("fails after writing")
    failed = stack.run("up", "--yes", "--skip-preview")
    assert failed.code
    assert "The key was not revoked, because the command 'python" in failed.text
    assert _is_live(emulator, first), "the old key goes on working"
    lost = store.secret
    assert _is_live(emulator, lost)
    assert_keys_are_only_in_the_store(stack, store)

    store.behave("works")
    told = " ".join(stack.preview().text.split())
    assert "has the key; run `pulumi up` to create and deliver a new key" in told
    stack.up()
    assert [_is_live(emulator, key) for key in (first, lost, store.secret)] == [False, False, True]
    stack.refresh()
    stack.assert_clean()
    stack.destroy()
    assert not _is_live(emulator, store.secret)
    assert_keys_are_only_in_the_store(stack, store)


def test_a_refresh_says_that_a_store_lost_a_key_and_one_was_revoked(
    either: Stack, emulator: EmulatorServer, vault: FakeVault
) -> None:
    """What a refresh finds is told by the refresh: a lost delivery as well as a revoked key of an account."""
    stack = either
    emulator.control.world(clock_offset_seconds=-3600)  # what is young may not be shown yet
    vault_ = {"path": "ci/openai", "mount": "kv", "field": "value", "address": vault.url}
    own = {"project_id": "proj_demo", "name": "own"}
    key = {**KEY, "service_account_id": "$own.service_account_id", "deliver_to": {"vault": vault_}}
    stack.declare({"own": ("ProjectServiceAccount", own), "key": ("ProjectServiceAccountApiKey", key)})
    stack.up(**VAULT)
    emulator.control.world(clock_offset_seconds=0)
    vault.versions["ci/openai"].append({"value": "by hand"})
    revoked = stack.resource("own")["outputs"][stack.spelled("api_key_id")]
    request(emulator, "DELETE", f"{PROJECT}/api_keys/{revoked}")
    for display in ("--diff=false", "--diff"):  # each refresh says it
        told = " ".join(stack.ok(*REFRESH, display, **VAULT).text.split())
        assert "warning: Field 'value' of secret 'ci/openai' in Vault" in told
        assert "no longer contains API key" in told
        assert "was revoked; run `pulumi up` to create another key" in told


def _is_live(emulator: EmulatorServer, key: str) -> bool:
    found = emulator.control.key(key)
    return found is not None and found["state"] == "live"

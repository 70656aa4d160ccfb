"""A key goes from OpenAI to a command, on the real engine: it is in no file, no log and no list of processes."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

from tests.delivery import fake_vault
from tests.engine.under_way import up, wait
from tests.host.delivery import CommandStore, arguments_and_environments
from tools import languages

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


@dataclass(frozen=True)
class Program:
    """A program with an account and a key that is delivered, for one of the providers."""

    stack: Stack
    store: CommandStore
    is_native: bool

    def write(self, trigger: int) -> None:
        if self.is_native:
            self._write_yaml(trigger)
            return
        self.stack.program(f"""
            account = ProjectServiceAccount("ci", project_id="proj_demo", name="ci",
                                            create_service_account_only=True, role="member")
            key = ProjectServiceAccountApiKey("key", project_id="proj_demo", name="ci",
                                              service_account_id=account.service_account_id, triggers=[{trigger}],
                                              deliver_to={self.store.deliver_to!r})
            pulumi.export("key", key.api_key.apply(lambda value: value + "nothing"))
            pulumi.export("where", key.delivered_to)
        """)

    def _write_yaml(self, trigger: int) -> None:
        names = {
            "check_arguments": "checkArguments",
            "timeout_seconds": "timeoutSeconds",
            "show_errors": "showErrors",
        }
        command = {names.get(name, name): value for name, value in self.store.deliver_to["command"].items()}
        account = {"projectId": "proj_demo", "name": "ci", "createServiceAccountOnly": True, "role": "member"}
        key = {
            "projectId": "proj_demo",
            "name": "ci",
            "serviceAccountId": "${ci.serviceAccountId}",
            "triggers": [trigger],
            "deliverTo": {"command": command},
        }
        resources = {
            "ci": {"type": "openai-admin:ProjectServiceAccount", "properties": account},
            "key": {"type": "openai-admin:ProjectServiceAccountApiKey", "properties": key},
        }
        self._write_resources(resources)

    def _write_resources(self, resources: dict[str, Any]) -> None:
        outputs = {"where": "${key.deliveredTo}"}
        program = {"name": "test", "runtime": "yaml", "resources": resources, "outputs": outputs}
        (self.stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program), encoding="utf-8")

    def write_with_vault(self, address: str) -> None:
        """A key that goes to a store which can tell what it has, and an account with a key of its own."""
        destination = {"path": "ci/openai", "mount": "kv", "field": "value", "address": address}
        if not self.is_native:
            self.stack.program(f"""
                own = ProjectServiceAccount("own", project_id="proj_demo", name="own")
                key = ProjectServiceAccountApiKey("key", project_id="proj_demo", name="ci",
                                                  service_account_id=own.service_account_id,
                                                  deliver_to={{"vault": {destination!r}}})
            """)
            return
        key = {
            "projectId": "proj_demo",
            "name": "ci",
            "serviceAccountId": "${own.serviceAccountId}",
            "deliverTo": {"vault": destination},
        }
        account = {"projectId": "proj_demo", "name": "own"}
        self._write_resources(
            {
                "own": {"type": "openai-admin:ProjectServiceAccount", "properties": account},
                "key": {"type": "openai-admin:ProjectServiceAccountApiKey", "properties": key},
            }
        )

    def assert_keys_are_only_in_the_store(self) -> None:
        """No file of the engine, of the program or of a log has a key that was ever delivered."""
        files = [
            path for path in self.stack.folder.rglob("*") if path.is_file() and self.store.folder not in path.parents
        ]
        assert any(path.suffix == ".json" for path in files), "the backend has files"
        state = json.dumps(self.stack.export("--show-secrets"))
        for key in self.store.versions:
            assert not [path for path in files if key.encode() in path.read_bytes()]
            assert not [text for text in self.stack.log if key in text]
            assert key not in state


@pytest.fixture(params=["dynamic", "native"])
def program(request: pytest.FixtureRequest, stack: Stack) -> Program:
    if request.param == "native":
        stack.engine = languages.with_yaml(stack.engine)
    return Program(stack, CommandStore(stack.folder / "store"), request.param == "native")


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    server = fake_vault.FakeVault()
    server.start()
    yield server
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_the_key_is_nowhere_but_in_the_store(program: Program, emulator: EmulatorServer) -> None:
    stack, store = program.stack, program.store
    store.behave("waits")
    program.write(1)
    with up(stack, *VERBOSE) as running:
        wait(lambda: store.is_waiting or running.process.poll() is not None, seconds=120)
        assert store.is_waiting, running.text[-4000:]
        processes = arguments_and_environments()
        store.behave("works")
        assert running.end() == 0, running.text[-4000:]
        assert "proj_demo" in running.text
    assert store.secret not in processes
    assert _is_live(emulator, store.secret)
    program.assert_keys_are_only_in_the_store()
    assert stack.outputs()["where"].startswith("the command 'python")
    stack.assert_clean()

    # The store may have the replacement, so it is not revoked; the next run replaces it.
    program.write(2)
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
    program.assert_keys_are_only_in_the_store()

    store.behave("works")
    told = " ".join(stack.preview().text.split())
    assert "has the key; run `pulumi up` to create and deliver a new key" in told
    stack.up()
    assert [_is_live(emulator, key) for key in (first, lost, store.secret)] == [False, False, True]
    stack.refresh()
    stack.assert_clean()
    stack.destroy()
    assert not _is_live(emulator, store.secret)
    program.assert_keys_are_only_in_the_store()


def test_a_refresh_says_that_a_store_has_lost_a_key_and_that_a_key_was_revoked(
    program: Program, emulator: EmulatorServer, vault: FakeVault
) -> None:
    """What a refresh finds is told by the refresh: a lost delivery as well as a revoked key of an account."""
    stack = program.stack
    emulator.control.world(clock_offset_seconds=-3600)  # what is young may not be shown yet
    program.write_with_vault(vault.url)
    stack.up(**VAULT)
    emulator.control.world(clock_offset_seconds=0)
    vault.versions["ci/openai"].append({"value": "by hand"})
    admin = {"Authorization": f"Bearer {emulator.admin_key}"}
    revoked = stack.resource("own")["outputs"]["apiKeyId" if program.is_native else "api_key_id"]
    path = f"{emulator.base_url}{PROJECT}/api_keys/{revoked}"
    requests.delete(path, headers=admin, timeout=10).raise_for_status()
    for display in ("--diff=false", "--diff"):  # each refresh says it
        told = " ".join(stack.ok(*REFRESH, display, **VAULT).text.split())
        assert "warning: Field 'value' of secret 'ci/openai' in Vault" in told
        assert "no longer contains API key" in told
        assert "was revoked; run `pulumi up` to create another key" in told


def _is_live(emulator: EmulatorServer, key: str) -> bool:
    found = emulator.control.key(key)
    return found is not None and found["state"] == "live"

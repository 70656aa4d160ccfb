"""A key goes from OpenAI to a command, on the real engine: it is in no file, no log and no list of processes."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.under_way import up, wait

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Program, Stack

STORE = """
import pathlib, sys, time
folder, step = pathlib.Path(sys.argv[1]), sys.argv[2]
mode = (folder / "mode").read_text()
if step == "check":
    sys.exit()
key = sys.stdin.read()
(folder / "versions").open("a").write(key + "\\n")
if mode == "fails after writing":
    sys.exit("the reply was lost")
if mode == "waits":
    (folder / "waits").touch()
    while (folder / "mode").read_text() == "waits":
        time.sleep(0.05)
"""


@dataclass(frozen=True)
class CommandStore:
    """A secret store that is a program, in a folder with the secret that it wrote."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "store.py").write_text(STORE, encoding="utf-8")
        self.behave("works")

    def behave(self, mode: str) -> None:
        """What the program does from now on."""
        (self.folder / "mode").write_text(mode, encoding="utf-8")

    @property
    def deliver_to(self) -> dict[str, Any]:
        program = [sys.executable, str(self.folder / "store.py"), str(self.folder)]
        command = {"arguments": [*program, "deliver"], "check_arguments": [*program, "check"], "timeout_seconds": 20}
        return {"command": {**command, "show_errors": True}}

    @property
    def secret(self) -> str:
        """What readers of the secret get; empty if there is none."""
        return self.versions[-1] if self.versions else ""

    @property
    def versions(self) -> list[str]:
        """All keys that were ever written."""
        path = self.folder / "versions"
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    @property
    def is_waiting(self) -> bool:
        """Whether a delivery waits: the key is written, and the provider does not know that."""
        return (self.folder / "waits").exists()


VERBOSE = ("--logtostderr", "--logflow", "-v=9")
"""With these the engine logs what it sends to providers, and what it gets."""


ACCOUNT = {"project_id": "proj_demo", "name": "ci", "create_service_account_only": True, "role": "member"}
KEY = {"project_id": "proj_demo", "name": "ci", "service_account_id": "$account.service_account_id"}


def write(stack: Stack, store: CommandStore, trigger: int) -> None:
    key = {**KEY, "triggers": [trigger], "deliver_to": store.deliver_to}
    program: Program = {"account": ("ProjectServiceAccount", ACCOUNT), "key": ("ProjectServiceAccountApiKey", key)}
    stack.declare(program, key="$key.api_key", where="$key.delivered_to")


def assert_keys_are_only_in_the_store(stack: Stack, store: CommandStore) -> None:
    """No file of the engine, of the program or of a log has a key that was ever delivered."""
    files = [path for path in stack.folder.rglob("*") if path.is_file() and store.folder not in path.parents]
    assert any(path.suffix == ".json" for path in files), "the backend has files"
    state = json.dumps(stack.export("--show-secrets"))
    for key in store.versions:
        assert not [path for path in files if key.encode() in path.read_bytes()]
        assert not [text for text in stack.log if key in text]
        assert key not in state


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_the_key_is_nowhere_but_in_the_store(either: Stack, emulator: EmulatorServer) -> None:
    stack, store = either, CommandStore(either.folder / "store")
    store.behave("waits")
    write(stack, store, 1)
    with up(stack, *VERBOSE) as running:
        wait(lambda: store.is_waiting or running.process.poll() is not None, seconds=120)
        assert store.is_waiting, running.text[-4000:]
        processes = ""  # what a list of processes shows of all that this user may see
        for path in [*Path("/proc").glob("[0-9]*/cmdline"), *Path("/proc").glob("[0-9]*/environ")]:
            with suppress(OSError):  # it has ended, or is another user's
                processes += path.read_text(encoding="utf-8", errors="replace")
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
    assert "The key was not revoked, because the command 'python" in stack.refused("up", "--yes", "--skip-preview")
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


def _is_live(emulator: EmulatorServer, key: str) -> bool:
    found = emulator.control.key(key)
    return found is not None and found["state"] == "live"

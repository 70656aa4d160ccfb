from __future__ import annotations

import sqlite3
import subprocess
from typing import TYPE_CHECKING

import pytest
from openai import OpenAI

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.process import EmulatorError
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.systems import IS_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


DEMO = "proj_demo"


def sdk(server: EmulatorServer) -> OpenAI:
    return OpenAI(admin_api_key=server.admin_key, base_url=server.base_url, max_retries=0)


def test_nothing_that_was_answered_is_lost_by_kill_9(tmp_path: Path) -> None:
    server = EmulatorServer(state=tmp_path / "state").start()
    with sdk(server) as client:
        projects = client.admin.organization.projects
        made = projects.create(name="Made")
        projects.archive("proj_staging")
        accounts = [projects.service_accounts.create(made.id, name=str(number)) for number in range(50)]
        projects.service_accounts.delete(accounts[0].id, project_id=made.id)
        projects.api_keys.update(accounts[1].api_key.id, project_id=made.id, scopes=["a"], expires_in_seconds=900)
        projects.rate_limits.update_rate_limit("rl-gpt-4o", project_id=DEMO, extra_body={REQUESTS: 0})
    before = server.control.state()
    server.kill()
    with server:
        assert server.control.state() == before
        assert server.control.key(accounts[1].api_key.value)["scopes"] == ["a"]
        assert server.control.key(accounts[0].api_key.value)["state"] == "revoked"
        with sdk(server) as client:
            listed = client.admin.organization.projects.service_accounts.list(made.id, limit=100)
            assert [account.name for account in listed] == [str(number) for number in range(1, 50)]


def test_an_orderly_stop_leaves_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess.Popen, "terminate", subprocess.Popen.kill)  # as it is on Windows
    with EmulatorServer(state=tmp_path / "state"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_seed_is_planted_once_and_reset_plants_it_again(tmp_path: Path) -> None:
    seed = {"projects": [{"id": "proj_a", "name": "A", "service_accounts": [{"name": "s", "keys": [{}]}]}]}
    server = EmulatorServer(state=tmp_path / "state", seed=seed).start()
    state = server.control.state()
    assert state["totals"]["service_accounts"] == 1
    assert [project["is_default"] for project in state["projects"].values()] == [True, False]
    server.stop()
    with server:
        assert server.control.state() == state
        with sdk(server) as client:
            client.admin.organization.projects.create(name="B")
        server.control.reset()
        assert server.control.state()["totals"] == state["totals"]


def test_a_state_file_is_held_by_one_emulator(tmp_path: Path) -> None:
    with EmulatorServer(state=tmp_path / "state"), pytest.raises(EmulatorError, match="another emulator is using it"):
        EmulatorServer(state=tmp_path / "state").start()


def write(path: Path, script: str) -> None:
    database = sqlite3.connect(path)
    database.executescript(script)
    database.close()


def refusal(path: Path) -> str:
    with pytest.raises(EmulatorError) as refused:
        EmulatorServer(state=path).start()
    message = str(refused.value).strip()
    assert message.count("\n") == 0
    return message


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda path: write(path, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')"), "of another"),
        (lambda path: write(path, "PRAGMA application_id = 7"), "of another application"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00 but short"), "not a database"),
        (lambda path: path.write_text("a letter, not a database\n" * 50), "not a database"),
        (lambda path: path.mkdir(), "Permission denied" if IS_WINDOWS else "Is a directory"),
    ],
    ids=["another table", "a mark", "a stump", "a text", "a folder"],
)
def test_a_file_that_is_not_its_own_is_refused_and_left_as_it_was(
    tmp_path: Path, prepare: Callable[[Path], None], why: str
) -> None:
    path = tmp_path / "state"
    prepare(path)
    before = path.read_bytes() if path.is_file() else None
    message = refusal(path)
    assert message.startswith("the emulator did not start: error: cannot use the state file")
    assert why in message
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "INSERT INTO records (kind, parent, id, content) VALUES ('gremlin', '', 'g', '{}')",
            "records of the unknown kind gremlin",
        ),
        ("PRAGMA user_version = 3", "another version (3, not 2)"),
    ],
    ids=["a record of an unknown kind", "a later version"],
)
def test_a_file_that_this_version_cannot_read_is_refused(tmp_path: Path, statement: str, why: str) -> None:
    path = tmp_path / "state"
    with EmulatorServer(state=path):
        pass
    write(path, statement)
    assert why in refusal(path)


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with EmulatorServer(state=path) as server:
        server.control.seed({"groups": [{"name": f"Group {number}"} for number in range(500)]})
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    why = "database disk image is malformed; restore a copy, or name a new file"
    assert refusal(path).endswith(f"cannot use the state file {path}: {why}")

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openai import OpenAI

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.process import EmulatorError
from tests.systems import IS_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDED = Path(__file__).parent / "recorded" / "state-1.sql"
KNOWN = "sk-svcacct-known-0123456789"


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


def test_a_file_of_version_1_is_taken_over(tmp_path: Path) -> None:
    write(tmp_path / "state", RECORDED.read_text(encoding="utf-8"))
    for _ in range(2):
        with EmulatorServer(state=tmp_path / "state") as server:
            state = server.control.state()
            assert state["totals"] == {
                "projects": 3,
                "service_accounts": 1,
                "service_accounts_ever": 2,
                "api_keys": {"live": 2, "expired": 0, "revoked": 1},
            }
            project = state["projects"]["proj_b"]
            assert project["rate_limits"]["changed"] == {"rl-gpt-4o": {"max_requests_per_1_minute": 100}}
            assert project["service_accounts"]["svc_acct_b"]["keys"] == {"key_b": "live"}
            assert project["service_accounts"]["svc_acct_gone"]["deleted"]
            assert project["user_keys"] == {"key_u": "live"}
            assert server.control.key(KNOWN)["id"] == "key_b"
            with OpenAI(admin_api_key=server.admin_key, base_url=server.base_url) as client:
                projects = client.admin.organization.projects
                assert [each_project.id for each_project in projects.list(include_archived=True)] == [
                    "proj_a",
                    "proj_b",
                    "proj_c",
                ]
                assert [user.email for user in client.admin.organization.users.list()] == ["ada@example.com"]


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda path: write(path, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')"), "of another"),
        (lambda path: write(path, "CREATE TABLE records (id); PRAGMA user_version = 1"), "of another application"),
        (lambda path: write(path, "PRAGMA application_id = 7"), "of another application"),
        (
            lambda path: write(path, RECORDED.read_text(encoding="utf-8").replace("changed_row", "gremlin")),
            "unknown kind 'gremlin'",
        ),
        (
            lambda path: write(path, RECORDED.read_text(encoding="utf-8").replace("version = 1", "version = 9")),
            "another version (9",
        ),
        (lambda path: path.write_bytes(b"SQLite format 3\x00 but short"), "not a database"),
        (lambda path: path.write_text("a letter, not a database\n" * 50), "not a database"),
        (lambda path: path.mkdir(), "Permission denied" if IS_WINDOWS else "Is a directory"),
    ],
    ids=["another table", "a table of the same name", "a mark", "a kind", "a version", "a stump", "a text", "a folder"],
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


def test_a_killed_emulator_of_version_1_leaves_a_log_that_is_taken_over_too(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "state")
    database.executescript(RECORDED.read_text(encoding="utf-8"))
    copied = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    database.close()
    assert "state-wal" in copied
    for name, content in copied.items():
        (tmp_path / name).write_bytes(content)
    with EmulatorServer(state=tmp_path / "state") as server:
        assert server.control.state()["totals"]["projects"] == 3


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with EmulatorServer(state=path) as server:
        server.control.seed({"groups": [{"name": f"Group {number}"} for number in range(500)]})
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    assert refusal(path).endswith(
        f"cannot use the state file {path}: database disk image is malformed; restore a copy, or name a new file"
    )

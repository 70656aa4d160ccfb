from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.process import EmulatorError
from tests.systems import IS_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
    assert refusal(path).endswith(
        f"cannot use the state file {path}: database disk image is malformed; restore a copy, or name a new file"
    )

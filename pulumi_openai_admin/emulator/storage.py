"""Where the organization is kept: a SQLite file, or nowhere.

Each change is one transaction, finished before the call is answered. What was answered is there after `kill -9`:
the write-ahead log reaches the operating system, though not the disk, with every commit.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from pulumi_openai_admin.emulator.records import KINDS, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (kind, id)
)
"""

_SAVE = """
INSERT INTO records (kind, id, content) VALUES (?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET content = excluded.content
"""


class UnreadableStateError(Exception):
    """The state file cannot be used, with a sentence that says why."""


class Storage(Protocol):
    """What the organization asks of the place it is kept in."""

    def load(self) -> Iterator[Record]:
        """Give every record, oldest first."""

    def save(self, *records: Record) -> None:
        """Keep new and changed records, all or none of them."""

    def clear(self) -> None:
        """Forget everything."""

    def close(self) -> None:
        """Let go of the file."""


class InMemory:
    """No file: what is made is gone when the emulator stops."""

    def load(self) -> Iterator[Record]:
        """Give nothing."""
        return iter(())

    def save(self, *records: Record) -> None:
        """Keep nothing."""

    def clear(self) -> None:
        """Have nothing to forget."""

    def close(self) -> None:
        """Have nothing to let go of."""


class StateFile:
    """One SQLite file, held by one emulator at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        try:
            self._database = _open(path)
        except sqlite3.Error as error:
            reason = "another emulator is using it" if "locked" in str(error) else str(error)
            raise UnreadableStateError(f"cannot use the state file {path}: {reason}") from error

    def load(self) -> Iterator[Record]:
        """Give every record, oldest first."""
        for kind, content in self._database.execute("SELECT kind, content FROM records ORDER BY position"):
            yield KINDS[kind](**json.loads(content))

    def save(self, *records: Record) -> None:
        """Keep new and changed records in one transaction."""
        rows = [(record.kind, record.id, json.dumps(asdict(record))) for record in records]
        with self._database:
            self._database.executemany(_SAVE, rows)

    def clear(self) -> None:
        """Forget everything."""
        with self._database:
            self._database.execute("DELETE FROM records")

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        self._database.close()


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=0.5)
    try:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"it was written by another version ({version}, not {_VERSION})")
        with database:
            database.execute(_SCHEMA)
            database.execute(f"PRAGMA user_version = {_VERSION}")
    except sqlite3.Error:
        database.close()
        raise
    return database

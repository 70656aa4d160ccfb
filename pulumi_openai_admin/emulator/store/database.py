"""The database: a SQLite file, or memory. It opens new files, our own, and those of older versions, and no others.

A foreign file is recognized before anything is written to it, by the two numbers that SQLite keeps for this purpose.
"""

from __future__ import annotations

import sqlite3
import struct
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.store import migration

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x4F41_4145
"""`OAAE`, in the header of every file of ours."""

VERSION = 2

_SCHEMA = """
CREATE TABLE records (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    id TEXT NOT NULL,
    deleted_at INTEGER,
    content TEXT NOT NULL,
    UNIQUE (kind, parent, id)
);
CREATE INDEX records_by_parent ON records (kind, parent, position, deleted_at);
CREATE INDEX records_by_id ON records (kind, id);
CREATE INDEX records_by_kind ON records (kind, position);
CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    effective_at INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    actor_email TEXT,
    resource_id TEXT NOT NULL,
    content TEXT NOT NULL
);
"""

_HEADER = struct.Struct(">60xi4xi")
"""`user_version` and `application_id` in the first 72 bytes of a SQLite file."""
_MAGIC = b"SQLite format 3\x00"


class UnusableStateError(Exception):
    """The state file cannot be used, with a sentence that says why."""


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the database, and make or migrate its tables.

    The connection is used by several threads, one at a time; the store holds the lock.
    """
    if path is None:
        return _prepared(sqlite3.connect(":memory:", check_same_thread=False), 0)
    try:
        version = _version(path)
        database = sqlite3.connect(path, timeout=0.5, check_same_thread=False)
        try:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            _prepared(database, version)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            database.close()
            raise
    except (sqlite3.Error, OSError, migration.UnknownRecordError) as error:
        raise unusable(path, error) from error
    return database


def unusable(path: Path | None, error: Exception) -> UnusableStateError:
    """Say in one sentence why a state file cannot be used."""
    return UnusableStateError(f"cannot use the state file {path}: {_reason(error)}")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    reason = str(error)
    if "locked" in reason:
        return "another emulator is using it"
    return f"{reason}; restore a copy, or name a new file" if "malformed" in reason else reason


def _version(path: Path) -> int:
    """Say which version wrote the file, 0 for a new one; refuse a foreign file without touching it."""
    if not path.exists() or path.stat().st_size == 0:
        return 0
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
    if not header.startswith(_MAGIC) or len(header) < _HEADER.size:
        raise sqlite3.DatabaseError("it is not a database")
    version, application_id = _HEADER.unpack(header)
    if application_id == APPLICATION_ID:
        if version != VERSION:
            raise sqlite3.DatabaseError(f"it was written by another version ({version}, not {VERSION})")
        return VERSION
    if application_id == 0:
        return _unmarked_version(path)
    raise sqlite3.DatabaseError("it is the database of another application")


def _unmarked_version(path: Path) -> int:
    """Look whether a file without a mark is from before there was one."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.5)
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")}
        is_ours = not tables or (tables == {"records"} and migration.recognizes(database))
    finally:
        database.close()
    if not is_ours or (tables and version == 0):
        raise sqlite3.DatabaseError("it is the database of another application")
    if version not in (0, migration.FROM_VERSION):
        raise sqlite3.DatabaseError(f"it was written by another version ({version}, not {VERSION})")
    return version if tables else 0


def _prepared(database: sqlite3.Connection, version: int) -> sqlite3.Connection:
    if version == VERSION:
        return database
    with database:
        database.execute("BEGIN IMMEDIATE")
        old = migration.take(database) if version == migration.FROM_VERSION else []
        for statement in _SCHEMA.split(";\n"):
            database.execute(statement)
        migration.put(database, old)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION}")
    return database

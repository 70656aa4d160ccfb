"""The store: every record and every event, in SQLite, with an index for each way in which they are looked up.

A call of the API is one transaction, committed before the response is sent, so it is there after `kill -9`.
The write-ahead log reaches the operating system, though not the disk, with every commit. One lock serves the event
loop and the threads that read the whole organization; each read holds it for one query of a bounded number of rows.

A foreign file is recognized before anything is written to it, by the two numbers that SQLite keeps for this purpose.
"""

from __future__ import annotations

import sqlite3
import struct
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


class MachineTime:
    """The machine's clocks."""

    def now(self) -> float:
        """Give the seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Give the seconds since some moment, whatever is done to the clock of the machine."""
        return time.monotonic()


@dataclass
class Record:
    """One object of a kind.

    Its id is unique below its parent: a membership has the member's id, and the id of its group for parent. A deleted
    record is kept, so that tests can count what was ever created.
    """

    kind: str
    id: str
    parent: str = ""
    """The ids in the path of its collection, joined by `/`; empty for an object of the organization itself."""
    content: dict[str, Any] = field(default_factory=dict)
    """What is known of it. A name that starts with `_` is for the emulator only."""
    deleted_at: int | None = None
    position: int = 0
    """Its place among all records, in the order of their creation; set by the store."""

    def __getitem__(self, name: str) -> Any:
        """Give one value of the content."""
        return self.content[name]

    def get(self, name: str) -> Any:
        """Give one value of the content, or None."""
        return self.content.get(name)

    def shown(self) -> dict[str, Any]:
        """Give what of the content is not for the emulator only."""
        return {name: value for name, value in self.content.items() if not name.startswith("_")}


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
    """Open the database, and make its tables.

    The connection is used by several threads, one at a time; the store holds the lock.
    """
    if path is None:
        database = sqlite3.connect(":memory:", check_same_thread=False)
        _make_tables(database)
        return database
    try:
        is_new = _is_new(path)
        database = sqlite3.connect(path, timeout=0.5, check_same_thread=False)
        try:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            if is_new:
                _make_tables(database)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            database.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise unusable(path, error) from error
    return database


def unusable(path: Path | None, error: Exception) -> UnusableStateError:
    """Say in one sentence why a state file cannot be used."""
    reason = str(error)
    if isinstance(error, OSError) and error.strerror:
        reason = error.strerror
    elif "locked" in reason:
        reason = "another emulator is using it"
    elif "malformed" in reason:
        reason = f"{reason}; restore a copy, or name a new file"
    return UnusableStateError(f"cannot use the state file {path}: {reason}")


def _is_new(path: Path) -> bool:
    """Return whether there is no file yet; refuse a foreign one without touching it."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
    if not header.startswith(_MAGIC) or len(header) < _HEADER.size:
        raise sqlite3.DatabaseError("it is not a database")
    version, application_id = _HEADER.unpack(header)
    if application_id != APPLICATION_ID:
        raise sqlite3.DatabaseError("it is the database of another application")
    if version != VERSION:
        raise sqlite3.DatabaseError(f"it was written by another version ({version}, not {VERSION})")
    return False


def _make_tables(database: sqlite3.Connection) -> None:
    with database:
        database.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA.split(";\n"):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION}")


_MAX_EVENTS = 100_000
"""How many entries the audit log keeps."""
_EVENTS_BETWEEN_CLEANUPS = 1_000
_CHUNK = 200
"""How many records of a list are read at a time."""
_PAGE = 500
"""How many records of the whole organization are read at a time."""
_COUNTED = 20_000
"""How many records are counted at a time."""


_REMEMBERED_SECONDS = 600
"""How long a list can lag behind."""


@dataclass(frozen=True)
class Lag:
    """How a list lags behind."""

    seconds: float
    only_new: bool
    """Whether only what was created since is missing; otherwise the list is as it was."""


@dataclass(frozen=True)
class _Change:
    """A change of a record."""

    at: float
    kind: str
    parent: str
    id: str
    former: Record | None
    """The record before; None if it did not exist."""


_lag: ContextVar[Lag | None] = ContextVar("lag", default=None)


class RecordStore:
    """Records and events."""

    time: MachineTime

    def __init__(self, path: Path | None, indexed: Iterable[tuple[str, str]] = ()) -> None:
        """Open the file, or memory where there is none.

        `indexed`: the kinds and the names in their content by which `find` looks records up.
        """
        self.lock = threading.RLock()
        self.time = MachineTime()
        self._changes: list[_Change] = []
        """What lists that lag behind do not show."""
        self._database = connect(path)
        self._depth = 0
        try:
            for kind, name in indexed:
                self._database.execute(
                    f"CREATE INDEX IF NOT EXISTS {kind}_by_{name.strip('_')} ON records ({_value(name)}) "
                    f"WHERE kind = '{kind}'"
                )
            self._database.commit()
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise unusable(path, error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside, or nothing of it if an error is raised."""
        with self.lock:
            self._depth += 1
            noted = len(self._changes)
            try:
                if self._depth > 1:
                    yield
                else:
                    with self._database:
                        yield
            except BaseException:
                del self._changes[noted:]
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def lagging(self, lag: Lag | None) -> Iterator[None]:
        """Let lists lag behind."""
        token = _lag.set(lag)
        try:
            yield
        finally:
            _lag.reset(token)

    # --- records ---

    def get(self, kind: str, record_id: str, parent: str = "", *, deleted: bool = False) -> Record | None:
        """Find one record; `deleted`: also one that was deleted."""
        found = self._records("kind = ? AND parent = ? AND id = ?", (kind, parent, record_id))
        return None if not found or (found[0].deleted_at is not None and not deleted) else found[0]

    def insert(self, *records: Record) -> None:
        """Keep new records, behind all others; one that was deleted before is created again."""
        self._note(*((record.kind, record.parent, record.id, None) for record in records))
        self._database.executemany(
            "INSERT OR REPLACE INTO records (kind, parent, id, deleted_at, content) VALUES (?, ?, ?, ?, ?)",
            ((record.kind, record.parent, record.id, record.deleted_at, _text(record.content)) for record in records),
        )

    def update(self, record: Record) -> None:
        """Keep what changed of a record, in its place."""
        former = self.get(record.kind, record.id, record.parent)
        self._note((record.kind, record.parent, record.id, former))
        self._database.execute(
            "UPDATE records SET content = ?, deleted_at = ? WHERE kind = ? AND parent = ? AND id = ?",
            (_text(record.content), record.deleted_at, record.kind, record.parent, record.id),
        )

    def change(self, record: Record, **values: Any) -> None:
        """Keep other values of a record."""
        record.content |= values
        self.update(record)

    def forget(self, kind: str, record_id: str, parent: str = "") -> None:
        """Drop a record, as if it had never been."""
        self._database.execute(
            "DELETE FROM records WHERE kind = ? AND parent = ? AND id = ?", (kind, parent, record_id)
        )

    def children(
        self, kind: str, parent: str = "", *, low: int = 0, high: int | None = None, descending: bool = False
    ) -> Iterator[Record]:
        """Give what exists of a kind below a parent, between two positions, a few records at a time."""
        order, high = "DESC" if descending else "ASC", high or 2**62
        lag = _lag.get()
        if lag is not None:
            found = [record for record in self._former(kind, parent, lag) if low < record.position < high]
            yield from sorted(found, key=lambda record: record.position, reverse=descending)
            return
        where = "kind = ? AND parent = ? AND deleted_at IS NULL AND position > ? AND position < ?"
        while records := self._records(f"{where} ORDER BY position {order} LIMIT {_CHUNK}", (kind, parent, low, high)):
            yield from records
            if len(records) < _CHUNK:
                return
            low, high = (low, records[-1].position) if descending else (records[-1].position, high)

    def _former(self, kind: str, parent: str, lag: Lag) -> Iterable[Record]:
        """Give what existed of a kind below a parent before the changes that lists do not show yet."""
        with self.lagging(None):
            found = {record.id: record for record in self.children(kind, parent)}
        begin = self.time.monotonic() - lag.seconds
        for change in reversed(self._changes):
            if change.at <= begin:
                break
            if (change.kind, change.parent) != (kind, parent):
                continue
            if change.former is None:
                found.pop(change.id, None)
            elif not lag.only_new:
                found[change.id] = change.former
        return found.values()

    def _note(self, *changes: tuple[str, str, str, Record | None]) -> None:
        now = self.time.monotonic()
        self._changes += [_Change(now, *change) for change in changes]
        old = next((place for place, change in enumerate(self._changes) if change.at > now - _REMEMBERED_SECONDS), 0)
        del self._changes[:old]

    def find(self, kind: str, name: str, value: object, *, deleted: bool = False) -> list[Record]:
        """Give the records of a kind whose content has a value; fast where the name is indexed."""
        existing = "" if deleted else "AND deleted_at IS NULL"
        return self._records(f"kind = '{kind}' AND {_value(name)} = ? {existing} ORDER BY position", (value,))

    def with_id(self, kind: str, record_id: str) -> list[Record]:
        """Give what exists of a kind with an id, below any parent."""
        return self._records("kind = ? AND id = ? AND deleted_at IS NULL ORDER BY position", (kind, record_id))

    def has_any(self, kind: str) -> bool:
        """Return whether anything of a kind exists, or ever did."""
        return bool(self._rows("SELECT 1 FROM records WHERE kind = ? LIMIT 1", (kind,)))

    # --- the whole, for threads ---

    def counts(self) -> dict[str, tuple[int, int]]:
        """Count the records of each kind: those that exist, and all that ever did."""
        found: dict[str, tuple[int, int]] = {}
        ((last,),) = self._rows("SELECT COALESCE(MAX(position), 0) FROM records")
        for low in range(0, last, _COUNTED):
            sql = (
                "SELECT kind, SUM(deleted_at IS NULL), COUNT(*) FROM records "
                "WHERE position > ? AND position <= ? GROUP BY kind ORDER BY MIN(position)"
            )
            for kind, existing, ever in self._rows(sql, (low, low + _COUNTED)):
                before = found.get(kind, (0, 0))
                found[kind] = (before[0] + existing, before[1] + ever)
        return found

    def page(
        self,
        kinds: Sequence[str],
        parent: str | None = None,
        *,
        after: int = 0,
        limit: int = 1000,
        deleted: bool = True,
    ) -> list[Record]:
        """Give some records of some kinds, all of them where none is named, in the order of their creation."""
        conditions = ["position > ?"]
        parameters: list[object] = [after]
        if kinds:
            # the plus keeps SQLite from sorting all records of several kinds for each page
            column = "kind" if len(kinds) == 1 or parent is not None else "+kind"
            conditions.append(f"{column} IN ({', '.join('?' * len(kinds))})")
            parameters += kinds
        if parent is not None:
            conditions.append("parent = ?")
            parameters.append(parent)
        if not deleted:
            conditions.append("deleted_at IS NULL")
        return self._records(f"{' AND '.join(conditions)} ORDER BY position LIMIT ?", (*parameters, limit))

    def all(self, kind: str, parent: str | None = None, *, after: int = 0) -> Iterator[Record]:
        """Give all records of a kind, deleted ones too, page by page: other calls run in between."""
        while records := self.page([kind], parent, after=after, limit=_PAGE):
            yield from records
            after = records[-1].position

    def _records(self, where: str, parameters: Sequence[object]) -> list[Record]:
        """Give the records that a condition lets through."""
        rows = self._rows(
            f"SELECT kind, id, parent, content, deleted_at, position FROM records WHERE {where}", parameters
        )
        return [
            Record(kind, record_id, parent, from_json(content), deleted_at, position)
            for kind, record_id, parent, content, deleted_at, position in rows
        ]

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one query; the lock is held until all of its rows are read."""
        with self.lock:
            return self._database.execute(sql, parameters).fetchall()

    # --- events ---

    def append(self, event: dict[str, Any], **columns: str | None) -> None:
        """Keep an event of the audit log, as the list shows it; the oldest go when there are very many.

        `columns`: further values by which the list can be narrowed.
        """
        shown = {name: event[name] for name in ("id", "type", "effective_at")}
        values = {**shown, **columns, "content": _text(event)}
        cursor = self._database.execute(
            f"INSERT INTO events ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
        )
        position = cursor.lastrowid or 0
        if position % _EVENTS_BETWEEN_CLEANUPS == 0:
            self._database.execute("DELETE FROM events WHERE position <= ?", (position - _MAX_EVENTS,))

    def event_position(self, event_id: str) -> int | None:
        """Find the place of an event."""
        rows = self._rows("SELECT position FROM events WHERE id = ?", (event_id,))
        return int(rows[0][0]) if rows else None

    def events(
        self,
        conditions: Sequence[tuple[str, Sequence[object]]],
        *,
        low: int = 0,
        high: int | None = None,
        descending: bool = True,
        limit: int = 100,
    ) -> list[tuple[int, dict[str, Any]]]:
        """Give positions and contents of the events that meet all conditions (SQL and its parameters)."""
        where = " AND ".join(["position > ?", "position < ?", *(condition for condition, _ in conditions)])
        parameters = [low, high or 2**62, *(value for _, values in conditions for value in values), limit]
        order = "DESC" if descending else "ASC"
        sql = f"SELECT position, content FROM events WHERE {where} ORDER BY position {order} LIMIT ?"
        return [(position, from_json(content)) for position, content in self._rows(sql, parameters)]

    # --- all of it ---

    def clear(self) -> None:
        """Delete everything."""
        with self.transaction():
            self._changes.clear()
            self._database.execute("DELETE FROM records")
            self._database.execute("DELETE FROM events")

    def close(self) -> None:
        """Fold the log into the file and close it."""
        with self.lock:
            self._database.close()


def _text(content: dict[str, Any]) -> str:
    return to_json(content).decode()


def _value(name: str) -> str:
    return f"json_extract(content, '$.{name}')"

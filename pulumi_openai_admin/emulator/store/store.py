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

_SCHEMA = f"""
BEGIN IMMEDIATE;
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
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
COMMIT;
"""

_HEADER = struct.Struct(">60xi4xi")
"""`user_version` and `application_id` in the first 72 bytes of a SQLite file."""
_MAGIC = b"SQLite format 3\x00"


class UnusableStateError(Exception):
    """The state file cannot be used, with a sentence that says why."""


def connect(path: Path | None, indexed: Iterable[tuple[str, str]]) -> sqlite3.Connection:
    """Open the database, and make its tables and indexes.

    The connection is used by several threads, one at a time; the store holds the lock.
    """
    try:
        is_new = path is None or _is_new(path)
        database = sqlite3.connect(path or ":memory:", timeout=0.5, check_same_thread=False)
        try:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            if is_new:
                database.executescript(_SCHEMA)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            for kind, name in indexed:
                index = f"{kind}_by_{name.strip('_')} ON records ({_value(name)}) WHERE kind = '{kind}'"
                database.execute(f"CREATE INDEX IF NOT EXISTS {index}")
            database.commit()
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


_MAX_EVENTS = 100_000
"""How many entries the audit log keeps."""
_EVENTS_BETWEEN_CLEANUPS = 1_000
_CHUNK = 200
"""How many records are read at a time."""
_COUNTED = 20_000
"""How many records are counted at a time."""
_REMEMBERED_SECONDS = 600
"""How long a list can lag behind."""

_RECORDS = "SELECT kind, id, parent, content, deleted_at, position FROM records WHERE"
_EVENTS = "SELECT 'audit_log', id, '', content, NULL, position FROM events WHERE"
"""An event is read as a record of the kind `audit_log`."""


@dataclass(frozen=True)
class Lag:
    """How a list lags behind."""

    seconds: float
    only_new: bool
    """Whether only what was created since is missing; otherwise the list is as it was."""


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
        self._changes: list[tuple[float, Record, Record | None]] = []
        """What lists that lag behind do not show: when a record changed, and the record before, if it existed."""
        self._database = connect(path, indexed)
        self._depth = 0

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
        found = self._read(f"{_RECORDS} kind = ? AND parent = ? AND id = ?", (kind, parent, record_id))
        return None if not found or (found[0].deleted_at is not None and not deleted) else found[0]

    def insert(self, *records: Record) -> None:
        """Keep new records, behind all others; one that was deleted before is created again."""
        self._note(*((record, None) for record in records))
        self._database.executemany(
            "INSERT OR REPLACE INTO records (kind, parent, id, deleted_at, content) VALUES (?, ?, ?, ?, ?)",
            ((record.kind, record.parent, record.id, record.deleted_at, _text(record.content)) for record in records),
        )

    def update(self, record: Record) -> None:
        """Keep what changed of a record, in its place; one that is not there yet is kept as well."""
        self._note((record, self.get(record.kind, record.id, record.parent)))
        self._database.execute(
            "INSERT INTO records (kind, parent, id, deleted_at, content) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET content = excluded.content, deleted_at = excluded.deleted_at",
            (record.kind, record.parent, record.id, record.deleted_at, _text(record.content)),
        )

    def change(self, record: Record, **values: Any) -> None:
        """Keep other values of a record."""
        record.content |= values
        self.update(record)

    def children(
        self, kind: str, parent: str = "", *, low: int = 0, high: int | None = None, descending: bool = False
    ) -> Iterator[Record]:
        """Give what exists of a kind below a parent, between two positions, a few records at a time."""
        lag = _lag.get()
        if lag is None:
            where = "kind = ? AND parent = ? AND deleted_at IS NULL"
            return self._between(_RECORDS, where, (kind, parent), low, high, descending=descending)
        former = self._former(kind, parent, lag)
        found = [record for record in former if low < record.position < (high or record.position + 1)]
        return iter(sorted(found, key=lambda record: record.position, reverse=descending))

    def _former(self, kind: str, parent: str, lag: Lag) -> Iterable[Record]:
        """Give what existed of a kind below a parent before the changes that lists do not show yet."""
        with self.lagging(None):
            found = {record.id: record for record in self.children(kind, parent)}
        begin = self.time.monotonic() - lag.seconds
        for at, changed, former in reversed(self._changes):
            if at <= begin:
                break
            if (changed.kind, changed.parent) != (kind, parent):
                continue
            if former is None:
                found.pop(changed.id, None)
            elif not lag.only_new:
                found[changed.id] = former
        return found.values()

    def _note(self, *changes: tuple[Record, Record | None]) -> None:
        now = self.time.monotonic()
        self._changes += [(now, *change) for change in changes]
        old = next((place for place, change in enumerate(self._changes) if change[0] > now - _REMEMBERED_SECONDS), 0)
        del self._changes[:old]

    def find(self, kind: str, name: str, value: object, *, deleted: bool = False) -> list[Record]:
        """Give the records of a kind whose content has a value; fast where the name is indexed."""
        existing = "" if deleted else "AND deleted_at IS NULL"
        return self._read(f"{_RECORDS} kind = '{kind}' AND {_value(name)} = ? {existing} ORDER BY position", (value,))

    def with_id(self, kind: str, record_id: str) -> list[Record]:
        """Give what exists of a kind with an id, below any parent."""
        return self._read(f"{_RECORDS} kind = ? AND id = ? AND deleted_at IS NULL ORDER BY position", (kind, record_id))

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

    def existing(self, kinds: Sequence[str], parent: str | None, *, after: int, limit: int) -> list[Record]:
        """Give some existing records of some kinds, all of them where none is named, in the order of their creation."""
        conditions = ["position > ?", "deleted_at IS NULL"]
        parameters: list[object] = [after]
        if kinds:
            # the plus keeps SQLite from sorting all records of several kinds for each page
            column = "kind" if len(kinds) == 1 or parent is not None else "+kind"
            conditions.append(f"{column} IN ({', '.join('?' * len(kinds))})")
            parameters += kinds
        if parent is not None:
            conditions.append("parent = ?")
            parameters.append(parent)
        sql = f"{_RECORDS} {' AND '.join(conditions)} ORDER BY position LIMIT ?"
        return self._read(sql, (*parameters, limit))

    def all(self, kind: str, parent: str | None = None, *, after: int = 0) -> Iterator[Record]:
        """Give all records of a kind, deleted ones too: other calls run in between."""
        where = {"kind = ?": kind} if parent is None else {"kind = ?": kind, "parent = ?": parent}
        return self._between(_RECORDS, " AND ".join(where), (*where.values(),), after)

    def _between(  # noqa: PLR0913 - a query is all of this
        self,
        select: str,
        where: str,
        parameters: Sequence[object],
        low: int,
        high: int | None = None,
        *,
        descending: bool = False,
    ) -> Iterator[Record]:
        """Give the records between two positions that a condition lets through, a few at a time."""
        high = high or 2**62
        order = f"ORDER BY position {'DESC' if descending else 'ASC'} LIMIT {_CHUNK}"
        sql = f"{select} {where} AND position > ? AND position < ? {order}"
        while records := self._read(sql, (*parameters, low, high)):
            yield from records
            if len(records) < _CHUNK:
                return
            low, high = (low, records[-1].position) if descending else (records[-1].position, high)

    def _read(self, sql: str, parameters: Sequence[object]) -> list[Record]:
        """Run a query for records or events."""
        return [
            Record(kind, record_id, parent, from_json(content), deleted_at, position)
            for kind, record_id, parent, content, deleted_at, position in self._rows(sql, parameters)
        ]

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query; the lock is held until all of its rows are read."""
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
        self, conditions: Sequence[tuple[str, Sequence[object]]], low: int, high: int | None, *, descending: bool
    ) -> Iterator[Record]:
        """Give the events between two positions that meet all conditions (SQL and its parameters)."""
        where = " AND ".join(["TRUE", *(condition for condition, _ in conditions)])
        parameters = [value for _, values in conditions for value in values]
        return self._between(_EVENTS, where, parameters, low, high, descending=descending)

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

"""State files of version 1: four kinds, each with separate fields, in one table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

FROM_VERSION = 1

_COLUMNS = ["position", "kind", "id", "content"]


class UnknownRecordError(Exception):
    """A record of a kind that no version ever wrote."""


def recognizes(database: sqlite3.Connection) -> bool:
    """Say whether the table is the one of version 1."""
    return [column for _, column, *_ in database.execute("PRAGMA table_info(records)")] == _COLUMNS


def take(database: sqlite3.Connection) -> list[Record]:
    """Read all records and drop the table."""
    rows = database.execute("SELECT kind, content FROM records ORDER BY position").fetchall()
    database.execute("DROP TABLE records")
    return [_record(kind, json.loads(content)) for kind, content in rows]


def put(database: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Write the records into the table of today."""
    database.executemany(
        "INSERT INTO records (kind, parent, id, deleted_at, content) VALUES (?, ?, ?, ?, ?)",
        ((record.kind, record.parent, record.id, record.deleted_at, json.dumps(record.content)) for record in records),
    )


def _record(kind: str, old: dict[str, Any]) -> Record:
    if kind not in _KINDS:
        raise UnknownRecordError(f"it has a record of the unknown kind {kind!r}")
    return _KINDS[kind](old)


def _project(old: dict[str, Any]) -> Record:
    return Record("project", old.pop("id"), content=old)


def _service_account(old: dict[str, Any]) -> Record:
    return Record(
        "service_account", old.pop("id"), old.pop("project_id"), deleted_at=old.pop("deleted_at"), content=old
    )


def _api_key(old: dict[str, Any]) -> Record:
    content = {**old, "_digest": old["digest"], "user_id": old["user"] and old["user"]["id"]}
    identity = {name: content.pop(name) for name in ("id", "project_id", "revoked_at", "digest")}
    return Record("api_key", identity["id"], identity["project_id"], content, identity["revoked_at"])


def _changed_row(old: dict[str, Any]) -> Record:
    return Record("rate_limit", old["rate_limit_id"], old["project_id"], {"limits": old["limits"]})


_KINDS: dict[str, Callable[[dict[str, Any]], Record]] = {
    "project": _project,
    "service_account": _service_account,
    "api_key": _api_key,
    "changed_row": _changed_row,
}

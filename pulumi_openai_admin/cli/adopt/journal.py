"""What was read, kept while it is being read: an interrupted run goes on where it was."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

STALE_SECONDS = 24 * 3600
"""What is older is read again: a program should say what is there."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class List:
    """One list of a project."""

    project_id: str
    kind: str
    """`rate_limits` or `service_accounts`."""


class Journal:
    """A file with one list a line, as OpenAI shows it. No reply to a list holds a secret.

    Lists are told by the project's id, which no two organizations share.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[List, Rows]:
        """All lists that are young enough to be used."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        found: dict[List, Rows] = {}
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:  # the line at which a run was ended
                continue
            if time.time() - entry["read_at"] < STALE_SECONDS:
                found[List(entry["project_id"], entry["kind"])] = entry["rows"]
        return found

    def add(self, one: List, rows: Rows) -> None:
        """Keep a list."""
        entry = {"project_id": one.project_id, "kind": one.kind, "read_at": time.time(), "rows": rows}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(entry, ensure_ascii=False) + "\n")  # first ends a line that was left half

    def remove(self) -> None:
        """Forget all of it: the program is written."""
        self.path.unlink(missing_ok=True)
        if self.path.parent.is_dir() and not any(self.path.parent.iterdir()):
            self.path.parent.rmdir()

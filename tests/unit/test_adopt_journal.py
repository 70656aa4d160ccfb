from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli.adopt.journal import STALE_SECONDS, Journal, List

if TYPE_CHECKING:
    from pathlib import Path

ONE, OTHER = List("proj_a", "rate_limits"), List("proj_a", "service_accounts")


def test_what_was_read_is_there_the_next_time(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new" / "read.jsonl")
    assert journal.read() == {}
    journal.add(ONE, [{"id": "rl-a"}])
    journal.add(OTHER, [])
    assert Journal(journal.path).read() == {ONE: [{"id": "rl-a"}], OTHER: []}


def test_a_line_that_a_killed_run_left_half_is_passed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "read.jsonl")
    journal.add(ONE, [])
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('{"project_id": "proj_b", "ki')
    assert set(journal.read()) == {ONE}


def test_the_next_list_is_whole_after_a_half_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "read.jsonl")
    journal.path.write_text('{"project_id": "proj_b", "ki', encoding="utf-8")
    journal.add(ONE, [])
    assert set(journal.read()) == {ONE}


def test_what_is_old_is_read_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "read.jsonl")
    old = {"project_id": "proj_a", "kind": "rate_limits", "read_at": time.time() - STALE_SECONDS - 1, "rows": []}
    journal.path.write_text(json.dumps(old) + "\n", encoding="utf-8")
    assert journal.read() == {}


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / ".adopt" / "read.jsonl")
    journal.add(ONE, [])
    journal.remove()
    assert list(tmp_path.iterdir()) == []
    journal.remove()

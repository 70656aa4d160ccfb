from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin.cli.journal import STALE_SECONDS, Journal, KeptLists, List, Source, last_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONE, OTHER = List("proj_a", "rate_limits"), List("proj_a", "service_accounts")
HERE = Source("https://api.openai.com/v1", "", "proj_ours")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "read.jsonl"


def add(path: Path, listed: List, rows: list[dict[str, Any]], source: Source = HERE) -> None:
    with Journal(path, source) as journal:
        journal.add(listed, rows)


def written(path: Path, **others: Any) -> None:
    """An entry as a journal has it, with something else in it."""
    entry = {
        "address": HERE.address,
        "organization": "",
        "anchor": HERE.project,
        "read_at": time.time(),
        "project_id": "proj_a",
    }
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**entry, "kind": ONE.kind, "rows": [], **others}) + "\n")


def test_what_was_read_is_there_the_next_time(path: Path) -> None:
    add(path, ONE, [{"id": "rl-a"}])
    add(path, OTHER, [])
    with Journal(path, HERE) as journal:
        assert journal.rows(ONE) == [{"id": "rl-a"}]
        assert journal.rows(OTHER) == []
        assert List("proj_b", "rate_limits") not in journal
        assert not journal.unused


def test_without_a_file_nothing_is_there_and_none_is_made(path: Path) -> None:
    with Journal(path, HERE) as journal:
        assert ONE not in journal
    assert not path.parent.exists()


def test_the_last_reading_of_a_list_counts(path: Path) -> None:
    add(path, ONE, [{"id": "rl-old"}])
    add(path, ONE, [{"id": "rl-new"}])
    with Journal(path, HERE) as journal:
        assert journal.rows(ONE) == [{"id": "rl-new"}]


@given(name=st.text(st.characters(exclude_categories=[])))
def test_any_name_comes_back_as_it_was(name: str) -> None:
    with KeptLists(HERE) as kept:
        kept.add(List(name, "rate_limits"), [{"model": name}])
        assert kept.rows(List(name, "rate_limits")) == [{"model": name}]


@pytest.mark.parametrize("name", ["a\u2028b", "a\u0085b", "a\x1cb", "\ud800"])
def test_a_name_with_another_line_end_loses_no_entry(path: Path, name: str) -> None:
    add(path, ONE, [{"name": name}])
    add(path, OTHER, [{"name": "next"}])
    with Journal(path, HERE) as journal:
        assert journal.rows(ONE) == [{"name": name}]
        assert journal.rows(OTHER) == [{"name": "next"}]


def test_a_list_is_whole_after_a_line_that_a_killed_run_left_half(path: Path) -> None:
    add(path, ONE, [])
    with path.open("a", encoding="utf-8") as file:
        file.write('{"project_id": "proj_b", "ki')
    add(path, OTHER, [])
    with Journal(path, HERE) as journal:
        assert ONE in journal
        assert OTHER in journal
        assert dict(journal.unused) == {"can't be read": 1}


@pytest.mark.parametrize(
    "line",
    [
        '{"read_at": null}',
        '{"project_id": "proj_a", "kind": "rate_limits", "read_at": "now", "rows": []}',
        '{"project_id": ["proj_a"], "kind": "rate_limits", "read_at": 1, "rows": []}',
        '{"project_id": "proj_a", "kind": "rate_limits", "read_at": 1, "rows": null}',
        '{"project_id": "proj_a", "kind": "rate_limits", "read_at": 1, "rows": [1]}',
        "[]",
        "null",
        "[" * 100_000,
        "\x00",
    ],
)
def test_a_malformed_line_is_passed_over_and_counted(path: Path, line: str) -> None:
    add(path, ONE, [])
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with Journal(path, HERE) as journal:
        assert ONE in journal
        assert dict(journal.unused) == {"can't be read": 1}


@pytest.mark.parametrize(
    "read_at",
    [lambda: time.time() - STALE_SECONDS - 1, lambda: time.time() + 3600, lambda: float("nan"), lambda: 10**400],
    ids=["too old", "in the future", "no number", "huge"],
)
def test_what_is_not_of_the_last_hours_is_read_again(path: Path, read_at: Callable[[], float]) -> None:
    written(path, read_at=read_at())
    with Journal(path, HERE) as journal:
        assert ONE not in journal
        assert dict(journal.unused) == {"not from the last 24 hours": 1}


def test_the_age_of_the_oldest_is_known(path: Path) -> None:
    written(path, read_at=time.time() - 7200)
    written(path, read_at=time.time() - 60, kind=OTHER.kind)
    with Journal(path, HERE) as journal:
        assert journal.oldest_seconds == pytest.approx(7200, abs=60)


@pytest.mark.parametrize(
    "source",
    [
        Source("http://127.0.0.1:1/v1", "", HERE.project),
        Source(HERE.address, "org-b", HERE.project),
        Source(HERE.address, "", "proj_theirs"),
        Source(HERE.address, ""),
    ],
)
def test_what_is_of_another_address_or_organization_is_read_again(path: Path, source: Source) -> None:
    add(path, ONE, [], source)
    with Journal(path, HERE) as journal:
        assert ONE not in journal
        assert dict(journal.unused) == {"from another address or organization": 1}


def test_without_a_project_that_shows_the_organization_all_is_read_again(path: Path) -> None:
    unknown = Source(HERE.address, "")
    add(path, ONE, [], unknown)
    with Journal(path, unknown) as journal:
        assert ONE not in journal


def test_the_last_run_says_which_organization_it_was(path: Path) -> None:
    assert not last_project(path)
    add(path, ONE, [])
    add(path, ONE, [], Source(HERE.address, "", "proj_theirs"))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"project_id": "proj_b", "ki')
    assert last_project(path) == "proj_theirs"


def test_an_entry_of_an_earlier_version_is_read_again(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"project_id": "proj_a", "kind": "rate_limits", "read_at": 1, "rows": []}\n', encoding="utf-8")
    with Journal(path, HERE) as journal:
        assert ONE not in journal


def test_threads_add_at_the_same_time(path: Path) -> None:
    with Journal(path, HERE) as journal:
        lists = [List(f"proj_{number}", "rate_limits") for number in range(40)]
        threads = [
            threading.Thread(target=journal.add, args=(request, [{"id": request.project_id}])) for request in lists
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [journal.rows(request) for request in lists] == [[{"id": request.project_id}] for request in lists]


@pytest.mark.parametrize("has_entries", [False, True])
def test_a_thread_that_ends_after_the_run_opens_no_file(path: Path, *, has_entries: bool) -> None:
    """Threads are not waited for after Ctrl-C, and a run that failed deletes its journal."""
    if has_entries:
        add(path, ONE, [])
    with Journal(path, HERE) as journal:
        pass
    path.unlink(missing_ok=True)
    with pytest.raises(ValueError, match="closed"):
        journal.add(OTHER, [])
    with pytest.raises(ValueError, match="closed"):
        journal.rows(ONE)
    assert not path.exists()
    with KeptLists(HERE) as kept:
        kept.add(ONE, [])
    with pytest.raises(ValueError, match="closed"):
        kept.rows(ONE)

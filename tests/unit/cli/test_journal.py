from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin.cli.journal import KeptLists, List, Source

HERE = Source("https://api.openai.com/v1", "")


@given(name=st.text(st.characters(exclude_categories=[])))
def test_any_name_comes_back_as_it_was(name: str) -> None:
    with KeptLists(HERE) as kept:
        kept.add(List(name, "rate_limits"), [{"model": name}])
        assert kept.rows(List(name, "rate_limits")) == [{"model": name}]


def test_threads_add_at_the_same_time() -> None:
    with KeptLists(HERE) as kept:
        lists = [List(f"proj_{number}", "rate_limits") for number in range(40)]
        threads = [threading.Thread(target=kept.add, args=(key, [{"id": key.project_id}])) for key in lists]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [kept.rows(key) for key in lists] == [[{"id": key.project_id}] for key in lists]


def test_a_thread_that_ends_after_the_run_reads_and_adds_nothing() -> None:
    """Threads are not waited for after Ctrl-C."""
    key = List("proj_a", "rate_limits")
    with KeptLists(HERE) as kept:
        kept.add(key, [])
    with pytest.raises(ValueError, match="closed"):
        kept.rows(key)
    with pytest.raises(ValueError, match="closed"):
        kept.add(key, [])

"""What a step compares, and the causes of many failures."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.batch import Batch, causes
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor


def advice(count: int) -> str:
    failed = {f"m{number}": errors.ConfigurationError(f"No {number}", "Do.") for number in range(count)}
    return str(Advice(*causes(failed)))


def test_a_list_in_another_order_is_no_change_outside_pulumi() -> None:
    remote = Remote({}, unordered=frozenset({"tiers"}))
    (found,) = remote.compared({"tiers": ["fast", "flex"]}, {"tiers": ["flex", "fast"]}, {"tiers": ["fast", "flex"]})
    assert (found.known, found.is_same) == (found.now, True)


def test_of_more_than_twelve_objects_the_others_are_counted() -> None:
    assert advice(12).endswith("m11: No 11. Do. ")
    assert advice(14).endswith("m11: No 11. Do. And 2 more. ")


@pytest.mark.parametrize("parents_differ", [False, True])
def test_an_archived_project_stops_only_objects_in_one_project(requestor: Requestor, parents_differ: bool) -> None:
    done: list[str] = []

    def act(name: str) -> None:
        if name == "b":
            raise errors.ProjectArchivedError("Archived")
        done.append(name)

    Batch(Client(requestor), parents_differ).run(["a", "b", "c"], act)
    assert done == (["a", "c"] if parents_differ else ["a"])


def test_objects_in_flight_are_bounded_however_many_batches_there_are(requestor: Requestor) -> None:
    """All wait for one request limit: the last of too many would wait longer than an operation may take."""
    client, began, may_end = Client(requestor, parallel=1), threading.Semaphore(0), threading.Event()
    done: list[str] = []

    def act(name: str) -> None:
        began.release()
        may_end.wait(10)
        done.append(name)

    runs = [threading.Thread(target=Batch(client).run, args=([name], act)) for name in "abcdef"]
    for run in runs:
        run.start()
    assert all(began.acquire(timeout=10) for _ in range(4))
    assert not began.acquire(timeout=0.2)
    may_end.set()
    for run in runs:
        run.join(10)
    assert sorted(done) == [*"abcdef"]


def test_what_a_step_sets_is_compared_as_openai_means_it() -> None:
    remote = Remote({}, unordered=frozenset({"tags"}))
    known, now = {"tags": ["a"], "on": True}, {"tags": ["b", "a"], "on": 1, "inner": {"level": 2}}
    values = remote.compared(known, now, {"tags": ["a", "b"], "on": True, "inner.level": 2, "left_out": None})
    assert [tuple(value) for value in values] == [
        ("tags", "tags", ["a"], ["b", "a"], ["a", "b"], True),
        ("on", "on", True, 1, True, False),
        ("inner.level", "inner.level", None, 2, 2, True),
    ]

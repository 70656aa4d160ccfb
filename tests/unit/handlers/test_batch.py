from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.batch import Batch, causes
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.requestor import Requestor

WHO = ContextVar("WHO", default="nobody")
OF_ONE = errors.NoMatchError("No b", "Do.")


def batch(requestor: Requestor, parallel: int = 1, *, parents_differ: bool = False) -> Batch:
    return Batch(Client(requestor, parallel), parents_differ)


def failing(error: errors.AdminError, done: list[str]) -> Callable[[str], None]:
    """Changes objects; `b` fails."""

    def act(name: str) -> None:
        if name == "b":
            raise error
        done.append(name)

    return act


def test_each_object_is_changed_in_the_context_of_the_caller(requestor: Requestor) -> None:
    done: list[tuple[str, str]] = []
    WHO.set("the step")
    batch(requestor, 2).run(["a", "b", "c"], lambda item: done.append((item, WHO.get())))
    assert sorted(done) == [("a", "the step"), ("b", "the step"), ("c", "the step")]


def test_as_many_are_changed_at_a_time_as_the_settings_say(requestor: Requestor) -> None:
    together = threading.Barrier(3, timeout=30)
    batch(requestor, 3).run(["a", "b", "c"], lambda _: together.wait())  # for the other two
    threads: set[int] = set()
    batch(requestor).run(["a", "b", "c"], lambda _: threads.add(threading.get_ident()))
    assert len(threads) == 1


def test_nothing_is_done_for_no_objects(requestor: Requestor) -> None:
    of_none = batch(requestor)
    of_none.run([], lambda _: pytest.fail("called"))
    of_none.raise_failures("things")


def test_an_error_about_one_object_does_not_stop_the_others(requestor: Requestor) -> None:
    of_three, done = batch(requestor), list[str]()
    of_three.run(["a", "b", "c"], failing(OF_ONE, done))
    assert (done, of_three.done, of_three.failed, of_three.untried) == (["a", "c"], ["a", "c"], {"b": OF_ONE}, [])
    with pytest.raises(errors.PartialUpdateError) as told:
        of_three.raise_failures("things of group group_1")
    assert told.value.what == "Failed to update 1 of 3 things of group group_1 (b); updated 2 (a, c)"
    assert told.value.advice == "b: No b. Do. Run the command again to update the rest."


def test_another_error_stops_all_that_were_not_tried(requestor: Requestor) -> None:
    of_three, done = batch(requestor), list[str]()
    of_three.run(["a", "b", "c"], failing(errors.ConfigurationError("No", "Do."), done))
    of_three.run(["d"], failing(OF_ONE, done))
    assert (done, of_three.untried) == (["a"], ["c", "d"])
    with pytest.raises(
        errors.PartialUpdateError, match=r"1 of 4 things \(b\); updated 1 \(a\), did not try 2 \(c, d\)"
    ):
        of_three.raise_failures("things")


def test_nothing_is_removed_after_a_failure(requestor: Requestor) -> None:
    of_three, done = batch(requestor), list[str]()
    of_three.run(["a", "b"], failing(OF_ONE, done))
    of_three.remove(["c"], failing(OF_ONE, done), "remove things")
    assert (done, of_three.untried) == (["a"], ["c"])


def test_the_error_of_the_only_object_is_raised_as_it_is(requestor: Requestor) -> None:
    of_one = batch(requestor)
    of_one.run(["b"], failing(OF_ONE, []))
    with pytest.raises(errors.NoMatchError):
        of_one.raise_failures("things")


@pytest.mark.parametrize("parents_differ", [False, True])
def test_an_archived_project_stops_only_objects_in_one_project(requestor: Requestor, parents_differ: bool) -> None:
    of_three, done = batch(requestor, parents_differ=parents_differ), list[str]()
    of_three.run(["a", "b", "c"], failing(errors.ProjectArchivedError("Archived"), done))
    assert done == (["a", "c"] if parents_differ else ["a"])


def advice(count: int) -> str:
    failed = {f"m{number}": errors.ConfigurationError(f"No {number}", "Do.") for number in range(count)}
    return str(Advice(*causes(failed)))


def test_each_object_that_failed_has_its_cause() -> None:
    assert advice(2) == "m0: No 0. Do. m1: No 1. Do. "


def test_of_more_than_twelve_objects_the_others_are_counted() -> None:
    assert advice(12).endswith("m11: No 11. Do. ")
    assert advice(14).endswith("m11: No 11. Do. And 2 more. ")

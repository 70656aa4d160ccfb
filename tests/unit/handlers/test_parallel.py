from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import parallel
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor

WHO = ContextVar("WHO", default="nobody")


def test_each_item_is_done_in_the_context_of_the_caller(requestor: Requestor) -> None:
    done: list[tuple[str, str]] = []
    WHO.set("the step")
    parallel.each(Client(requestor, 2), ["a", "b", "c"], lambda item: done.append((item, WHO.get())))
    assert sorted(done) == [("a", "the step"), ("b", "the step"), ("c", "the step")]


def test_as_many_are_done_at_a_time_as_the_settings_say(requestor: Requestor) -> None:
    together = threading.Barrier(3, timeout=30)

    def wait(_: str) -> None:
        together.wait()  # for the other two

    parallel.each(Client(requestor, 3), ["a", "b", "c"], wait)


def test_nothing_is_done_for_no_items(requestor: Requestor) -> None:
    parallel.each(Client(requestor, 2), [], lambda _: pytest.fail("called"))


def test_the_error_of_an_item_is_raised(requestor: Requestor) -> None:
    def fail(_: str) -> None:
        raise errors.ConfigurationError("No", "Do.")

    with pytest.raises(errors.ConfigurationError):
        parallel.each(Client(requestor, 2), ["a"], fail)


def advice(count: int) -> str:
    failed = {f"m{number}": errors.ConfigurationError(f"No {number}", "Do.") for number in range(count)}
    return str(Advice(*parallel.causes(failed)))


def test_each_object_that_failed_has_its_cause() -> None:
    assert advice(2) == "m0: No 0. Do. m1: No 1. Do. "


def test_of_more_than_twelve_objects_the_others_are_counted() -> None:
    assert advice(12).endswith("m11: No 11. Do. ")
    assert advice(14).endswith("m11: No 11. Do. And 2 more. ")


def test_no_more_are_done_at_a_time_than_the_settings_say(requestor: Requestor) -> None:
    threads: set[int] = set()
    parallel.each(Client(requestor), ["a", "b", "c"], lambda _: threads.add(threading.get_ident()))
    assert len(threads) == 1

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.api.admission import FEW, Admission
from pulumi_openai_admin.api.call import Call
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.api.requestor import Requestor
    from tests.unit.fakes import FakeOpenAI

MANY = FEW + 3


class Run:
    """Operations on threads of their own, none of which ends before it is told to."""

    def __init__(self) -> None:
        self.is_throttled = False
        self.admission = Admission(lambda: self.is_throttled)
        self.began, self._end = threading.Semaphore(0), threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def begin(self, operations: int) -> None:
        for _ in range(operations):
            self._threads.append(threading.Thread(target=self._operation))
            self._threads[-1].start()

    def _operation(self) -> None:
        with self.admission.operation():
            self.began.release()
            self._end.acquire(timeout=10)

    def begun(self, operations: int) -> bool:
        """Whether exactly so many more have begun."""
        return all(self.began.acquire(timeout=10) for _ in range(operations)) and not self.began.acquire(timeout=0.1)

    def end(self, operations: int) -> None:
        self._end.release(operations)

    def join(self) -> None:
        for one in self._threads:
            one.join(10)
            assert not one.is_alive()


@contextmanager
def run() -> Iterator[Run]:
    run = Run()
    yield run
    run.end(MANY)
    run.join()


def test_all_operations_go_on_while_nothing_is_refused() -> None:
    with run() as operations:
        operations.begin(MANY)
        assert operations.begun(MANY)


def test_few_operations_begin_while_requests_are_refused() -> None:
    with run() as operations:
        operations.is_throttled = True
        operations.begin(MANY)
        assert operations.begun(FEW)
        operations.end(2)
        assert operations.begun(2)


def test_what_has_begun_before_counts() -> None:
    with run() as operations:
        operations.begin(MANY - 1)
        assert operations.begun(MANY - 1)
        operations.is_throttled = True
        operations.begin(1)
        assert operations.begun(0)
        operations.end(3)
        assert operations.begun(1)


def test_all_that_wait_begin_once_nothing_is_refused_any_more() -> None:
    with run() as operations:
        operations.is_throttled = True
        operations.begin(MANY)
        assert operations.begun(FEW)
        operations.is_throttled = False
        operations.end(1)
        assert operations.begun(MANY - FEW)


def test_an_operation_that_fails_makes_room() -> None:
    admission = Admission(lambda: True)
    for _ in range(FEW + 1):
        with pytest.raises(KeyError), admission.operation():
            raise KeyError
    with admission.operation():
        pass


def test_a_client_is_throttled_from_a_refusal_until_its_pace_is_free_again(
    requestor: Requestor, client: Client, openai: FakeOpenAI
) -> None:
    assert not requestor.is_throttled()
    openai.surprise("GET", "proj_1$", (429, error_body("Rate limit reached")), headers={"retry-after": "1"})
    call = Call("GET", "/organization/projects/proj_1", "look at project proj_1")
    client.send(call)
    assert requestor.is_throttled()
    for _ in range(50):
        client.send(call)
    assert not requestor.is_throttled()


def test_the_time_of_an_operation_does_not_run_while_it_waits(client: Client, requestor: Requestor) -> None:
    began: list[tuple[float, int]] = []

    @contextmanager
    def operation(at_most: float) -> Iterator[None]:
        began.append((at_most, client._admission._running))
        yield

    requestor.operation = operation  # type: ignore[method-assign]
    with client.operation(7):
        assert began == [(7, 1)], "admitted first"

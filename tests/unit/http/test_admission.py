from __future__ import annotations

import threading
from contextlib import ExitStack
from contextvars import Context
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import THROTTLED_CONCURRENCY, Client
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.requestor import Requestor
    from tests.unit.fakes import Clock, FakeOpenAI


@pytest.mark.parametrize("ends", [True, False], ids=["others end", "nothing is refused"])
def test_few_operations_run_while_requests_are_refused(
    requestor: Requestor, client: Client, monkeypatch: pytest.MonkeyPatch, *, ends: bool
) -> None:
    is_throttled, begun = True, []
    monkeypatch.setattr(requestor, "is_throttled", lambda: is_throttled)
    with ExitStack() as running, ExitStack() as last:
        for _ in range(THROTTLED_CONCURRENCY):
            running.enter_context(client.operation())

        def wait(begin: Callable[[float], bool]) -> None:
            nonlocal is_throttled
            begun.append(begin(0))
            if ends:
                running.close()
            else:
                is_throttled = False
            begun.append(begin(0))

        monkeypatch.setattr(requestor, "await_turn", wait)
        last.enter_context(client.operation())
        assert begun == [False, True]


def test_the_end_of_an_operation_wakes_those_that_wait(
    requestor: Requestor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = threading.Event()

    def is_throttled() -> bool:
        waits.set()
        return True

    monkeypatch.setattr(requestor, "is_throttled", is_throttled)
    waiting = threading.Thread(target=client._starts, args=(threading.TIMEOUT_MAX,), daemon=True)
    with ExitStack() as running:
        for _ in range(THROTTLED_CONCURRENCY):
            running.enter_context(client.operation())
        waiting.start()
        assert waits.wait(10)
    waiting.join(10)
    assert not waiting.is_alive()


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


# How long an operation waits for its turn


@pytest.fixture
def full(requestor: Requestor, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client whose operations wait, because requests are refused and as many as may run then do run."""

    def is_throttled() -> bool:
        clock.sleep(100)  # of the time limit, for each look of the waiting operation
        return True

    client = Client(requestor)
    monkeypatch.setattr(requestor, "is_throttled", is_throttled)
    client._running = THROTTLED_CONCURRENCY
    return client


def test_a_wait_for_the_turn_ends_with_the_time_limit(full: Client) -> None:
    with (
        pytest.raises(
            errors.OperationTimeoutError, match=r"Nothing was sent: the time limit .* passed while"
        ) as failure,
        full.operation(),
    ):
        pytest.fail("its turn never comes")
    assert "openai-admin:maxWaitSeconds" in str(failure.value)
    with pytest.raises(errors.OperationTimeoutError, match="custom_timeouts"), full.operation(5):
        pytest.fail("its turn never comes")


@pytest.mark.parametrize(("at_most", "left"), [(0, 600), (700, 400)])
def test_responses_to_other_operations_restart_the_time(
    requestor: Requestor, clock: Clock, openai: FakeOpenAI, at_most: float, left: float
) -> None:
    attempts = iter([False, True])

    def attempt(_seconds: float) -> bool:
        clock.at += 150
        call = Call("GET", "/organization/projects/proj_1", "look at project proj_1")
        Context().run(requestor.send, call)  # as another operation does
        return next(attempts)

    assert openai is not None
    with requestor.operation(at_most):
        requestor.await_turn(attempt)
        assert requestor._left() == left


def test_a_wait_for_a_request_in_flight_ends_with_a_cancellation(client: Client, clock: Clock) -> None:
    with ExitStack() as until:
        for _ in range(THROTTLED_CONCURRENCY * client.parallel):
            until.enter_context(client.in_flight())
        clock.cancel()
        with pytest.raises(errors.OperationTimeoutError, match="you cancelled it"), client.in_flight():
            pytest.fail("its turn never comes")
    with client.in_flight():
        pass

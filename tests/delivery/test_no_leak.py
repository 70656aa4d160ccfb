"""Every store fails at every step with a reply that repeats the key. Nothing that we say or log may show it."""

from __future__ import annotations

import base64
import itertools
import logging
import traceback
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.delivery.secret_store import DeliveryError, Mask
from tests.delivery import stores
from tests.delivery.fake_store import Fault, MemberStore
from tests.delivery.moto_aws import Aws
from tests.delivery.test_every_store import KEY, NEXT
from tests.seed import seed_of_this_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.delivery.fake_store import Store

OTHER = "hunter2-hunter2"
VERBS = ("check", "deliver", "presence", "remove")


def verbs_of(store: Store, version: str) -> dict[str, Callable[[], object]]:
    return {
        "check": store.destination.check,
        "deliver": lambda: store.destination.deliver(NEXT),
        "presence": lambda: store.destination.presence(version),
        "remove": lambda: store.destination.remove(version),
    }


def failure_of(verb: Callable[[], object]) -> DeliveryError | None:
    try:
        verb()
    except DeliveryError as error:
        return error
    return None


def at_each_step(store: Store, verb: str, status: int, **fault: Any) -> Iterator[DeliveryError | None]:
    """The error of a verb whose first request fails, whose second one does, and so on; None if it succeeds then."""
    for step in itertools.count():
        version = store.destination.deliver(KEY)
        store.server.requests.clear()
        store.server.fault = Fault(step, status, **fault)
        error = failure_of(verbs_of(store, version)[verb])
        store.server.fault = None
        if len(store.server.requests) <= step:
            return
        yield error


def _told(error: BaseException) -> Iterator[str]:
    """All that an error and what led to it say."""
    chain: BaseException | None = error
    while chain is not None:
        yield from (str(chain), repr(chain), *traceback.format_exception(chain))
        chain = chain.__cause__ or chain.__context__


def _failing_stores() -> list[Any]:
    """Each store with each failure. Two that have a client in common take turns, which the seed of the run begins."""
    failures = [(0, False), (0, True), (400, False), (403, False), (500, False), (500, True)]
    with_client = groupby(stores.ALL, key=lambda name: stores.ALL[name].__module__)
    kinds = [list(names) for _, names in with_client]
    return [
        pytest.param(names[(seed_of_this_run() + row) % len(names)], *failure, id=f"{names[0]}-{row}")
        for names in kinds
        for row, failure in enumerate(failures)
    ]


@pytest.mark.parametrize(("name", "status", "is_late"), _failing_stores())
def test_no_failure_shows_the_key(
    start: Callable[[type[Store]], Store],
    name: str,
    status: int,
    is_late: bool,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    store = start(stores.ALL[name])
    if isinstance(store, MemberStore):
        store.put_member("password", OTHER)
    for verb in VERBS:
        told = at_each_step(store, verb, status, is_late=is_late, text=f"{KEY} {NEXT}", echoes=True)
        failures = [error for error in told if error]
        assert failures, verb
        for error in failures:
            assert [text for text in _told(error) if _shows_a_key(text)] == []
            assert error.__cause__ is None
            assert error.__context__ is None
    printed = capfd.readouterr()
    for text in (caplog.text, printed.out, printed.err):
        assert KEY[11:] not in text
        assert NEXT[11:] not in text


def _shows_a_key(text: str) -> bool:
    parts = (KEY[11:-5], NEXT[11:-5], OTHER, base64.b64encode(KEY.encode()).decode()[16:32])
    return Mask()(text) != text or any(part in text for part in parts)


def test_a_client_would_log_the_key(start: Callable[[type[Store]], Store], caplog: pytest.LogCaptureFixture) -> None:
    """What the test above finds nothing of: boto3 logs the requests that it sends."""
    caplog.set_level(logging.DEBUG)
    store = start(Aws)
    store.put(KEY)
    assert KEY in caplog.text
    caplog.clear()
    store.destination.deliver(NEXT)
    assert NEXT not in caplog.text
    assert "secretsmanager" in caplog.text

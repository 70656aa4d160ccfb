from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.http import requestor as requestor_module
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.lifecycle.run import Run

if TYPE_CHECKING:
    import pytest

    from pulumi_openai_admin.config import Settings


def unguarded() -> None:
    """Guards nothing."""


def test_equal_settings_share_one_client_and_others_share_nothing(settings: Settings) -> None:
    run = Run()
    first = run.client(settings, unguarded)
    assert run.client(replace(settings, key_source="elsewhere"), unguarded) is first
    for other in ({"admin_api_key": "sk-admin-other"}, {"base_url": "https://other.test"}, {"organization": "org-b"}):
        assert run.client(replace(settings, **other), unguarded) is not first


def test_there_may_be_any_number_of_organizations(settings: Settings) -> None:
    run, several = Run(), [replace(settings, organization=f"org-{number}") for number in range(20)]
    clients = [run.client(each, unguarded) for each in several]
    assert [run.client(each, unguarded) for each in several] == clients
    assert len(set(map(id, clients))) == 20


def test_threads_that_connect_at_the_same_time_share_one_client(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, together = Run(), threading.Barrier(2)

    def slow(*arguments: Any) -> Requestor:
        with suppress(threading.BrokenBarrierError):  # the other thread does not get here
            together.wait(0.2)
        return Requestor(*arguments)

    monkeypatch.setattr(requestor_module, "Requestor", slow)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: run.client(settings, unguarded), range(2))
    assert first is second


def test_runs_share_nothing(settings: Settings) -> None:
    run, other = Run(), Run()
    assert run.client(settings, unguarded) is not other.client(settings, unguarded)
    run.claims.declare("urn")
    assert not other.claims.is_declared("urn")
    assert run.availability("europe").mark_unreachable()
    assert not run.availability("europe").mark_unreachable()
    assert other.availability("europe").mark_unreachable()
    assert run.availability("").mark_unreachable()

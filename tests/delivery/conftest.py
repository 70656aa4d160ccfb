"""A running store for each test."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.delivery import stores
from tests.delivery.fake_store import Place, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.delivery.fake_store import MemberStore, Start, StoreT


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Start]:
    """Start a store."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(time, "sleep", lambda _: None)  # how the clients wait between repetitions
    started: list[Store] = []

    def start_one(kind: type[StoreT]) -> StoreT:
        store = kind(Place(monkeypatch, tmp_path))
        started.append(store)
        return store

    yield start_one
    for store in started:
        store.server.stop()


@pytest.fixture(params=list(stores.ALL))
def store(request: pytest.FixtureRequest, start: Start) -> Store:
    """Each store."""
    return start(stores.ALL[request.param])


@pytest.fixture(params=list(stores.WITH_MEMBERS))
def document(request: pytest.FixtureRequest, start: Start) -> MemberStore:
    """Each store where the key is one member of a document."""
    return start(stores.WITH_MEMBERS[request.param])

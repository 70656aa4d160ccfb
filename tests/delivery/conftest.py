"""A running store for each test."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.delivery import stores
from tests.delivery.stores import Place, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[type[Store]], Store]]:
    """Start a store."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(time, "sleep", lambda _: None)  # how the clients wait between repetitions
    started: list[Store] = []

    def start_one(kind: type[Store]) -> Store:
        started.append(kind(Place(monkeypatch, tmp_path)))
        return started[-1]

    yield start_one
    for store in started:
        store.server.stop()


@pytest.fixture(params=list(stores.ALL))
def store(request: pytest.FixtureRequest, start: Callable[[type[Store]], Store]) -> Store:
    """Each store."""
    return start(stores.ALL[request.param])


@pytest.fixture(params=[name for name, kind in stores.ALL.items() if kind.has_members])
def document(request: pytest.FixtureRequest, start: Callable[[type[Store]], Store]) -> Store:
    """Each store where the key is one member of a document."""
    return start(stores.ALL[request.param])

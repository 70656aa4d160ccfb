from __future__ import annotations

import logging
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import urllib3
from pulumi.runtime.config import set_all_config
from pulumi.runtime.settings import reset_options
from pulumi.runtime.sync_await import _ensure_event_loop

from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.data_sources import look_up
from pulumi_openai_admin.http.certificates import CA_BUNDLES
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from tests.unit.fakes import KEY, URL, Clock, FakeOpenAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests_mock


_connect = urllib3.util.connection.create_connection


@pytest.fixture(autouse=True)
def _clean_loggers() -> Iterator[None]:
    """Log lines reach caplog, whatever a test, or one before it, installed."""
    names = ("pulumi_openai_admin", "pulumi_openai_admin.requests")
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.NOTSET)
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that forgets to fake OpenAI is told so, and asks nobody."""

    def connect(address: object, *_: object, **__: object) -> None:
        raise AssertionError(f"This test connects to {address}")

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)


@pytest.fixture
def _loopback(_no_network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sockets of the test are real; all servers are on this machine."""
    monkeypatch.setattr(urllib3.util.connection, "create_connection", _connect)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies and certificates of this machine's environment are no business of a test."""
    for name in [*(name for name in os.environ if name.lower().endswith("_proxy")), *CA_BUNDLES]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def _program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine runs the program, so all its look-ups are one run."""
    monitor = SimpleNamespace()
    monkeypatch.setattr(look_up, "get_monitor", lambda: monitor)


@pytest.fixture
def no_mocks() -> Iterator[Callable[[], None]]:
    """Takes the mocks of an engine away; at the end of the test, too, with the configuration of the stack."""

    def take_away() -> None:
        for _ in range(2):  # the second time for threads, to which Pulumi gives what was set last over nothing
            reset_options()

    _ensure_event_loop()  # `set_mocks` needs one, and asyncio makes none by itself once another test has closed its own
    yield take_away
    take_away()
    set_all_config({})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings() -> Settings:
    return Settings(KEY, "the environment variable OPENAI_ADMIN_KEY", base_url=URL)


@pytest.fixture
def requestor(settings: Settings, clock: Clock) -> Requestor:
    return Requestor(settings, clock=clock)


@pytest.fixture
def client(requestor: Requestor) -> Client:
    return Client(requestor)


@pytest.fixture
def openai(requests_mock: requests_mock.Mocker) -> FakeOpenAI:
    return FakeOpenAI(requests_mock)

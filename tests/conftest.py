"""Fixtures of the folders whose tests run providers and engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.warm.server import COVERAGE
from tests.warm.start import WarmEngine
from tools import engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.engine import Engine


UNMEASURED = ("benchmarks", "browser", "engine", "host", "native", "tools")
"""The folders whose tests start processes without coverage, which slows them: other tests measure the same code."""


@pytest.fixture(scope="module", autouse=True)
def _unmeasured(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name in UNMEASURED:
            patch.delenv(COVERAGE, raising=False)
        yield


@pytest.fixture(scope="session")
def pulumi() -> Engine:
    """The engine; the programs and providers that it starts have imported Pulumi and this package already."""
    found = engine.find_or_get()
    return WarmEngine(found.folders, found.source, found.version)


@pytest.fixture(scope="session")
def _server() -> Iterator[EmulatorServer]:
    with pytest.MonkeyPatch.context() as patch:  # tests/emulator measure it; measured, it would be half as fast
        patch.delenv(COVERAGE, raising=False)
        server = EmulatorServer().start()
    yield server
    server.stop()


@pytest.fixture
def emulator(_server: EmulatorServer) -> EmulatorServer:
    _server.control.reset()
    return _server

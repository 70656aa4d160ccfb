"""Fixtures of the folders whose tests run providers and engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.engine import Engine


@pytest.fixture(scope="session")
def pulumi() -> Engine:
    return engine.find_or_get()


@pytest.fixture(scope="session")
def _server() -> Iterator[EmulatorServer]:
    with pytest.MonkeyPatch.context() as patch:  # tests/emulator measure it; measured, it would be half as fast
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        server = EmulatorServer().start()
    yield server
    server.stop()


@pytest.fixture
def emulator(_server: EmulatorServer) -> EmulatorServer:
    _server.control.reset()
    return _server

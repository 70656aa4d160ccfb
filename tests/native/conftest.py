from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import engine, sdks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture(scope="session")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all generated SDKs."""
    folder = tmp_path_factory.mktemp("sdk")
    sdks.generate(folder)
    return folder

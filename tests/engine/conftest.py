from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.by_hand import send
from tests.engine.stacks import OTHER_KEY, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tools.engine import Engine


@pytest.fixture
def stack(pulumi: Engine, environ: dict[str, str], tmp_path: Path) -> Stack:
    return Stack(pulumi, tmp_path, environ)


@pytest.fixture
def native(stack: Stack) -> Stack:
    """A stack of the native provider, whose program is in YAML."""
    stack.use_native()
    return stack


@pytest.fixture(params=["dynamic", "native"])
def either(stack: Stack, request: pytest.FixtureRequest) -> Stack:
    """A stack of each provider."""
    if request.param == "native":
        stack.use_native()
    return stack


@pytest.fixture
def other(tmp_path: Path) -> Iterator[EmulatorServer]:
    """Another organization, on an address of its own, with a project that the first one does not have."""
    server = EmulatorServer(admin_key=OTHER_KEY, state=tmp_path / "other.db").start()
    server.control.seed({"projects": [{"name": "Only in b"}]})
    yield server
    server.stop()


@pytest.fixture
def openai(emulator: EmulatorServer) -> Callable[..., dict[str, object]]:
    """Calls the API of projects outside Pulumi."""
    return lambda method, path, **body: dict(send(emulator, f"projects/{path}", method, **body))

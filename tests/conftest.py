"""Fixtures of the folders whose tests run providers and engines."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.warm.server import COVERAGE
from tests.warm.start import WarmEngine
from tools import engine
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.engine import Engine

pytest_plugins = [
    "tests.every_resource",
    "tests.same_inputs",
    "tests.sdks",
    "tests.seed",
    "tests.worker_end",
]

TESTS = Path(__file__).parent
UNMEASURED_PROCESSES = ("benchmarks", "browser", "engine", "host", "native", "tools")
"""The folders whose tests start processes without coverage, which slows them: other tests measure the same code."""
UNMEASURED = (
    "cli/test_hostile_names.py",
    "delivery/test_no_leak.py",
    "emulator/test_specification.py",
)
"""The modules that run code without coverage, since they run it very often: other tests measure it."""


LONGEST_FIRST = ("engine", "native", "benchmarks", "browser", "delivery", "host", "cli", "tools")
"""The folders of long tests. The tests of the other folders are quick."""
TOGETHER = 12
"""So many tests that follow each other stay in one worker, and share what their fixtures prepare."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with long tests, and end with quick ones: all finish at about the same time.

    xdist gives each worker a share of the list. A worker that has finished takes tests from the end of another's.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return
    places = {folder: place for place, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.relative_to(TESTS).parts[0], len(places)))
    groups = [items[first : first + TOGETHER] for first in range(0, len(items), TOGETHER)]
    items[:] = [item for first in range(workers) for group in groups[first::workers] for item in group]


@pytest.fixture(scope="module", autouse=True)
def _unmeasured(request: pytest.FixtureRequest) -> Iterator[None]:
    place = request.path.relative_to(TESTS)
    measuring = Coverage.current() if place.as_posix() in UNMEASURED else None
    with pytest.MonkeyPatch.context() as patch:
        if measuring or place.parts[0] in UNMEASURED_PROCESSES:
            patch.delenv(COVERAGE, raising=False)
        if measuring:
            measuring.stop()
        yield
        if measuring:
            measuring.start()


@pytest.fixture(scope="session")
def pulumi() -> Engine:
    """The engine; the programs and providers that it starts have imported Pulumi and this package already."""
    found = engine.find_or_get()
    return WarmEngine(found.folder, found.source, found.version)


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


@pytest.fixture
def environ(emulator: EmulatorServer) -> dict[str, str]:
    return environ_of(emulator)

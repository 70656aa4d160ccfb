from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulation.cloud import Cloud
from tests.simulation.engine import Engine, listening

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with listening():
        yield Cloud()


@pytest.fixture(params=[False, True], ids=["dynamic", "native"])
def is_native(request: pytest.FixtureRequest) -> bool:
    """Both providers, which behave the same."""
    return bool(request.param)


@pytest.fixture
def engine(cloud: Cloud, is_native: bool) -> Engine:
    """An empty stack and an organization at its start."""
    cloud.reset(1)
    return Engine(cloud, is_native)

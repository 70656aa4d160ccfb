from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess

if TYPE_CHECKING:
    from tests.host.native_process import Host


@pytest.fixture(params=[DynamicHost, NativeProcess], ids=["dynamic", "native"])
def provider(request: pytest.FixtureRequest) -> Host:
    """Both providers, which behave the same."""
    kind: Host = request.param
    return kind

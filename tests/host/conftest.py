from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host


@pytest.fixture(params=[DynamicHost, NativeProcess], ids=["dynamic", "native"])
def provider(request: pytest.FixtureRequest) -> Host:
    """Both providers, which behave the same."""
    kind: Host = request.param
    return kind


@pytest.fixture
def environ(emulator: EmulatorServer) -> dict[str, str]:
    return {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.provider_process import DynamicHost, NativeProcess
from tests.host.stack import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.provider_process import ProviderProcess


@pytest.fixture(params=[DynamicHost, NativeProcess], ids=["dynamic", "native"])
def provider(request: pytest.FixtureRequest) -> type[ProviderProcess]:
    """Both providers, which behave the same."""
    kind: type[ProviderProcess] = request.param
    return kind


@pytest.fixture
def stack(
    provider: type[ProviderProcess], emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> Stack:
    return Stack(emulator, provider, environ, subtests)

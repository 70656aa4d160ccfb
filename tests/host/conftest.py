from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.provider_process import DynamicProcess, NativeProcess
from tests.host.stack import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


@pytest.fixture(params=[DynamicProcess, NativeProcess], ids=["dynamic", "native"])
def provider(request: pytest.FixtureRequest) -> type[DynamicProcess]:
    """Both providers, which behave the same."""
    kind: type[DynamicProcess] = request.param
    return kind


@pytest.fixture
def stack(
    provider: type[DynamicProcess], emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> Stack:
    return Stack(emulator, provider, environ, subtests)

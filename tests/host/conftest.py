from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


@pytest.fixture
def environ(emulator: EmulatorServer) -> dict[str, str]:
    return {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}

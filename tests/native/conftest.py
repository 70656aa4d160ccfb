from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools import sdks

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all generated SDKs."""
    folder = tmp_path_factory.mktemp("sdk")
    sdks.generate(folder)
    return folder

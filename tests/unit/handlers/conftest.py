from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=hasattr(time, "tzset"))  # Windows has no time zone of one process
def _far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dates in messages are in UTC, also where it is another day."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XXX12")
        time.tzset()
        yield
    time.tzset()

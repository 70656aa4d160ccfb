from __future__ import annotations

from types import SimpleNamespace

import pytest

from pulumi_openai_admin.data_sources import look_up


@pytest.fixture
def _program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine runs the program, so all its look-ups are one run."""
    monitor = SimpleNamespace()
    monkeypatch.setattr(look_up, "get_monitor", lambda: monitor)

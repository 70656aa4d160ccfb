"""What the demo asks of this machine goes through no proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import demo

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmulatorServer]:
    """An emulator, on a machine whose proxy nobody answers at."""
    with EmulatorServer() as emulator:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield emulator


def test_the_demo_changes_the_limit_without_a_proxy(emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "KEY", emulator.admin_key)
    demo.change_behind({"OPENAI_BASE_URL": emulator.base_url}, "4 of 6")
    changed = emulator.control.state()["projects"][demo.PROJECT]["rate_limits"]["changed"]
    assert changed == {f"rl-{demo.MODEL}": demo.BEHIND}

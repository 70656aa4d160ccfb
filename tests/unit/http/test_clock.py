from __future__ import annotations

from pulumi_openai_admin.http.clock import ServerClock
from tests.unit import fakes


def test_the_time_is_the_last_replys_and_runs_on() -> None:
    here = fakes.Clock()
    clock = ServerClock(here)
    clock.set(1_800_000_000.0)
    assert clock.now() == 1_800_000_000
    here.sleep(2.5)
    assert clock.now() == 1_800_000_002.5
    clock.set(1_800_000_010.0)
    here.sleep(1)
    assert clock.now() == 1_800_000_011


def test_a_reply_without_a_date_changes_nothing() -> None:
    here = fakes.Clock()
    clock = ServerClock(here)
    clock.set(None)
    assert clock.now() is None
    clock.set(1_800_000_000.0)
    here.sleep(3)
    clock.set(None)
    assert clock.now() == 1_800_000_003

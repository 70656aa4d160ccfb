from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import lost_changes
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.lost_changes import LostChanges


class Waits:
    """A client whose time passes only while it waits."""

    def __init__(self, now: float, lost_at: float | None = None, *, is_known: bool = True) -> None:
        self.now, self.waited, self.lists_read = now, 0.0, 0
        self.requestor = SimpleNamespace(lost_at=lost_at)
        self.clock = SimpleNamespace(now=lambda: self.now if is_known else None)

    def pause(self, seconds: float, _: str) -> None:
        self.now, self.waited = self.now + seconds, self.waited + seconds

    def forget_lists(self) -> None:
        self.lists_read += 1

    def log_wait(self, *_: object) -> None:
        """Nobody reads it."""


MOMENTS = st.integers(-10_000, 10_000)


@given(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS, st.booleans())
def test_a_removal_comes_a_minute_after_the_last_lost_request(
    now: int, recorded: int | None, lost_at: int | None, is_known: bool
) -> None:
    client: Any = Waits(now, lost_at, is_known=is_known)
    remote = Remote({})
    remote.memory.put(LostChanges(recorded, {"role": ["a"]}))
    has_waited = lost_changes.wait(client, remote, "remove it")
    assert has_waited == client.lists_read == bool(client.waited)
    last = recorded if lost_at is None else lost_at
    if last is None:
        assert client.waited == 0
    else:
        assert client.waited == VISIBILITY_LAG_SECONDS or (is_known and client.now >= last + VISIBILITY_LAG_SECONDS)
        assert client.waited <= VISIBILITY_LAG_SECONDS, "also by a clock that was set back"
    assert remote.memory[LostChanges] == LostChanges(None, {"role": ["a"]}), "which one it has is not known yet"


def change(client: Any, remote: Remote, *, is_lost: bool = False, **properties: Any) -> None:
    with lost_changes.tracking(client, remote, properties):
        if is_lost:
            raise errors.ResponseLostError("No reply", "Again.")


def test_a_lost_change_is_recorded_until_a_later_one_is_confirmed_and_it_can_no_longer_act() -> None:
    remote = Remote({}, "x", {"name": "a", "role": "b", "scopes": "c"})
    client: Any = Waits(1000, lost_at=999)
    for properties in ({"role": "d"}, {"name": "n", "role": "e"}, {"role": None}):
        with pytest.raises(errors.ResponseLostError):
            change(client, remote, is_lost=True, **properties)
    assert remote.memory[LostChanges].may_hold == {"role": ["d", "e"], "name": ["n"]}
    assert remote.step.has_changed, "a failure must not forget it"
    known = [lost_changes.is_known(remote, name, value) for name, value in remote.attributes.items()]
    assert known == [False, False, True]
    change(client, remote, role="b")
    assert remote.memory[LostChanges].may_hold["role"] == ["d", "e", "b"]
    client.now += VISIBILITY_LAG_SECONDS
    change(client, remote, role="b")
    assert remote.memory.to_state() == {"lost_at": 1000, "may_hold": {"name": ["n"]}}


def test_a_refused_change_is_not_recorded() -> None:
    remote = Remote({})
    client: Any = Waits(1000)
    with pytest.raises(errors.ConfigurationError), lost_changes.tracking(client, remote, {"role": "a"}):
        raise errors.ConfigurationError("No", "Do.")
    assert (remote.memory.to_state(), remote.step.has_changed) == ({}, False)


def test_a_value_that_a_lost_change_sets_again_is_known() -> None:
    remote = Remote({}, "x", {"expires_in_seconds": 30})
    client: Any = Waits(1000, lost_at=999)
    change(client, remote, expires_in_seconds=30)
    assert lost_changes.is_known(remote, "expires_in_seconds", 30)

"""When access ends, and what previews say of it; `tests/simulation` has what happens at OpenAI."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import GroupUser, ProjectMembers
from pulumi_openai_admin.lifecycle import state as states
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import StateDifference, diff
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.remedies import NOTE
from pulumi_openai_admin.schema.shapes import UNKNOWN
from tests import keyed
from tests.unit.fakes import Log, MemoryHost

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = 86_400
END = "2026-12-31"
OVER = 1_798_761_600
"""When that day has ended."""
CLEAN = StateDifference((), (), is_due=False)
USER = {"group_id": "group_1", "user_id": "user-1"}
SET = {"project_id": "proj_1", "members": keyed.members({"ada@example.com": "member", "user-bob": "viewer"})}
IDS = {"ada@example.com": "user-ada", "user-bob": "user-bob"}


@dataclass
class Declared:
    """A resource in the state, and in a program."""

    resource: type[Any]
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any] = field(default_factory=dict)
    ended: tuple[str, ...] = ()

    def state(self, **more: Any) -> dict[str, Any]:
        managed = {"inputs": sorted(self.inputs), **({"ended": list(self.ended)} if self.ended else {})}
        return {**self.inputs, **self.outputs, **more, states.MANAGED: managed}

    def diff(self, host: MemoryHost, **news: Any) -> StateDifference:
        return diff(self.resource, host, self.id, self.state(), Inputs({**self.inputs, **news}))


ONE = Declared(GroupUser, "group_1/user-1", {**USER, "until": END})
MANY = Declared(
    ProjectMembers,
    "proj_1",
    {**SET, "until": keyed.until({"ada@example.com": END, "user-bob": "2026-12-30"})},
    {"__users": keyed.users(IDS)},
)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets this machine's clock to some seconds after the time is over."""
    return lambda seconds: monkeypatch.setattr("time.time", lambda: OVER + seconds)


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost()


@pytest.fixture(autouse=True)
def notes(caplog: Log) -> None:
    caplog.set_level(NOTE)


def test_a_week_before_previews_say_when_access_ends(host: MemoryHost, now: Any, caplog: Any) -> None:
    now(-7 * DAY - 1)
    assert ONE.diff(host) == CLEAN
    assert caplog.messages == []
    now(-7 * DAY)
    assert (ONE.diff(host), MANY.diff(host)) == (CLEAN, CLEAN)
    assert caplog.messages == [
        "The access of user user-1 of group group_1 ends on 2026-12-31.",
        "The access of 2 users of project proj_1 ends: ada@example.com on 2026-12-31, user-bob on 2026-12-30.",
    ]


def test_after_that_the_declaration_can_stay(host: MemoryHost, now: Any, caplog: Any) -> None:
    now(DAY)
    one = Declared(GroupUser, ONE.id, ONE.inputs, ended=("",))
    assert one.diff(host) == CLEAN
    left = {
        "members": keyed.members({"ada@example.com": "member"}),
        "__users": keyed.users({"ada@example.com": "user-ada"}),
    }
    many = Declared(
        ProjectMembers, "proj_1", {**SET, "until": keyed.until({"user-bob": END})}, left, ended=("user-bob",)
    )
    assert many.diff(host) == CLEAN
    assert [record.levelno for record in caplog.records] == [NOTE, NOTE]
    assert caplog.messages == [
        "The access of user user-1 of group group_1 ended on 2026-12-31. It can be removed from the program.",
        "The access of user user-bob of project proj_1 ended on 2026-12-31. It can be removed from the program.",
    ]


@pytest.mark.parametrize("until", ["2027-01-01T00:00:00Z", "2027-01-01T01:00:00+01:00", OVER, float(OVER)])
def test_another_form_of_the_same_moment_is_no_change(host: MemoryHost, now: Any, until: object) -> None:
    now(-30 * DAY)
    assert ONE.diff(host, until=until) == CLEAN
    assert MANY.diff(host, until=keyed.until({"ada@example.com": until, "user-bob": "2026-12-30"})) == CLEAN
    assert MANY.diff(host, until=keyed.until({"ada@example.com": until})).inputs == ("until",)


def failures(resource: type[Any], host: MemoryHost, inputs: dict[str, Any], olds: dict[str, Any]) -> list[str]:
    return [failure.reason for failure in check(resource, host, olds, Inputs(inputs)).failures]


def test_a_new_time_has_to_be_in_the_future(host: MemoryHost, now: Any) -> None:
    now(1)
    advice = "which is in the past: set a later time, or remove it from the program."
    assert failures(GroupUser, host, ONE.inputs, {}) == [f"until is 2026-12-31, {advice}"]
    assert failures(GroupUser, host, ONE.inputs, {**USER, "until": OVER + DAY}) == [f"until is 2026-12-31, {advice}"]
    assert failures(GroupUser, host, ONE.inputs, {**USER, "until": float(OVER)}) == []
    assert failures(GroupUser, host, {**USER, "until": UNKNOWN}, {}) == []
    before = {**SET, "until": keyed.until({"user-bob": "2026-12-30"})}
    assert failures(ProjectMembers, host, MANY.inputs, before) == [f"until of ada@example.com is 2026-12-31, {advice}"]
    assert failures(ProjectMembers, host, before, before) == []

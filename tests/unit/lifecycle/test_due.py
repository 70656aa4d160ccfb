"""What becomes due because a time has come: what a preview says, replaces, and knows before the update."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import AdminApiKey
from pulumi_openai_admin.lifecycle import run
from pulumi_openai_admin.lifecycle.apply import preview_update, update
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import StateDifference, diff
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs
from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS
from pulumi_openai_admin.schema.unknown import UNKNOWN
from tests.unit.fakes import NOW, MemoryHost

DAY = 86_400
SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}
KNOWN = {"admin_api_key_id", "api_key"}


def state(**more: Any) -> dict[str, Any]:
    """A key that was created at `NOW`."""
    inputs = {"name": "ci", **SCHEDULE}
    shown = {"admin_api_key_id": "key_2", "api_key": "sk-admin-V", "created_at": NOW, "retiring_api_keys": ""}
    return {**inputs, **shown, **more, MANAGED: {"inputs": sorted(inputs), **more.get(MANAGED, {})}}


def inputs(**more: Any) -> Inputs:
    return Inputs({name: value for name, value in {"name": "ci", **SCHEDULE, **more}.items() if value is not None})


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets this machine's clock to some days after `NOW`."""
    return lambda number: monkeypatch.setattr("time.time", lambda: NOW + number * DAY)


def test_before_it_is_due_nothing_differs_and_nothing_is_said(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(89.9)
    assert diff(AdminApiKey, host, "key_1", state(), inputs()) == StateDifference((), (), is_due=False)
    assert caplog.messages == []
    assert set(preview_update(AdminApiKey, host, "key_1", state(), inputs()).values) >= KNOWN


def test_with_an_overlap_an_update_is_due_that_changes_the_key(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(93)
    assert diff(AdminApiKey, host, "key_1", state(), inputs()) == StateDifference((), (), is_due=True)
    (message,) = caplog.messages
    assert message.startswith("Admin API key key_2 was created 93 days ago and is rotated every 90 days; ")
    assert message.endswith("; update the resources to create a new key. The current key is revoked 24 hours later.")
    assert not KNOWN & set(preview_update(AdminApiKey, host, "key_1", state(), inputs()).values)


def test_without_an_overlap_it_is_a_replacement(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(93)
    found = diff(AdminApiKey, host, "key_1", state(), inputs(overlap=None))
    assert found == StateDifference(("overlap",), ("rotate_every",), is_due=True)
    assert "is rotated every 90 days; update the resources to replace it." in caplog.text


def test_another_replacement_takes_the_place_of_a_rotation(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(93)
    found = diff(AdminApiKey, host, "key_1", state(), inputs(triggers=[1]))
    assert found == StateDifference(("triggers",), ("triggers",), is_due=False)
    assert caplog.messages == []


@pytest.mark.parametrize("name", ["rotate_every", "overlap"])
def test_a_schedule_that_is_not_known_yet_says_nothing(host: MemoryHost, days: Any, caplog: Any, name: str) -> None:
    days(93)
    assert diff(AdminApiKey, host, "key_1", state(), inputs(**{name: UNKNOWN})).replaces == ()
    assert caplog.messages == []


def test_the_end_of_an_overlap_changes_no_output_of_the_key(host: MemoryHost, days: Any) -> None:
    days(2)
    retiring = {MANAGED: {"retiring": {"key_1": {"replaced_at": NOW}}}}
    assert diff(AdminApiKey, host, "key_1", state(**retiring), inputs()).is_due
    assert set(preview_update(AdminApiKey, host, "key_1", state(**retiring), inputs()).values) >= KNOWN


def test_a_state_of_nobodys_is_never_due(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(93)
    olds = state()
    del olds[MANAGED]
    assert not diff(AdminApiKey, host, "key_1", olds, inputs()).is_due
    assert caplog.messages == []


def test_a_half_done_rotation_is_recorded_under_the_id_of_the_resource(
    host: MemoryHost, openai: Any, days: Any
) -> None:
    days(93)
    openai.now = NOW + 93 * DAY
    openai.surprise("GET", "admin_api_keys$", (200, {"data": [], "has_more": False}), times=9)
    new = {"id": "key_3", "name": "ci", "created_at": openai.now, "value": "sk-admin-W"}
    openai.surprise("POST", "admin_api_keys$", (200, new))
    openai.surprise("GET", "projects$", (200, {"data": [{"id": "proj_1"}], "has_more": False}))
    openai.surprise("DELETE", "key_1$", (403, {"error": "No"}))
    openai.surprise("GET", "projects/proj_1$", (200, {"id": "proj_1"}))
    retiring = {MANAGED: {"retiring": {"key_1": {"replaced_at": NOW}}, "anchor": "proj_1"}}
    with pytest.raises(Exception, match="key_1"):
        update(AdminApiKey, host, "key_0", state(**retiring), inputs())
    ((id_, kept, _),) = host.kept
    assert id_ == "key_0"
    assert (kept.values["admin_api_key_id"], kept.values["api_key"]) == ("key_3", "sk-admin-W")
    assert set(RETIRING_API_KEYS.mapping(kept.values["retiring_api_keys"])) == {"key_1", "key_2"}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"overlap": "90d"}, "overlap must be shorter than rotate_every: otherwise the next rotation comes while"),
        ({"overlap": "13w"}, "overlap must be shorter than rotate_every"),
        ({"rotate_every": None}, "overlap has no effect without rotate_every: set both, or remove overlap."),
        ({"expires_in_seconds": 90 * DAY}, "rotate_every must be shorter than expires_in_seconds: otherwise the key"),
        ({"rotate_every": "3 months"}, "rotate_every must be a number of minutes, hours, days or weeks, such as '30m'"),
    ],
)
def test_a_schedule_that_can_not_work_is_refused(host: MemoryHost, wrong: dict[str, Any], reason: str) -> None:
    (failure,) = check(AdminApiKey, host, {}, inputs(**wrong)).failures
    assert reason in failure.reason


@pytest.mark.parametrize("fits", [{}, {"overlap": None}, {"expires_in_seconds": 90 * DAY + 1}, {"overlap": UNKNOWN}])
def test_a_schedule_that_can_work_is_accepted(host: MemoryHost, fits: dict[str, Any]) -> None:
    assert check(AdminApiKey, host, {}, inputs(**fits)).failures == []


@pytest.mark.parametrize(
    ("here", "there", "is_due"), [(1, 93, True), (93, 1, True), (93, None, True), (1, None, False)]
)
def test_what_is_due_follows_the_clock_that_is_ahead(
    host: MemoryHost, days: Any, here: float, there: float | None, is_due: bool
) -> None:
    days(here)

    def at_server(*, is_near: bool) -> float | None:  # noqa: ARG001 - it says when a server is asked
        return None if there is None else NOW + there * DAY

    assert diff(AdminApiKey, host, "key_1", state(), inputs(), at_server).is_due is is_due
    outputs = preview_update(AdminApiKey, host, "key_1", state(), inputs(), at_server).values
    assert (not KNOWN & set(outputs)) is is_due


def test_a_key_that_is_never_rotated_asks_no_clock(host: MemoryHost) -> None:
    def at_server(*, is_near: bool) -> float:
        raise AssertionError(is_near)

    without = {**state(), "rotate_every": "", "overlap": "", MANAGED: {"inputs": ["name"]}}
    assert not diff(AdminApiKey, host, "key_1", without, Inputs({"name": "ci"}), at_server).is_due


@pytest.mark.parametrize(("here", "is_near"), [(86, False), (88, True)])
def test_a_clock_that_is_days_behind_is_near_what_falls_due(
    host: MemoryHost, days: Any, here: float, is_near: bool
) -> None:
    days(here)
    asked: list[bool] = []

    def at_server(*, is_near: bool) -> float | None:
        asked.append(is_near)
        return NOW + 93 * DAY if is_near else None

    assert diff(AdminApiKey, host, "key_1", state(), inputs(), at_server).is_due is is_near
    assert asked == [is_near]


def test_openai_is_asked_for_its_time_once_if_something_falls_due_soon(
    host: MemoryHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(run, "_date_header", lambda base_url: asked.append(base_url) or "")
    assert run.time_at_server(host) is None
    assert asked == []
    for _ in range(2):
        assert run.time_at_server(host, is_near=True) is None
    assert len(asked) == 1

"""A short scenario in each world that the specification leaves open, or that only one source has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount
from tests.host.dynamic_host import DynamicHost
from tests.host.nothing_lost import Outcome, assert_nothing_lost, limits_now

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer

WORLDS: dict[str, dict[str, Any]] = {
    "201 on create": {"created_status": 201},
    "accounts that take a while to be seen": {"account_lag_seconds": 2},
    "accounts that some reads do not see": {"account_lag_reads": 2},
    "keys of accounts can't be deleted": {"service_account_keys_deletable": False},
    "expired keys are not listed": {"service_account_keys_deletable": False, "list_expired_keys": False},
    "a write is lost": {"lost_writes": {"times": 1}},
    "omitted fields are reset": {"keep_omitted_fields": False},
    "more than 1,000 rows": {"rate_limit_rows": 2345},
    "a token bucket without advice": {"throttle": {"per_minute": 240, "burst": 2, "advice": "none"}},
    "a token bucket with advice in the text": {"throttle": {"per_minute": 240, "burst": 2, "advice": "text"}},
    "refusals with another status": {"refusal_status": 422},
    "404 in archived projects": {"archived_read_status": 404},
}
ACCOUNT = {"project_id": "proj_demo", "name": "ci"}
LIMIT = {"project_id": "proj_demo", "model": "gpt-4o", "max_requests_per_1_minute": 60}
BOTH = {**LIMIT, "max_tokens_per_1_minute": 7}


@pytest.mark.parametrize("world", WORLDS)
def test_an_account_lives(emulator: EmulatorServer, environ: dict[str, str], world: str) -> None:
    emulator.control.world(**WORLDS[world])
    with DynamicHost(environ) as host:
        id_, state = host.create(ProjectServiceAccount, ACCOUNT)
        assert host.read(ProjectServiceAccount, id_, state)[0] == id_, "an account made seconds ago is not gone"
        state = host.update(ProjectServiceAccount, id_, state, {**ACCOUNT, "create_service_account_only": True})
        state = host.update(ProjectServiceAccount, id_, state, ACCOUNT)
    with DynamicHost(environ) as host:
        _, state, _ = host.read(ProjectServiceAccount, id_, state)
        assert host.diff(ProjectServiceAccount, id_, state, ACCOUNT) == (False, [])
        if emulator.control.world()["service_account_keys_deletable"]:
            assert_nothing_lost(emulator, "proj_demo", Outcome(state, id_))
        assert emulator.control.key(state["api_key"])["state"] == "live"
        host.delete(ProjectServiceAccount, id_, state)
    assert_nothing_lost(emulator, "proj_demo", Outcome(None))
    assert "Traceback" not in host.stderr


@pytest.mark.parametrize("world", [world for world in WORLDS if world != "a write is lost"])
def test_a_limit_lives(emulator: EmulatorServer, environ: dict[str, str], world: str) -> None:
    emulator.control.world(**WORLDS[world])
    with DynamicHost(environ) as host:
        id_, state = host.create(ProjectRateLimit, LIMIT)
        assert limits_now(emulator, "proj_demo")["max_requests_per_1_minute"] == 60
        state = host.update(ProjectRateLimit, id_, state, BOTH)
    with DynamicHost(environ) as host:
        _, state, _ = host.read(ProjectRateLimit, id_, state)
        assert host.diff(ProjectRateLimit, id_, state, BOTH) == (False, [])
        host.delete(ProjectRateLimit, id_, state)
    assert limits_now(emulator, "proj_demo") == {
        "max_requests_per_1_minute": 10_000,
        "max_tokens_per_1_minute": 2_000_000,
    }
    assert not host.warnings


def test_a_write_that_openai_loses_is_noticed_by_refresh(emulator: EmulatorServer, environ: dict[str, str]) -> None:
    emulator.control.world(**WORLDS["a write is lost"])  # answered as if it had been kept
    with DynamicHost(environ) as host:
        id_, state = host.create(ProjectRateLimit, LIMIT)
    with DynamicHost(environ) as host:
        _, state, live = host.read(ProjectRateLimit, id_, state)
        assert live["max_requests_per_1_minute"] == 10_000
        host.update(ProjectRateLimit, id_, state, LIMIT)
    assert limits_now(emulator, "proj_demo")["max_requests_per_1_minute"] == 60


def test_the_last_of_many_rows_is_found(emulator: EmulatorServer, environ: dict[str, str]) -> None:
    emulator.control.world(rate_limit_rows=2345)
    with DynamicHost(environ) as host:
        _, rows, _ = host.read(ProjectRateLimit, "proj_demo/rl-gpt-4o", LIMIT)
        assert rows["model"] == "gpt-4o"
    lists = [request for request in emulator.control.requests() if request["path"].endswith("rate_limits")]
    assert len(lists) == 3, "all pages"

"""A setting moves to another resource in one update, which the engine creates before it deletes the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

from pulumi_openai_admin import ProjectRateLimit, ProjectRateLimits, ProjectSpendLimit

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

PROJECT = {"project_id": "proj_demo"}


def rate_limit(emulator: EmulatorServer) -> dict[str, Any]:
    url = f"{emulator.base_url}/organization/projects/proj_demo/rate_limits?limit=1000"
    rows = requests.get(url, headers={"Authorization": f"Bearer {emulator.admin_key}"}, timeout=10).json()["data"]
    return dict(next(row for row in rows if row["model"] == "gpt-4o"))


def test_a_limit_that_the_new_resource_does_not_manage_is_restored(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    before = rate_limit(emulator)
    with provider(environ) as host:
        old = host.create(ProjectRateLimit, {**PROJECT, "model": "gpt-4o", "max_tokens_per_1_minute": 7})
    with provider(environ) as host:
        host.create(ProjectRateLimits, {**PROJECT, "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}}})
        host.delete(ProjectRateLimit, *old)
        assert not host.warnings
    assert rate_limit(emulator) == {**before, "max_requests_per_1_minute": 60}


def test_a_setting_that_the_new_resource_manages_too_is_left_and_its_original_value_named(
    provider: Host, environ: dict[str, str]
) -> None:
    with provider(environ) as host:
        old = host.create(ProjectSpendLimit, {**PROJECT, "threshold_amount": 20_000})
    with provider(environ) as host:
        new = host.create(ProjectSpendLimit, {**PROJECT, "threshold_amount": 30_000})
        host.delete(ProjectSpendLimit, *old)
        assert "$300 instead of none (another resource manages it now). " in host.warnings
        assert host.read(ProjectSpendLimit, *new)[1]["threshold_amount"] == 30_000

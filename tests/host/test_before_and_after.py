"""What was at OpenAI before a resource is there again after it, and steps that OpenAI or the program does not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import (
    ProjectRateLimit,
    ProjectServiceAccountApiKey,
    ProjectSpendLimit,
)
from tests.host.dynamic_host import DynamicHost
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

LIMIT = {"project_id": "proj_demo", "threshold_amount": 10_000}
ASSET = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "path": "Pulumi.yaml"}
"""A file, as the engine sends it."""


@pytest.mark.parametrize("before", [None, 500], ids=["absent", "there"])
def test_a_spend_limit_is_put_back(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], before: int | None
) -> None:
    if before is not None:
        body = {"threshold_amount": before, "currency": "USD", "interval": "month"}
        url = f"{emulator.base_url}/organization/projects/proj_demo/spend_limit"
        headers = {"Authorization": f"Bearer {emulator.admin_key}"}
        requests.post(url, json=body, headers=headers, timeout=10).raise_for_status()
    with provider(environ) as host:
        id_, state = host.create(ProjectSpendLimit, LIMIT)
        assert state["baseline"] == ({} if before is None else {"threshold_amount": before})
        changed = {**LIMIT, "threshold_amount": 20_000}
        state = host.update(ProjectSpendLimit, id_, state, changed)
        assert host.diff(ProjectSpendLimit, id_, state, changed) == (False, [])
    with provider(environ) as host:
        host.delete(ProjectSpendLimit, id_, state)
    limits = emulator.control.live("project_spend_limit").get("project_spend_limit", {})
    assert [limit["threshold_amount"] for limit in limits.values()] == ([] if before is None else [before])


def test_a_model_that_does_not_exist_names_the_nearest(provider: Host, environ: dict[str, str]) -> None:
    inputs = {"project_id": "proj_demo", "model": "gpt-4oo", "max_requests_per_1_minute": 60}
    with provider(environ) as host, pytest.raises(Failure, match="Did you mean gpt-4o ") as failure:
        host.create(ProjectRateLimit, inputs)
    assert not failure.value.id


def test_an_asset_in_triggers_is_refused() -> None:
    inputs: dict[str, Any] = {"project_id": "proj_demo", "service_account_id": "svc_acct_demo"}
    with DynamicHost({}) as host:
        _, failures = host.check(ProjectServiceAccountApiKey, {**inputs, "triggers": ["a", ASSET, "b"]})
    (told,) = failures
    assert "triggers[1] is an asset, which no provider of this package can keep: use a hash of the file" in told

"""What an allow-list of rate limits does not reach, with both providers."""

from __future__ import annotations

import pytest

from pulumi_openai_admin import ProjectRateLimits
from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"


@pytest.mark.parametrize("provider", [DynamicHost, NativeProcess], ids=["dynamic", "native"])
def test_models_that_openai_does_not_change_are_named(
    provider: type[DynamicHost | NativeProcess], environ: dict[str, str]
) -> None:
    policy = {"project_id": "proj_demo", "limits": {"gpt-4o": {RPM: 5}, "gpt-4o-s*": {RPM: 0, TPM: 0}}}
    kept = {"gpt-4o-shared": {RPM: 10_000, TPM: 2_000_000}}
    with provider(environ) as host:
        id_, state = host.create(ProjectRateLimits, policy)
        assert state["not_limited"] == kept
        told = "OpenAI refuses to change the rate limits of 1 model of project proj_demo that this resource covers"
        assert f"{told}: gpt-4o-shared. Unless " in host.warnings
        assert (
            host.spelled(ProjectRateLimits, "The output not_limited has the current limits, also of other projects")
            in host.warnings
        )
    with provider(environ) as host:
        state = host.update(ProjectRateLimits, id_, state, {**policy, "limits": {"gpt-4o-*": {RPM: 0}}})
        assert set(state["not_limited"]) == {"gpt-4o-audio-shared", "gpt-4o-realtime-shared", "gpt-4o-shared"}
        assert "covers: gpt-4o-audio-shared, gpt-4o-realtime-shared. Unless " in host.warnings, "those that are new"
        assert host.read(ProjectRateLimits, id_, state)[1]["not_limited"] == state["not_limited"]

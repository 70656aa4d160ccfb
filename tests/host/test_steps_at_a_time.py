"""Pulumi's host serves four steps at a time; with this package as many as `openai-admin:parallel` says."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectRateLimit
from tests.host.dynamic_host import DynamicHost
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pulumi_openai_admin.emulator.process import EmulatorServer

MODELS = [
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-4.1",
    "gpt-4.1-mini",
    "gpt-4.1-nano",
    "gpt-5",
    "gpt-5-mini",
    "gpt-5-nano",
    "o1",
    "o3",
    "o3-mini",
    "o4-mini",
]


def limits(host: DynamicHost, threads: ThreadPoolExecutor) -> list[Future[Any]]:
    """Ask for a limit of each model, all at the same time, as the engine does with `--parallel`."""
    inputs = {"project_id": "proj_demo", "max_requests_per_1_minute": 60}
    return [threads.submit(host.create, ProjectRateLimit, {**inputs, "model": model}) for model in MODELS]


def writes(emulator: EmulatorServer) -> list[dict[str, Any]]:
    return [request for request in emulator.control.requests() if request["method"] == "POST"]


def test_more_than_four_steps_are_served_at_a_time(emulator: EmulatorServer, environ: dict[str, str]) -> None:
    emulator.control.fault(kind="hang", method="POST", path="**", times=None)
    with ThreadPoolExecutor(len(MODELS)) as threads:
        with DynamicHost(environ) as host:
            asked = limits(host, threads)
            deadline = time.monotonic() + 60
            while len(writes(emulator)) < len(MODELS):  # none of which is answered
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert all(isinstance(request.exception(), Failure) for request in asked), "their host is gone"

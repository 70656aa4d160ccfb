"""Pulumi's host serves four steps at a time; with this package as many as `openai-admin:parallel` says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pulumi_openai_admin import Group
from tests.by_hand import writes
from tests.engine.under_way import wait
from tests.host.provider_process import DynamicProcess, Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer

AT_A_TIME = 12


def test_more_than_four_steps_are_served_at_a_time(emulator: EmulatorServer, environ: dict[str, str]) -> None:
    emulator.control.fault(kind="hang", method="POST", path="**", times=None)
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        with DynamicProcess(environ) as host:
            asked = [threads.submit(host.create, Group, {"name": f"Group {number}"}) for number in range(AT_A_TIME)]
            wait(lambda: len(writes(emulator)) == AT_A_TIME)  # none of which is answered
        assert all(isinstance(request.exception(), Failure) for request in asked), "their host is gone"

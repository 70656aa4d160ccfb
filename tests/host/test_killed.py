"""A provider is killed while it creates a service account: the next run names the account that nobody knows."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import ProjectServiceAccount
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.dynamic_host import DynamicHost
    from tests.host.native_process import Host, NativeProcess

ACCOUNTS = "/organization/projects/proj_demo/service_accounts"
OWNER = {"project_id": "proj_demo", "name": "ci", "role": "owner"}


def accounts(emulator: EmulatorServer) -> set[str]:
    found = emulator.control.state()["projects"]["proj_demo"]["service_accounts"]
    return {id_ for id_, account in found.items() if account["name"] == "ci" and not account["deleted"]}


@pytest.mark.parametrize(
    ("method", "path", "when", "orphans"),
    [("GET", ACCOUNTS, "before", 0), ("POST", ACCOUNTS, "after", 1), ("POST", f"{ACCOUNTS}/*", "after", 1)],
    ids=["before the POST", "before the reply", "after the reply"],
)
def test_the_next_run_names_what_was_left(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], method: str, path: str, when: str, orphans: int
) -> None:
    fault = emulator.control.fault(kind="hang", method=method, path=path, when=when)
    with provider(environ) as host:
        step = threading.Thread(target=_fails, args=(host,))
        step.start()
        while not any(call["fault"] == fault for call in emulator.control.requests()):
            time.sleep(0.05)
        host._process.signal(signal.SIGKILL)
        step.join(60)
        assert not step.is_alive()
    left = accounts(emulator)
    assert len(left) == orphans
    emulator.control.clear_faults()
    with provider(environ) as host:
        id_, state = host.create(ProjectServiceAccount, OWNER)
        assert host.diff(ProjectServiceAccount, id_, state, OWNER) == (False, [])
    assert all(f"{remaining}. If it is left over from an interrupted run" in host.warnings for remaining in left)
    assert accounts(emulator) == {*left, state["service_account_id"]}
    posts = [
        request for request in emulator.control.requests() if (request["method"], request["path"]) == ("POST", ACCOUNTS)
    ]
    assert len(posts) == 1 + orphans


def _fails(host: DynamicHost | NativeProcess) -> None:
    with pytest.raises(Failure):
        host.create(ProjectServiceAccount, OWNER)

"""A creation that acts after the client gave up: the engine replaces what the state has of it. One object is left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

ACCOUNTS = "/organization/projects/proj_demo/service_accounts"


def live(emulator: EmulatorServer) -> dict[str, Any]:
    accounts = emulator.control.state()["projects"]["proj_demo"]["service_accounts"]
    return {id_: row for id_, row in accounts.items() if row["name"] == "late" and not row["deleted"]}


def test_the_next_update_leaves_one_object(either: Stack, emulator: EmulatorServer) -> None:
    stack = either
    stack.declare({"account": ("ProjectServiceAccount", {"project_id": "proj_demo", "name": "late"})})
    emulator.control.fault(method="POST", path=ACCOUNTS, kind="delay", seconds=3)
    stack.ok("config", "set", "openai-admin:readTimeoutSeconds", "0.5")
    stack.ok("config", "set", "openai-admin:maxWaitSeconds", "2")
    failed = stack.refused("up", "--yes", "--skip-preview")
    assert "The service account may have been created" in failed
    assert "it looks for the service account, and deletes it before it creates another one" in failed
    assert stack.resource("account")["id"] == "proj_demo/(no response)"
    stack.ok("config", "rm", "openai-admin:readTimeoutSeconds")
    stack.ok("config", "rm", "openai-admin:maxWaitSeconds")
    while not live(emulator):
        time.sleep(0.1)
    (late,) = live(emulator)
    assert "This update looks for it, and deletes it before it creates another one" in stack.preview().text
    assert f"Service account {late} of project proj_demo was deleted" in stack.up().text
    account = stack.resource("account")
    assert set(live(emulator)) == {account["outputs"].get("service_account_id") or account["id"].partition("/")[2]}
    stack.assert_clean()

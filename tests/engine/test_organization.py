"""A group and a spend limit, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

GROUP = """
    from pulumi_openai_admin import Group

    group = Group("group", name="{name}")
    pulumi.export("group", group.group_id)
"""
LIMIT = """
    from pulumi_openai_admin import ProjectSpendLimit

    limit = ProjectSpendLimit("{resource}", project_id="proj_demo", threshold_amount={amount})
    pulumi.export("baseline", limit.baseline)
"""


def test_a_group_is_made_renamed_and_deleted(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(GROUP.format(name="Engineering"))
    stack.up()
    stack.assert_clean()
    group = stack.outputs()["group"]

    stack.program(GROUP.format(name="Research"))
    assert stack.preview().summary == {"to update": 1, "unchanged": 1}
    stack.up()
    stack.assert_clean()
    assert stack.outputs()["group"] == group
    assert emulator.control.live("group")["group"][group]["name"] == "Research"

    stack.destroy()
    assert not emulator.control.live("group").get("group")


def test_a_refresh_with_another_organizations_key_keeps_a_group(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.world(clock_offset_seconds=-3600)  # OpenAI may not show a new group for a moment
    stack.program(GROUP.format(name="Engineering"))
    stack.up()
    anchor = stack.resource("group")["outputs"]["__managed"]["anchor"]
    emulator.control.world(clock_offset_seconds=0)
    for method in ("GET", "DELETE"):
        for path in ("/organization/groups/*", f"/organization/projects/{anchor}"):
            emulator.control.fault(kind="status", status=404, code="not_found", method=method, path=path, times=None)
    run = stack.run("refresh", "--yes")
    assert run.code
    assert "The key may belong to another organization: it does not show project" in run.text
    assert stack.resource("group")

    emulator.control.clear_faults()
    path = "/organization/groups/*"
    emulator.control.fault(kind="status", status=404, code="not_found", method="GET", path=path, times=None)
    stack.refresh()
    types = [resource["type"] for resource in stack.export()["deployment"]["resources"]]
    assert not any(type_.endswith(":Group") for type_ in types)


def test_a_spend_limit_that_was_absent_is_deleted(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(LIMIT.format(resource="limit", amount=10_000))
    stack.up()
    stack.assert_clean()
    assert stack.outputs()["baseline"] == {}
    stack.program(LIMIT.format(resource="limit", amount=20_000))
    stack.up()
    stack.assert_clean()
    stack.destroy()
    assert not emulator.control.live("project_spend_limit").get("project_spend_limit")


def test_a_spend_limit_that_was_there_is_restored(stack: Stack, emulator: EmulatorServer) -> None:
    body = {"threshold_amount": 500, "currency": "USD", "interval": "month"}
    requests.post(
        f"{emulator.base_url}/organization/projects/proj_demo/spend_limit",
        json=body,
        headers={"Authorization": f"Bearer {emulator.admin_key}"},
        timeout=10,
    ).raise_for_status()
    stack.program(LIMIT.format(resource="limit", amount=10_000))
    stack.up()
    assert stack.outputs()["baseline"] == {"threshold_amount": 500}
    stack.destroy()
    limits = emulator.control.live("project_spend_limit")["project_spend_limit"]
    assert [limit["threshold_amount"] for limit in limits.values()] == [500]


def test_two_spend_limits_of_one_project_are_refused(stack: Stack) -> None:
    other = LIMIT.partition("limit =")[2].partition("\n")[0].strip()
    stack.program(LIMIT.format(resource="limit", amount=1) + f"    {other.format(resource='other', amount=2)}\n")
    run = stack.run("preview")
    assert run.code
    assert "both manage the spend limit of project proj_demo" in run.text

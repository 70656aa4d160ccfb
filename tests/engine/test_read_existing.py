"""Resources that a program reads by their ids (`X.get`) and does not manage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stacks import Stack

    from pulumi_openai_admin.emulator.process import EmulatorServer

READ = """
    project = Project.get("project", "proj_demo")
    limit = ProjectRateLimit.get("limit", project.project_id.apply(lambda id: f"{id}/rl-gpt-4o"))
    pulumi.export("name", project.name)
    pulumi.export("requests", limit.max_requests_per_1_minute)
    pulumi.export("ids", [project.project_id, limit.rate_limit_id])
"""
INSIDE = """
    project = Project.get("project", "proj_demo")
    ProjectServiceAccount("ci", project_id=project.project_id, name="ci")
"""


def changes(emulator: EmulatorServer) -> list[str]:
    return [f"{one['method']} {one['path']}" for one in emulator.control.requests() if one["method"] != "GET"]


def test_what_is_read_is_never_changed(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(READ)
    stack.up()
    assert stack.outputs() == {"name": "Demo", "requests": 10000, "ids": ["proj_demo", "rl-gpt-4o"]}
    stack.assert_clean()
    stack.refresh()
    stack.assert_clean()
    stack.destroy()
    assert changes(emulator) == []


def test_what_is_inside_of_a_project_that_is_only_read_is_deleted_with_the_stack(
    stack: Stack, emulator: EmulatorServer
) -> None:
    stack.program(INSIDE)
    stack.up()
    stack.assert_clean()
    stack.destroy()
    made, deleted = changes(emulator)
    assert made == "POST /organization/projects/proj_demo/service_accounts"
    assert deleted.startswith("DELETE /organization/projects/proj_demo/service_accounts/")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ('Project.get("x", "proj_none")', "proj_none"),
        ('ProjectRateLimit.get("x", "rl-gpt-4o")', "is not a valid id of this resource"),
    ],
)
def test_what_is_not_there_fails_the_preview(stack: Stack, call: str, told: str) -> None:
    stack.program(call)
    preview = stack.run("preview")
    assert preview.code
    assert told in preview.text
    assert "Traceback" not in preview.text

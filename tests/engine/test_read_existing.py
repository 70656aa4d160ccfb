"""Resources that a program reads by their ids (`X.get`) and does not manage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.by_hand import writes

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

PROGRAM = """
    project = Project.get("project", "proj_demo")
    limit = ProjectRateLimit.get("limit", project.project_id.apply(lambda id: f"{id}/rl-gpt-4o"))
    other = ProjectRateLimit("other", project_id="proj_demo", model="gpt-4o-mini", max_requests_per_1_minute=60,
                             opts=pulumi.ResourceOptions(id="proj_demo/rl-gpt-4o-mini"))
    ProjectServiceAccount("ci", project_id=project.project_id, name="ci")
    pulumi.export("name", project.name)
    pulumi.export("requests", [limit.max_requests_per_1_minute, other.max_requests_per_1_minute])
    pulumi.export("ids", [project.project_id, limit.rate_limit_id])
"""


def test_what_is_read_is_never_changed_and_what_is_inside_is_deleted(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(PROGRAM)
    stack.up()
    assert stack.outputs() == {"name": "Demo", "requests": [10000, 10000], "ids": ["proj_demo", "rl-gpt-4o"]}
    stack.refresh()
    stack.assert_clean()
    stack.destroy()
    made, deleted = writes(emulator)
    assert made == "POST /organization/projects/proj_demo/service_accounts"
    assert deleted.startswith("DELETE /organization/projects/proj_demo/service_accounts/")

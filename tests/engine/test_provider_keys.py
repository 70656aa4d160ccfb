"""Explicit providers with a key of the environment, on the real engine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.engine.stacks import OTHER_KEY

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

PROGRAM = """
    from pulumi_openai_admin import Provider, list_projects

    mappings = {"B_ADMIN_KEY": "OPENAI_ADMIN_KEY", "B_BASE_URL": "OPENAI_BASE_URL"}
    b = Provider("b", opts=pulumi.ResourceOptions(env_var_mappings=mappings))
    Project("in-a", name="in-a")
    of_b = {project.name: project.project_id for project in list_projects(opts=pulumi.InvokeOptions(provider=b))}
    of_provider = pulumi.ResourceOptions(provider=b)
    ProjectServiceAccount("in-b", project_id=of_b["Only in b"], name="in-b", opts=of_provider)
"""


def test_a_second_organization_is_managed_without_its_key_in_the_state(stack: Stack, other: EmulatorServer) -> None:
    stack.program(PROGRAM)
    of_b = {"B_ADMIN_KEY": OTHER_KEY, "B_BASE_URL": other.base_url}
    preview = stack.ok("preview", **of_b)
    assert "Provider 'b' uses the admin key from the environment variable OPENAI_ADMIN_KEY and manages" in preview.text
    assert "use the same admin key" not in preview.text
    stack.up(**of_b)
    (provider,) = [
        resource
        for resource in stack.export()["deployment"]["resources"]
        if resource["urn"].endswith("pulumi:providers:pulumi-python::b")
    ]
    assert "adminApiKey" not in json.dumps(provider)

    # The variables are missing: the key is another organization's.
    wrong = stack.refused("refresh", "--yes", "--skip-preview")
    assert re.search("(Provider 'b' and the|The) default provider (and Provider 'b' )?use the same admin key", wrong)
    assert "another organization" in wrong
    stack.destroy(**of_b)

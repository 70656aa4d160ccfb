"""Explicit providers with a key of the environment, on the real engine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.engine.stacks import OTHER_KEY
from tools import languages

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

DYNAMIC = """
    from pulumi_openai_admin import Provider, list_projects

    mappings = {"B_ADMIN_KEY": "OPENAI_ADMIN_KEY", "B_BASE_URL": "OPENAI_BASE_URL"}
    b = Provider("b", opts=pulumi.ResourceOptions(env_var_mappings=mappings))
    Project("in-a", name="in-a")
    of_b = {project.name: project.project_id for project in list_projects(opts=pulumi.InvokeOptions(provider=b))}
    of_provider = pulumi.ResourceOptions(provider=b)
    ProjectServiceAccount("in-b", project_id=of_b["Only in b"], name="in-b", opts=of_provider)
"""
NATIVE = """
name: test
runtime: yaml
resources:
  b: {type: "pulumi:providers:openai-admin"}
  in-a: {type: "openai-admin:Group", properties: {name: in-a}}
  in-b: {type: "openai-admin:Group", properties: {name: in-b}, options: {provider: "${b}"}}
"""
SAME = re.compile(
    r"(The default provider and Provider 'b'|Provider 'b' and the default provider) use the same admin key"
)


def test_a_second_organization_is_managed_without_its_key_in_the_state(stack: Stack, other: EmulatorServer) -> None:
    stack.program(DYNAMIC)
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
    wrong = stack.run("refresh", "--yes", "--skip-preview")
    assert wrong.code
    assert SAME.search(wrong.text)
    assert "another organization" in wrong.text
    assert stack.run("destroy", "--yes", "--skip-preview", **of_b).code == 0


def test_the_native_provider_warns_of_a_key_that_two_providers_use(stack: Stack) -> None:
    stack.engine = languages.with_yaml(stack.engine)
    (stack.folder / "Pulumi.yaml").write_text(NATIVE, encoding="utf-8")
    preview = stack.preview()
    assert SAME.search(preview.text)
    assert "Provider 'b' uses the admin key from the environment variable OPENAI_ADMIN_KEY and manages" in preview.text

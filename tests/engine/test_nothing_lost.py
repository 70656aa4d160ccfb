"""What another organization's key, a step that fails half-way, and a transformation leave in a state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.stacks import Stack


@pytest.fixture
def other_organization() -> Iterator[EmulatorServer]:
    server = EmulatorServer(seed={"projects": [{"id": "proj_other", "name": "Other"}]}).start()
    yield server
    server.stop()


def test_another_organizations_key_is_an_error_and_keeps_the_state(
    stack: Stack, emulator: EmulatorServer, other_organization: EmulatorServer
) -> None:
    emulator.control.world(clock_offset_seconds=-3600)  # of what is young, a reply 404 would say nothing
    stack.program("""
        from pulumi_openai_admin import Group

        project = Project("project", name="Web")
        account = ProjectServiceAccount("account", project_id=project.project_id, name="ci")
        ProjectServiceAccountApiKey("key", project_id=project.project_id,
                                    service_account_id=account.service_account_id)
        ProjectRateLimit("row", project_id=project.project_id, model="gpt-4o", max_requests_per_1_minute=60)
        ProjectRateLimits("set", project_id=project.project_id,
                          limits={"gpt-4.1": {"max_requests_per_1_minute": 70}})
        Group("group", name="Engineering")
    """)
    stack.up()
    emulator.control.world(clock_offset_seconds=0)
    known = _outputs(stack)
    other_key = {"OPENAI_ADMIN_KEY": other_organization.admin_key, "OPENAI_BASE_URL": other_organization.base_url}
    for command, told in (
        (("refresh",), "belongs to another organization. OpenAI does not delete projects. Check"),
        (("up", "--refresh"), "belongs to another organization. OpenAI does not delete projects. Check"),
        (("destroy", "--continue-on-error"), "pulumi state delete"),
    ):
        run = stack.run(*command, "--yes", "--skip-preview", **other_key)
        assert run.code
        assert told in run.text
        assert "Traceback" not in run.text
        assert _outputs(stack) == known
    assert [project["name"] for project in other_organization.control.state()["projects"].values()].count("Web") == 0
    assert {call["method"] for call in other_organization.control.requests()} <= {"GET", "DELETE", "POST"}
    stack.destroy()
    assert emulator.control.state()["totals"]["service_accounts_ever"] == 1


def _outputs(stack: Stack) -> dict[str, Any]:
    resources = stack.export("--show-secrets")["deployment"]["resources"]
    return {resource["urn"]: resource.get("outputs") for resource in resources}


TRANSFORMED = """
import pulumi
from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey

def fresh_options(arguments):
    return pulumi.ResourceTransformationResult(
        arguments.props,
        pulumi.ResourceOptions(parent=arguments.opts.parent, protect=arguments.opts.protect),
    )

pulumi.runtime.register_stack_transformation(fresh_options)
account = ProjectServiceAccount("account", project_id="proj_demo", name="{name}", role="owner")
key = ProjectServiceAccountApiKey("key", project_id="proj_demo", service_account_id=account.service_account_id,
                                  triggers=[{trigger}])
"""


def test_keys_stay_encrypted_under_a_transformation_and_an_account_half_made_is_finished(
    stack: Stack, emulator: EmulatorServer
) -> None:
    def program(name: str, trigger: int) -> None:
        text = TRANSFORMED.format(name=name, trigger=trigger)
        (stack.folder / "__main__.py").write_text(text, encoding="utf-8")

    emulator.control.fault(method="POST", path="*/service_accounts/*", kind="status", status=403, times=1)
    program("ci", 1)
    failed = stack.run("up", "--yes", "--skip-preview")
    assert failed.code
    assert "Could not set name, role of service account 'ci'" in failed.text
    assert "Traceback" not in failed.text
    _assert_no_plain_key(stack)
    half = _outputs_of(stack, "account")
    assert half["role"] == "member"
    assert str(json.loads(half["api_key"]["plaintext"])).startswith("sk-svcacct-")

    assert stack.up().summary == {"created": 1, "updated": 1, "unchanged": 1}
    stack.assert_clean()
    done = _outputs_of(stack, "account")
    assert (done["role"], done["api_key"]["plaintext"]) == ("owner", half["api_key"]["plaintext"])
    assert emulator.control.state()["totals"]["service_accounts_ever"] == 1
    _assert_no_plain_key(stack)

    program("ci-2", 2)
    stack.up()
    _assert_no_plain_key(stack)
    stack.refresh()
    _assert_no_plain_key(stack)
    stack.assert_clean()
    for name in ("account", "key"):
        assert str(json.loads(_outputs_of(stack, name)["api_key"]["plaintext"])).startswith("sk-svcacct-")


def _assert_no_plain_key(stack: Stack) -> None:
    assert "sk-svcacct-" not in json.dumps(stack.export())


def _outputs_of(stack: Stack, name: str) -> dict[str, Any]:
    return dict(stack.resource(name, "--show-secrets")["outputs"])

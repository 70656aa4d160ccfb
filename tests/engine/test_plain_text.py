"""No key is in plain text in the state, whatever the program does to its resources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack


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


def test_a_transformation_leaves_keys_encrypted(stack: Stack, emulator: EmulatorServer) -> None:
    def program(name: str, trigger: int) -> None:
        text = TRANSFORMED.format(name=name, trigger=trigger)
        (stack.folder / "__main__.py").write_text(text, encoding="utf-8")

    emulator.control.fault(method="POST", path="*/service_accounts/*", kind="status", status=403, times=1)
    program("ci", 1)
    assert "Could not set name, role of service account 'ci'" in stack.refused("up", "--yes", "--skip-preview")
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

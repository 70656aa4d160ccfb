"""Neither key is in plain text anywhere, whatever the engine does, and whatever the program does to its resources."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack


def test_neither_key_stands_anywhere_in_plain_text(stack: Stack, emulator: EmulatorServer) -> None:
    stack.ok("config", "set", "--secret", "openai-admin:adminApiKey", emulator.admin_key)
    stack.ok("config", "set", "openai-admin:baseUrl", emulator.base_url)
    own = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "", "OPENAI_LOG": "debug"}
    stack.program("""
        account = ProjectServiceAccount("ci", project_id="proj_demo", name="ci")
        pulumi.export("api_key", account.api_key)
    """)
    stack.ok("up", "--yes", **own)
    key = stack.outputs()["api_key"]
    stack.ok("refresh", "--yes", "--diff", **own)
    stack.program("""
        account = ProjectServiceAccount("ci", project_id="proj_demo", name="renamed", role="owner")
        pulumi.export("api_key", account.api_key)
    """)
    stack.ok("up", "--yes", "--diff", **own)
    assert stack.outputs()["api_key"] == key, "the key survives refresh and update"

    state = json.dumps(stack.export())
    assert len(re.findall(r'"ciphertext"', json.dumps(stack.resource("ci")))) == 1, "stored once, encrypted"
    log = "".join(text for text in stack.log if text.strip() != json.dumps({"api_key": key}, indent=2))
    files = [path.read_bytes() for path in stack.folder.rglob("*") if path.is_file() and path.suffix != ".py"]
    for secret in (key, emulator.admin_key):
        assert secret not in state
        assert secret not in log
        assert not any(secret.encode() in content for content in files)
    assert "POST /organization/projects/proj_demo/service_accounts: 200" in log


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

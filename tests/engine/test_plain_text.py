"""Neither key is in plain text anywhere, whatever the engine does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

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

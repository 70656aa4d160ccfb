"""The life of a stack, as the README tells it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.engine.stacks import shown_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart" / "__main__.py"


def test_the_quickstart_lives_through_preview_up_drift_and_destroy(
    stack: Stack, emulator: EmulatorServer, openai: Callable[..., dict[str, object]]
) -> None:
    (stack.folder / "__main__.py").write_text(QUICKSTART.read_text(encoding="utf-8"), encoding="utf-8")
    nothing = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
    assert stack.ok("preview", "--diff", **nothing).summary == {"to create": 3}, "needs neither key nor network"
    assert stack.up().summary == {"created": 3}
    stack.assert_clean()

    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    assert shown_changes(stack.refresh().text) == ["~ max_requests_per_1_minute: 60 => 77"]
    assert shown_changes(stack.preview().text) == ["~ max_requests_per_1_minute: 77 => 60"]
    assert stack.up().summary == {"updated": 1, "unchanged": 2}
    stack.assert_clean()

    key = stack.outputs()["api_key"]
    assert emulator.control.key(key)["state"] == "live"
    assert stack.destroy().summary == {"deleted": 3}
    assert emulator.control.key(key)["state"] == "revoked"
    assert openai("POST", "proj_demo/rate_limits/rl-gpt-4o", max_tokens_per_1_minute=1)[
        "max_requests_per_1_minute"
    ] == 10000  # fmt: skip


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

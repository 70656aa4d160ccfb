"""The stack's `openai-admin:…` settings on the real engine: what is wrong is told by a preview, and never recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.engine.stacks import Stack

PROGRAM = """ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)"""
THEN = "Then run `pulumi up` to record it: refresh and destroy use the recorded value."


def test_a_wrong_setting_is_told_and_recorded_only_once_it_is_right(stack: Stack) -> None:
    stack.program(PROGRAM)
    stack.up()
    stack.ok("config", "set", "openai-admin:parallel", "many")
    for command in (["preview"], ["up", "--yes", "--skip-preview"]):
        wrong = stack.refused(*command)
        assert "openai-admin:parallel must be a whole number from 1 to 64, not 'many'." in wrong
    state = stack.export("--show-secrets")
    resources = state["deployment"]["resources"]
    (provider,) = (resource for resource in resources if resource["type"] == "pulumi:providers:pulumi-python")
    assert "openai-admin:parallel" not in {**provider.get("inputs", {}), **provider.get("outputs", {})}

    for part in ("inputs", "outputs"):
        provider.setdefault(part, {})["openai-admin:parallel"] = "many"
    (stack.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    stack.ok("stack", "import", "--file", "state.json")
    refresh = stack.refused("refresh", "--yes", "--skip-preview")
    assert f"not 'many'. For example, run `pulumi config set openai-admin:parallel 16`. {THEN}" in refresh
    stack.ok("config", "set", "openai-admin:parallel", "16")
    stack.up()
    stack.destroy()  # with what was recorded

"""Previews that ask OpenAI (`previewReads`) on the real engine, with both providers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

RPM = "max_requests_per_1_minute"
LIST = "GET /organization/projects/proj_demo/rate_limits"
PROJECTS = "GET /organization/projects"
COSTS = "and reached its spend limit of $1. OpenAI rejects its requests until the month ends"
ROW: dict[str, Any] = {"project_id": "proj_demo", "model": "gpt-4o", RPM: 60}


def test_previews_show_current_values_drift_and_costs_and_ask_once(
    either: Stack, emulator: EmulatorServer, openai: Callable[..., dict[str, object]]
) -> None:
    stack = either

    def diagnostics(*options: str) -> dict[str, str]:
        """The severity of each message of a preview."""
        shown = json.loads(stack.ok("preview", "--json", *options).text)
        return {found["message"].strip(): found["severity"] for found in shown.get("diagnostics", ())}

    def sent() -> list[str]:
        found = [f"{request['method']} {request['path']}" for request in emulator.control.requests()]
        emulator.control.clear_requests()
        return found

    emulator.control.use(project_id="proj_demo", model="gpt-4o", output_tokens=1_000_000)  # $10
    inside = {**ROW, "project_id": "$team.project_id", "model": "o9"}
    limit = ("ProjectSpendLimit", {"project_id": "proj_demo", "threshold_amount": 100})
    both = {"row": ("ProjectRateLimit", ROW), "limit": limit}
    stack.declare({**both, "team": ("Project", {"name": "Team"}), "inside": ("ProjectRateLimit", inside)})
    stack.ok("config", "set", "openai-admin:previewReads", "true")
    shown = "\n".join(diagnostics())
    assert stack.spelled(f"Rate limit rl-gpt-4o of project proj_demo, at OpenAI now: {RPM} 10000 => 60.") in shown
    assert stack.spelled("at OpenAI now: threshold_amount not found => $1.") in shown
    assert COSTS in shown
    asked = sent()
    demo = "GET /organization/projects/proj_demo"
    assert set(asked) <= {LIST, PROJECTS, demo, f"{demo}/spend_limit", "GET /organization/costs"}
    assert asked.count(LIST) == 1, "what is not known yet is not asked for"

    stack.declare(both)
    stack.up()
    emulator.control.clear_requests()
    assert COSTS in "\n".join(diagnostics("--expect-no-changes")), "in every preview"
    assert sent() == ["GET /organization/costs"], "nothing else is asked for where nothing changes"

    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", **{RPM: 100})
    stack.declare({"row": ("ProjectRateLimit", {**ROW, RPM: 80}), "limit": limit})
    emulator.control.clear_requests()
    drift = stack.spelled(f"{RPM} 60 in the state, 100 at OpenAI. This update sets 80.")
    assert [severity for message, severity in diagnostics().items() if drift in message] == ["warning"]
    assert sent().count(LIST) == 1
    for secret in (emulator.admin_key, "Traceback"):
        assert not [text for text in stack.log if secret in text]

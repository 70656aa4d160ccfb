"""A state that an earlier version recorded still previews clean, without key and network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.stacks import Stack

RECORDED = Path(__file__).parent / "recorded"
PROGRAM = """
    limit = ProjectRateLimit("limit", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60,
                             max_tokens_per_1_minute=0)
    ProjectRateLimit("by-id", project_id="proj_demo", rate_limit_id="rl-gpt-4o-mini", batch_1_day_max_input_tokens=9)
    ProjectRateLimits("all", project_id="proj_staging", limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
                      others={"max_requests_per_1_minute": 0})
    account = ProjectServiceAccount("account", project_id="proj_demo", name="ci", role="owner", expires_in_seconds=3600)
    ProjectServiceAccount("keyless", project_id="proj_demo", name="bot", create_service_account_only=True)
    pulumi.export("api_key", account.api_key)
    pulumi.export("requests", limit.max_requests_per_1_minute)
"""


@pytest.mark.parametrize("recorded", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_recorded_state_previews_clean(stack: Stack, recorded: Path, tmp_path: Path) -> None:
    stack.up()  # an empty program, for the sake of the stack's own encryption
    state = json.loads(recorded.read_text(encoding="utf-8"))
    state["deployment"]["secrets_providers"] = stack.export()["deployment"]["secrets_providers"]
    (tmp_path / "state.json").write_text(json.dumps(state), encoding="utf-8")
    stack.ok("stack", "import", "--file", "state.json")
    stack.program(PROGRAM)
    stack.ok("preview", "--expect-no-changes", OPENAI_ADMIN_KEY="", OPENAI_BASE_URL="http://127.0.0.1:1/v1")


def test_there_is_one_for_every_version() -> None:
    assert "0.1.0" in [path.stem for path in RECORDED.glob("*.json")]

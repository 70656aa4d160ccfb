"""Against the real OpenAI, when a person asks for it: sets `OPENAI_ADMIN_KEY` and names a throw-away project.

    OPENAI_ADMIN_KEY=sk-admin-… OPENAI_LIVE_PROJECT=proj_… pytest tests/live

What it makes it deletes, and what it changes it puts back: docs/tested.md.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.stacks import Stack

KEY, PROJECT = os.environ.get("OPENAI_ADMIN_KEY", ""), os.environ.get("OPENAI_LIVE_PROJECT", "")

pytestmark = pytest.mark.skipif(not (KEY and PROJECT), reason="needs OPENAI_ADMIN_KEY and OPENAI_LIVE_PROJECT")

PROGRAM = f"""
    account = ProjectServiceAccount("live", project_id="{PROJECT}", name="pulumi-openai-admin live test")
    limit = ProjectRateLimit("live", project_id="{PROJECT}", model="gpt-4o-mini", max_requests_per_1_minute=3)
    pulumi.export("api_key", account.api_key)
    pulumi.export("baseline", limit.baseline)
"""


def test_a_stack_lives_and_leaves_no_trace(tmp_path: Path) -> None:
    from tests.engine.stacks import Stack  # noqa: PLC0415
    from tools import engine  # noqa: PLC0415 - only where it is needed: a fresh machine would build one

    stack: Stack = Stack(engine.find_or_get(), tmp_path, {"OPENAI_ADMIN_KEY": KEY})
    stack.program(PROGRAM)
    try:
        stack.up()
        stack.assert_clean()
        assert "change" not in stack.refresh().text.lower()
        headers = {"Authorization": f"Bearer {stack.outputs()['api_key']}"}
        answer = requests.get("https://api.openai.com/v1/models", headers=headers, timeout=30)
        assert answer.status_code == 200
    finally:
        stack.destroy()

"""The example that uses `TeamProject` and the policy pack, as its README runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.test_policies import violations

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "team"
WITH_POLICIES = ("--policy-pack", str(ROOT / "policies"), "--policy-pack-config", str(EXAMPLE / "policies.json"))


@pytest.mark.timeout(300)
def test_it_passes_its_policies_previews_clean_and_leaves_nothing(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.seed(json.loads((EXAMPLE / "emulator.json").read_text(encoding="utf-8")))
    program = stack.folder / "__main__.py"
    shutil.copy(EXAMPLE / "__main__.py", program)
    for command in (("up", "--yes", "--skip-preview"), ("preview", "--expect-no-changes")):
        assert not violations(stack.ok(*command, *WITH_POLICIES))
    assert emulator.control.key(stack.outputs()["web_key"])["state"] == "live"

    text = program.read_text(encoding="utf-8").replace(
        '"edsger@example.com": "member"', '"edsger@example.com": "owner"'
    )
    program.write_text(text.replace("500}", "1001}").replace("1_000,", "1_000.01,"), encoding="utf-8")
    refused = stack.refused("preview", *WITH_POLICIES)
    for told in (
        "max_requests_per_1_minute of gpt-4o is 1001, and the maximum is 1000.",
        "edsger@example.com becomes an owner, and is not in the list of owners.",
        "threshold_amount is $1,000.01, and the maximum is $1,000.",
    ):
        assert told in refused

    projects = stack.outputs()["projects"]
    stack.destroy()
    found = emulator.control.state()["projects"]
    assert {found[project_id]["status"] for project_id in projects.values()} == {"archived"}
    assert not emulator.control.live().get("group")

"""The policy pack, run by the engine, with and without a configuration. `tests/unit/policies` has both providers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack
    from tools.stacks import Run

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "team"
WITH_PACK = ("--policy-pack", str(ROOT / "policies"))
WRONG = """\
from pulumi_openai_admin import AdminApiKey, ProjectMembers

shop = Project("shop", name="Shop")
limits = {"gpt-4o": {"max_requests_per_1_minute": 20_000}}
ProjectRateLimits("limits", project_id=shop.project_id, limits=limits)
ProjectMembers("members", project_id=shop.project_id, members=[{"email": "ada@example.com", "role": "owner"}])
ci = ProjectServiceAccount("ci", project_id=shop.project_id, name="ci", create_service_account_only=True)
ProjectServiceAccountApiKey("key", project_id=shop.project_id, service_account_id=ci.service_account_id)
AdminApiKey("admin", name="admin", expires_in_seconds=3600)
"""


def violations(done: Run) -> set[str]:
    """The level, the policy and the resource of each."""
    lines = [line.strip() for line in done.text.splitlines() if line.strip().startswith("- [")]
    return {" ".join((line.split()[1], line.split()[2], line.rstrip(")").rpartition(" ")[2])) for line in lines}


def test_what_is_wrong_is_refused_and_nothing_is_changed(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(WRONG)
    expected = {
        "[mandatory] openai-limits limits",
        "[mandatory] openai-owners members",
        "[mandatory] openai-key-expiry key",
        "[mandatory] openai-admin-keys admin",
        "[mandatory] openai-spend-limits shop",
        "[advisory] openai-key-scopes key",
    }
    shown = stack.run("preview", *WITH_PACK)
    assert shown.code
    assert violations(shown) == expected
    assert "max_requests_per_1_minute of gpt-4o is 20000, and the maximum is 10000. Lower it" in shown.text
    before = emulator.control.live()
    refused = stack.run("up", "--yes", "--skip-preview", *WITH_PACK)  # may end while the program registers resources
    assert refused.code
    assert "[mandatory]" in refused.text
    assert emulator.control.live()["admin_api_key"] == before["admin_api_key"]


def test_the_example_passes_its_policies_and_leaves_nothing(stack: Stack, emulator: EmulatorServer) -> None:
    with_config = (*WITH_PACK, "--policy-pack-config", str(EXAMPLE / "policies.json"))
    emulator.control.seed(json.loads((EXAMPLE / "emulator.json").read_text(encoding="utf-8")))
    program = stack.folder / "__main__.py"
    shutil.copy(EXAMPLE / "__main__.py", program)
    for command in (("up", "--yes", "--skip-preview"), ("preview", "--expect-no-changes")):
        assert not violations(stack.ok(*command, *with_config))
    assert emulator.control.key(stack.outputs()["web_key"])["state"] == "live"

    text = program.read_text("utf-8").replace('"edsger@example.com": "member"', '"edsger@example.com": "owner"')
    program.write_text(text.replace("500}", "1001}").replace("1_000,", "1_000.01,"), encoding="utf-8")
    refused = stack.refused("preview", *with_config)
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

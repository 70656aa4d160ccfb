"""The native provider on the real engine, with programs in YAML."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.under_way import up, wait

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Program, Stack


ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
ACCOUNTS = "/organization/projects/*/service_accounts"
WITH_ACCOUNT: Program = {
    "team": ("Project", {"name": "Team"}),
    "ci": ("ProjectServiceAccount", {"project_id": "$team.project_id", "name": "ci", "role": "owner"}),
}


@pytest.fixture
def stack(native: Stack) -> Stack:
    return native


@ON_LINUX
def test_ctrl_c_ends_a_wait_at_once_and_keeps_the_state(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="throttle", seconds=300, advice="retry-after-ms", method="GET", path=ACCOUNTS)
    stack.declare(WITH_ACCOUNT)
    with up(stack) as running:
        wait(lambda: "Waiting" in running.text)
        running.press_ctrl_c()
        assert running.end() == 1
        assert "you cancelled it" in running.text
        assert "Traceback" not in running.text
    assert "ci" not in {urn.rpartition("::")[2] for urn in stack.ids}
    team = stack.resource("team")["id"]
    emulator.control.clear_faults()
    assert stack.up().summary == {"created": 1, "unchanged": 2}, "neither a lock nor a pending operation is left"
    assert stack.resource("team")["id"] == team


def test_a_replacement_keeps_the_baseline_or_names_it(stack: Stack) -> None:
    """With `replaceOnChanges` the engine asks for the order; with `--replace` only the program says it."""

    def declare(requests: int, **options: Any) -> None:
        row = {"project_id": "proj_demo", "model": "gpt-4o", "max_requests_per_1_minute": requests}
        stack.declare({"row": ("ProjectRateLimit", row)})
        path = stack.folder / "Pulumi.yaml"
        program = yaml.safe_load(path.read_text(encoding="utf-8"))
        program["resources"]["row"]["options"] = {"replaceOnChanges": ["maxRequestsPer1Minute"], **options}
        path.write_text(yaml.safe_dump(program), encoding="utf-8")

    declare(60)
    stack.up()
    before = stack.resource("row")["outputs"]["baseline"]
    declare(70)
    assert stack.up().summary["replaced"] == 1
    assert stack.resource("row")["outputs"]["baseline"] == before
    forced = stack.ok("up", "--yes", "--skip-preview", "--replace", stack.resource("row")["urn"])
    original = before["max_requests_per_1_minute"]
    assert (
        f"stays at 70 instead of {original} (another resource manages it now). Before you force a replacement"
        in " ".join(forced.text.split())
    )
    declare(70, deleteBeforeReplace=True)
    assert "deleteBeforeReplace" not in stack.ok("up", "--yes", "--replace", stack.resource("row")["urn"]).text

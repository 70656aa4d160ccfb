"""The native provider on the real engine, with programs in YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.stacks import OTHER_KEY, Stack, rotate
from tests.engine.under_way import up, wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Program


ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
NEXT_KEY = "sk-admin-otherorganizationrotated01234"
ACCOUNTS = "/organization/projects/*/service_accounts"
TEAM = ("Project", {"name": "Team"})
WITH_ACCOUNT: Program = {
    "team": TEAM,
    "ci": ("ProjectServiceAccount", {"project_id": "$team.project_id", "name": "ci", "role": "owner"}),
}
RPM = "max_requests_per_1_minute"


@pytest.fixture
def stack(native: Stack) -> Stack:
    return native


def row(model: str, requests: int) -> tuple[str, dict[str, Any]]:
    return "ProjectRateLimit", {"project_id": "proj_demo", "model": model, RPM: requests}


def write(stack: Stack, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the program that was declared, where only YAML can say it."""
    path = stack.folder / "Pulumi.yaml"
    program = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(program)
    path.write_text(yaml.safe_dump(program), encoding="utf-8")


def test_a_provider_for_another_organization_and_another_key_for_it(
    stack: Stack, emulator: EmulatorServer, other: EmulatorServer
) -> None:
    def declare(key: str) -> None:
        settings = {"adminApiKey": {"fn::secret": key}, "baseUrl": other.base_url}
        provider = {"type": "pulumi:providers:openai-admin", "properties": settings}
        stack.declare({"row-a": row("gpt-4o", 60), "row-b": row("gpt-4o-mini", 9)})
        write(stack, lambda program: program["resources"].update(b=provider))
        write(stack, lambda program: program["resources"]["row-b"].update(options={"provider": "${b}"}))

    declare(OTHER_KEY)
    assert stack.up().summary == {"created": 4}
    before = stack.ids
    written = [
        [call["path"].rpartition("/")[2] for call in server.control.requests() if call["method"] == "POST"]
        for server in (emulator, other)
    ]
    assert written == [["rl-gpt-4o"], ["rl-gpt-4o-mini"]]

    rotate(other, NEXT_KEY)
    declare(NEXT_KEY)
    assert stack.up().summary == {"updated": 1, "unchanged": 3}
    assert stack.ids == before
    stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    kept = [path.read_bytes() for path in (stack.folder / "home").rglob("*") if path.is_file()]
    for key in (OTHER_KEY, NEXT_KEY, emulator.admin_key):
        assert not [content for content in (*kept, *map(str.encode, stack.log)) if key.encode() in content]


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


def test_the_engine_warns_of_a_program_on_path_unless_settings_name_it(stack: Stack) -> None:
    """The engine's words, several times in a run: docs/native-provider.md says how to end them."""
    warning = "pulumi-resource-openai-admin from $PATH"
    stack.declare({"team": TEAM})
    assert warning in stack.ok("preview").text
    providers = [{"name": "openai-admin", "path": str(Path(sys.executable).parent)}]
    write(stack, lambda program: program.update(plugins={"providers": providers}))
    assert warning not in stack.ok("preview").text


def test_a_replacement_keeps_the_baseline_or_names_it(stack: Stack) -> None:
    """With `replaceOnChanges` the engine asks for the order; with `--replace` only the program says it."""

    def declare(requests: int, **options: Any) -> None:
        stack.declare({"row": row("gpt-4o", requests)})
        given = {"replaceOnChanges": ["maxRequestsPer1Minute"], **options}
        write(stack, lambda program: program["resources"]["row"].update(options=given))

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

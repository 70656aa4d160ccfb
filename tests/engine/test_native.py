"""The native provider on the real engine, with programs in YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.stacks import OTHER_KEY, Stack, shown_changes
from tests.engine.under_way import up, wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer


ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
NEXT_KEY = "sk-admin-otherorganizationrotated01234"
TYPE = "openai-admin:index:"
ACCOUNTS = "/organization/projects/*/service_accounts"
TEAM = {"type": "openai-admin:Project", "properties": {"name": "Team"}}
ACCOUNT = {
    "type": "openai-admin:ProjectServiceAccount",
    "properties": {"projectId": "${team.projectId}", "name": "ci", "role": "owner"},
}
ROW = {
    "type": "openai-admin:ProjectRateLimit",
    "properties": {"projectId": "proj_demo", "model": "gpt-4o-mini", "maxRequestsPer1Minute": 9},
}
WITH_ACCOUNT = {"team": TEAM, "ci": ACCOUNT}


@pytest.fixture
def stack(native: Stack) -> Stack:
    return native


def limits(requests: int) -> dict[str, Any]:
    """A set of limits, of which one is given."""
    chosen = {"gpt-4o": {"maxRequestsPer1Minute": requests}}
    properties = {"projectId": "proj_demo", "limits": chosen}
    return {"type": "openai-admin:ProjectRateLimits", "properties": properties}


def write(stack: Stack, resources: dict[str, Any], outputs: dict[str, str] | None = None) -> None:
    program = {"name": "test", "runtime": "yaml", "resources": resources, "outputs": outputs or {}}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program), encoding="utf-8")


def assert_nowhere(stack: Stack, *secrets: str) -> None:
    """No secret is in a file of the engine in plain text, nor in what its commands printed."""
    files = [path for path in (stack.folder / "home").rglob("*") if path.is_file()]
    assert any(path.suffix == ".json" for path in files), "the backend has files"
    for secret in secrets:
        assert secret
        assert not [path for path in files if secret.encode() in path.read_bytes()]
        assert not [text for text in stack.log if secret in text and "--show-secrets" not in text]


def ids(stack: Stack) -> dict[str, Any]:
    return {resource["urn"]: resource.get("id") for resource in stack.export()["deployment"]["resources"]}


def test_a_life(stack: Stack, emulator: EmulatorServer, openai: Callable[..., dict[str, object]]) -> None:
    rows = "proj_demo/rate_limits"
    write(stack, {**WITH_ACCOUNT, "set": limits(60)}, {"key": "${ci.apiKey}"})
    assert stack.up().summary == {"created": 4}  # with the stack
    assert_nowhere(stack, emulator.admin_key, _key(stack))
    stack.assert_clean()

    write(stack, {**WITH_ACCOUNT, "set": limits(70)}, {"key": "${ci.apiKey}"})
    changed = stack.ok("up", "--yes", "--skip-preview", "--diff")
    assert "~ maxRequestsPer1Minute: 60 => 70" in shown_changes(changed.text, deep=True)
    openai("POST", f"{rows}/rl-gpt-4o", max_requests_per_1_minute=50)
    refreshed = stack.refresh()
    assert refreshed.summary == {"updated": 1, "unchanged": 3}
    assert "~ maxRequestsPer1Minute: 70 => 50" in shown_changes(refreshed.text, deep=True)
    stack.ok("import", f"{TYPE}ProjectRateLimit", "row", "proj_demo/rl-gpt-4o-mini", "--protect=false", "--yes")
    row = {**ROW, "properties": stack.resource("row")["inputs"]}  # as the command prints them
    write(stack, {**WITH_ACCOUNT, "set": limits(50), "row": row}, {"key": "${ci.apiKey}"})
    stack.assert_clean()
    stack.destroy()


def _key(stack: Stack) -> str:
    """The key of the service account, by a command that is not logged."""
    key = str(stack.outputs()["key"])
    stack.log.pop()
    return key


def test_a_creation_that_fails_half_way_is_finished_by_the_next_up(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(method="POST", path=f"{ACCOUNTS}/*", kind="status", status=403, times=None)
    write(stack, WITH_ACCOUNT)
    failed = stack.run("up", "--yes", "--skip-preview")
    assert failed.code
    (reason,) = stack.resource("ci")["initErrors"]
    assert reason.startswith("Could not set name, role of service account 'ci'")
    before = ids(stack)
    emulator.control.clear_faults()
    stack.up()
    assert ids(stack) == before
    finished = stack.resource("ci")
    assert not finished.get("initErrors")
    assert finished["outputs"]["role"] == "owner"


# Two organizations


def test_a_provider_for_another_organization_and_another_key_for_it(
    stack: Stack, emulator: EmulatorServer, other: EmulatorServer
) -> None:
    def declare(key: str) -> None:
        settings = {"adminApiKey": {"fn::secret": key}, "baseUrl": other.base_url}
        provider = {"type": "pulumi:providers:openai-admin", "properties": settings}
        in_b = {**ROW, "options": {"provider": "${b}"}}
        write(stack, {"b": provider, "row-a": limits(60), "row-b": in_b})

    declare(OTHER_KEY)
    assert stack.up().summary == {"created": 4}
    before = ids(stack)
    written = [
        [call["path"].rpartition("/")[2] for call in server.control.requests() if call["method"] == "POST"]
        for server in (emulator, other)
    ]
    assert written == [["rl-gpt-4o"], ["rl-gpt-4o-mini"]]

    port = other.port
    other.stop()
    other.admin_key, other._port = NEXT_KEY, port
    other.start()
    declare(NEXT_KEY)
    assert stack.up().summary == {"updated": 1, "unchanged": 3}
    assert ids(stack) == before
    stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert_nowhere(stack, OTHER_KEY, NEXT_KEY, emulator.admin_key)


# The end


@ON_LINUX
def test_ctrl_c_ends_a_wait_at_once_and_keeps_the_state(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="throttle", seconds=300, advice="retry-after-ms", method="GET", path=ACCOUNTS)
    write(stack, WITH_ACCOUNT)
    with up(stack) as running:
        wait(lambda: "Waiting" in running.text)
        running.press_ctrl_c()
        assert running.end() == 1
        assert "you cancelled it" in running.text
        assert "Traceback" not in running.text
    assert "ci" not in {urn.rpartition("::")[2] for urn in ids(stack)}
    team = stack.resource("team")["id"]
    emulator.control.clear_faults()
    assert stack.up().summary == {"created": 1, "unchanged": 2}, "neither a lock nor a pending operation is left"
    assert stack.resource("team")["id"] == team


def test_the_engine_warns_of_a_program_on_path_unless_settings_name_it(stack: Stack) -> None:
    """The engine's words, several times in a run: docs/native-provider.md says how to end them."""
    warning = "pulumi-resource-openai-admin from $PATH"
    write(stack, {"team": TEAM})
    assert warning in stack.ok("preview").text
    settings = yaml.safe_load((stack.folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    settings["plugins"] = {"providers": [{"name": "openai-admin", "path": str(Path(sys.executable).parent)}]}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    assert warning not in stack.ok("preview").text


def limit(model: str, requests: int = 9, **options: Any) -> dict[str, Any]:
    """A rate limit of a project."""
    properties = {"projectId": "proj_demo", "model": model, "maxRequestsPer1Minute": requests}
    return {"type": "openai-admin:ProjectRateLimit", "properties": properties, "options": options}


def test_a_replacement_keeps_the_baseline_or_names_it(stack: Stack) -> None:
    """With `replaceOnChanges` the engine asks for the order; with `--replace` only the program says it."""
    on_change = {"replaceOnChanges": ["maxRequestsPer1Minute"]}
    write(stack, {"row": limit("gpt-4o", 60, **on_change)})
    stack.up()
    before = stack.resource("row")["outputs"]["baseline"]
    write(stack, {"row": limit("gpt-4o", 70, **on_change)})
    assert stack.up().summary["replaced"] == 1
    assert stack.resource("row")["outputs"]["baseline"] == before
    forced = stack.ok("up", "--yes", "--skip-preview", "--replace", stack.resource("row")["urn"])
    original = before["max_requests_per_1_minute"]
    assert (
        f"stays at 70 instead of {original} (another resource manages it now). Before you force a replacement"
        in " ".join(forced.text.split())
    )
    declared = {**on_change, "deleteBeforeReplace": True}
    write(stack, {"row": limit("gpt-4o", 70, **declared)})
    assert "deleteBeforeReplace" not in stack.ok("up", "--yes", "--replace", stack.resource("row")["urn"]).text

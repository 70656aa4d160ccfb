"""Names of providers, options of the command, forced replacements and signals, on the real engine."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_openai_admin import config
from tests.engine.stacks import OTHER_KEY
from tests.engine.under_way import up, wait
from tools import languages

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


@pytest.fixture
def stack(stack: Stack) -> Stack:
    stack.engine = languages.with_yaml(stack.engine)
    return stack


def write(stack: Stack, resources: dict[str, Any], runtime: Any = "yaml") -> None:
    program = {"name": "test", "runtime": runtime, "resources": resources}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program), encoding="utf-8")


def limit(model: str, requests: int = 9, **options: Any) -> dict[str, Any]:
    """A rate limit of a project that both organizations have."""
    properties = {"projectId": "proj_demo", "model": model, "maxRequestsPer1Minute": requests}
    return {"type": "openai-admin:ProjectRateLimit", "properties": properties, "options": options}


def changed(server: EmulatorServer) -> list[str]:
    """The last part of the path of each request that changed something."""
    return [call["path"].rpartition("/")[2] for call in server.control.requests() if call["method"] != "GET"]


def test_a_provider_whose_name_begins_with_default_has_its_own_key(
    stack: Stack, emulator: EmulatorServer, other: EmulatorServer
) -> None:
    settings = {"adminApiKey": {"fn::secret": OTHER_KEY}, "baseUrl": other.base_url}
    provider = {"type": "pulumi:providers:openai-admin", "properties": settings}
    write(stack, {"default-b": provider, "row": limit("gpt-4o", provider="${default-b}")})
    stack.up()
    assert (changed(emulator), changed(other)) == ([], ["rl-gpt-4o"])
    stack.destroy()
    assert (changed(emulator), changed(other)) == ([], ["rl-gpt-4o"] * 2)


# The end


def posts(emulator: EmulatorServer, end: str) -> int:
    """How many objects of a kind were created."""
    calls = emulator.control.requests()
    return len([call for call in calls if call["method"] == "POST" and call["path"].endswith(end)])


@ON_LINUX
def test_ctrl_c_with_more_steps_than_threads_begins_no_other_step(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="delay", seconds=9, method="POST", path="*/projects", times=None)
    project = {"type": "openai-admin:Project"}
    write(stack, {f"p{number}": {**project, "properties": {"name": f"P{number}"}} for number in range(150)})
    with up(stack, "--parallel", "150") as running:
        wait(lambda: posts(emulator, "/projects") == config.Settings.parallel)
        time.sleep(4)  # so that all other steps wait in the provider
        running.press_ctrl_c()
        assert running.end()
    assert posts(emulator, "/projects") <= config.Settings.parallel
    recorded = [
        resource for resource in stack.export()["deployment"]["resources"] if resource["type"].endswith(":Project")
    ]
    assert len(recorded) == posts(emulator, "/projects")


@ON_LINUX
def test_a_signal_to_the_whole_job_loses_no_key(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="delay", seconds=3, method="POST", path="*/service_accounts", when="after")
    account = {"type": "openai-admin:ProjectServiceAccount"}
    write(stack, {"ci": {**account, "properties": {"projectId": "proj_demo", "name": "ci"}}})
    with up(stack) as running:
        wait(lambda: posts(emulator, "/service_accounts") > 0)
        for process in {*running.providers, running.process.pid}:
            os.kill(process, signal.SIGTERM)
        running.end()
    assert stack.resource("ci")["id"]
    assert stack.up().summary == {"unchanged": 2}
    assert posts(emulator, "/service_accounts") == 1


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

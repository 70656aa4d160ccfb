"""The examples for large organizations: one program over many stacks, on this machine and in Kubernetes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.test_program_changes import limits
from tests.engine.under_way import wait
from tests.warm.start import virtual_environment
from tools.stacks import Run, environ_of

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.test_program_changes import OpenAI
    from tools.engine import Engine

EXAMPLES = Path(__file__).parents[2] / "examples"
FLEET: dict[str, Any] = json.loads((EXAMPLES / "fleet" / "fleet.json").read_text(encoding="utf-8"))
PROJECTS = [project for group in FLEET["groups"].values() for project in group["projects"]]
BEFORE = {"gpt-4o": 10000, "gpt-4o-mini": 10000}
WANTED = {"gpt-4o": 500, "gpt-4o-mini": 600}


@dataclass
class Fleet:
    """A copy of the example, with a policy that needs few requests."""

    folder: Path
    environ: dict[str, str]

    def change(self, **parts: Any) -> None:
        path = self.folder / "fleet.json"
        path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **parts}), encoding="utf-8")

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "fleet.py", *arguments],
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environ: str) -> Run:
        with self.start(*arguments, **environ) as process:
            text, _ = process.communicate(timeout=120)
        assert "Traceback" not in text, text
        return Run(process.returncode, text)


@pytest.fixture
def fleet(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> Fleet:
    folder = tmp_path / "fleet"
    shutil.copytree(EXAMPLES / "fleet", folder, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml", ".venv"))
    (folder / ".venv").symlink_to(virtual_environment())
    emulator.control.seed(json.loads((folder / "emulator.json").read_text(encoding="utf-8")))
    emulator.control.world(throttle=None)
    fleet = Fleet(folder, pulumi.environment(tmp_path / "home") | environ_of(emulator))
    limits = {model: {"max_requests_per_1_minute": requests} for model, requests in WANTED.items()}
    fleet.change(limit_sets={name: {"limits": limits} for name in FLEET["limit_sets"]})
    return fleet


def limits_of(openai: OpenAI, project: str) -> dict[str, object]:
    return {model: limit for model, limit in limits(openai, project).items() if model in WANTED}


def test_a_group_at_the_request_limit_goes_on_and_a_failure_stops_no_other(
    fleet: Fleet, emulator: EmulatorServer, openai: OpenAI
) -> None:
    research = {**FLEET["groups"]["research"], "projects": ["proj_nowhere", "proj_research_b"]}
    fleet.change(groups={**FLEET["groups"], "research": research})
    # The advice is to wait longer than the example does, so nothing waits.
    emulator.control.fault(kind="throttle", path="*/proj_products_*", seconds=7201, advice="retry-after", times=None)
    with fleet.start("up") as process:
        assert process.stdout
        so_far = []
        for line in process.stdout:
            so_far.append(line)
            if "rate limit reached in attempt 1; it will be continued" in line:
                emulator.control.clear_faults()
        text = "".join(so_far)
    assert process.returncode == 1, text
    assert "products: rate limit reached in attempt 1; it will be continued" in text
    assert text.index("products: rate limit reached") < text.rindex("products: up …"), "another attempt"
    assert "research: failed\n  error: " in text
    assert "proj_nowhere" in text
    assert "up: 2 of 3 groups succeeded" in text
    assert text.endswith("failed: research\n")
    done = [project for project in PROJECTS if limits_of(openai, project) == WANTED]
    assert done == PROJECTS[1:], "the group's other project too"

    emulator.control.clear_requests()
    assert fleet.run("refresh", "products").code == 0
    assert [call["method"] for call in emulator.control.requests()] == ["GET", "GET"], "one list a project"

    fleet.change(at_a_time=2)
    destroy = fleet.run("destroy")
    assert destroy.code == 0, destroy.text
    assert all(limits_of(openai, project) == BEFORE for project in PROJECTS)


def test_a_preview_of_one_group_needs_no_key_and_a_wrong_name_is_told(fleet: Fleet) -> None:
    preview = fleet.run("preview", "sandbox", OPENAI_ADMIN_KEY="", OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    assert preview.code == 0, preview.text
    assert "+ 3 to create" in preview.text
    assert "research" not in preview.text
    wrong = fleet.run("up", "sandpit")
    assert wrong.code == 2
    assert "no group sandpit; it has research, products, sandbox" in wrong.text


@pytest.mark.skipif(signal.getsignal(signal.SIGINT) is signal.SIG_IGN, reason="children would ignore it too")
def test_ctrl_c_ends_it_quietly(fleet: Fleet, emulator: EmulatorServer) -> None:
    settings = fleet.folder / "Pulumi.yaml"
    text = re.sub(r"(openai-admin:maxWaitSeconds:) \d+", r"\1 3", settings.read_text(encoding="utf-8"))
    settings.write_text(text, encoding="utf-8")
    emulator.control.world(throttle={"per_minute": 30, "burst": 1, "advice": "text"})
    emulator.control.clear_requests()
    with fleet.start("up") as process:
        wait(lambda: bool(emulator.control.requests()))
        os.killpg(process.pid, signal.SIGINT)
        text, _ = process.communicate(timeout=60)
    assert process.returncode == 130, text
    assert "Stopping: running stacks finish" in text
    assert "sandbox: up" not in text
    assert "Traceback" not in text

"""Programs for what is imported, of every kind: those that the engine writes, and that of `adopt` for the SDK."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from pulumi_openai_admin.cli.options import app
from pulumi_openai_admin.hosts.native import properties
from tests.commands import copied, ok
from tests.company import EVERYTHING, plant
from tests.engine.test_adoption import NO_CHECKPOINTS
from tests.host.provider_process import NativeProcess
from tests.host.stack import Stack as Organization
from tests.native.test_sdks import compiled
from tools import languages
from tools.stacks import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

pytestmark = pytest.mark.timeout(900)  # a compiler's first run on a slow machine


@pytest.fixture
def organization(emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests) -> Organization:
    """An organization with an object of each kind, which its scenario has created."""
    made = Organization(emulator, NativeProcess, environ, subtests)
    made.create()
    emulator.control.clear_requests()
    return made


@pytest.fixture
def with_generators(pulumi: Engine, tmp_path: Path) -> Engine:
    """The engine, with language hosts for Node.js and Python that write programs."""
    if pulumi.source != "go":
        return pulumi  # it comes with its own
    folder, generator = tmp_path / "engine", languages.find_or_get() / languages.PROGRAM_HOST
    folder.mkdir()
    for language in ("nodejs", "python"):
        host = folder / f"pulumi-language-{language}"
        host.write_text(f'#!/bin/sh\nexec "{generator}" {language} "$@"\n', encoding="utf-8")
        host.chmod(0o755)
    return copied(pulumi, folder)


def imported(found: Engine, runtime: str, folder: Path, organization: Organization) -> tuple[Stack, str]:
    """A stack with an object of each kind, imported by its id alone, and the program that the engine wrote for it."""
    folder.mkdir()
    entries = [
        {"type": properties.token(member.name), "name": member.name, "id": member.id}
        for member in organization.members
        if not member.scenario.resource.handler.traits.not_adoptable
    ]
    (folder / "import.json").write_text(json.dumps({"resources": entries}), encoding="utf-8")
    (folder / "Pulumi.yaml").write_text(f"name: openai\nruntime: {runtime}\n", encoding="utf-8")
    stack = Stack(found, folder, organization.environ, folder.parent / "home")
    stack.ok("stack", "init", "dev")
    run = stack.ok("import", "--file", "import.json", "--out", "program", "--yes", "--skip-preview")
    assert "failed to validate" not in run.text
    assert {request["method"] for request in organization.server.control.requests()} == {"GET"}
    return stack, (folder / "program").read_text(encoding="utf-8")


def test_a_program_in_yaml_previews_clean(organization: Organization, pulumi: Engine, tmp_path: Path) -> None:
    stack, program = imported(languages.with_yaml(pulumi), "yaml", tmp_path / "program", organization)
    (stack.folder / "Pulumi.yaml").write_text(f"name: openai\nruntime: yaml\n{program}", encoding="utf-8")
    stack.assert_clean()


def test_a_program_in_typescript_previews_clean(
    organization: Organization, with_generators: Engine, npm_project: Path, tmp_path: Path
) -> None:
    stack, program = imported(with_generators, "nodejs", tmp_path / "program", organization)
    (tmp_path / "index.ts").write_text(program, encoding="utf-8")
    found = compiled(tmp_path / "index.ts", npm_project).run("preview", stack.environment())
    assert list(found["changes"]) == ["same"]


def test_a_program_in_python_previews_clean(
    organization: Organization, pulumi: Engine, with_generators: Engine, python_sdk: dict[str, str], tmp_path: Path
) -> None:
    stack, program = imported(with_generators, "python", tmp_path / "program", organization)
    (stack.folder / "__main__.py").write_text(program, encoding="utf-8")
    stack.engine = pulumi
    stack.ok("preview", "--diff", "--expect-no-changes", **python_sdk)


def test_what_adopt_writes_for_the_sdk_in_python_previews_clean(
    emulator: EmulatorServer, environ: dict[str, str], pulumi: Engine, python_sdk: dict[str, str], tmp_path: Path
) -> None:
    plant(emulator)
    before = emulator.control.live()
    command = ["adopt", "--native-python", "--all", *EVERYTHING, "--exclude", "model:[!og]*", "--out"]
    done = CliRunner().invoke(app, [*command, str(tmp_path / "org")], env=environ)
    assert done.exit_code == 0, done.output
    typed = [sys.executable, "-m", "mypy", "--follow-imports", "silent", "--cache-dir", str(tmp_path / "mypy"), "."]
    ok(typed, tmp_path / "org", os.environ | python_sdk)
    (tmp_path / "org" / ".venv").symlink_to(sys.prefix)  # in place of `pulumi install`
    stack = Stack(pulumi, tmp_path / "org", environ | python_sdk, tmp_path / "home")
    stack.ok("stack", "init", "production")
    stack.ok("import", "--file", "import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS)
    assert "[diff:" not in stack.ok("preview", "--expect-no-changes", "--diff", **NO_CHECKPOINTS).text
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}
    assert emulator.control.live() == before

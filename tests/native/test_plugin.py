"""The archive of the native provider: installed as a user does, and used by a program in YAML."""

from __future__ import annotations

import os
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from tools import languages, pinned, plugin
from tools.stacks import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

PROGRAM = "pulumi-resource-openai-admin"
pytestmark = pytest.mark.timeout(1500)  # the archive is made after each change of the package


@pytest.fixture(scope="module")
def archive() -> Path:
    return plugin.find_or_get()


@pytest.fixture
def stack(tmp_path: Path, archive: Path, pulumi: Engine, emulator: EmulatorServer) -> Stack:
    """The quickstart in YAML, with the plugin installed. The program of this environment is not on PATH."""
    found = languages.with_yaml(pulumi)
    (tmp_path / "Pulumi.yaml").write_text(
        (pinned.ROOT / "examples/yaml/Pulumi.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    path = os.pathsep.join([*map(str, found.folders), "/usr/bin", "/bin"])
    environ = {"PATH": path, "OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(found, tmp_path, environ)
    stack.ok("plugin", "install", "resource", "openai-admin", pinned.package_version(), "--file", str(archive))
    stack.ok("stack", "init", "dev")
    return stack


def test_a_program_uses_the_installed_plugin(stack: Stack) -> None:
    up = stack.up()
    assert up.summary == {"created": 4}
    assert stack.outputs()["key"].startswith("sk-")
    stack.assert_clean()
    assert stack.destroy().summary == {"deleted": 4}
    assert "from $PATH" not in "".join(stack.log)


def test_the_engine_gets_the_schema_from_the_archive(stack: Stack) -> None:
    schema = stack.ok("package", "get-schema", "openai-admin").text
    assert f'"version": "{pinned.package_version()}"' in schema


def test_it_contains_the_provider_and_nothing_else_of_the_package(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as members:
        names = members.getnames()
        assert {member.mode & 0o777 for member in members if member.isfile()} == {0o644, 0o755}
        members.extractall(tmp_path, filter="data")
    assert PROGRAM in names
    assert "LICENSE" in names
    assert "_internal/pulumi_openai_admin/native/schema.json" in names
    modules = packed(tmp_path / PROGRAM)
    assert "pulumi_openai_admin.resources.project" in modules
    assert {name.split(".")[0] for name in modules}.isdisjoint({"fastapi", "pytest", "rich", "typer", "uvicorn"})
    assert [
        name for name in modules if name.startswith(("pulumi_openai_admin.cli", "pulumi_openai_admin.emulator"))
    ] == []


def test_without_an_engine_it_says_who_starts_it(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as members:
        members.extractall(tmp_path, filter="data")
    command = [str(tmp_path / PROGRAM), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Pulumi starts this program: run `pulumi up`.")
    assert done.stderr.count("\n") == 1


def packed(program: Path) -> list[str]:
    """The modules in a program, as PyInstaller's own viewer lists them."""
    viewer = pinned.packer_folder() / "bin" / "python"
    command = [
        str(viewer),
        "-m",
        "PyInstaller.utils.cliutils.archive_viewer",
        "--recursive",
        "--brief",
        "--list",
        str(program),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return [line.strip() for line in done.stdout.splitlines()]

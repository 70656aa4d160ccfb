"""The native provider as users install it: the plugin archive, and the folder for machines with Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.commands import copied
from tools import docs_pages, engine, languages, pinned
from tools.stacks import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine

PROGRAM = "pulumi-resource-openai-admin"
FOLDER = pinned.ROOT / "plugin"
TEMPLATE = pinned.ROOT / "templates" / "openai-admin-yaml"
TEAM = pinned.ROOT / "examples" / "team" / "languages" / "Pulumi.yaml"
FROM_FOLDER = f"""
plugins:
  providers:
    - name: openai-admin
      path: {FOLDER}
"""
pytestmark = [
    pytest.mark.timeout(1500),  # the archive is made after each change of the package
    pytest.mark.inputs("examples/team/languages", "plugin", "pulumi_openai_admin", "templates", "tools/plugin"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """What `make plugin` writes, once for all workers."""
    folder = tmp_path_factory.getbasetemp().parent / f"archive-{testrun_uid}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            command = [sys.executable, "-m", "nox", "--session", "plugin", "--", str(folder)]
            subprocess.run(command, cwd=pinned.ROOT, check=True)
    (found,) = folder.glob("*.tar.gz")
    return found


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    shutil.unpack_archive(archive, folder)
    return folder


@pytest.fixture(scope="module")
def with_stand_in(pulumi: Engine, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine with this clone's stand-in for the Python language host.

    The real one installs the package from PyPI, which has this version only after its release. Tests of other clones
    replace the stand-in in the cache.
    """
    folder = tmp_path_factory.mktemp("engine")
    engine.install_language_host(folder)
    return copied(languages.with_yaml(pulumi), folder, languages.YAML_HOST)


@pytest.fixture
def stack(tmp_path: Path, with_stand_in: Engine, environ: dict[str, str]) -> Stack:
    """The program of the template in YAML, with no program of this environment on PATH."""
    found = with_stand_in
    shutil.copytree(TEMPLATE, tmp_path, dirs_exist_ok=True)
    project = tmp_path / "Pulumi.yaml"
    project.write_text(docs_pages.as_created(project.read_text(encoding="utf-8")), encoding="utf-8")
    path = os.pathsep.join([str(found.folder), "/usr/bin", "/bin"])
    stack = Stack(found, tmp_path, {**environ, "PATH": path})
    stack.ok("stack", "init", "dev")
    stack.ok("config", "set", "projectName", "Search")
    return stack


def scenarios(stack: Stack) -> None:
    """An `up`, a preview without changes, and a destroy."""
    assert stack.up().summary == {"created": 4}
    assert stack.outputs()["apiKey"].startswith("sk-")
    stack.assert_clean()
    assert stack.destroy().summary == {"deleted": 4}
    assert "from $PATH" not in "".join(stack.log)


def test_a_program_uses_the_installed_archive(stack: Stack, archive: Path) -> None:
    stack.ok("plugin", "install", "resource", "openai-admin", pinned.package_version(), "--file", str(archive))
    scenarios(stack)


def test_the_installed_archive_has_the_component(stack: Stack, archive: Path) -> None:
    stack.ok("plugin", "install", "resource", "openai-admin", pinned.package_version(), "--file", str(archive))
    (stack.folder / "Pulumi.yaml").write_text(
        TEAM.read_text(encoding="utf-8").replace("name: team", "name: quickstart", 1), encoding="utf-8"
    )
    assert stack.preview().summary == {"to create": 13}


def test_a_program_uses_the_folder(stack: Stack) -> None:
    project = stack.folder / "Pulumi.yaml"
    project.write_text(project.read_text(encoding="utf-8") + FROM_FOLDER, encoding="utf-8")
    scenarios(stack)


def test_a_folder_that_is_older_than_the_sdk_says_what_to_install(stack: Stack) -> None:
    resource = "team: {type: openai-admin:Project, properties: {name: Team}, options: {version: 99.0.0}}"
    text = f"name: quickstart\nruntime: yaml\nresources:\n  {resource}\n{FROM_FOLDER}"
    (stack.folder / "Pulumi.yaml").write_text(text, encoding="utf-8")
    warning = f"({FOLDER}): install version 99.0.0 of the provider, or version {pinned.package_version()} of the SDK."
    assert warning in stack.preview().text


@pytest.mark.parametrize("of", ["archive", "installed archive", "folder"])
def test_an_sdk_is_made_from_it(stack: Stack, archive: Path, unpacked: Path, of: str) -> None:
    if of == "installed archive":
        stack.ok("plugin", "install", "resource", "openai-admin", pinned.package_version(), "--file", str(archive))
    providers = {"archive": str(unpacked / PROGRAM), "installed archive": "openai-admin", "folder": str(FOLDER)}
    source = providers[of]
    run = stack.run("package", "add", source)
    # Not the exit code: the language host for YAML lacks the next step, which is to write `Pulumi.yaml`.
    assert "Successfully generated an SDK for the openai-admin package" in run.text, run.text
    own = {"name": "openai-admin", "version": pinned.package_version()}
    text = stack.ok("package", "get-schema", source).text
    schema = json.loads(text[text.index("{") :])  # the stand-in for the language host prints a line before it
    assert schema.items() >= own.items()
    about = json.loads(stack.ok("about", "--json").text)
    assert own | {"kind": "resource"} in about["plugins"]
    assert own in about["dependencies"]


def test_the_folder_takes_this_version_of_the_package() -> None:
    requirements = (FOLDER / "requirements.txt").read_text(encoding="utf-8")
    assert requirements == f"pulumi-openai-admin=={pinned.package_version()}\n"


def test_the_archive_contains_the_provider_and_nothing_else_of_it(archive: Path, unpacked: Path) -> None:
    with tarfile.open(archive) as members:
        names = members.getnames()
        assert all(member.isfile() or member.isdir() for member in members)  # Pulumi refuses links
        assert {member.mode & 0o777 for member in members if member.isfile()} == {0o644, 0o755}
    assert {PROGRAM, "LICENSE", "_internal/pulumi_openai_admin/hosts/native/schema.json"} <= set(names)
    packer, viewer = pinned.ROOT / ".nox" / "plugin" / "bin" / "python", "PyInstaller.utils.cliutils.archive_viewer"
    command = [packer, "-m", viewer, "--recursive", "--brief", "--list", unpacked / PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    modules = [line.strip() for line in done.stdout.splitlines()]
    assert {"pulumi_openai_admin.resources.project", "pulumi_openai_admin.delivery.pulumi_esc", "yaml"} <= set(modules)
    assert {name.partition(".")[0] for name in modules}.isdisjoint({"fastapi", "pytest", "rich", "typer", "uvicorn"})
    left_out = ("pulumi_openai_admin.cli", "pulumi_openai_admin.emulator")
    assert [name for name in modules if name.startswith(left_out)] == []


def test_the_program_of_the_archive_says_who_starts_it(unpacked: Path) -> None:
    command = [str(unpacked / PROGRAM), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Pulumi starts this program: run `pulumi up`. Its argument is the address of the engine.\n"

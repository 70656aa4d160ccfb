"""What `pulumi new` makes of the templates, and what the programs do."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from packaging.requirements import Requirement

from pulumi_openai_admin.hosts.native.schema import PACKAGE_INFORMATION
from tests.engine import key_service
from tests.warm.start import virtual_environment
from tools import docs_pages, engine, languages, pinned
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

TEMPLATES = pinned.ROOT / "templates"
LANGUAGES = ("python", "yaml", "typescript", "go")
RUN_HERE = ("python", "yaml")
"""The languages whose programs the engine can start here. `tests/native/test_sdks.py` runs the others."""
PROVIDER = "pulumi-resource-openai-admin"
NO_KEY = (
    "There is no OpenAI admin key. Set the environment variable OPENAI_ADMIN_KEY. "
    "To keep the key in the stack instead, run `pulumi config set --secret openai-admin:adminApiKey`."
)
NO_NAME = {
    "python": "Missing required configuration variable 'project:projectName'",
    "yaml": "Stack 'dev' is missing configuration value 'projectName'",
}
"""What Pulumi itself says."""


def template(language: str) -> Path:
    return TEMPLATES / f"openai-admin-{language}"


def read(project: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8")))


@pytest.fixture
def new(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> Callable[..., Stack]:
    """Creates a project with a stack, as `pulumi new` does."""

    def create(language: str, *options: str, key: str = "") -> Stack:
        folder = tmp_path / "project"
        folder.mkdir()
        environ = {**key_service.environment(), "OPENAI_BASE_URL": emulator.base_url}
        stack = Stack(languages.with_yaml(pulumi), folder, environ, tmp_path / "home")
        program = shutil.which(PROVIDER, path=stack.environment()["PATH"]) or PROVIDER
        stack.ok("plugin", "install", "resource", "openai-admin", pinned.package_version(), "--file", program)
        secrets = ("--secrets-provider", key_service.PROVIDER)
        command = ("new", str(template(language)), "--stack", "dev", *secrets, *options)
        if key:
            type_key(stack, key, *command)
        else:
            stack.ok(*command, "--yes")
        if not (venv := folder / ".venv").exists():  # this clone's stand-in for the language host installs nothing
            venv.symlink_to(virtual_environment())
        return stack

    return create


def type_key(stack: Stack, key: str, *command: str) -> None:
    """Run a command in a terminal, and answer its question for the admin key."""
    ours, theirs = os.openpty()
    words, env = [str(stack.engine.pulumi), *command], stack.environment(TERM="xterm")
    with subprocess.Popen(words, cwd=stack.folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while b"(openai-admin:adminApiKey)" not in shown:
            shown += os.read(ours, 4096)
        os.write(ours, f"{key}\r".encode())
        with suppress(OSError):  # what a terminal gives when nobody writes to it any more
            while piece := os.read(ours, 4096):
                shown += piece
    os.close(ours)
    assert process.returncode == 0, shown
    assert key.encode() not in shown


def config(folder: Path) -> dict[str, Any]:
    text = (folder / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["config"])


def assert_is_as_documented(project: Path, language: str) -> None:
    source = template(language)
    made, shown = read(project), docs_pages.as_created((source / "Pulumi.yaml").read_text(encoding="utf-8"))
    about = read(source)["template"]["description"]
    own = {"name": "project", "description": about, "config": made["config"]}  # a tag of the engine is in it
    assert made == {**yaml.safe_load(shown), **own}
    assert all((project / path.name).exists() for path in source.iterdir())


@pytest.mark.parametrize("language", ["typescript", "go"])
def test_a_project_is_made_of_it(pulumi: Engine, tmp_path: Path, language: str) -> None:
    """The engine starts a language host, of which it asks nothing: that of Python stands for each."""
    project = tmp_path / "project"
    project.mkdir()
    engine.install_language_host(tmp_path)
    for runtime in ("nodejs", "go"):
        shutil.copy(tmp_path / engine.LANGUAGE_HOST, tmp_path / f"pulumi-language-{runtime}")
    path = os.pathsep.join([pulumi.environment(tmp_path)["PATH"], str(tmp_path)])
    stack = Stack(pulumi, project, {"PATH": path}, tmp_path / "home")
    stack.ok("new", str(template(language)), "--yes", "--generate-only")
    assert_is_as_documented(project, language)


@pytest.mark.parametrize("language", RUN_HERE)
def test_its_program_runs(new: Callable[..., Stack], emulator: EmulatorServer, language: str) -> None:
    about = read(template(language))["template"]["description"]
    given = ("--name", "project", "--description", about, "--config", "projectName=Search")
    stack = new(language, *given, key=emulator.admin_key)
    assert_is_as_documented(stack.folder, language)
    assert config(stack.folder)["openai-admin:adminApiKey"].keys() == {"secure"}
    assert config(stack.folder)["project:projectName"] == "Search"
    assert stack.up().summary == {"created": 4}
    outputs = stack.outputs()
    assert emulator.control.state()["projects"][outputs["projectId"]]["name"] == "Search"
    assert outputs["requestsPerMinute"] == 60
    assert outputs["apiKey"].startswith("sk-")
    kept = [path.read_bytes() for path in stack.folder.parent.rglob("*") if path.is_file()]
    for secret in (outputs["apiKey"], emulator.admin_key):
        assert not [content for content in kept if secret.encode() in content]
    stack.assert_clean()
    assert stack.destroy().summary == {"deleted": 4}


@pytest.mark.parametrize("language", RUN_HERE)
def test_what_is_missing_is_named_once(new: Callable[..., Stack], emulator: EmulatorServer, language: str) -> None:
    stack = new(language)
    assert config(stack.folder) == {"project:projectName": "Quickstart"}, "a question without an answer sets nothing"
    diagnostics = stack.run("up", "--yes", "--skip-preview").text.partition("Diagnostics:")[2]
    assert diagnostics.count(NO_KEY) == 1
    assert diagnostics.count("admin key") == 1
    stack.ok("config", "rm", "projectName")
    said = stack.run("up", "--yes", "--skip-preview", OPENAI_ADMIN_KEY=emulator.admin_key)
    assert said.code
    assert NO_NAME[language] in said.text
    assert [project["name"] for project in emulator.control.state()["projects"].values()].count("Quickstart") == 0


def test_all_ask_the_same_questions() -> None:
    about = {language: read(template(language))["template"] for language in LANGUAGES}
    questions = about["python"]["config"]
    assert questions["openai-admin:adminApiKey"]["secret"]
    assert "default" not in questions["openai-admin:adminApiKey"]
    assert questions["projectName"]["default"]
    assert all(question["description"] for question in questions.values())
    for language in LANGUAGES:
        assert about[language]["config"] == questions
        assert about[language]["quickstart"] == about["python"]["quickstart"]
    for text in ("displayName", "description"):
        assert len({about[language][text] for language in LANGUAGES}) == len(LANGUAGES)


def test_each_names_this_version_of_the_package() -> None:
    version, address = pinned.package_version(), PACKAGE_INFORMATION["pluginDownloadURL"]
    requirement = Requirement((template("python") / "requirements.txt").read_text(encoding="utf-8").strip())
    assert requirement.name == "pulumi-openai-admin"
    assert requirement.specifier.contains(version)
    for language in ("typescript", "go"):
        named = {"source": "openai-admin", "version": version, "pluginDownloadURL": address}
        assert read(template(language))["packages"] == {"openai-admin": named}
    file = template("yaml") / "sdks" / "openai-admin" / f"openai-admin-{version}.yaml"
    named = {"packageDeclarationVersion": 1, "name": "openai-admin", "version": version, "downloadUrl": address}
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == named

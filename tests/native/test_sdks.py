"""The SDKs that Pulumi's code generators make from the schema: compiled, and run against the emulator."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from tests.native.commands import ok
from tools import languages, pinned, registries
from tools.languages import COMPILER, NODE
from tools.stacks import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

PYTHON = pinned.ROOT / "examples" / "languages" / "python"
TEMPLATES = pinned.ROOT / "templates"
TEAM = pinned.ROOT / "examples" / "team" / "languages"
PROGRAMS = pinned.ROOT / "tests" / "native" / "programs"
pytestmark = pytest.mark.timeout(900)  # a compiler's first run on a slow machine
of_the_schema = pytest.mark.inputs(
    "docs/assets/logo.png",
    "examples/ci/typescript",
    "examples/languages",
    "examples/team/languages",
    "pulumi_openai_admin/hosts/native/schema.json",
    "templates",
    "tests/native",
    "tools/registries.py",
    "tools/languages",
    "tools/languages.py",
    "tools/node",
)
"""What SDKs are generated and compiled from. What the provider does, tests/engine and tests/host show."""


@dataclass(frozen=True)
class Compiled:
    """A program that takes `up`, `preview` or `destroy`, and prints what came of it."""

    command: tuple[str, ...]
    folder: Path

    def run(self, action: str, env: dict[str, str]) -> dict[str, Any]:
        return dict(json.loads(ok([*self.command, action], self.folder, env).splitlines()[-1]))


def template_lives(program: Compiled, pulumi: Engine, emulator: EmulatorServer) -> None:
    """What the program of a template creates, in a stack with the answer to the question of `pulumi new`."""
    env = pulumi.environment(program.folder / "home") | {
        "CONFIG": json.dumps({"openai:projectName": {"value": "Search"}}),
        "OPENAI_ADMIN_KEY": emulator.admin_key,
        "OPENAI_BASE_URL": emulator.base_url,
    }
    up = program.run("up", env)
    assert up["changes"] == {"create": 4}
    project = emulator.control.state()["projects"][up["outputs"]["projectId"]["value"]]
    assert project["name"] == "Search"
    assert up["outputs"]["requestsPerMinute"]["value"] == 60
    assert up["outputs"]["apiKey"]["secret"]
    assert program.run("preview", env)["changes"] == {"same": 4}
    assert program.run("destroy", env)["changes"] == {"delete": 4}


def a_team_lives(program: Compiled, pulumi: Engine, emulator: EmulatorServer, home: Path) -> None:
    """A preview, an `up`, a preview without changes, and a destroy of a program with a `TeamProject`."""
    env = pulumi.environment(home) | {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    assert program.run("preview", env)["changes"] == {"create": 13}
    up = program.run("up", env)
    assert up["changes"] == {"create": 13}
    assert emulator.control.key(up["outputs"]["webKey"]["value"])
    assert up["outputs"]["webKey"]["secret"]
    url = f"{emulator.base_url}/organization/projects/{up['outputs']['projectId']['value']}/spend_limit"
    reply = requests.get(url, headers={"Authorization": f"Bearer {emulator.admin_key}"}, timeout=10)
    assert reply.json()["threshold_amount"] == 100_000
    assert program.run("preview", env)["changes"] == {"same": 13}
    assert program.run("destroy", env)["changes"] == {"delete": 13}


def compiled(program: Path, modules: Path, folder: Path) -> Compiled:
    """A program in TypeScript, compiled by `tsc` with `strict`."""
    (folder / "node_modules").symlink_to(modules)
    shutil.copyfile(program, folder / "index.ts")
    shutil.copyfile(PROGRAMS / "run.ts", folder / "run.ts")
    options = ("--strict", "--target", "ES2020", "--module", "commonjs", "--skipLibCheck", "--types", "node")
    ok([*NODE, str(modules.joinpath(*COMPILER)), *options, "index.ts", "run.ts"], folder)
    return Compiled((*NODE, "run.js"), folder)


@pytest.fixture(scope="session")
def typescript(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The program of the template in TypeScript."""
    return compiled(TEMPLATES / "openai-admin-typescript" / "index.ts", modules, tmp_path_factory.mktemp("typescript"))


@of_the_schema
def test_the_template_in_typescript_runs(typescript: Compiled, pulumi: Engine, emulator: EmulatorServer) -> None:
    template_lives(typescript, pulumi, emulator)


@of_the_schema
def test_the_program_for_ci_in_typescript_runs(
    modules: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path
) -> None:
    program = compiled(pinned.ROOT / "examples" / "ci" / "typescript" / "index.ts", modules, tmp_path)
    env = pulumi.environment(tmp_path / "home")
    env |= {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    assert program.run("up", env)["changes"] == {"create": 3}
    assert program.run("preview", env)["changes"] == {"same": 3}


WRONG = """\
import * as openai from "pulumi-openai-admin";
new openai.Invite("a", { email: "ada@example.com", role: 3 });
new openai.GroupUser("b", {});
new openai.ProjectRateLimit("c", { projectId: "p", model: "gpt-4o", maxRequestsPer1Minute: "many" });
"""


@of_the_schema
def test_typescript_refuses_what_the_declarations_refuse(typescript: Compiled) -> None:
    (typescript.folder / "wrong.ts").write_text(WRONG, encoding="utf-8")
    compiler = str(typescript.folder.joinpath("node_modules", *COMPILER))
    command = [*NODE, compiler, "--noEmit", "--strict", "--skipLibCheck", "--types", "node", "wrong.ts"]
    done = subprocess.run(command, cwd=typescript.folder, capture_output=True, text=True, check=False)
    assert re.findall(r"^wrong\.ts\((\d+),", done.stdout, re.MULTILINE) == ["2", "3", "4"]


def with_sdk(sdk: Path, folder: Path) -> dict[str, str]:
    """The environment in which Python finds the SDK as pip would install it."""
    shutil.copytree(sdk / "python" / "pulumi_openai_admin_native", folder / "pulumi_openai_admin_native")
    about = folder / "pulumi_openai_admin_native-0.1.0.dist-info"  # from which the SDK reads its version
    about.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: pulumi_openai_admin_native\nVersion: {pinned.package_version()}\n"
    (about / "METADATA").write_text(metadata, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


@of_the_schema
def test_python_has_the_types(sdk: Path, tmp_path: Path) -> None:
    env = os.environ | with_sdk(sdk, tmp_path / "site") | {"MYPYPATH": str(tmp_path / "site")}
    options = ("--follow-imports", "silent", "--cache-dir", str(tmp_path))
    ok([sys.executable, "-m", "mypy", *options, str(PYTHON / "__main__.py")], tmp_path, env)


@of_the_schema
def test_python_runs(sdk: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    program = tmp_path / "program"
    shutil.copytree(PYTHON, program)
    (program / "Pulumi.yaml").write_text("name: openai\nruntime: python\n", encoding="utf-8")
    of_emulator = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(pulumi, program, of_emulator | with_sdk(sdk, tmp_path / "site"))
    stack.ok("stack", "init", "dev")
    stack.ok("config", "set", "projectName", "Search")
    assert stack.up().summary == {"created": 4}
    assert stack.outputs()["apiKey"].startswith("sk-")
    stack.assert_clean()
    assert stack.destroy().summary == {"deleted": 4}


def test_a_team_in_yaml_runs(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    shutil.copytree(TEAM, tmp_path, dirs_exist_ok=True)
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(languages.with_yaml(pulumi), tmp_path, environ)
    stack.ok("stack", "init", "dev")
    assert stack.up().summary == {"created": 13}
    assert emulator.control.key(stack.outputs()["webKey"])


def compiled_go(program: str, sdk: Path, folder: Path) -> Compiled:
    """A program in Go, compiled with the SDK; `go vet` has nothing to say about both."""
    go, env = go_module(sdk, folder)
    (folder / "program.go").write_text(program, encoding="utf-8")
    shutil.copyfile(PROGRAMS / "run.go", folder / "run.go")
    ok([go, "vet", *registries.FLAGS, ".", f"{LANGUAGES['go']['importBasePath']}/..."], folder, env)
    ok([go, "build", *registries.FLAGS, "-o", "run", "."], folder, env)
    return Compiled((str(folder / "run"),), folder)


def go_module(sdk: Path, folder: Path) -> tuple[str, dict[str, str]]:
    """Make a folder a Go module that has the SDK; Go, and its environment."""
    work = pinned.cache() / "go-sdk"  # what is downloaded and compiled, for the next run
    work.mkdir(parents=True, exist_ok=True)
    env = registries.go_environment(work)
    module = LANGUAGES["go"]["importBasePath"]
    requires = pinned.LANGUAGES.joinpath("go.mod").read_text(encoding="utf-8").partition("require (")[2]
    text = f"module program\n\ngo {pinned.go_version()}\n\nrequire {module} v0.0.0\n\nrequire ({requires}"
    (folder / "go.mod").write_text(f"{text}\nreplace {module} => {sdk}/go/openaiadmin\n", encoding="utf-8")
    shutil.copyfile(pinned.LANGUAGES / "go.sum", folder / "go.sum")
    return registries.go_command(work, env, work / "go.log"), env


def without_main(program: str) -> str:
    """A program in Go whose main function is compiled, but not called: that of the test runs the program."""
    assert "func main() {" in program
    return program.replace("func main() {", "func _() {")


@of_the_schema
def test_a_team_in_go_runs(sdk: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    program = (TEAM / "program.go").read_text(encoding="utf-8")
    a_team_lives(compiled_go(without_main(program), sdk, folder), pulumi, emulator, tmp_path / "home")


@of_the_schema
def test_the_template_in_go_runs(sdk: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    program = (TEMPLATES / "openai-admin-go" / "main.go").read_text(encoding="utf-8")
    template_lives(compiled_go(without_main(program), sdk, tmp_path), pulumi, emulator)


@of_the_schema
def test_the_schema_has_settings_of_the_generated_languages_alone(sdk: Path) -> None:
    in_schema = {"csharp": "dotnet"}
    assert {in_schema.get(language, language) for language in LANGUAGES} == {folder.name for folder in sdk.iterdir()}


@of_the_schema
def test_dotnet_is_generated(sdk: Path) -> None:
    """There is no toolchain for it here: the project file and a class are looked at, not compiled."""
    text = (sdk / "dotnet" / "Certificate.cs").read_text(encoding="utf-8")
    assert "namespace PulumiOpenAIAdmin.OpenAIAdmin" in text
    assert "Output<string> CertificateText " in text
    assert (sdk / "dotnet" / "logo.png").read_bytes() == languages.LOGO.read_bytes()
    assert f"<Version>{pinned.package_version()}</Version>" in next((sdk / "dotnet").glob("*.csproj")).read_text(
        "utf-8"
    )

"""The SDKs that Pulumi's code generators make from the schema: compiled, and run against the emulator."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from pulumi_openai_admin.resources import ALL, class_of
from tests.by_hand import request
from tests.commands import ok
from tools import languages, pinned, registries
from tools.languages import COMPILER, NODE
from tools.stacks import environ_of

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

PYTHON = pinned.ROOT / "examples" / "languages" / "python"
AUTOMATION = pinned.ROOT / "examples" / "languages" / "typescript" / "up.ts"
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
    "tests/sdks.py",
    "tools/examples.py",
    "tools/languages",
    "tools/languages.py",
    "tools/node",
    "tools/programs.json",
    "tools/registries.py",
)
"""What SDKs and programs are generated and compiled from. What the provider does, tests/engine and tests/host show."""


@dataclass(frozen=True)
class Compiled:
    """A program that takes `up`, `preview` or `destroy`, and prints what came of it."""

    command: tuple[str, ...]
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, action: str, env: dict[str, str]) -> dict[str, Any]:
        return dict(json.loads(ok([*self.command, action], self.folder, env | self.variables).splitlines()[-1]))

    def up(self, env: dict[str, str], resources: int) -> dict[str, Any]:
        """Create so many resources, after which a preview shows no change; the outputs."""
        done = self.run("up", env)
        assert done["changes"] == {"create": resources}
        assert self.run("preview", env)["changes"] == {"same": resources}
        return dict(done["outputs"])


def template_lives(program: Compiled, pulumi: Engine, emulator: EmulatorServer) -> None:
    """What the program of a template creates, in a stack with the answer to the question of `pulumi new`."""
    env = pulumi.environment(program.folder / "home") | {
        "CONFIG": json.dumps({"openai:projectName": {"value": "Search"}}),
        **environ_of(emulator),
    }
    outputs = program.up(env, 4)
    assert emulator.control.state()["projects"][outputs["projectId"]["value"]]["name"] == "Search"
    assert outputs["requestsPerMinute"]["value"] == 60
    assert outputs["apiKey"]["secret"]
    assert program.run("destroy", env)["changes"] == {"delete": 4}


def typescript_folder(npm_project: Path) -> Path:
    """A new folder for a program, in which Node.js and the compiler find the installed packages."""
    return Path(mkdtemp(dir=npm_project))


def tsc(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the compiler with `strict` in the folder of a program."""
    compiler = folder.parent.joinpath("node_modules", *COMPILER)
    options = ("--strict", "--target", "ES2020", "--module", "commonjs", "--skipLibCheck", "--types", "node")
    command = [*NODE, str(compiler), *options, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def compiled(program: Path, npm_project: Path) -> Compiled:
    folder = typescript_folder(npm_project)
    shutil.copyfile(program, folder / "index.ts")
    shutil.copyfile(PROGRAMS / "run.ts", folder / "run.ts")
    done = tsc(folder, "index.ts", "run.ts")
    assert done.returncode == 0, done.stdout
    return Compiled((*NODE, "run.js"), folder)


@of_the_schema
def test_the_template_in_typescript_runs(npm_project: Path, pulumi: Engine, emulator: EmulatorServer) -> None:
    program = compiled(TEMPLATES / "openai-admin-typescript" / "index.ts", npm_project)
    template_lives(program, pulumi, emulator)


@of_the_schema
def test_the_program_for_ci_in_typescript_runs(
    npm_project: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path
) -> None:
    program = compiled(pinned.ROOT / "examples" / "ci" / "typescript" / "index.ts", npm_project)
    env = pulumi.environment(tmp_path / "home") | environ_of(emulator)
    program.up(env, 3)


@of_the_schema
def test_the_program_of_the_automation_api_needs_no_language_host(
    npm_project: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path
) -> None:
    folder = typescript_folder(npm_project)
    shutil.copyfile(AUTOMATION, folder / "up.ts")
    assert tsc(folder, "up.ts").stdout == ""
    env = pulumi.environment(tmp_path / "home") | environ_of(emulator)
    project = ok([*NODE, "up.js"], folder, env).strip()
    assert emulator.control.state()["projects"][project]["name"] == "Search"


TYPES_OF_TYPESCRIPT = """\
import * as openai from "pulumi-openai-admin";
new openai.Invite("a", { email: "ada@example.com", role: "reader" });
new openai.Invite("b", { email: "ada@example.com", role: "admin" }); // wrong
new openai.GroupUser("c", {}); // wrong
new openai.ProjectRateLimit("d", { projectId: "p", model: "gpt-4o", maxRequestsPer1Minute: "many" }); // wrong
new openai.ProjectUser("e", { projectId: "p", userId: "user-1", role: "role_custom" });
"""


@of_the_schema
def test_typescript_refuses_what_the_declarations_refuse(npm_project: Path) -> None:
    folder = typescript_folder(npm_project)
    (folder / "types.ts").write_text(TYPES_OF_TYPESCRIPT, encoding="utf-8")
    refused = re.findall(r"^types\.ts\((\d+),", tsc(folder, "--noEmit", "types.ts").stdout, re.MULTILINE)
    lines = enumerate(TYPES_OF_TYPESCRIPT.splitlines(), start=1)
    assert refused == [str(number) for number, line in lines if line.endswith("// wrong")]


TYPES_OF_PYTHON = """\
import pulumi_openai_admin_native as openai

openai.Invite("a", email="ada@example.com", role=openai.OrganizationRole.READER)
openai.Invite("b", email="ada@example.com", role="admin")  # type: ignore[call-overload]
openai.ProjectUser("c", project_id="p", user_id="user-1", role="role_custom")
"""


@of_the_schema
def test_python_has_the_types(python_sdk: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "types_of_arguments.py").write_text(TYPES_OF_PYTHON, encoding="utf-8")
    programs = (str(PYTHON / "__main__.py"), "types_of_arguments.py")
    options = ("--follow-imports", "silent", "--warn-unused-ignores", "--cache-dir", "cache")
    ok([sys.executable, "-m", "mypy", *options, *programs], tmp_path, os.environ | python_sdk)


def test_names_of_arguments_are_those_of_the_sdk(python_sdk: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(python_sdk["PYTHONPATH"])
    import pulumi_openai_admin_native as native  # noqa: PLC0415

    for name in ALL:
        fields = class_of(name).declaration.inputs
        arguments = inspect.signature(getattr(native, f"{name}Args").__init__).parameters
        assert {properties.python(field.name) for field in fields} == {*arguments} - {"__self__", "self"}


@of_the_schema
def test_python_runs(python_sdk: dict[str, str], pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    shutil.copyfile(PYTHON / "__main__.py", tmp_path / "__main__.py")
    program = Compiled((sys.executable, str(PROGRAMS / "run.py")), tmp_path, python_sdk)
    template_lives(program, pulumi, emulator)


def compiled_go(program: str, sdk: Path, folder: Path) -> Compiled:
    """A program in Go, compiled with the SDK; `go vet` has nothing to say about both."""
    (folder / "program.go").write_text(program, encoding="utf-8")
    shutil.copyfile(PROGRAMS / "run.go", folder / "run.go")
    go, env = go_module(sdk, folder)
    ok([go, "vet", *registries.FLAGS, ".", f"{LANGUAGES['go']['importBasePath']}/..."], folder, env)
    ok([go, "build", *registries.FLAGS, "-o", "run", "."], folder, env)
    return Compiled((str(folder / "run"),), folder)


def go_module(sdk: Path, folder: Path) -> tuple[str, dict[str, str]]:
    """Make a folder with programs a Go module that has the SDK; Go, and its environment."""
    work = pinned.cache() / "go-sdk"  # what is downloaded and compiled, for the next run
    work.mkdir(parents=True, exist_ok=True)
    env = registries.go_environment(work)
    go = registries.go_command(work, env, work / "go.log")
    module = LANGUAGES["go"]["importBasePath"]
    ok([go, "mod", "init", "program"], folder, env)
    ok([go, "mod", "edit", f"-require={module}@v0.0.0", f"-replace={module}={sdk}/go/openaiadmin"], folder, env)
    ok([go, "mod", "tidy"], folder, env)
    return go, env


def without_main(program: str) -> str:
    """A program in Go whose main function is compiled, but not called: that of the test runs the program."""
    assert "func main() {" in program
    return program.replace("func main() {", "func _() {")


@of_the_schema
def test_a_team_in_go_runs(sdk: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    program = compiled_go(without_main((TEAM / "program.go").read_text(encoding="utf-8")), sdk, folder)
    env = pulumi.environment(tmp_path / "home") | environ_of(emulator)
    assert program.run("preview", env)["changes"] == {"create": 13}
    outputs = program.up(env, 13)
    assert emulator.control.key(outputs["webKey"]["value"])
    assert outputs["webKey"]["secret"]
    path = f"/organization/projects/{outputs['projectId']['value']}/spend_limit"
    assert request(emulator, "GET", path)["threshold_amount"] == 100_000
    assert program.run("destroy", env)["changes"] == {"delete": 13}


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
    project = next((sdk / "dotnet").glob("*.csproj"))
    assert f"<Version>{pinned.package_version()}</Version>" in project.read_text("utf-8")

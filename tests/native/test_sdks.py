"""The SDKs that Pulumi's code generators make from the schema: compiled, and run against the emulator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from tools import languages, node_packages, pinned, registries
from tools.node_packages import COMPILER, NODE
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

EXAMPLES = pinned.ROOT / "examples" / "languages"
QUICKSTART = pinned.ROOT / "examples" / "quickstart"
PROGRAMS = pinned.ROOT / "tests" / "native" / "programs"
pytestmark = pytest.mark.timeout(900)  # a compiler's first run on a slow machine
of_the_schema = pytest.mark.inputs(
    "examples/languages",
    "examples/quickstart",
    "pulumi_openai_admin/hosts/native/schema.json",
    "tests/native",
    "tools/registries.py",
    "tools/languages",
    "tools/languages.py",
    "tools/node",
    "tools/sdks.py",
)
"""What SDKs are generated and compiled from. What the provider does, tests/engine and tests/host show."""


def ok(command: Sequence[str], folder: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Compiled:
    """A program that takes `up`, `preview` or `destroy`, and prints what came of it."""

    command: tuple[str, ...]
    folder: Path

    def run(self, action: str, env: dict[str, str]) -> dict[str, Any]:
        return dict(json.loads(ok([*self.command, action], self.folder, env).splitlines()[-1]))


def lives(program: Compiled, pulumi: Engine, emulator: EmulatorServer, home: Path) -> None:
    """An `up`, a preview without changes, and a destroy."""
    env = pulumi.environment(home) | {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    up = program.run("up", env)
    assert up["changes"] == {"create": 4}
    assert up["outputs"]["projectId"]["value"].startswith("proj_")
    assert up["outputs"]["demo"]["value"] == "proj_demo"
    assert up["outputs"]["key"]["value"].startswith("sk-")
    assert up["outputs"]["key"]["secret"]
    assert program.run("preview", env)["changes"] == {"same": 4}
    assert program.run("destroy", env)["changes"] == {"delete": 4}


def lives_by_command(pulumi: Engine, program: Path, emulator: EmulatorServer, environ: dict[str, str]) -> None:
    """The same, with the `pulumi` command."""
    of_emulator = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(pulumi, program, of_emulator | environ)
    stack.ok("stack", "init", "dev")
    stack.ok("up", "--yes", "--skip-preview")
    outputs = json.loads(stack.ok("stack", "output", "--json", "--show-secrets").text)
    assert outputs["demo"] == "proj_demo"
    assert outputs["key"].startswith("sk-")
    stack.ok("preview", "--expect-no-changes")
    assert stack.ok("destroy", "--yes", "--skip-preview").summary == {"deleted": 4}


@pytest.fixture(scope="session")
def modules(sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `node_modules` with the SDK as npm would install it, compiled by `tsc`."""
    packages = node_packages.find_or_get() / "node_modules"
    source = sdk / "nodejs"
    (source / "node_modules").symlink_to(packages)
    ok([*NODE, str(packages.joinpath(*COMPILER)), "--project", "."], source)
    shutil.copyfile(source / "package.json", source / "bin" / "package.json")
    modules = tmp_path_factory.mktemp("npm") / "node_modules"
    modules.mkdir()
    for package in packages.iterdir():
        (modules / package.name).symlink_to(package)
    (modules / "pulumi-openai-admin").symlink_to(source / "bin")
    return modules


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
    """The example in TypeScript."""
    return compiled(EXAMPLES / "typescript" / "index.ts", modules, tmp_path_factory.mktemp("typescript"))


@of_the_schema
def test_the_quickstart_in_typescript_runs(
    modules: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path
) -> None:
    program = compiled(QUICKSTART / "typescript" / "index.ts", modules, tmp_path)
    env = pulumi.environment(tmp_path / "home") | {
        "OPENAI_ADMIN_KEY": emulator.admin_key,
        "OPENAI_BASE_URL": emulator.base_url,
    }
    up = program.run("up", env)
    assert up["changes"] == {"create": 3}
    assert up["outputs"]["limits"]["value"] == 60
    assert up["outputs"]["api_key"]["secret"]
    assert program.run("destroy", env)["changes"] == {"delete": 3}


def test_the_quickstart_in_yaml_runs(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    shutil.copytree(QUICKSTART / "yaml", tmp_path, dirs_exist_ok=True)
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(languages.with_yaml(pulumi), tmp_path, environ)
    stack.ok("stack", "init", "dev")
    assert stack.up().summary == {"created": 3}
    outputs = stack.outputs()
    assert outputs["limits"] == 60
    assert outputs["api_key"].startswith("sk-")
    stack.assert_clean()
    assert stack.destroy().summary == {"deleted": 3}


@of_the_schema
def test_typescript_runs(typescript: Compiled, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    lives(typescript, pulumi, emulator, tmp_path)


@of_the_schema
def test_typescript_refuses_what_the_declarations_refuse(typescript: Compiled) -> None:
    wrong = typescript.folder / "wrong.ts"
    wrong.write_text(
        'import * as openai from "pulumi-openai-admin";\n'
        'new openai.Invite("a", { email: "ada@example.com", role: 3 });\n'
        'new openai.Project("b", {});\n'
        'new openai.ProjectRateLimit("c", { projectId: "p", model: "gpt-4o", maxRequestsPer1Minute: "many" });\n',
        encoding="utf-8",
    )
    compiler = str(typescript.folder.joinpath("node_modules", *COMPILER))
    command = [*NODE, compiler, "--noEmit", "--strict", "--skipLibCheck", "--types", "node", "wrong.ts"]
    done = subprocess.run(command, cwd=typescript.folder, capture_output=True, text=True, check=False)
    assert [line.partition("(")[2].partition(",")[0] for line in done.stdout.splitlines() if "error" in line] == [
        "2",
        "3",
        "4",
    ]


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
    program = str(EXAMPLES / "python" / "__main__.py")
    ok(
        [sys.executable, "-m", "mypy", "--follow-imports", "silent", "--cache-dir", str(tmp_path), program],
        tmp_path,
        env,
    )


@of_the_schema
def test_python_runs(sdk: Path, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    program = tmp_path / "program"
    shutil.copytree(EXAMPLES / "python", program)
    (program / "Pulumi.yaml").write_text("name: openai\nruntime: python\n", encoding="utf-8")
    lives_by_command(pulumi, program, emulator, with_sdk(sdk, tmp_path / "site"))


def test_yaml_runs(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES.parent / "yaml", tmp_path, dirs_exist_ok=True)
    lives_by_command(languages.with_yaml(pulumi), tmp_path, emulator, {})


@pytest.fixture(scope="session")
def go(sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The example in Go, compiled with the SDK; `go vet` has nothing to say about either."""
    work = pinned.cache() / "go-sdk"  # what is downloaded and compiled, for the next run
    work.mkdir(parents=True, exist_ok=True)
    env = registries.go_environment(work)
    go = registries.go_command(work, env, work / "go.log")
    folder = tmp_path_factory.mktemp("go")
    module = LANGUAGES["go"]["importBasePath"]
    requires = pinned.LANGUAGES.joinpath("go.mod").read_text(encoding="utf-8").partition("require (")[2]
    text = f"module program\n\ngo {pinned.go_version()}\n\nrequire {module} v0.0.0\n\nrequire ({requires}"
    (folder / "go.mod").write_text(f"{text}\nreplace {module} => {sdk}/go/openaiadmin\n", encoding="utf-8")
    shutil.copyfile(pinned.LANGUAGES / "go.sum", folder / "go.sum")
    shutil.copyfile(EXAMPLES / "go" / "program.go", folder / "program.go")
    shutil.copyfile(PROGRAMS / "run.go", folder / "run.go")
    ok([go, "vet", *registries.FLAGS, ".", f"{module}/..."], folder, env)
    ok([go, "build", *registries.FLAGS, "-o", "run", "."], folder, env)
    return Compiled((str(folder / "run"),), folder)


@of_the_schema
def test_go_runs(go: Compiled, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> None:
    lives(go, pulumi, emulator, tmp_path)


@of_the_schema
def test_dotnet_is_generated(sdk: Path) -> None:
    """There is no toolchain for it here: the project file and a class are looked at, not compiled."""
    text = (sdk / "dotnet" / "Certificate.cs").read_text(encoding="utf-8")
    assert "namespace Pulumi.OpenAIAdmin" in text
    assert "Output<string> CertificateText " in text
    assert f"<Version>{pinned.package_version()}</Version>" in next((sdk / "dotnet").glob("*.csproj")).read_text(
        "utf-8"
    )

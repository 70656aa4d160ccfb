"""The examples of resources and functions in every language: compiled with the SDKs, and some of them run."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.commands import ok
from tests.native.test_sdks import PROGRAMS, Compiled, go_module, of_the_schema, tsc, typescript_folder
from tools import examples, registries
from tools.commands import StepError
from tools.languages import NODE

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine

BY_NAME = examples.by_name()
RUN = {
    "typescript": ("Role", "getProject", "listProjects"),
    "go": ("ProjectSpendLimit", "getProject", "listProjectRateLimits"),
}
"""The examples that run, by language: one program declares all of them."""
pytestmark = pytest.mark.timeout(900)  # a compiler's first run on a slow machine


def written(language: str, folder: Path, suffix: str) -> list[str]:
    for name, texts in BY_NAME.items():
        if language in texts:
            (folder / f"{name}{suffix}").write_text(texts[language], encoding="utf-8")
    return sorted(path.name for path in folder.glob(f"*{suffix}"))


@of_the_schema
def test_the_generators_write_what_is_committed() -> None:
    assert examples.PROGRAMS.read_text(encoding="utf-8") == examples.text(), "Run `make generate`."


def test_every_resource_and_function_has_one_in_every_language() -> None:
    missing = {(name, language) for name, texts in BY_NAME.items() for language in examples.LANGUAGES.keys() - texts}
    assert not missing


def test_a_program_that_cannot_be_converted_is_named_with_the_reason() -> None:
    text = BY_NAME["Group"]["yaml"].replace("name: Engineering", "nmae: Engineering")
    with pytest.raises(StepError, match=r"The example of Group can't be converted to Go: .*nmae"):
        examples.convert({"Group": text})


@of_the_schema
def test_typescript_compiles(npm_project: Path) -> None:
    folder = typescript_folder(npm_project)
    assert tsc(folder, "--noEmit", *written("typescript", folder, ".ts")).stdout == ""


@of_the_schema
def test_python_has_the_types(python_sdk: dict[str, str], tmp_path: Path) -> None:
    env = os.environ | python_sdk
    files = written("python", tmp_path, ".py")
    ok([sys.executable, "-m", "mypy", "--follow-imports", "silent", "--cache-dir", "cache", *files], tmp_path, env)


@pytest.fixture(scope="session")
def go_programs(sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Those that run in Go as one program, after `go vet` has compiled all of them."""
    folder = tmp_path_factory.mktemp("go")
    for name, texts in BY_NAME.items():
        if "go" in texts:
            (folder / name).mkdir()
            (folder / name / "main.go").write_text(texts["go"], encoding="utf-8")
    for name in RUN["go"]:
        (folder / f"{name}.go").write_text(as_function(name, BY_NAME[name]["go"]), encoding="utf-8")
    calls = "".join(f"\tif err := run{name}(ctx); err != nil {{\n\t\treturn err\n\t}}\n" for name in RUN["go"])
    head = 'package main\n\nimport "github.com/pulumi/pulumi/sdk/v3/go/pulumi"\n'
    program = f"{head}\nfunc program(ctx *pulumi.Context) error {{\n{calls}\treturn nil\n}}\n"
    (folder / "program.go").write_text(program, encoding="utf-8")
    shutil.copyfile(PROGRAMS / "run.go", folder / "run.go")
    go, env = go_module(sdk, folder)
    ok([go, "vet", *registries.FLAGS, "./..."], folder, env)
    ok([go, "build", *registries.FLAGS, "-o", "run", "."], folder, env)
    return Compiled((str(folder / "run"),), folder)


def as_function(name: str, text: str) -> str:
    """A program in Go as a function of another program: there is no language host for Go here."""
    body = re.search(r"func main\(\) \{\n\tpulumi\.Run\(func\((.*)\) error \{\n(.*)\n\t\}\)\n\}", text, re.DOTALL)
    assert body
    return f"{text[: body.start()]}func run{name}({body[1]}) error {{\n{body[2]}\n}}\n"


@of_the_schema
def test_typescript_runs(npm_project: Path, pulumi: Engine, environ: dict[str, str], tmp_path: Path) -> None:
    folder = typescript_folder(npm_project)
    for name in RUN["typescript"]:
        (folder / f"{name}.ts").write_text(BY_NAME[name]["typescript"], encoding="utf-8")
    index = "".join(f'export * from "./{name}";\n' for name in RUN["typescript"])
    (folder / "index.ts").write_text(index, encoding="utf-8")
    shutil.copyfile(PROGRAMS / "run.ts", folder / "run.ts")
    assert tsc(folder, "index.ts", "run.ts").stdout == ""
    env = pulumi.environment(tmp_path / "home") | environ
    outputs = Compiled((*NODE, "run.js"), folder).up(env, 2)  # the stack and the resource
    assert outputs["projectId"]["value"] == "proj_demo"
    assert "Demo" in [project["name"] for project in outputs["projects"]["value"]]


@of_the_schema
def test_go_runs(go_programs: Compiled, pulumi: Engine, environ: dict[str, str], tmp_path: Path) -> None:
    outputs = go_programs.up(pulumi.environment(tmp_path) | environ, 2)
    assert outputs["projectId"]["value"] == "proj_demo"
    assert "gpt-4o" in [row["model"] for row in outputs["projectRateLimits"]["value"]]

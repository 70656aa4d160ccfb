"""Stacks of programs that tests write.

A program for both providers is data, from which Python (the dynamic provider) and YAML (the native provider) are
written.
"""

from __future__ import annotations

import atexit
import contextlib
import re
import shutil
import tempfile
import textwrap
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from typer.testing import CliRunner

import pulumi_openai_admin
from pulumi_openai_admin.cli.options import app
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import camel
from pulumi_openai_admin.resources import ALL
from tests.engine import key_service
from tools import languages, stacks

if TYPE_CHECKING:
    from click.testing import Result

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

NEW = "dev"
OTHER_KEY = "sk-admin-otherorganization0123456789"
"""The Admin API key of the fixture `other`."""

PREAMBLE = """\
import pulumi
from pulumi_openai_admin import Project, ProjectRateLimit, ProjectRateLimits
from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey
"""

Program = dict[str, tuple[str, dict[str, Any]]]
"""By the name of a resource: its kind, and its inputs. `$name.output` is an output of another resource."""
_OUTPUT = re.compile(r"\$([\w-]+)\.(\w+)")
_NAME = re.compile(r"\b(?!proj_)[a-z]+(?:_[a-z0-9]+)+\b")
"""The name of a property, and not the id of a project."""


@dataclass
class Stack(stacks.Stack):
    """One stack of one program, with a backend of its own."""

    is_native: bool = field(default=False, init=False)
    """Whether `declare` writes for the native provider."""

    def __post_init__(self) -> None:
        shutil.copytree(_new_stack(self.engine), self.folder, dirs_exist_ok=True)
        self.environ = {**key_service.environment(), **self.environ, "PULUMI_STACK": NEW}
        self.program("")

    def program(self, text: str) -> None:
        """Write the program; names of the package are imported."""
        (self.folder / "__main__.py").write_text(PREAMBLE + textwrap.dedent(text), encoding="utf-8")

    def use_native(self) -> None:
        """Write for the native provider from now on, in YAML."""
        self.engine, self.is_native = languages.with_yaml(self.engine), True

    def declare(self, program: Program, **outputs: str) -> None:
        """Write the program for the provider of the stack, with outputs of the stack in the form `$name.output`."""
        if self.is_native:
            (self.folder / "Pulumi.yaml").write_text(in_yaml(program, outputs), encoding="utf-8")
        else:
            self.program(in_python(program, outputs))

    def spelled(self, text: str) -> str:
        """A text with the names that the provider of the stack has for properties."""
        return _NAME.sub(lambda found: camel(found[0]), text) if self.is_native else text

    def refused(self, *command: str, **environ: str) -> str:
        """Run a command that ends with a message; all that it prints, in one line."""
        run = self.run(*command, **environ)
        assert run.code, run.text
        assert "Traceback" not in run.text
        return " ".join(run.text.split())

    def command(self, *arguments: str) -> Result:
        with contextlib.chdir(self.folder):
            return CliRunner().invoke(app, arguments, env=self.environment())

    @property
    def ids(self) -> dict[str, Any]:
        return {resource["urn"]: resource.get("id") for resource in self.export()["deployment"]["resources"]}

    def resource(self, name: str, *options: str) -> dict[str, Any]:
        resources = self.export(*options)["deployment"]["resources"]
        found = [resource for resource in resources if resource["urn"].endswith(f"::{name}")]
        assert len(found) == 1, found
        return dict(found[0])


def rotate(server: EmulatorServer, key: str) -> None:
    """Give an organization another admin key: it refuses the old one from now on."""
    port = server.port
    server.stop()
    server.admin_key, server._port = key, port
    server.start()


def in_python(program: Program, outputs: dict[str, str]) -> str:
    """The program for the dynamic provider."""
    lines = ["import pulumi_openai_admin as openai", "made = {}"]
    for name, (kind, inputs) in program.items():
        arguments = ", ".join(f"{key}={_python(value)}" for key, value in inputs.items())
        lines.append(f"made[{name!r}] = openai.{kind}({name!r}, {arguments})")
    return "\n".join([*lines, *(f"pulumi.export({name!r}, {_python(value)})" for name, value in outputs.items()), ""])


def _python(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_python(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_python, value))}]"
    found = _OUTPUT.fullmatch(value) if isinstance(value, str) else None
    return f"made[{found[1]!r}].{found[2]}" if found else repr(value)


def in_yaml(program: Program, outputs: dict[str, str]) -> str:
    """The program for the native provider."""
    resources = {
        name: {"type": f"openai-admin:{kind}", "properties": _references(_spelled(kind, inputs))}
        for name, (kind, inputs) in program.items()
    }
    written = {"name": "test", "runtime": "yaml", "resources": resources, "outputs": _references(outputs)}
    return yaml.safe_dump(written)


def _spelled(kind: str, inputs: dict[str, Any]) -> Any:
    if kind in ALL:
        return properties.from_inputs(getattr(pulumi_openai_admin, kind).declaration, inputs)
    return _camel(inputs)


def _camel(value: Any) -> Any:
    """The inputs of a component: none of its keys is a name with an underscore."""
    if isinstance(value, dict):
        return {camel(name): _camel(inner) for name, inner in value.items()}
    return [_camel(item) for item in value] if isinstance(value, list) else value


def _references(value: Any) -> Any:
    if isinstance(value, str):
        return _OUTPUT.sub(lambda found: f"${{{found[1]}.{camel(found[2])}}}", value)
    if isinstance(value, dict):
        return {key: _references(item) for key, item in value.items()}
    return [_references(item) for item in value] if isinstance(value, list) else value


@lru_cache(maxsize=1)
def _new_stack(engine: Engine) -> Path:
    """A folder with a new stack, which each test copies: to make one takes the engine a third of a second."""
    folder = Path(tempfile.mkdtemp(prefix="new-stack-"))
    atexit.register(shutil.rmtree, folder)
    (folder / "Pulumi.yaml").write_text("name: test\nruntime: python\n", encoding="utf-8")
    stack = stacks.Stack(engine, folder, key_service.environment())
    stack.ok("stack", "init", NEW, "--secrets-provider", key_service.PROVIDER)
    return folder


def shown_changes(text: str, *, deep: bool = False) -> list[str]:
    """The lines of a diff that name a resource's property that changes; the stack's outputs are less indented.

    `deep`: only those that show a value, at any depth, and not the mappings around them.
    """
    found = re.findall(r"^ {6,}([~+-]) ([\w.*-]+)\s*: (.*)$", text, re.MULTILINE)
    return [f"{sign} {name}: {rest}" for sign, name, rest in found if not deep or rest != "{"]

"""The folder of an existing Pulumi project: its language, and the state of a stack of it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin import errors

SETTINGS = ("Pulumi.yaml", "Pulumi.yml")
_EXPORT = "Or export the stack with `pulumi stack export --file FILE`, and give the file with --state FILE."


@dataclass(frozen=True)
class ProjectFolder:
    """An existing Pulumi project.

    Args:
        path: Its folder.
        runtime: The name of the language: `python`, `yaml`, …
        program: The folder of the program, from the one of the project.
        resources: In a YAML program, the resources by key.
        names: In a YAML program, the keys that a resource can't have.
    """

    path: Path
    runtime: str
    program: Path = Path()
    resources: dict[str, Any] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path) -> ProjectFolder:
        """The project in a folder.

        Raises:
            errors.ConfigurationError: There is none.
        """
        file = next((path / name for name in SETTINGS if (path / name).is_file()), None)
        if file is None:
            what = f"{path} has no {SETTINGS[0]}, so it is not the folder of a Pulumi project"
            raise errors.ConfigurationError(what, "For a new program, use --out DIR instead of --into.")
        settings = _mapping(_parsed(file))
        runtime = settings.get("runtime")
        name = _mapping(runtime).get("name") if isinstance(runtime, dict) else runtime
        main = Path(str(settings.get("main") or ""))
        program = main if (path / main).is_dir() else main.parent
        declared = _mapping(_parsed(path / "Main.yaml")) if (path / "Main.yaml").is_file() else settings
        resources = _mapping(declared.get("resources"))
        names = frozenset(
            map(str, [*resources, *_mapping(declared.get("variables")), *_mapping(settings.get("config"))])
        )
        return cls(path, str(name or ""), program, resources, names)

    def key_of(self, name: str) -> str:
        """The key of a provider in a YAML program, by its name."""
        named = (key for key, resource in self.resources.items() if _mapping(resource).get("name") == name)
        return str(next(named, name))

    def exported(self, stack: str, file: Path | None) -> Any:
        """The state of a stack.

        Args:
            stack: Its name; empty: the selected one.
            file: A file of `pulumi stack export`; None: it is exported now.

        Raises:
            errors.ConfigurationError: It can't be read.
        """
        text = file.read_text(encoding="utf-8") if file else self._export(stack)
        try:
            return json.loads(text)
        except ValueError:
            what = f"{file or 'The exported stack'} is not JSON"
            raise errors.ConfigurationError(what, "Export the stack with `pulumi stack export --file FILE`.") from None

    def _export(self, stack: str) -> str:
        command = ["pulumi", "stack", "export", "--non-interactive", *([f"--stack={stack}"] if stack else [])]
        try:
            done = subprocess.run(  # noqa: S603 - the command that the user would type
                command, cwd=self.path, capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            raise errors.ConfigurationError("The command pulumi is not on PATH", f"Install Pulumi. {_EXPORT}") from None
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip()]
            why = said[-1].removeprefix("error: ").rstrip(".") if said else f"exit code {done.returncode}"
            raise errors.ConfigurationError(f"`pulumi stack export` failed in {self.path}: {why}", _EXPORT)
        return done.stdout


def _parsed(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        raise errors.ConfigurationError(f"{file} is not valid YAML", "Correct it first.") from None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

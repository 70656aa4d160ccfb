"""The folder of an existing Pulumi project: its language and its resources."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin import errors

SETTINGS = ("Pulumi.yaml", "Pulumi.yml")


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


def _parsed(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_bytes())
    except yaml.YAMLError:
        raise errors.ConfigurationError(f"{file} is not valid YAML", "Correct it first.") from None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

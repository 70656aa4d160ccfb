"""Converts the examples of the native provider to every language, into `tools/programs.json`.

The examples are YAML programs: those of resources from their pages, those of functions from the declarations, and that
of the component from `examples`.
Pulumi's own generators convert them (`languages/programgen`). `make generate` runs them only if an example, the
structure of the schema or the generators have changed: the file keeps a digest of these.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin.hosts.native.schema import schema
from tools import function_examples, languages, native_examples, pinned
from tools.cache import NotAvailableError
from tools.docs_declarations import DocsError
from tools.programs import LANGUAGES, PROGRAMS

TEAM = pinned.ROOT / "examples" / "team" / "languages" / "Pulumi.yaml"
WRITTEN = {
    ("TeamProject", "csharp"): TEAM.with_name("Program.cs"),
    ("TeamProject", "go"): TEAM.with_name("program.go"),
}
"""Programs that are written by hand: of structures in mappings that may not be Outputs, Pulumi's generators write
mappings in C#, and in Go what does not parse."""


def sources() -> dict[str, str]:
    """The YAML program of each resource, function and component, by its name.

    Raises:
        DocsError: A page has no program, or one that can't be written in YAML.
    """
    team = yaml.safe_load(TEAM.read_text(encoding="utf-8")) | {"name": "example"}
    del team["description"]
    return {**native_examples.examples(), **function_examples.examples(), "TeamProject": native_examples.dump(team)}


def digest(programs: dict[str, str]) -> str:
    """A digest of what the programs are converted from."""
    structure = json.dumps(_without_descriptions(schema({})))
    written = [path.read_text(encoding="utf-8") for path in WRITTEN.values()]
    inputs = [json.dumps(programs), structure, pinned.languages_digest(), *written]
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()


def _without_descriptions(value: Any) -> Any:
    if isinstance(value, dict):
        pairs = ((key, _without_descriptions(inner)) for key, inner in value.items())
        return {key: inner for key, inner in pairs if not (key == "description" and isinstance(inner, str))}
    return [_without_descriptions(inner) for inner in value] if isinstance(value, list) else value


def is_current() -> bool:
    """Whether the file has been made from the current examples, schema and generators."""
    return PROGRAMS.exists() and json.loads(PROGRAMS.read_text(encoding="utf-8"))["digest"] == digest(sources())


def convert(programs: dict[str, str]) -> dict[str, dict[str, str]]:
    """Each YAML program in all languages.

    Raises:
        NotAvailableError: The generators can't be built here.
        DocsError: A program can't be converted: which one, to which language, and why.
    """
    generator = languages.find_or_get() / languages.PROGRAM_GENERATOR
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "schema.json")
        path.write_text(json.dumps(schema({})), encoding="utf-8")
        command = [str(generator), str(path), pinned.package_version()]
        done = subprocess.run(command, input=json.dumps(programs), capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise DocsError(f"The examples can't be converted: {done.stderr.strip()}")
    made = json.loads(done.stdout)
    for (name, language), path in WRITTEN.items():
        if name in programs:
            made["failures"].get(name, {}).pop(language, None)
            made["programs"][name][language] = path.read_text(encoding="utf-8")
    check_failures(made["failures"])
    for name, text in programs.items():
        made["programs"][name]["yaml"] = text
    python = formatted(
        {name: made["programs"][name]["python"] for name in programs if "python" in made["programs"][name]}
    )
    return {name: _in_order(made["programs"][name] | python.get(name, {})) for name in programs}


def formatted(python: dict[str, str]) -> dict[str, dict[str, str]]:
    """The Python programs by name and language, as `ruff format` writes those in pages.

    Raises:
        DocsError: One is no Python.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, program in python.items():
            Path(folder, f"{name}.py").write_text(program, encoding="utf-8")
        config = str(pinned.ROOT / "pyproject.toml")
        command = [sys.executable, "-m", "ruff", "format", "--quiet", "--no-cache", "--config", config, folder]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise DocsError(f"The examples in Python can't be formatted: {done.stderr.strip()}")
        return {name: {"python": Path(folder, f"{name}.py").read_text(encoding="utf-8")} for name in python}


def _in_order(found: dict[str, str]) -> dict[str, str]:
    return {language: found[language].strip() + "\n" for language in LANGUAGES if language in found}


def check_failures(failures: dict[str, dict[str, str]]) -> None:
    """Refuse programs that can't be converted.

    Args:
        failures: The generator's reason, by the name of the resource or function and by language.

    Raises:
        DocsError: There is one.
    """
    texts = [
        f"The example of {name} can't be converted to {LANGUAGES[language]}: {reason}"
        for name, reasons in sorted(failures.items())
        for language, reason in reasons.items()
    ]
    if texts:
        raise DocsError("\n".join(texts))


def text() -> str:
    """The whole file.

    Raises:
        NotAvailableError: The generators can't be built here.
        DocsError: A program can't be converted.
    """
    programs = sources()
    content = {"digest": digest(programs), "programs": convert(programs)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def generate() -> None:
    """Write the file anew, if it is not current."""
    if not is_current():
        PROGRAMS.write_text(text(), encoding="utf-8", newline="\n")
        print(PROGRAMS.relative_to(pinned.ROOT))


if __name__ == "__main__":
    try:
        generate()
    except (DocsError, NotAvailableError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)

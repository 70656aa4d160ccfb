"""The examples of the native provider, in every language: `tools/programs.json`, which the schema and the pages show.

The examples are YAML programs: those of resources from their pages, those of functions from the declarations, and that
of the component from `examples`. Pulumi's own generators convert them (`languages/programgen`), only if an example, the
structure of the schema or the generators have changed: the file keeps a digest of these.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
import re
import sys
import tempfile
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin import config
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.hosts.native.properties import camel, from_inputs, function, items, token
from pulumi_openai_admin.hosts.native.schema import Schema
from pulumi_openai_admin.schema.ids import form_of_field
from tools import languages, pinned
from tools.commands import StepError, output
from tools.docs_declarations import RESOURCE_PAGES, resources

if TYPE_CHECKING:
    from pulumi_openai_admin.data_sources.functions import LookUp

PROGRAMS = pinned.TOOLS / "programs.json"
LANGUAGES = {"typescript": "TypeScript", "python": "Python", "go": "Go", "csharp": "C#", "yaml": "YAML"}
"""The name of each language in a code block and in a text, in the order of the Pulumi Registry."""
TEAM = pinned.ROOT / "examples" / "team" / "languages" / "Pulumi.yaml"
WRITTEN = {
    ("TeamProject", "csharp"): TEAM.with_name("Program.cs"),
    ("TeamProject", "go"): TEAM.with_name("program.go"),
}
"""Programs that are written by hand: of structures in mappings that may not be Outputs, Pulumi's generators write
mappings in C#, and in Go what does not parse."""
_API_KEY = camel(config.PROJECT_KEY)
_PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
_ALSO_GIVEN = ("group_by", "event_types")
"""Optional arguments that a program gives: without them, the result is of little use."""
_SAMPLES: dict[str, Any] = {
    "project_id": "proj_demo",
    "email": "grace@example.com",
    "event_types": ["project.created", "project.archived"],
    "group_by": ["project_id"],
    "issuer": "https://token.actions.githubusercontent.com",
    "model": "gpt-4o",
    "start_time": 1767225600,
    "url": "https://hooks.example.com/openai",
}
"""Values of arguments. Others are ids of the form that OpenAI documents."""
_NAMES = {
    "AdminApiKey": "terraform",
    "Certificate": "mtls",
    "ExternalKey": "data",
    "Group": "Engineering",
    "Project": "Demo",
    "ProjectRole": "Deployer",
    "ProjectServiceAccount": "ci",
    "Role": "Auditor",
    "WebhookEndpoint": "batches",
    "WorkloadIdentityFederationRule": "deploy",
    "WorkloadIdentityProvider": "github",
}
"""Names of objects, by kind."""
_SETTING = {_API_KEY: {"type": "string", "secret": True}}
"""The API key of a project comes from the stack's configuration. A resource would be an Output, from which Pulumi's
generator writes no Go program that compiles."""


@cache
def by_name() -> dict[str, dict[str, str]]:
    """The programs of each resource and function by language, as they were last converted."""
    return dict(json.loads(PROGRAMS.read_text(encoding="utf-8"))["programs"])


def sources() -> dict[str, str]:
    """The YAML program of each resource, function and component, by its name. Pages of resources have it in Python."""
    programs = {}
    for name in resources():
        page = RESOURCE_PAGES / f"{name}.md"
        found = _PROGRAM.search(page.read_text(encoding="utf-8"))
        try:
            programs[name] = yaml_program(found[1] if found else "no program")
        except Exception as error:  # noqa: BLE001 - whatever the program raises
            raise StepError(f"docs/resources/{page.name} has no program that can be written in YAML: {error}") from None
    for kind in kinds.names():
        programs |= {camel(look_up.name): function_program(kind, look_up) for look_up in kinds.declared(kind)}
    team = yaml.safe_load(TEAM.read_text(encoding="utf-8")) | {"name": "example"}
    del team["description"]
    return {**programs, "TeamProject": dump(team)}


def digest(programs: dict[str, str]) -> str:
    """A digest of what the programs are converted from."""

    def without_description(found: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in found.items() if key != "description" or not isinstance(value, str)}

    structure = json.dumps(json.loads(json.dumps(Schema({}).whole()), object_hook=without_description))
    written = [path.read_text(encoding="utf-8") for path in WRITTEN.values()]
    inputs = [json.dumps(programs), structure, pinned.digest(pinned.LANGUAGES), *written]
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()


def is_current() -> bool:
    """Return whether the file has been made from the current examples, schema and generators."""
    return bool(json.loads(PROGRAMS.read_text(encoding="utf-8"))["digest"] == digest(sources()))


def convert(programs: dict[str, str]) -> dict[str, dict[str, str]]:
    """Each YAML program in all languages. The Python programs are formatted as those in pages."""
    generator = languages.find_or_get() / languages.PROGRAM_GENERATOR
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "schema.json")
        path.write_text(json.dumps(Schema({}).whole()), encoding="utf-8")
        made = json.loads(output([generator, path, pinned.package_version()], text=json.dumps(programs)))
        written = {place: file for place, file in WRITTEN.items() if place[0] in programs}
        failures = [
            f"The example of {name} can't be converted to {LANGUAGES[language]}: {reason}"
            for name, reasons in sorted(made["failures"].items())
            for language, reason in reasons.items()
            if (name, language) not in written
        ]
        if failures:
            raise StepError("\n".join(failures))
        found = {name: {**made["programs"][name], "yaml": text} for name, text in programs.items()}
        files = {(name, "python"): Path(folder, f"{name}.py") for name in found}
        for (name, language), file in files.items():
            file.write_text(found[name][language], encoding="utf-8")
        config = pinned.ROOT / "pyproject.toml"
        output([sys.executable, "-m", "ruff", "format", "--quiet", "--no-cache", "--config", config, folder])
        for (name, language), file in {**files, **written}.items():
            found[name][language] = file.read_text(encoding="utf-8")
    return {name: {key: texts[key].strip() + "\n" for key in LANGUAGES} for name, texts in found.items()}


def text() -> str:
    """The whole file."""
    programs = sources()
    content = {"digest": digest(programs), "programs": convert(programs)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


class _Reference:
    """A resource or one of its outputs: an expression of Pulumi YAML."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __getattr__(self, name: str) -> _Reference:
        return _Reference(f"{self.path}.{camel(name)}")

    def __getitem__(self, key: str) -> _Reference:
        return _Reference(f'{self.path}["{key}"]')

    def __str__(self) -> str:
        return f"${{{self.path}}}"


def yaml_program(source: str) -> str:
    """A Python program as a Pulumi YAML program: it is run, and its resources and outputs are noted."""
    declared: dict[str, Any] = {}
    outputs: dict[str, Any] = {}

    def declare(kind: str, variable: str, name: str, /, **inputs: Any) -> _Reference:
        properties = from_inputs(resources()[kind].declaration, inputs)
        key = camel(variable or name)
        declared[key] = {"type": token(kind).replace(":index:", ":"), "properties": properties}
        return _Reference(key)

    known = {"pulumi": SimpleNamespace(export=lambda name, value: outputs.update({camel(name): value}))}
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            variable = ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else ""
            kinds_here = {kind: partial(declare, kind, variable) for kind in resources()}
            exec(compile(ast.Module([statement], []), "page", "exec"), kinds_here, known)  # noqa: S102 - our own page
    declared, outputs = json.loads(json.dumps([declared, outputs], default=str))
    document = {"name": "example", "runtime": "yaml", "config": _settings(declared)}
    return dump(document | {"resources": declared, "outputs": outputs})


def _settings(declared: dict[str, Any]) -> dict[str, Any]:
    """The settings from which resources take their API keys, in place of the accounts whose keys they are.

    The key of a service account may be null, and TypeScript, Python and Go accept no such value for a required input.
    """
    found: dict[str, Any] = {}
    for properties in [spec["properties"] for spec in declared.values()]:
        for key, value in properties.items():
            account, _, output = str(value).removeprefix("${").partition(".")
            if key == _API_KEY and output == f"{_API_KEY}}}":
                properties[key] = f"${{{_API_KEY}}}"
                found |= _SETTING
                if f"${{{account}." not in str(declared):
                    del declared[account]
    return found


def dump(document: dict[str, Any]) -> str:
    """A program as YAML, with its sections that are not empty."""
    sections = {key: value for key, value in document.items() if value}
    return str(yaml.dump(sections, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


class _Dumper(yaml.SafeDumper):  # type: ignore[misc] # it has no types
    """Writes texts of several lines as blocks, and every list below its key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def function_program(kind: str, look_up: LookUp) -> str:
    """A YAML program for a function.

    It gives the required arguments, the first by which an object can be found, and those that make a report readable.
    Its output is the list, or the first property that is no argument.
    """
    found = kinds.kind(kind)
    also_given = {*_ALSO_GIVEN, *(found.keys[:1] if found and not look_up.many else [])}
    arguments = {
        camel(parameter.name): _sample(kind, parameter.name)
        for parameter in look_up.asked
        if parameter.is_required or parameter.name in also_given
    }
    names = [camel(field.name) for field in dataclasses.fields(look_up.result)]
    shown = items(look_up.name) if look_up.many else next((name for name in names if name not in arguments), names[-1])
    variable = camel(look_up.name.partition("_")[2])
    invoke = {"function": function(look_up.name).replace(":index:", ":"), "arguments": arguments}
    document = {
        "name": "example",
        "runtime": "yaml",
        "config": _SETTING if _API_KEY in arguments else {},
        "variables": {variable: {"fn::invoke": {key: value for key, value in invoke.items() if value}}},
        "outputs": {shown: f"${{{variable}.{shown}}}"},
    }
    return dump(document)


def _sample(kind: str, name: str) -> Any:
    if name == config.PROJECT_KEY:
        return f"${{{_API_KEY}}}"
    if name == "name":
        return _NAMES.get(kind, "example")
    if name in _SAMPLES:
        return _SAMPLES[name]
    form = form_of_field(name)
    return form.shown.replace("…", "abc123") if form and form.shown else f"{name.removesuffix('_id')}_abc123"

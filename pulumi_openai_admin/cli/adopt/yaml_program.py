"""The text of a Pulumi YAML program for the native provider: one file, with the resources of each project together."""

from __future__ import annotations

import json
import re
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.names import Names
from pulumi_openai_admin.cli.adopt.plan import Reference
from pulumi_openai_admin.cli.adopt.readme import ABOUT_NO_KEYS, Readme
from pulumi_openai_admin.hosts.native import names, properties
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.import_file import Import
    from pulumi_openai_admin.cli.adopt.placement import ProgramPart
    from pulumi_openai_admin.cli.adopt.plan import Declared, Module
    from pulumi_openai_admin.cli.adopt.readme import About

PROGRAM = "Pulumi.yaml"
FILES = (PROGRAM, "Pulumi.yml", "Main.yaml", ".gitignore", "README.md")
"""The files of a program, and the other files that Pulumi reads as one."""

_RESERVED = frozenset({"pulumi"})
"""Keys that a resource can't have: `${pulumi.cwd}` has another meaning."""
_NOT_MANAGED = "The project itself is not managed."
_HEADER = """\
name: {title}
description: An OpenAI organization
runtime: yaml

# Existing objects are protected: Pulumi refuses to destroy them. To archive a project,
# delete an account or stop managing a limit, remove `protect: true` from it, run
# `pulumi up`, and then remove it from the program.
"""


PART = "resources.yaml"
"""The file with the resources of a part of a program."""
FILES_OF_PART = (PART, "README.md")
"""The files of a part of a program: Pulumi reads one file, so its resources are copied there."""
_HEADER_OF_PART = f"""\
# Existing objects of the OpenAI organization. Copy them to `resources` in {PROGRAM}.
# They are protected: Pulumi refuses to destroy them.
"""


class YamlProgram:
    """Writes a program module by module; see `target.Program`.

    Args:
        folder: The folder for it.
        about: What is known of it before it is written.
        part: The part of an existing program that it is; None: a separate program.
    """

    def __init__(self, folder: Path, about: About, part: ProgramPart | None = None) -> None:
        self._folder = folder
        self._about = about
        self._part = part
        self._file = PART if part else PROGRAM
        self._names = Names("-", _RESERVED, part.keys if part else ())
        provider = {"provider": f"${{{part.provider.key}}}"} if part and part.provider else {}
        self._options = {"protect": True, **provider}
        self._shared: dict[str, str] = {}
        """The keys of the organization's resources, by variable."""
        self._projects: dict[str, dict[str, str]] = {}
        """The keys of each project's resources, by variable, by the name of its module."""
        self._has_resources = False
        self._example_of_key: str | None = None
        self._write(self._file, _HEADER_OF_PART if part else _HEADER.format(title=json.dumps(about.title)))

    def add(self, module: Module) -> None:
        """Write the resources of a project, or of the organization."""
        own = self._shared if module.is_organization else self._projects.setdefault(module.name, {})
        comments = [f"{printable(module.title)}."]
        about_project = "These resources do not include the project." if self._part else _NOT_MANAGED
        comments += [about_project] if module.project_id else []
        parts = [_comment(comments)]
        for resource, of_one_kind in groupby(module.declared, lambda declared: declared.resource):
            declared = list(of_one_kind)
            texts = [self._declaration(resource, own) for resource in declared]
            if resource is ProjectServiceAccount:
                key = own[declared[0].variable]
                parts.append(_comment([*ABOUT_NO_KEYS, *_new_key(key).splitlines()]))
                self._example_of_key = self._example_of_key or _example_of_key(key)
            parts += texts
        before = "" if self._has_resources or not module.declared else "\nresources:"
        self._has_resources = self._has_resources or bool(module.declared)
        self._write(self._file, "".join([before, "\n", *parts]), "a")

    def finish(self, left_out: list[str]) -> None:
        """Write the files beside the program."""
        where = f"`{self._file}` declares the resources of the organization, then those of each project."
        self._write("README.md", Readme(where, self._example_of_key, left_out).text(self._about))
        if not self._part:
            self._write(".gitignore", ".adopt/\n")

    def _declaration(self, declared: Declared, own: dict[str, str]) -> str:
        key = self._key(declared)
        if declared.variable:
            own[declared.variable] = key
        values = {name: self._value(value, own) for name, value in declared.inputs.items()}
        body = {
            "type": _type(declared.resource.__name__),
            **({} if key == declared.name else {"name": declared.name}),
            "properties": properties.from_inputs(declared.resource.declaration, values),
            "options": self._options,
        }
        return text_of({"resources": {key: body}}).partition("\n")[2]

    def _key(self, declared: Declared) -> str:
        """The resource's key in the file: its name, with the kind if another resource has that key."""
        name = declared.name
        if self._names.is_free(name):
            return self._names.give(name)
        kind = re.sub(r"(?<!^)(?=[A-Z])", "-", declared.resource.__name__).lower()
        return self._names.give(f"{name}-{kind}")

    def _value(self, value: Any, own: dict[str, str]) -> Any:
        if isinstance(value, list):
            return [self._value(item, own) for item in value]
        if isinstance(value, dict):
            return {literal(key): self._value(item, own) for key, item in value.items()}
        if not isinstance(value, Reference):
            return literal(value)
        if not value.variable:
            return literal(value.id)
        key = (self._shared if value.is_shared else self._projects.get(value.module, own))[value.variable]
        return f"${{{key}.{names.camel(value.property)}}}"

    def _write(self, path: str, text: str, mode: str = "w") -> None:
        with (self._folder / path).open(mode, encoding="utf-8", newline="\n") as file:
            file.write(text)


def statement(part: ProgramPart) -> str:
    """What a program needs to declare the resources of a part of it, as Markdown."""
    return f"Copy the resources of `{part.path}/{PART}` to `resources` in `{PROGRAM}`."


def require_no_function(import_: Import) -> None:
    """Check that Pulumi YAML reads an object's inputs as values: for a key `fn::…` it calls a function.

    Raises:
        errors.NotAdoptableError: It would call a function.
    """
    if _has_function(import_.adopted.inputs):
        what = f"{import_.adopted.id!r} can't be imported: it contains a name that begins with `fn::`"
        raise errors.NotAdoptableError(what)


def _has_function(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_has_function, value))
    if isinstance(value, dict):
        return any(str(key).lower().startswith("fn::") for key in value) or any(map(_has_function, value.values()))
    return False


def _type(resource: str) -> str:
    """The type of a resource as programs have it, without the module: `openai-admin:Project`."""
    return names.token(resource).replace(":index:", ":")


def _comment(lines: list[str]) -> str:
    return "".join(f"  # {line}".rstrip() + "\n" for line in lines)


def _new_key(key: str) -> str:
    """The resource that creates a key for an account."""
    return f"""\
  {key}-key:
    type: {_type("ProjectServiceAccountApiKey")}
    properties:
      projectId: ${{{key}.projectId}}
      serviceAccountId: ${{{key}.serviceAccountId}}"""


def _example_of_key(key: str) -> str:
    return f"```yaml\nresources:\n{_new_key(key)}\noutputs:\n  key: ${{{key}-key.apiKey}} # secret\n```"


def literal(value: Any) -> Any:
    """A value that Pulumi YAML reads as it is: `${` begins an expression there, and `$$` is a dollar sign."""
    if isinstance(value, str):
        return re.sub(r"\$(?=[${])", "$$", value)
    if isinstance(value, list):
        return [literal(item) for item in value]
    if isinstance(value, dict):
        return {literal(key): literal(item) for key, item in value.items()}
    return value


def text_of(document: Any) -> str:
    """A document as YAML, without line breaks that it does not need."""
    text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=sys.maxsize)
    return str(text)


class _Dumper(yaml.SafeDumper):  # type: ignore[misc] # it has no types
    """Indents lists below their key, and quotes what a reader of YAML 1.2 takes for a number."""

    allow_unicode: bool

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write an equal value again: Pulumi YAML reads no aliases."""
        return True

    def write_double_quoted(self, text: str, split: bool = True) -> None:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Escape characters that are invisible or reorder a line, as all that are not ASCII beside them."""
        kept, self.allow_unicode = self.allow_unicode, text.isprintable()
        super().write_double_quoted(text, split)
        self.allow_unicode = kept


def _text(dumper: _Dumper, text: str) -> Any:
    """A text; PyYAML quotes what YAML 1.1 reads as another type, and YAML 1.2 has more numbers, such as `1e3`."""
    style = None
    if not text.replace("\n", "").isprintable():
        style = '"'
    elif "\n" in text:
        style = "|"
    elif text[:1] in {*"0123456789+-."}:
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)

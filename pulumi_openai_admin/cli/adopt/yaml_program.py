"""The text of a Pulumi YAML program for the native provider: one file, with the resources of each project together."""

from __future__ import annotations

import json
import re
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin.cli.adopt.program import ABOUT_NO_KEYS, README, Names, ProgramFiles, Reference
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.cli.adopt.program import Declared, Module, ProgramPart, Target

_PROGRAM = "Pulumi.yaml"
FILES = (_PROGRAM, "Pulumi.yml", "Main.yaml", ".gitignore", README)
"""The files of a program, and the other files that Pulumi reads as one."""
_PART = "resources.yaml"
"""The file with the resources of a part of a program."""
FILES_OF_PART = (_PART, README)
"""The files of a part of a program: Pulumi reads one file, so its resources are copied there."""
_RESERVED = frozenset({"pulumi"})
"""Keys that a resource can't have: `${pulumi.cwd}` has another meaning."""
_HEADER = """\
name: {title}
description: An OpenAI organization
runtime: yaml

# Existing objects are protected: Pulumi refuses to destroy them. To archive a project,
# delete an account or stop managing a limit, remove `protect: true` from it, run
# `pulumi up`, and then remove it from the program.
"""
_HEADER_OF_PART = f"""\
# Existing objects of the OpenAI organization. Copy them to `resources` in {_PROGRAM}.
# They are protected: Pulumi refuses to destroy them.
"""


def files(modules: Sequence[Module], target: Target, title: str) -> ProgramFiles:
    """The files of a program with a title, or of a part of an existing one."""
    part = target.part
    resources = _Resources(part)
    head = _HEADER_OF_PART if part else _HEADER.format(title=json.dumps(title))
    file = _PART if part else _PROGRAM
    contents = {file: head + "".join(map(resources.of, modules)), **({} if part else {".gitignore": ".adopt/\n"})}
    about = f"`{file}` declares the resources of the organization, then those of each project."
    statement = f"Copy the resources of `{part.path}/{_PART}` to `resources` in `{_PROGRAM}`." if part else ""
    return ProgramFiles(contents, about, statement, resources.example_of_key)


class _Resources:
    """Writes the resources, module by module, of a program or of a part of one."""

    def __init__(self, part: ProgramPart | None) -> None:
        self._is_part = part is not None
        self._names = Names("-", _RESERVED, part.keys if part else ())
        provider = {"provider": f"${{{part.key}}}"} if part and part.provider else {}
        self._options = {"protect": True, **provider}
        self._keys: dict[tuple[str, str], str] = {}
        """The keys of the resources, by module and variable."""
        self._has_resources = False
        self.example_of_key = ""
        """The code that creates a key for the first account, as Markdown; empty without accounts."""

    def of(self, module: Module) -> str:
        """The resources of a project, or of the organization."""
        comments = [f"{printable(module.title)}."]
        if module.project_id:
            in_part, alone = "These resources do not include the project.", "The project itself is not managed."
            comments.append(in_part if self._is_part else alone)
        parts = [_comment(comments)]
        for resource, of_one_kind in groupby(module.declared, lambda declared: declared.resource):
            declared = list(of_one_kind)
            texts = [self._declaration(item, module) for item in declared]
            if resource is ProjectServiceAccount:
                key = self._keys[module.name, declared[0].variable]
                parts.append(_comment([*ABOUT_NO_KEYS, *_new_key(key).splitlines()]))
                new = f"resources:\n{_new_key(key)}\noutputs:\n  key: ${{{key}-key.apiKey}} # secret"
                self.example_of_key = self.example_of_key or f"```yaml\n{new}\n```"
            parts += texts
        before = "" if self._has_resources or not module.declared else "\nresources:"
        self._has_resources = self._has_resources or bool(module.declared)
        return "".join([before, "\n", *parts])

    def _declaration(self, declared: Declared, module: Module) -> str:
        name, kind = declared.name, re.sub(r"(?<!^)(?=[A-Z])", "-", declared.resource.__name__).lower()
        key = self._names.give(f"{name}-{kind}" if name in self._names.taken else name)  # another resource has the name
        self._keys[module.name, declared.variable] = key
        values = {input_: self._value(value) for input_, value in declared.inputs.items()}
        body = {
            "type": _type(declared.resource.__name__),
            **({} if key == name else {"name": name}),
            "properties": properties.from_inputs(declared.resource.declaration, values),
            "options": self._options,
        }
        return text_of({"resources": {key: body}}).partition("\n")[2]

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, dict):
            return {literal(key): self._value(item) for key, item in value.items()}
        if not isinstance(value, Reference):
            return literal(value)
        if not value.variable:
            return literal(value.id)
        return f"${{{self._keys[value.module, value.variable]}.{properties.camel(value.property)}}}"


def _type(resource: str) -> str:
    """The type of a resource as programs have it, without the module: `openai-admin:Project`."""
    return properties.token(resource).replace(":index:", ":")


def _comment(lines: list[str]) -> str:
    return "".join(f"  # {line}".rstrip() + "\n" for line in lines)


def _new_key(key: str) -> str:
    return f"""\
  {key}-key:
    type: {_type("ProjectServiceAccountApiKey")}
    properties:
      projectId: ${{{key}.projectId}}
      serviceAccountId: ${{{key}.serviceAccountId}}"""


def literal(value: Any) -> Any:
    """A value that Pulumi YAML reads as it is: `${` begins an expression there, and `$$` is a dollar sign."""
    return re.sub(r"\$(?=[${])", "$$", value) if isinstance(value, str) else value


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

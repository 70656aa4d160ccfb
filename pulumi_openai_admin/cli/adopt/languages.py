"""The text of a program: in Python, a module for each project, formatted like `ruff format` and `black`; or in YAML."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin.cli.adopt import program
from pulumi_openai_admin.cli.adopt.program import ABOUT_NO_KEYS, ORGANIZATION, OUTSIDE, ProgramFiles, Reference
from pulumi_openai_admin.data_sources.kind import snake
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
from pulumi_openai_admin.schema.shapes import Items, Structure, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.cli.adopt.program import Declared, Module, ProgramPart, Target
    from pulumi_openai_admin.schema.shapes import Shape

_SETTINGS, _MAIN, _INIT, _PART = "Pulumi.yaml", "__main__.py", "__init__.py", "resources.yaml"
MODULES = "projects"
"""The folder of the modules of a Python program."""


def names_of_files(target: Target) -> tuple[str, ...]:
    """The files and folders that a program, or a part of one, may have, and the other files that Pulumi reads as one.

    Pulumi reads one file of a YAML program, so a user copies the resources of a part there.
    """
    modules = [*(f"{name}.py" for name in OUTSIDE), MODULES]
    own = {
        ("python", False): [_SETTINGS, "Pulumi.yml", "requirements.txt", ".gitignore", program.README, _MAIN, *modules],
        ("python", True): [_INIT, program.README, *modules],
        ("yaml", False): [_SETTINGS, "Pulumi.yml", "Main.yaml", ".gitignore", program.README],
        ("yaml", True): [_PART, program.README],
    }
    return (*own[target.runtime, target.part is not None], program.IMPORT_FILE)


def files(modules: Sequence[Module], target: Target, title: str) -> ProgramFiles:
    """The files of a program with a title, or of a part of an existing one."""
    return (_in_yaml if target.runtime == "yaml" else _in_python)(modules, target, title)


# Python

_KEEP = "KEEP"
"""The name of the options of all resources, which protect existing objects against destroy."""
_PROJECT_ID = "PROJECT_ID"
"""The name of the id of a project that the program does not declare."""


@dataclass(frozen=True)
class _Code:
    """An expression in place of a value."""

    text: str
    imported: str = ""
    """What the module imports for it from the package of the resources."""
    module: str = ""
    """The other module that it imports for it."""


_PACKAGES = {False: "pulumi_openai_admin", True: "pulumi_openai_admin_native"}
"""The package with the resources; for the native provider, the SDK that Pulumi generates from its schema."""
_DISTRIBUTION = "pulumi-openai-admin"
_WIDTH = 88
_INDENT = "    "
_FROM_FIVE_DIGITS = 10_000

_PROJECTS = f'''"""A module for each project."""

from pulumi import ResourceOptions

# Existing objects are protected: Pulumi refuses to destroy them. To archive a project,
# delete an account or stop managing a limit, remove `opts={_KEEP}` from it, run
# `pulumi up`, and then remove it from the program.
{_KEEP} = ResourceOptions(protect=True)
'''
"""`__init__.py` of the modules. A module must not have a name that is used here: Python would find that name."""
_PULUMI_YAML = """\
name: {}
description: An OpenAI organization
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv
"""


def _in_python(modules: Sequence[Module], target: Target, title: str) -> ProgramFiles:
    part = target.part
    contents = {
        f"{MODULES}/{module.name}.py" if module.is_inside else f"{module.name}.py": module_text(module, target)
        for module in modules
    }
    outside = [f", and `{name}.py` has the {what}" for name, what in OUTSIDE.items() if f"{name}.py" in contents]
    about = "".join([f"`{MODULES}/` has a module for each project", *outside, "."])
    contents[f"{MODULES}/{_INIT}"] = _PROJECTS
    if part:
        contents[_INIT] = _init(modules, part)
    else:
        package = _PACKAGES[True] if target.is_native else _DISTRIBUTION
        contents |= {
            _SETTINGS: _PULUMI_YAML.format(json.dumps(title)),  # YAML reads `2024` or `true` as another type
            "requirements.txt": f"{package}>={version(_DISTRIBUTION)}\n",
            ".gitignore": ".venv/\n.adopt/\n__pycache__/\n",
            _MAIN: '"""The OpenAI organization: a module for each project."""\n\n' + _imports(modules, "", MODULES),
        }
    resources = (declared for module in modules for declared in module.declared)
    account = next((declared for declared in resources if declared.resource is ProjectServiceAccount), None)
    export = f'pulumi.export("key", key.{_spell(target, "api_key")})  # secret'
    example = f"```python\n{_new_key(account, target)}\n{export}\n```" if account else ""
    return ProgramFiles(contents, about, _statement(part) if part else "", example)


def _imports(modules: Sequence[Module], around: str, package: str) -> str:
    """The statements that run all modules; `around`, such as `from . `, is before the import of the organization's."""
    outside, why = sorted(module.name for module in modules if not module.is_inside), "# noqa: F401 - "
    imports = "".join(f"{around}import {name}  {why}{OUTSIDE[name]}\n" for name in outside)
    of_projects = sorted(module.name for module in modules if module.is_inside)
    if of_projects:
        lines = "".join(f"{_INDENT}{name},\n" for name in of_projects)
        imports += f"from {package} import (  {why}each module declares the resources of a project\n{lines})\n"
    return imports


def _statement(part: ProgramPart) -> str:
    step, code = "Add this line to the program", f"import {part.name}"
    if part.provider:
        step = f"Add these lines to the program, after `provider`, the provider {printable(part.provider)!r}"
        code += f"\n\n{part.name}.declare(provider)"
    return f"{step}:\n\n```python\n{code}\n```"


def _init(modules: Sequence[Module], part: ProgramPart) -> str:
    imports = _imports(modules, "from . ", f".{MODULES}")
    if not part.provider:
        return f'"""Existing objects of the OpenAI organization: `import {part.name}` declares them."""\n\n{imports}'
    body = imports.replace("F401", "F401, PLC0415")
    return f'''\
"""Existing objects of the OpenAI organization: `{part.name}.declare(provider)` declares them."""

from pulumi import ProviderResource, ResourceOptions

from . import {MODULES}


def declare(provider: ProviderResource) -> None:
    """Declare the objects.

    Args:
        provider: The provider {_escaped(repr(part.provider))} of the program.
    """
    {MODULES}.{_KEEP} = ResourceOptions(protect=True, provider=provider)
{textwrap.indent(body, _INDENT)}'''


def _new_key(account: Declared, target: Target) -> str:
    ids = [_spell(target, name) for name in ("project_id", "service_account_id")]
    arguments = "".join(f"    {name}={account.variable}.{name},\n" for name in ids)
    return f"key = ProjectServiceAccountApiKey(\n    {_quoted(account.name)},\n{arguments})"


def module_text(module: Module, target: Target) -> str:
    """The text of a module."""
    inputs = [_inputs(declared, module, target) for declared in module.declared]
    expressions = [leaf for leaf in leaves(inputs) if isinstance(leaf, _Code)]
    names = {declared.resource.__name__ for declared in module.declared}
    classes = sorted((names | {code.imported for code in expressions}) - {""})
    modules = sorted({code.module for code in expressions} - {""})
    is_part = target.part is not None
    parts = [f'"""{_escaped(module.title)}."""\n']
    if classes:
        around = f"from {'..' if module.is_inside else '.'} " if is_part else ""
        own = f"{around}import {ORGANIZATION}\n" if ORGANIZATION in modules else ""
        keep = ("." if module.is_inside else f".{MODULES}") if is_part else MODULES
        others = [name for name in modules if name != ORGANIZATION]
        parts += [_import(_PACKAGES[target.is_native], classes), own + _import(keep, [_KEEP, *others])]
    if module.project_id:
        alone = "The project itself is not managed."
        comment = "This part of the program does not declare the project itself." if is_part else alone
        parts.append(f"# {comment}\n{_PROJECT_ID} = {_quoted(module.project_id)}\n")
    for resource, of_one_kind in groupby(zip(module.declared, inputs, strict=True), lambda pair: pair[0].resource):
        declared = list(of_one_kind)
        comment = ""
        if resource is ProjectServiceAccount:
            example = (f"    {line}" for line in _new_key(declared[0][0], target).splitlines())
            comment = "".join(f"# {line}\n" for line in (*ABOUT_NO_KEYS, *example))
        parts.append(comment + "".join(_python_declaration(*item) for item in declared))
    return "\n".join(parts)


def _spell(target: Target, name: str) -> str:
    """A property as the package of the resources spells it."""
    return properties.python(name) if target.is_native else name


def _import(package: str, imported: Sequence[str]) -> str:
    flat = f"from {package} import {', '.join(imported)}\n"
    lines = "".join(f"{_INDENT}{name},\n" for name in imported)
    return flat if len(flat) <= _WIDTH else f"from {package} import (\n{lines})\n"


def _inputs(declared: Declared, module: Module, target: Target) -> dict[str, Any]:
    """The inputs of a resource by the names of the package, with expressions."""
    declaration = declared.resource.declaration

    def code(shape: Shape | None, value: Any) -> Any:
        """A value with expressions that refer to other resources, or to members of enumerations of the SDK."""
        if isinstance(value, list):
            return [code(shape.item if isinstance(shape, Items) else None, item) for item in value]
        if isinstance(value, dict):
            shapes = shape.properties if isinstance(shape, Structure) else {}
            return {key: code(shapes.get(key), item) for key, item in value.items()}
        if isinstance(value, Reference):
            other = value.module if value.module != module.name else ""
            text = f"{value.variable}.{spell(value.property)}" if value.variable else _PROJECT_ID
            return _Code(f"{other}.{text}" if other else text, module=other)
        if target.is_native and isinstance(shape, Text) and shape.enumeration and value in shape.choices:
            name = shape.enumeration.name
            return _Code(f"{name}.{snake(shape.enumeration.name_of(value)).upper()}", name)
        return value

    spell = partial(_spell, target)
    values = {name: code(declaration.fields[name].shape, value) for name, value in declared.inputs.items()}
    return properties.from_inputs(declaration, values, spell=spell)


def _python_declaration(declared: Declared, inputs: Mapping[str, Any]) -> str:
    arguments = [_quoted(declared.name)]
    arguments += [f"{name}={python_literal(value, _INDENT, len(name) + 2)}" for name, value in inputs.items()]
    arguments.append(f"opts={_KEEP}")
    assigned = f"{declared.variable} = " if declared.variable else ""
    flat = f"{assigned}{declared.resource.__name__}({', '.join(arguments)})\n"
    if len(flat) <= _WIDTH + 1 and flat.count("\n") == 1:
        return flat
    lines = "".join(f"{_INDENT}{argument},\n" for argument in arguments)
    return f"{assigned}{declared.resource.__name__}(\n{lines})\n"


def python_literal(value: Any, indent: str = "", taken: int = 0) -> str:
    """A value as Python, on one line if it fits: behind an indent, beside a number of characters that are taken."""
    if isinstance(value, _Code):
        return value.text
    if isinstance(value, bool | float) or value is None:
        return repr(value)
    if isinstance(value, int):
        return f"{value:_}" if value >= _FROM_FIVE_DIGITS else str(value)
    if isinstance(value, str):
        return _quoted(value)
    begin, end = "[]" if isinstance(value, list) else "{}"
    flat = begin + ", ".join(key + python_literal(item) for key, item in _items(value)) + end
    has_mapping = any(isinstance(item, dict) for _, item in _items(value))  # a mapping inside has its own lines
    if len(indent) + taken + len(flat) <= _WIDTH and not has_mapping:
        return flat
    deeper = indent + _INDENT
    lines = (f"{deeper}{key}{python_literal(item, deeper, len(key) + 1)},\n" for key, item in _items(value))
    return f"{begin}\n{''.join(lines)}{indent}{end}"


def _items(value: Mapping[str, Any] | list[Any]) -> list[tuple[str, Any]]:
    """The items of a list or a mapping, each with the text before its value."""
    return (
        [(f"{_quoted(key)}: ", value[key]) for key in value] if isinstance(value, dict) else [("", it) for it in value]
    )


def _quoted(text: str) -> str:
    """A text as Python, with the quotes of a formatter; control characters and invisible ones are escaped."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return quote + _escaped(text, quote) + quote


def _escaped(text: str, quote: str = '"') -> str:
    return "".join(
        f"\\{char}" if char in {"\\", quote} else char if char.isprintable() else ascii(char)[1:-1] for char in text
    )


# YAML

_YAML_HEADER = """\
name: {title}
description: An OpenAI organization
runtime: yaml

# Existing objects are protected: Pulumi refuses to destroy them. To archive a project,
# delete an account or stop managing a limit, remove `protect: true` from it, run
# `pulumi up`, and then remove it from the program.
"""
_YAML_HEADER_OF_PART = f"""\
# Existing objects of the OpenAI organization. Copy them to `resources` in {_SETTINGS}.
# They are protected: Pulumi refuses to destroy them.
"""


def _in_yaml(modules: Sequence[Module], target: Target, title: str) -> ProgramFiles:
    part = target.part
    resources = _YamlResources(part)
    head = _YAML_HEADER_OF_PART if part else _YAML_HEADER.format(title=json.dumps(title))
    file = _PART if part else _SETTINGS
    contents = {file: head + "".join(map(resources.of, modules)), **({} if part else {".gitignore": ".adopt/\n"})}
    about = f"`{file}` declares the resources of the organization, then those of each project."
    statement = f"Copy the resources of `{part.path}/{_PART}` to `resources` in `{_SETTINGS}`." if part else ""
    return ProgramFiles(contents, about, statement, resources.example_of_key)


class _YamlResources:
    """Writes the resources, module by module, of a program or of a part of one."""

    def __init__(self, part: ProgramPart | None) -> None:
        alone = "The project itself is not managed."
        self._about_project = "These resources do not include the project." if part else alone
        # No resource can have the key `pulumi`: `${pulumi.cwd}` has another meaning.
        self._names = program.Names("-", frozenset({"pulumi"}), {*(part.keys if part else ())})
        provider = {"provider": f"${{{part.key}}}"} if part and part.provider else {}
        self._options = {"protect": True, **provider}
        self._keys: dict[tuple[str, str], str] = {}
        """The keys of the resources, by module and variable."""
        self._has_resources = False
        self.example_of_key = ""
        """The code that creates a key for the first account, as Markdown; empty without accounts."""

    def of(self, module: Module) -> str:
        """The resources of a project, or of the organization."""
        parts = [_yaml_comment([f"{printable(module.title)}.", *([self._about_project] if module.project_id else [])])]
        for resource, of_one_kind in groupby(module.declared, lambda declared: declared.resource):
            declared = list(of_one_kind)
            texts = [self._declaration(item, module) for item in declared]
            if resource is ProjectServiceAccount:
                key = self._keys[module.name, declared[0].variable]
                new = _new_key_in_yaml(key)
                parts.append(_yaml_comment([*ABOUT_NO_KEYS, *new.splitlines()]))
                example = f"```yaml\nresources:\n{new}\noutputs:\n  key: ${{{key}-key.apiKey}} # secret\n```"
                self.example_of_key = self.example_of_key or example
            parts += texts
        before = "" if self._has_resources or not module.declared else "\nresources:"
        self._has_resources = self._has_resources or bool(module.declared)
        return "".join([before, "\n", *parts])

    def _declaration(self, declared: Declared, module: Module) -> str:
        name, kind = declared.name, snake(declared.resource.__name__).replace("_", "-")
        key = self._names.give(f"{name}-{kind}" if name in self._names.taken else name)  # another resource has the name
        self._keys[module.name, declared.variable] = key
        values = {input_: self._value(value) for input_, value in declared.inputs.items()}
        body = {
            "type": properties.token(declared.resource.__name__).replace(":index:", ":"),
            **({} if key == name else {"name": name}),
            "properties": properties.from_inputs(declared.resource.declaration, values),
            "options": self._options,
        }
        return yaml_text({"resources": {key: body}}).partition("\n")[2]

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, dict):
            return {yaml_literal(key): self._value(item) for key, item in value.items()}
        if not isinstance(value, Reference):
            return yaml_literal(value)
        if not value.variable:
            return yaml_literal(value.id)
        return f"${{{self._keys[value.module, value.variable]}.{properties.camel(value.property)}}}"


def _yaml_comment(lines: list[str]) -> str:
    return "".join(f"  # {line}".rstrip() + "\n" for line in lines)


def _new_key_in_yaml(key: str) -> str:
    return f"""\
  {key}-key:
    type: openai-admin:ProjectServiceAccountApiKey
    properties:
      projectId: ${{{key}.projectId}}
      serviceAccountId: ${{{key}.serviceAccountId}}"""


def yaml_literal(value: Any) -> Any:
    """A value that Pulumi YAML reads as it is: `${` begins an expression there, and `$$` is a dollar sign."""
    return re.sub(r"\$(?=[${])", "$$", value) if isinstance(value, str) else value


def yaml_text(document: Any) -> str:
    """A document as YAML, without line breaks that it does not need."""
    return str(yaml.dump(document, Dumper=_YamlDumper, sort_keys=False, allow_unicode=True, width=sys.maxsize))


class _YamlDumper(yaml.SafeDumper):  # type: ignore[misc] # it has no types
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


def _yaml_scalar(dumper: _YamlDumper, text: str) -> Any:
    """A text; PyYAML quotes what YAML 1.1 reads as another type, and YAML 1.2 has more numbers, such as `1e3`."""
    style = None
    if not text.replace("\n", "").isprintable():
        style = '"'
    elif "\n" in text:
        style = "|"
    elif text[:1] in {*"0123456789+-."}:
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_YamlDumper.add_representer(str, _yaml_scalar)

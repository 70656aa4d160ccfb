"""The text of a Python program: a module for each project, formatted like `ruff format` and `black`."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.adopt.names import ACROSS, ORGANIZATION
from pulumi_openai_admin.cli.adopt.plan import Reference
from pulumi_openai_admin.cli.adopt.readme import ABOUT_NO_KEYS, Readme
from pulumi_openai_admin.hosts.native import names, properties
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.placement import ProgramPart
    from pulumi_openai_admin.cli.adopt.plan import Declared, Module
    from pulumi_openai_admin.cli.adopt.readme import About

KEEP = "KEEP"
"""The name of the options of all resources, which protect existing objects against destroy."""
PROJECT_ID = "PROJECT_ID"
"""The name of the id of a project that the program does not declare."""
MODULES = "projects"
"""The folder of the modules."""
MAIN = "__main__.py"
INIT = "__init__.py"
ORGANIZATION_MODULE = f"{ORGANIZATION}.py"
ACROSS_MODULE = f"{ACROSS}.py"
SETTINGS = "Pulumi.yaml"
FILES = (
    SETTINGS,
    "Pulumi.yml",
    "requirements.txt",
    ".gitignore",
    "README.md",
    MAIN,
    ORGANIZATION_MODULE,
    ACROSS_MODULE,
    MODULES,
)
"""The files of a program. Pulumi also reads `Pulumi.yml`."""
FILES_OF_PART = (INIT, "README.md", ORGANIZATION_MODULE, ACROSS_MODULE, MODULES)
"""The files of a part of a program."""


@dataclass(frozen=True)
class Code:
    """An expression in place of a value."""

    text: str


@dataclass(frozen=True)
class Package:
    """The Python package with the resources.

    Args:
        module: The module to import them from.
        requirement: Its name in `requirements.txt`.
        spell: The name of a property in this package, from its name in the declaration.
    """

    module: str
    requirement: str
    spell: Callable[[str], str]


DYNAMIC = Package("pulumi_openai_admin", "pulumi-openai-admin", str)
NATIVE = Package("pulumi_openai_admin_native", "pulumi_openai_admin_native", names.python)
"""The SDK that Pulumi generates from the schema of the native provider."""

_WIDTH = 88
_INDENT = "    "
_FROM_FIVE_DIGITS = 10_000

_PROJECTS = f'''"""A module for each project."""

from pulumi import ResourceOptions

# Existing objects are protected: Pulumi refuses to destroy them. To archive a project,
# delete an account or stop managing a limit, remove `opts={KEEP}` from it, run
# `pulumi up`, and then remove it from the program.
{KEEP} = ResourceOptions(protect=True)
'''
"""`__init__.py` of the modules. A module must not have a name that is used here: Python would find that name."""
_NOT_MANAGED = "# The project itself is not managed.\n"
_NOT_DECLARED = "# This part of the program does not declare the project itself.\n"
_GITIGNORE = ".venv/\n.adopt/\n__pycache__/\n"


def module_path(name: str) -> str:
    """The path of a module."""
    return f"{MODULES}/{name}.py"


@dataclass
class Contents:
    """The contents of the program that the files beside the modules mention."""

    modules: list[str] = field(default_factory=list)
    """The names of the modules."""
    has_organization: bool = False
    """Whether there is a module of the organization."""
    has_across: bool = False
    """Whether there is a module of objects that refer to several projects."""
    account: Declared | None = None
    """Any account, as an example."""
    left_out: list[str] = field(default_factory=list)
    """Objects that it does not declare, with the reasons."""


def frame(
    contents: Contents, about: About, package: Package = DYNAMIC, part: ProgramPart | None = None
) -> dict[str, str]:
    """The files beside the modules: strings by path.

    Args:
        contents: The contents of the program.
        about: What is known of the program before it is written.
        package: The package with the resources.
        part: The part of an existing program that it is; None: a separate program.
    """
    organization = (
        f", and `{ORGANIZATION_MODULE}` has the objects outside of projects" if contents.has_organization else ""
    )
    organization += (
        f", and `{ACROSS_MODULE}` has the objects that refer to several projects" if contents.has_across else ""
    )
    readme = Readme(
        f"`{MODULES}/` has a module for each project{organization}.",
        _example_of_key(contents.account, package) if contents.account else None,
        contents.left_out,
    )
    if part:
        return {
            "README.md": readme.text(about),
            INIT: _init(contents, part),
            f"{MODULES}/{INIT}": _PROJECTS,
        }
    return {
        SETTINGS: _pulumi_yaml(about.title),
        "requirements.txt": f"{package.requirement}>={about.version}\n",
        ".gitignore": _GITIGNORE,
        "README.md": readme.text(about),
        MAIN: _main(contents),
        f"{MODULES}/{INIT}": _PROJECTS,
    }


def _pulumi_yaml(title: str) -> str:
    """The name is in quotes, because YAML reads `2024` or `true` as another type."""
    return f"""\
name: {json.dumps(title)}
description: An OpenAI organization
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv
"""


def _main(contents: Contents) -> str:
    title = '"""The OpenAI organization: a module for each project."""\n'
    return "\n".join([title, _imports(contents, "", MODULES)])


def _imports(contents: Contents, around: str, modules: str) -> str:
    """The statements that run all modules.

    Args:
        contents: The contents of the program.
        around: What is before the import of the organization's module, such as `from . `.
        modules: The package of the modules of projects.
    """
    why = "# noqa: F401 - "
    imports = f"{around}import {ACROSS}  {why}objects that refer to several projects\n" if contents.has_across else ""
    imports += f"{around}import {ORGANIZATION}  {why}objects outside of projects\n" if contents.has_organization else ""
    if contents.modules:
        lines = "".join(f"{_INDENT}{name},\n" for name in sorted(contents.modules))
        imports += f"from {modules} import (  {why}each module declares the resources of a project\n{lines})\n"
    return imports


def statement(part: ProgramPart) -> str:
    """What a program needs to declare the resources of a part of it, as Markdown."""
    if not part.provider:
        return f"Add this line to the program:\n\n```python\nimport {part.name}\n```"
    called = printable(part.provider.name)
    code = f"import {part.name}\n\n{part.name}.declare(provider)"
    return f"Add these lines to the program, after `provider`, the provider {called!r}:\n\n```python\n{code}\n```"


def _init(contents: Contents, part: ProgramPart) -> str:
    imports = _imports(contents, "from . ", f".{MODULES}")
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
        provider: The provider {_in_docstring(repr(part.provider.name))} of the program.
    """
    {MODULES}.{KEEP} = ResourceOptions(protect=True, provider=provider)
{textwrap.indent(body, _INDENT)}'''


def _about_no_keys(account: Declared, package: Package) -> str:
    lines = [*ABOUT_NO_KEYS, *(f"    {line}" for line in _new_key(account, package).splitlines())]
    return "".join(f"# {line}\n" for line in lines)


def _new_key(account: Declared, package: Package) -> str:
    """The code that creates a key for an account."""
    ids = [package.spell(name) for name in ("project_id", "service_account_id")]
    arguments = "".join(f"    {name}={account.variable}.{name},\n" for name in ids)
    return f"key = ProjectServiceAccountApiKey(\n    {_quoted(account.name)},\n{arguments})"


def _example_of_key(account: Declared, package: Package) -> str:
    export = f'pulumi.export("key", key.{package.spell("api_key")})  # secret'
    return f"```python\n{_new_key(account, package)}\n{export}\n```"


class PythonProgram:
    """Writes a program module by module; see `target.Program`.

    Args:
        folder: The folder for it.
        about: What is known of it before it is written.
        package: The package with the resources.
        part: The part of an existing program that it is; None: a separate program.
    """

    def __init__(self, folder: Path, about: About, package: Package = DYNAMIC, part: ProgramPart | None = None) -> None:
        self._folder = folder
        self._about = about
        self._package = package
        self._part = part
        self._contents = Contents()
        (folder / MODULES).mkdir()

    def add(self, module: Module) -> None:
        """Write a module."""
        if module.is_organization:
            self._contents.has_organization = True
            path = ORGANIZATION_MODULE
        elif not module.is_inside:
            self._contents.has_across = True
            path = ACROSS_MODULE
        else:
            self._contents.modules.append(module.name)
            path = module_path(module.name)
        accounts = module.of(ProjectServiceAccount)
        self._contents.account = self._contents.account or next(iter(accounts), None)
        self._write(path, module_text(module, self._package, is_part=self._part is not None))

    def finish(self, left_out: list[str]) -> None:
        """Write the files beside the modules."""
        self._contents.left_out = left_out
        for path, text in frame(self._contents, self._about, self._package, self._part).items():
            self._write(path, text)

    def _write(self, path: str, text: str) -> None:
        (self._folder / path).write_text(text, encoding="utf-8", newline="\n")


def module_text(module: Module, package: Package = DYNAMIC, *, is_part: bool = False) -> str:
    """The text of a module."""
    classes = sorted({declared.resource.__name__ for declared in module.declared})
    parts = [f'"""{_in_docstring(module.title)}."""\n']
    if classes:
        around = f"from {'..' if module.is_inside else '.'} " if is_part else ""
        own = f"{around}import {ORGANIZATION}\n" if module.uses_organization else ""
        keep = ("." if module.is_inside else f".{MODULES}") if is_part else MODULES
        parts += [_import(package.module, classes), own + _import(keep, [KEEP, *module.projects])]
    if module.project_id:
        comment = _NOT_DECLARED if is_part else _NOT_MANAGED
        parts.append(f"{comment}{PROJECT_ID} = {_quoted(module.project_id)}\n")
    for resource, of_one_kind in groupby(module.declared, lambda declared: declared.resource):
        declared = list(of_one_kind)
        comment = _about_no_keys(declared[0], package) if resource is ProjectServiceAccount else ""
        parts.append(comment + "".join(_declaration(resource, package) for resource in declared))
    return "\n".join(parts)


def _import(package: str, names: Sequence[str]) -> str:
    flat = f"from {package} import {', '.join(names)}\n"
    if len(flat) <= _WIDTH:
        return flat
    return f"from {package} import (\n{''.join(f'{_INDENT}{name},{chr(10)}' for name in names)})\n"


def _declaration(declared: Declared, package: Package) -> str:
    values = {name: _code(value, package) for name, value in declared.inputs.items()}
    inputs = properties.respelled_inputs(declared.resource.declaration, values, package.spell)
    arguments = [_quoted(declared.name)]
    arguments += [f"{name}={literal(value, _INDENT, len(name) + 2)}" for name, value in inputs.items()]
    arguments.append(f"opts={KEEP}")
    assigned = f"{declared.variable} = " if declared.variable else ""
    flat = f"{assigned}{declared.resource.__name__}({', '.join(arguments)})\n"
    if len(flat) <= _WIDTH + 1 and flat.count("\n") == 1:
        return flat
    lines = "".join(f"{_INDENT}{argument},\n" for argument in arguments)
    return f"{assigned}{declared.resource.__name__}(\n{lines})\n"


def _code(value: Any, package: Package) -> Any:
    """A value with expressions that refer to other resources."""
    if isinstance(value, list):
        return [_code(item, package) for item in value]
    if isinstance(value, dict):
        return {key: _code(item, package) for key, item in value.items()}
    if not isinstance(value, Reference):
        return value
    if not value.variable:
        return Code(PROJECT_ID)
    module = f"{ORGANIZATION}." if value.is_shared else f"{value.module}." if value.module else ""
    return Code(f"{module}{value.variable}.{package.spell(value.property)}")


def literal(value: Any, indent: str = "", taken: int = 0) -> str:
    """A value as Python, on one line if it fits.

    Args:
        value: A text, a number, a boolean, an expression, or a list or mapping of them.
        indent: The indent of its line.
        taken: How many other characters the line has.
    """
    if isinstance(value, Code):
        return value.text
    if isinstance(value, bool | float) or value is None:
        return repr(value)
    if isinstance(value, int):
        return f"{value:_}" if value >= _FROM_FIVE_DIGITS else str(value)
    if isinstance(value, str):
        return _quoted(value)
    flat = _flat(value)
    fits = len(indent) + taken + len(flat) <= _WIDTH and not _has_mapping(value)
    return flat if fits else _on_lines(value, indent)


def _flat(value: Mapping[str, Any] | list[Any]) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return "{" + ", ".join(f"{_quoted(key)}: {literal(item)}" for key, item in value.items()) + "}"


def _has_mapping(value: Mapping[str, Any] | list[Any]) -> bool:
    """Whether a mapping is inside: it always gets its own lines."""
    return any(isinstance(item, dict) for item in (value if isinstance(value, list) else value.values()))


def _on_lines(value: Mapping[str, Any] | list[Any], indent: str) -> str:
    deeper = indent + _INDENT
    if isinstance(value, list):
        return "[\n" + "".join(f"{deeper}{literal(item, deeper, 1)},\n" for item in value) + indent + "]"
    lines = (
        f"{deeper}{_quoted(key)}: {literal(item, deeper, len(_quoted(key)) + 3)},\n" for key, item in value.items()
    )
    return "{\n" + "".join(lines) + indent + "}"


def _quoted(text: str) -> str:
    """A text as Python, with the quotes of a formatter; control characters and invisible ones are escaped."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return quote + _escaped(text, quote) + quote


def _in_docstring(text: str) -> str:
    return _escaped(text, '"')


def _escaped(text: str, quote: str) -> str:
    return "".join(
        f"\\{char}" if char in {"\\", quote} else char if char.isprintable() else ascii(char)[1:-1] for char in text
    )

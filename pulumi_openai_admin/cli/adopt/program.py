"""The text of the program: a module for each project, formatted like `ruff format` and `black`. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.adopt.names import ORGANIZATION
from pulumi_openai_admin.cli.adopt.plan import KEEP, PROJECT_ID, Code
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.cli.adopt.plan import Declared, Module

IMPORT_FILE = "import.json"
MODULES = "projects"
"""The folder of the modules."""
MAIN = "__main__.py"
ORGANIZATION_MODULE = f"{ORGANIZATION}.py"
SETTINGS = "Pulumi.yaml"
FILES = (
    SETTINGS,
    "Pulumi.yml",
    "requirements.txt",
    ".gitignore",
    "README.md",
    MAIN,
    ORGANIZATION_MODULE,
    MODULES,
    IMPORT_FILE,
)
"""The files of a program. Pulumi also reads `Pulumi.yml`."""

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
    account: Declared | None = None
    """Any account, as an example."""
    left_out: list[str] = field(default_factory=list)
    """Objects that it does not declare, with the reasons."""


def frame(contents: Contents, *, title: str, version: str, commands: Iterable[str]) -> dict[str, str]:
    """The files beside the modules: texts by path.

    Args:
        contents: The contents of the program.
        title: The name of the program.
        version: The required version of this package.
        commands: The commands that import the resources into a stack.
    """
    return {
        SETTINGS: _pulumi_yaml(title),
        "requirements.txt": f"pulumi-openai-admin>={version}\n",
        ".gitignore": _GITIGNORE,
        "README.md": _readme(contents, commands),
        MAIN: _main(contents),
        f"{MODULES}/__init__.py": _PROJECTS,
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
    why = "# noqa: F401 - "
    parts = ['"""The OpenAI organization: a module for each project."""\n']
    imports = f"import {ORGANIZATION}  {why}what belongs to no project\n" if contents.has_organization else ""
    if contents.modules:
        lines = "".join(f"{_INDENT}{name},\n" for name in sorted(contents.modules))
        imports += f"from {MODULES} import (  {why}each module declares the resources of a project\n{lines})\n"
    return "\n".join([*parts, imports])


def _readme(contents: Contents, commands: Iterable[str]) -> str:
    lines = "\n".join(commands)
    organization = f", and `{ORGANIZATION_MODULE}` has what belongs to no project" if contents.has_organization else ""
    text = f"""\
# OpenAI organization

Written by `pulumi-openai-admin adopt`. `projects/` has a module for each project{organization}.

## Import

```console
{lines}
```

The import sends no requests to OpenAI. The preview after it shows no change. Then `{IMPORT_FILE}` is no longer needed.
"""
    text += _about_keys(contents.account) if contents.account else ""
    return text + (_about_left_out(contents.left_out) if contents.left_out else "")


def _about_left_out(left_out: Iterable[str]) -> str:
    """Indented, so that names are not read as Markdown."""
    lines = "".join(f"    {printable(reason)}\n" for reason in left_out)
    return f"\n## Left out\n\nA program can't declare these objects, so they are not managed:\n\n{lines}"


def _about_no_keys(account: Declared) -> str:
    code = "".join(f"#     {line}\n" for line in _new_key(account).splitlines())
    return (
        "# Existing API keys continue to work. Pulumi does not have them, because OpenAI shows\n"
        "# a key only once. To create a key that Pulumi manages (see README.md):\n"
        f"{code}"
    )


def _new_key(account: Declared) -> str:
    """The code that creates a key for an account."""
    return f"""\
key = ProjectServiceAccountApiKey(
    {_quoted(account.name)},
    project_id={account.variable}.project_id,
    service_account_id={account.variable}.service_account_id,
)"""


def _about_keys(account: Declared) -> str:
    return f"""
## Keys

OpenAI shows an API key only when it is created. So Pulumi does not have the keys of these accounts, and the accounts
are declared with `create_service_account_only=True`. The keys continue to work. To create a key that Pulumi manages:

```python
{_new_key(account)}
pulumi.export("key", key.api_key)  # secret
```

Then replace the old key wherever it is used, and revoke it in OpenAI's dashboard.
"""


def module_text(module: Module) -> str:
    """The text of a module."""
    classes = sorted({declared.resource.__name__ for declared in module.declared})
    parts = [f'"""{_in_docstring(module.title)}."""\n']
    if classes:
        own = f"import {ORGANIZATION}\n" if module.uses_organization else ""
        parts += [_import("pulumi_openai_admin", classes), own + _import(MODULES, [KEEP])]
    if module.project_id:
        parts.append(f"{_NOT_MANAGED}{PROJECT_ID} = {_quoted(module.project_id)}\n")
    for resource, of_one_kind in groupby(module.declared, lambda declared: declared.resource):
        declared = list(of_one_kind)
        comment = _about_no_keys(declared[0]) if resource is ProjectServiceAccount else ""
        parts.append(comment + "".join(map(_declaration, declared)))
    return "\n".join(parts)


def _import(package: str, names: Sequence[str]) -> str:
    flat = f"from {package} import {', '.join(names)}\n"
    if len(flat) <= _WIDTH:
        return flat
    return f"from {package} import (\n{''.join(f'{_INDENT}{name},{chr(10)}' for name in names)})\n"


def _declaration(declared: Declared) -> str:
    arguments = [_quoted(declared.name)]
    arguments += [f"{name}={literal(value, _INDENT, len(name) + 2)}" for name, value in declared.inputs.items()]
    arguments.append(f"opts={KEEP}")
    assigned = f"{declared.variable} = " if declared.variable else ""
    flat = f"{assigned}{declared.resource.__name__}({', '.join(arguments)})\n"
    if len(flat) <= _WIDTH + 1 and flat.count("\n") == 1:
        return flat
    lines = "".join(f"{_INDENT}{argument},\n" for argument in arguments)
    return f"{assigned}{declared.resource.__name__}(\n{lines})\n"


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

"""How the program is written down: a module a project, formatted as `ruff format` and `black` would. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.adopt.names import PROJECT
from pulumi_openai_admin.cli.adopt.plan import KEEP, PROJECT_ID
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.provider.fields import Role
from pulumi_openai_admin.resources.project import Project
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.cli.adopt.plan import Declared, Module

IMPORT_FILE = "import.json"
MODULES = "projects"
"""The folder of the modules."""
MAIN = "__main__.py"
SETTINGS = "Pulumi.yaml"
FILES = (SETTINGS, "Pulumi.yml", "requirements.txt", ".gitignore", "README.md", MAIN, MODULES, IMPORT_FILE)
"""What a program has, and what makes a folder one: Pulumi reads `Pulumi.yml`, too."""

_WIDTH = 88
_INDENT = "    "
_FROM_FIVE_DIGITS = 10_000

_PROJECTS = f'''"""What each project has: a module a project."""

from pulumi import ResourceOptions

# For what was there before Pulumi: destroying it is refused. To let Pulumi archive a
# project, delete an account or let go of a limit after all, take `opts={KEEP}` away from
# it and run `pulumi up`, then take it out of the program.
{KEEP} = ResourceOptions(protect=True)
'''
"""A module of the folder must not be called as anything here: Python would find that in its place."""
_NOT_MANAGED = "# The project itself is not managed: it has no name that a program could give it.\n"
_GITIGNORE = ".venv/\n.adopt/\n__pycache__/\n"


def module_path(name: str) -> str:
    """Where a module stands."""
    return f"{MODULES}/{name}.py"


@dataclass
class Contents:
    """What the program has, as far as its files beside the modules say it."""

    modules: list[str] = field(default_factory=list)
    """Their names."""
    account: Declared | None = None
    """Any account that it declares: an example for the reader."""
    left_out: list[str] = field(default_factory=list)
    """What it does not declare, and why."""


def frame(contents: Contents, *, title: str, version: str, commands: Iterable[str]) -> dict[str, str]:
    """The program's files beside its modules: texts by their paths.

    Args:
        contents: What the program has.
        title: What the folder is called.
        version: The version of this package, which the program is for.
        commands: What brings all into a stack.
    """
    return {
        SETTINGS: _pulumi_yaml(title),
        "requirements.txt": f"pulumi-openai-admin>={version}\n",
        ".gitignore": _GITIGNORE,
        "README.md": _readme(contents, commands),
        MAIN: _main(contents.modules),
        f"{MODULES}/__init__.py": _PROJECTS,
    }


def _pulumi_yaml(title: str) -> str:
    """With the name in quotes, as JSON and YAML alike have them: a bare `2024` or `true` is no text."""
    return f"""\
name: {json.dumps(title)}
description: An OpenAI organization
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv
"""


def _main(names: Iterable[str]) -> str:
    said = "  # noqa: F401 - each declares what its project has"
    lines = "".join(f"{_INDENT}{name},\n" for name in sorted(names))
    return f'"""The OpenAI organization: a module a project."""\n\nfrom {MODULES} import ({said}\n{lines})\n'


def _readme(contents: Contents, commands: Iterable[str]) -> str:
    lines = "\n".join(commands)
    text = f"""\
# OpenAI organization

Written by `pulumi-openai-admin adopt`. `projects/` has a module for each project.

## Into a stack

```console
{lines}
```

The import changes nothing at OpenAI, and asks it for nothing. The preview after it shows no change. Then
`{IMPORT_FILE}` is no longer needed.
"""
    text += _about_keys(contents.account) if contents.account else ""
    return text + (_about_left_out(contents.left_out) if contents.left_out else "")


def _about_left_out(left_out: Iterable[str]) -> str:
    """Indented, so that nothing in it is Markdown."""
    lines = "".join(f"    {printable(one)}\n" for one in left_out)
    return f"\n## Left out\n\nNo program can declare this, so it is not managed:\n\n{lines}"


def _about_no_keys(account: Declared) -> str:
    code = "".join(f"#     {line}\n" for line in _minting(account).splitlines())
    return (
        "# Their keys work on, and Pulumi does not know them: OpenAI shows a key once. To mint\n"
        "# one that Pulumi keeps (README.md says more):\n"
        f"{code}"
    )


def _minting(account: Declared) -> str:
    """How to get a key for an account that Pulumi keeps."""
    return f"""\
key = ProjectServiceAccountApiKey(
    {_quoted(account.name)},
    project_id={account.variable}.project_id,
    service_account_id={account.variable}.service_account_id,
)"""


def _about_keys(account: Declared) -> str:
    return f"""
## Keys

OpenAI shows an API key once, when it is made. So the keys of these accounts are unknown to Pulumi, and work on as they
are: that is what `create_service_account_only=True` says here. For a key that Pulumi keeps, encrypted, and rotates:

```python
{_minting(account)}
pulumi.export("key", key.api_key)  # secret
```

Then switch over what uses the account, and revoke the old key in OpenAI's dashboard.
"""


def module_text(module: Module) -> str:
    """One module."""
    classes = sorted({one.resource.__name__ for one in module.declared})
    project = module.project
    title = f"{_in_docstring(project.name or 'Without a name')} ({_in_docstring(project.project_id)})"
    parts = [f'"""{title}."""\n']
    if classes:
        parts += [_import("pulumi_openai_admin", classes), _import(MODULES, [KEEP])]
    if not module.declares_project:
        parts.append(f"{_NOT_MANAGED}{PROJECT_ID} = {_quoted(module.project.project_id)}\n")
    place = f"{PROJECT}.project_id" if module.declares_project else PROJECT_ID
    accounts = module.of(ProjectServiceAccount)
    parts += [_declaration(one, place) for one in module.declared if one not in accounts]
    if accounts:
        parts.append(_about_no_keys(accounts[0]) + "".join(_declaration(one, place) for one in accounts))
    return "\n".join(parts)


def _import(package: str, names: Sequence[str]) -> str:
    flat = f"from {package} import {', '.join(names)}\n"
    if len(flat) <= _WIDTH:
        return flat
    return f"from {package} import (\n{''.join(f'{_INDENT}{name},{chr(10)}' for name in names)})\n"


def _declaration(one: Declared, place: str) -> str:
    arguments = [_quoted(one.name)]
    for input_ in one.resource.declaration.inputs:
        if input_.name in one.inputs:
            is_place = input_.role is Role.PATH and one.resource is not Project
            value = place if is_place else literal(one.inputs[input_.name], _INDENT, len(input_.name) + 2)
            arguments.append(f"{input_.name}={value}")
    arguments.append(f"opts={KEEP}")
    assigned = f"{one.variable} = " if one.variable else ""
    flat = f"{assigned}{one.resource.__name__}({', '.join(arguments)})\n"
    if len(flat) <= _WIDTH + 1 and flat.count("\n") == 1:
        return flat
    lines = "".join(f"{_INDENT}{argument},\n" for argument in arguments)
    return f"{assigned}{one.resource.__name__}(\n{lines})\n"


def literal(value: Any, indent: str = "", taken: int = 0) -> str:
    """A value as Python, on one line if it fits.

    Args:
        value: A text, a number, a truth value, or a mapping of them.
        indent: Before the line on which it stands.
        taken: How many characters stand on that line beside it.
    """
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int):
        return f"{value:_}" if value >= _FROM_FIVE_DIGITS else str(value)
    if isinstance(value, str):
        return _quoted(value)
    flat = "{" + ", ".join(f"{_quoted(key)}: {literal(one)}" for key, one in value.items()) + "}"
    if len(indent) + taken + len(flat) <= _WIDTH and not any(isinstance(one, dict) for one in value.values()):
        return flat
    return _on_lines(value, indent)


def _on_lines(value: Mapping[str, Any], indent: str) -> str:
    deeper = indent + _INDENT
    lines = (f"{deeper}{_quoted(key)}: {literal(one, deeper, len(_quoted(key)) + 3)},\n" for key, one in value.items())
    return "{\n" + "".join(lines) + indent + "}"


def _quoted(text: str) -> str:
    """A text as Python, in the quotes that a formatter would choose; nothing in it moves a cursor or hides."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return quote + _escaped(text, quote) + quote


def _in_docstring(text: str) -> str:
    return _escaped(text, '"')


def _escaped(text: str, quote: str) -> str:
    return "".join(
        f"\\{char}" if char in {"\\", quote} else char if char.isprintable() else ascii(char)[1:-1] for char in text
    )

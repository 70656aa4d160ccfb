"""All pages of the documentation: what is written by hand in docs/, with what is generated from the code.

A hand-written page says where the generated part goes: `<!-- generated: errors -->`, and on a resource's page the
sentence that tells a reader of the repository where else it stands.
"""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import docs_declarations
import pulumi_openai_admin
from docs_declarations import DocsError
from pinned import ROOT
from pulumi_openai_admin import errors
from pulumi_openai_admin.functions.failure import LookUpFailed
from pulumi_openai_admin.provider.program_errors import NotDeclared
from pulumi_openai_admin.provider.resource import AdminResource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOURCES = ROOT / "docs"

_ELSEWHERE = re.compile(r"^Inputs and outputs stand .*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
_WRITTEN = ("## What destroy does", "## Taking over what is there")
"""What no declaration says."""
_MARK = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)
_COMMAND_DOCS = (sys.executable, "-m", "typer", "pulumi_openai_admin.cli.app", "utils", "docs")


def assemble(folder: Path) -> None:
    """Put all pages into a folder, which is emptied first.

    Raises:
        DocsError: A resource has no page, a field no prose, or a generated part no place.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCES, folder)
    there, declared = {page.stem for page in (folder / "resources").iterdir()}, set(resources())
    if there != declared:
        raise DocsError(f"docs/resources and the resources differ in {', '.join(sorted(there ^ declared))}")
    placed = []
    for page in sorted(folder.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        placed += _MARK.findall(text)
        if page.parent.name == "resources":
            text = resource_page(text, resources()[page.stem])
        page.write_text(_MARK.sub(lambda mark: generated(mark[1]), text), encoding="utf-8")
    if left := sorted(set(PARTS) - set(placed)):
        raise DocsError(f"No page of docs/ says where this goes: {', '.join(left)}")


def public(is_wanted: Callable[[Any], bool]) -> dict[str, Any]:
    """The public names of one kind, and what they stand for."""
    names = {name: getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__}
    return {name: one for name, one in names.items() if is_wanted(one)}


def resources() -> dict[str, type[AdminResource]]:
    """All resources by name."""
    return public(lambda one: isinstance(one, type) and issubclass(one, AdminResource))


def resource_page(written: str, resource: type[AdminResource]) -> str:
    """A resource's page: what is written by hand, with what its declaration says.

    Raises:
        DocsError: There is no place for it, or something is not told.
    """
    page, places = _ELSEWHERE.subn(lambda _: docs_declarations.inputs_and_outputs(resource), written)
    if places != 1:
        raise DocsError(f"docs/resources/{resource.__name__}.md: not one sentence begins `Inputs and outputs stand`")
    if missing := [section for section in _WRITTEN if f"\n{section}\n" not in page]:
        raise DocsError(f"docs/resources/{resource.__name__}.md has no section {' and '.join(missing)}")
    return f"{page.rstrip()}\n\n{docs_declarations.errors_and_requests(resource)}\n"


def generated(part: str) -> str:
    """A generated part of a page.

    Raises:
        DocsError: There is no such part.
    """
    if part not in PARTS:
        raise DocsError(f"There is no part {part!r}; there are {', '.join(PARTS)}")
    return PARTS[part]()


def look_ups() -> str:
    """Functions and results, for mkdocstrings to fill in from signatures and docstrings."""
    functions = public(inspect.isfunction)
    results = public(lambda one: isinstance(one, type) and one.__name__.endswith("Result"))
    plain = [name for name in functions if not name.endswith("_output")]
    if missing := [name for name in plain if f"{name}_output" not in functions]:
        raise DocsError(f"Without an _output twin: {', '.join(missing)}")
    reference = [f"::: pulumi_openai_admin.{name}" for name in plain]
    return "\n\n".join([*reference, "## Results", *[f"::: pulumi_openai_admin.{name}" for name in results]])


def error_tree() -> str:
    """The tree of errors, and what each one says.

    Raises:
        DocsError: One is not in the tree, or is not there.
    """
    _, tree, *_ = (errors.__doc__ or "").split("\n\n")
    names = re.findall(r"^ *[*+-] (\w+)", tree, re.MULTILINE)
    kinds = {name: getattr(errors, name) for name in errors.__all__}
    declared = {name for name, kind in kinds.items() if issubclass(kind, errors.AdminError)}
    if different := sorted(declared ^ set(names)):
        raise DocsError(f"errors.py and the tree at its top differ in {', '.join(different)}")
    told = []
    for kind in (*(kinds[name] for name in names), LookUpFailed, NotDeclared):
        acted = " OpenAI may have done what was asked, all the same." if kind.may_have_acted else ""
        told.append(f"## `{kind.__name__}` {{ #{kind.__name__.lower()} }}\n\n{_first_paragraphs(kind)}{acted}")
    return "\n\n".join([f"```text\n{tree}\n```", *told])


def _first_paragraphs(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n\nArgs:")[0]


def commands() -> str:
    """All commands with their options, as Typer documents them."""
    run = subprocess.run(
        [*_COMMAND_DOCS, "--name", "pulumi-openai-admin"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    _, found, told = run.stdout.partition("\n## ")
    if run.returncode or not found:
        raise DocsError(f"Typer can't document the commands: {run.stderr.strip() or run.stdout.strip()}")
    return f"## {told.strip()}"


def emulator() -> str:
    """What the emulator's own README says of control, faults and seeds."""
    readme = ROOT / "pulumi_openai_admin" / "emulator" / "README.md"
    _, begin, told = readme.read_text(encoding="utf-8").partition("In Python, ")
    if not begin:
        raise DocsError("The emulator's README has no paragraph that begins: In Python,")
    return begin + told.strip()


PARTS: dict[str, Callable[[], str]] = {
    "look_ups": look_ups,
    "errors": error_tree,
    "commands": commands,
    "emulator": emulator,
}

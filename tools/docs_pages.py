"""The pages of the documentation. Their generated parts are committed, so that a code host shows whole pages.

A generated part is between `<!-- generated: NAME -->` and `<!-- end of generated -->`. NAME is one of `PARTS`, of
`RESOURCE_PARTS` on a resource's page, `file PATH`, `functions TOPIC`, `links TARGETS`, or `ownership RESOURCES`.
`make generate` writes all parts anew; a test compares them.

Between `<!-- tabs -->` and `<!-- end of tabs -->` each heading of the third level begins a tab of the site. A code host
shows the headings.
"""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
import sys
import textwrap
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel

import pulumi_openai_admin
from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.terraform import PROVIDERS
from pulumi_openai_admin.components import team_inputs
from pulumi_openai_admin.data_sources.kind import flat
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.emulator.control.faults import KINDS, Fault, When
from pulumi_openai_admin.emulator.defaults import OPTIONS
from pulumi_openai_admin.program.arguments import DeclarationError
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import KNOWN
from tools import (
    docs_api_notes,
    docs_declarations,
    docs_functions,
    docs_limits,
    docs_ownership,
    docs_registry,
    docs_topics,
    programs,
)
from tools.docs_declarations import DocsError, table
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.terraform import Row

SOURCES = ROOT / "docs"
TEMPLATES = ROOT / "templates"
INDEX = SOURCES / "resources" / "index.md"
"""The page of all resources."""

EMULATOR = ROOT / "pulumi_openai_admin" / "emulator" / "README.md"
"""The emulator's own page, which a page of docs/ contains."""

_WRITTEN = ("## What destroy does", "## Existing objects")
"""The sections that are written by hand."""
GENERATED = re.compile(r"^<!-- generated: ([^\n]+) -->\n.*?^<!-- end of generated -->$", re.MULTILINE | re.DOTALL)
"""A generated part of a page, with its name."""

_TABS = re.compile(r"^<!-- tabs -->\n(.*?)^<!-- end of tabs -->$", re.MULTILINE | re.DOTALL)
_LANGUAGES = {
    ".cs": "csharp",
    ".go": "go",
    ".json": "json",
    ".py": "python",
    ".ts": "typescript",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_FROM_ROOT = {"ARCHITECTURE.md": "architecture.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the site that a code host shows at the root of the repository."""
_COMMAND_DOCS = (sys.executable, "-m", "typer", "pulumi_openai_admin.cli.app", "utils", "docs")


def assemble(folder: Path) -> None:
    """Put all pages of the site into a folder, which is emptied first.

    Raises:
        DocsError: A resource has no page, a field no prose, or a generated part no place.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns(*docs_registry.PAGES))
    for page, text in current_pages().items():
        if page.name in docs_registry.PAGES:
            continue
        for source, name in _FROM_ROOT.items():
            text = text.replace(f"](../{source}", f"]({name}")  # noqa: PLW2901 - step by step
        text = re.sub(r"\]\((?:\.\./)+(examples|benchmarks|templates)", rf"]({docs_registry.FILES}/\1", text)  # noqa: PLW2901
        (folder / page.relative_to(SOURCES)).write_text(with_tabs(text), encoding="utf-8")
    for source, name in _FROM_ROOT.items():
        text = (ROOT / source).read_text(encoding="utf-8").replace("](docs/", "](")
        (folder / name).write_text(text, encoding="utf-8")
    for index, navigation in (
        (INDEX, docs_topics.navigation(topics())),
        (docs_functions.INDEX, docs_functions.navigation(functions())),
    ):
        (folder / index.parent.name / docs_topics.NAVIGATION).write_text(navigation, encoding="utf-8")


def current_pages() -> dict[Path, str]:
    """All pages of docs/, with their generated parts as they have to be.

    Raises:
        DocsError: A resource has no page, a field no prose, or a generated part no place; or the code does not have a
            recorded name.
    """
    there, declared = {page.stem for page in INDEX.parent.iterdir() if page != INDEX}, set(resources())
    if there != declared:
        raise DocsError(f"docs/resources and the resources differ in {', '.join(sorted(there ^ declared))}")
    docs_functions.check_pages(functions())
    written = {page: page.read_text(encoding="utf-8") for page in sorted(SOURCES.rglob("*.md"))}
    texts = [*written.values(), EMULATOR.read_text(encoding="utf-8")]
    placed = {name for text in texts for name in GENERATED.findall(text)}
    if left := sorted(set(PARTS) - placed):
        raise DocsError(f"No page of docs/ has a place for: {', '.join(left)}")
    current = {
        page: resource_page(text, resources()[page.stem])
        if page.parent == INDEX.parent and page != INDEX
        else with_parts(text, generated)
        for page, text in written.items()
    }
    docs_declarations.check_recorded_names(written[INDEX], current[INDEX])
    return current


def current_files() -> dict[Path, str]:
    """All committed files with generated parts, as they have to be."""
    return {**current_pages(), EMULATOR: with_parts(EMULATOR.read_text(encoding="utf-8"), generated)}


def with_tabs(text: str) -> str:
    """A page of the site, with tabs in place of the headings in its tabbed parts."""

    def tabs(mark: re.Match[str]) -> str:
        _, *parts = re.split(r"^### (.+)\n", mark[1], flags=re.MULTILINE)
        contents = zip(parts[::2], parts[1::2], strict=True)
        return "\n\n".join(f'=== "{title}"\n\n{textwrap.indent(body.strip(), "    ")}' for title, body in contents)

    return _TABS.sub(tabs, text)


def with_parts(text: str, part: Callable[[str], str]) -> str:
    """A page with each generated part replaced by what `part` gives for its name."""

    def whole(mark: re.Match[str]) -> str:
        return f"<!-- generated: {mark[1]} -->\n\n{part(mark[1]).strip()}\n\n<!-- end of generated -->"

    return GENERATED.sub(whole, text)


def public(is_wanted: Callable[[Any], bool]) -> dict[str, Any]:
    """The public names of one kind, with their values."""
    names = {name: getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__}
    return {name: value for name, value in names.items() if is_wanted(value)}


def resources() -> dict[str, type[AdminResource]]:
    """All resources by name."""
    return public(lambda value: isinstance(value, type) and issubclass(value, AdminResource))


def resource_page(written: str, resource: type[AdminResource]) -> str:
    """A resource's page: what is written by hand, with what its declaration says.

    Raises:
        DocsError: There is no place for a generated part, or a section is missing.
    """
    where = f"docs/resources/{resource.__name__}.md"
    if missing := [name for name in RESOURCE_PARTS if f"<!-- generated: {name} -->\n" not in written]:
        raise DocsError(f"{where} has no place for {' and '.join(missing)}")
    if missing := [section for section in _WRITTEN if f"\n{section}\n" not in written]:
        raise DocsError(f"{where} has no section {' and '.join(missing)}")
    return with_parts(written, lambda name: RESOURCE_PARTS[name](resource))


def generated(part: str) -> str:
    """A generated part of a page.

    Raises:
        DocsError: There is no such part.
    """
    if part.startswith("file "):
        path = ROOT / part.removeprefix("file ")
        if not path.is_file():
            raise DocsError(f"There is no file {part.removeprefix('file ')}")
        text = path.read_text(encoding="utf-8")
        shown = as_created(text) if path.parent.parent == TEMPLATES else text
        return f"```{_LANGUAGES[path.suffix]}\n{shown.strip()}\n```"
    if part.startswith("links "):
        return docs_registry.links(part.removeprefix("links "))
    if part.startswith("functions "):
        return functions_of(part.removeprefix("functions "))
    if part.startswith("ownership "):
        return ownership(part.removeprefix("ownership ").split())
    if part not in PARTS:
        raise DocsError(f"There is no part {part!r}; there are {', '.join(PARTS)}")
    return PARTS[part]()


def as_created(text: str) -> str:
    """A file of a template as `pulumi new` writes it, for a project of the name `quickstart`."""
    text = re.sub(r"^template:\n( .*\n|\n(?= ))+", "", text, flags=re.MULTILINE)
    return text.replace("${PROJECT}", "quickstart").replace("description: ${DESCRIPTION}\n", "")


def functions() -> dict[str, dict[str, Any]]:
    """The public names of all provider functions and their results, with their values, by topic.

    Raises:
        DocsError: A page of a resource names no topic, or a function has none.
    """
    return docs_functions.by_topic(topics())


def functions_of(topic: str) -> str:
    """The functions of a topic and their results.

    Raises:
        DocsError: No function has the topic.
    """
    if topic not in functions():
        raise DocsError(f"There is no topic {topic!r} of provider functions; there are {', '.join(functions())}")
    return docs_functions.reference(functions()[topic])


def provider() -> str:
    """The class `Provider`, from its signature and docstring."""
    return docs_functions.reference_of("Provider", pulumi_openai_admin.Provider)


def team_project() -> str:
    """The component `TeamProject`, and the mappings that its arguments take, from their declarations."""
    module = ast.parse(inspect.getsource(team_inputs)).body
    declared = [statement for statement in module if isinstance(statement, ast.ClassDef)]
    return "\n\n".join(
        [docs_functions.reference_of("TeamProject", pulumi_openai_admin.TeamProject), *map(_mapping, declared)]
    )


def _mapping(declared: ast.ClassDef) -> str:
    """The properties of a mapping, with the literals below them."""
    rows = [
        (
            f"`{ast.unparse(field.target)}`",
            "yes" if ast.unparse(field.annotation).startswith("Required") else "",
            flat(str(ast.literal_eval(literal.value))),
        )
        for field, literal in zip(declared.body[1::2], declared.body[2::2], strict=True)
        if isinstance(field, ast.AnnAssign) and isinstance(literal, ast.Expr)
    ]
    about = flat(ast.get_docstring(declared) or "")
    return "\n\n".join([f"### {declared.name}", about, table(("property", "required", "what"), rows)])


def topics() -> dict[str, list[str]]:
    """The names of all resources by topic.

    Raises:
        DocsError: A page names no topic, or one that does not exist.
    """
    pages = {name: INDEX.with_name(f"{name}.md").read_text(encoding="utf-8") for name in resources()}
    return docs_topics.by_topic(pages)


def all_resources() -> str:
    """All resources by topic, and what each one manages."""
    declared = resources()
    sections = []
    for topic, names in topics().items():
        rows = [(f"[{name}]({name}.md)", docs_declarations.summary(declared[name])) for name in names]
        sections += [f"## {topic}", table(("resource", "what it manages"), rows)]
    return "\n\n".join(sections)


def coverage() -> str:
    """How many resources and provider functions there are."""
    listed = docs_functions.plain(public(inspect.isfunction))
    return (
        f"Every resource of the Administration API that the official SDK {version('openai')} has, and more: "
        f"{len(resources())} resources,\n"
        f"and [{len(listed)} provider functions](functions/index.md) for all that OpenAI shows."
    )


def ownership(names: Collection[str] = ()) -> str:
    """What identifies the objects of some kinds, by default of all, and what destroy does with them.

    Raises:
        DocsError: There is no such kind.
    """
    declared = resources()
    if missing := [name for name in names if name not in declared]:
        raise DocsError(f"There is no resource {', '.join(missing)}")
    return docs_ownership.rows(declared[name] for name in names or declared)


def names_in_states() -> str:
    """The type tokens and property names of all resources."""
    return docs_declarations.names_in_states(resources().values())


def error_table() -> str:
    """All errors in the order of the tree, with the class that each one derives from. Each row has an anchor.

    Raises:
        DocsError: One is not in the tree, or is not there.
    """
    _, tree, *_ = (errors.__doc__ or "").split("\n\n")
    names = re.findall(r"^ *[*+-] (\w+)", tree, re.MULTILINE)
    kinds = {name: getattr(errors, name) for name in errors.__all__}
    declared = {name for name, kind in kinds.items() if issubclass(kind, errors.AdminError)}
    if different := sorted(declared ^ set(names)):
        raise DocsError(f"errors.py and the tree at its top differ in {', '.join(different)}")
    listed = [*(kinds[name] for name in names), LookUpError, DeclarationError]
    return table(("error", "base class", "meaning"), map(_error, listed))


def _error(kind: type[errors.AdminError]) -> tuple[str, str, str]:
    name, base = kind.__name__, kind.__bases__[0]
    shown = f"[`{base.__name__}`](#{base.__name__.lower()})" if issubclass(base, errors.AdminError) else "`Exception`"
    acted = " OpenAI may have carried out the request in spite of the error." if kind.may_have_acted else ""
    about = flat((inspect.getdoc(kind) or "").partition("\n\nArgs:")[0])
    return f'<a id="{name.lower()}"></a>`{name}`', shown, f"{about}{acted}"


def commands() -> str:
    """All commands with their options, as Typer documents them."""
    run = subprocess.run(
        [*_COMMAND_DOCS, "--name", "pulumi-openai-admin"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    _, found, told = run.stdout.partition("\n## ")
    if run.returncode or not found:
        raise DocsError(f"Typer can't document the commands: {run.stderr.strip() or run.stdout.strip()}")
    return "## " + re.sub(r"^( *)\$ ", r"\1", told.strip().replace("```console", "```bash"), flags=re.MULTILINE)


def terraform() -> str:
    """What the resources of Terraform providers are here, a table for each provider."""
    return "\n\n".join(
        f"### {name}\n\n" + table(("Terraform", "here"), (_terraform_row(type_, row) for type_, row in rows.items()))
        for name, rows in PROVIDERS.items()
    )


def _terraform_row(type_: str, row: Row) -> tuple[str, str]:
    if isinstance(row, str):
        return f"`{type_}`", f"nothing: {row}"
    told = []
    for counterpart in row if isinstance(row, tuple) else (row,):
        here = f"[{counterpart.kind}](resources/{counterpart.kind}.md)"
        each = f", for each of `{counterpart.each}`" if counterpart.each else ""
        when = f", if `{counterpart.when}`" if counterpart.when else ""
        role = f"; for a predefined role, the `role` of {counterpart.predefined.kind}" if counterpart.predefined else ""
        told.append(f"{here}{each}{when}{role}")
    return f"`{type_}`", "; and ".join(told)


def emulator() -> str:
    """What the emulator's own README says of control, faults and seeds."""
    readme = GENERATED.sub(lambda mark: generated(mark[1]).strip(), EMULATOR.read_text(encoding="utf-8"))
    _, begin, told = readme.partition("In Python, ")
    if not begin:
        raise DocsError("The emulator's README has no paragraph that begins: In Python,")
    return begin + told.strip()


def emulator_options() -> str:
    """The options of the command that starts the emulator, with their defaults."""
    rows = [
        (
            f"`{f'{option.flag} {option.metavar}'.strip()}`",
            option.help + (f" Default: `{option.default}`." if option.default else ""),
        )
        for option in OPTIONS
    ]
    return table(("option", "what it does"), rows)


def faults() -> str:
    """The kinds of faults of the emulator, with what each one takes and does."""
    return table(("`kind`", "with", "what happens"), [_fault(kind, fault) for kind, fault in KINDS.items()])


def _fault(kind: str, fault: type[Fault]) -> tuple[str, str, str]:
    own = {name: field for name, field in fault.model_fields.items() if name not in Fault.model_fields}
    names = sorted(own.keys() - fault.reported, key=[*own].index)
    names.sort(key=lambda name: name == "when")
    settings = [f"`{name}`{_values(own[name].annotation)}" for name in names]
    return f"`{kind}`", ", ".join(settings), flat(inspect.getdoc(fault) or "")


def _values(annotation: Any) -> str:
    """The values that a setting can have, or the settings of each object in a list of objects."""
    if get_origin(annotation) is Literal and annotation != When:
        return f" ({', '.join(f'`{value}`' for value in get_args(annotation))})"
    listed = [kind for kind in get_args(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return f" (each {', '.join(f'`{name}`' for name in listed[0].model_fields)})" if listed else ""


def permissions() -> str:
    """The known permissions and scopes, with their sources."""
    return table(("name", "source"), [(f"`{name}`", source) for name, source in KNOWN.items()])


def native_programs(resource: type[AdminResource]) -> str:
    """The example of a resource for the native provider, a tab for each language.

    Raises:
        DocsError: It has not been converted yet.
    """
    name = resource.__name__
    if name not in programs.by_name():
        raise DocsError(f"tools/programs.json has no example of {name}: run `make generate`")
    titles = programs.LANGUAGES | {"python": "Python (native provider)"}
    return "\n\n".join(
        f"### {titles[language]}\n\n```{language}\n{text.strip()}\n```"
        for language, text in programs.by_name()[name].items()
    )


PARTS: dict[str, Callable[[], str]] = {
    "resources": all_resources,
    "coverage": coverage,
    "ownership": ownership,
    "names in states": names_in_states,
    "functions": lambda: docs_functions.index(functions()),
    "errors": error_table,
    "commands": commands,
    "emulator": emulator,
    "emulator options": emulator_options,
    "faults": faults,
    "provider": provider,
    "team_project": team_project,
    "terraform": terraform,
    "permissions": permissions,
    "paging families": docs_api_notes.paging_families,
    "limits": docs_limits.sample,
    "objects without events": docs_api_notes.without_events,
    "sdks": docs_registry.sdks,
    "settings": docs_registry.settings,
    "installation": docs_registry.installation,
    "verification": docs_registry.verification,
}
RESOURCE_PARTS: dict[str, Callable[[type[AdminResource]], str]] = {
    "programs": native_programs,
    "inputs and outputs": docs_declarations.inputs_and_outputs,
    "errors and requests": docs_declarations.errors_and_requests,
}


def generate() -> None:
    """Write the generated parts of all files anew."""
    for page, text in current_files().items():
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8", newline="\n")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    generate()

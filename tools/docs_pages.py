"""The pages of the documentation. Their generated parts are committed, so that a code host shows whole pages.

A generated part is between `<!-- generated: NAME -->` and `<!-- end of generated -->`. NAME is one of `PARTS`, of
`RESOURCE_PARTS` on a resource's page, `file PATH`, `links TARGETS`, or `rows PAGE RESOURCES`.
`make generate` writes all parts again; a test compares them.

Between `<!-- tabs -->` and `<!-- end of tabs -->` each heading of the third level begins a tab of the site. A code host
shows the headings.
"""

from __future__ import annotations

import inspect
import re
import shutil
import sys
import textwrap
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel

import pulumi_openai_admin
from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.terraform import PROVIDERS
from pulumi_openai_admin.cli.options import COMMANDS, declared
from pulumi_openai_admin.cli.terminal import EXIT_CODES
from pulumi_openai_admin.components import entries as team_entries
from pulumi_openai_admin.config import NAMESPACE, VARIABLES
from pulumi_openai_admin.data_sources.kind import field_prose, first_sentence, flat
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.delivery.secret_store import SecretStore, class_of
from pulumi_openai_admin.emulator import api as emulator_api
from pulumi_openai_admin.emulator.api import experimental
from pulumi_openai_admin.emulator.control.faults import KINDS, Fault, When
from pulumi_openai_admin.emulator.defaults import OPTIONS
from pulumi_openai_admin.emulator.handlers.paging import LastId, LastItem, NextToken, Paging
from pulumi_openai_admin.hosts.native.properties import camel
from pulumi_openai_admin.hosts.native.schema import REPOSITORY, Schema
from pulumi_openai_admin.program import key_delivery
from pulumi_openai_admin.program.arguments import DeclarationError
from pulumi_openai_admin.remedies import project_urls
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey
from pulumi_openai_admin.schema.constraints import KNOWN
from pulumi_openai_admin.schema.paths import PROJECT
from tools import docs_declarations, examples
from tools.commands import output
from tools.docs_declarations import RESOURCE_PAGES, resources, table, topics
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.terraform import Row
    from pulumi_openai_admin.resources.base import AdminResource

SOURCES = ROOT / "docs"
TEMPLATES = ROOT / "templates"
INDEX = RESOURCE_PAGES / "index.md"
"""The page of all resources."""

EMULATOR = ROOT / "pulumi_openai_admin" / "emulator" / "README.md"
"""The emulator's own page, which a page of docs/ contains."""
BEHAVIOR = EMULATOR.with_name("API.md")
"""How the emulator behaves, and the sources of that."""

GENERATED = re.compile(r"^<!-- generated: ([^\n]+) -->\n.*?^<!-- end of generated -->$", re.MULTILINE | re.DOTALL)
"""A generated part of a page, with its name."""

_COMMENTS = re.compile(r"\A---\n.*?^---\n|^<!--.*?-->\n+", re.MULTILINE | re.DOTALL)
"""What readers of a page do not see: its topic, and the names of its generated parts."""
_ROW = re.compile(r"\| \[(\w+)\]\(resources/\1\.md\) \|")
"""The begin of a resource's row in a table of all resources."""
_TABS = re.compile(r"^<!-- tabs -->\n(.*?)^<!-- end of tabs -->$", re.MULTILINE | re.DOTALL)
_LANGUAGES = {".cs": "csharp", ".py": "python", ".ts": "typescript", ".yml": "yaml"}
"""The names of languages that are not the ends of files."""
_FROM_ROOT = {"ARCHITECTURE.md": "architecture.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the site that a code host shows at the root of the repository."""
_NOT_ON_SITE = ("benchmarks", "examples", "pulumi_openai_admin", "templates")
"""The folders of the repository to which pages link."""
_COMMAND_DOCS = """
import typer
from typer.cli import get_docs_for_click

from pulumi_openai_admin.cli.options import app

app._add_completion = False  # its options are those of the shell
command = typer.main.get_command(app)
print(get_docs_for_click(obj=command, ctx=typer.Context(command), name="pulumi-openai-admin"))
"""
"""In a process of its own, because a command keeps the options of its first run. `typer … utils docs` would run the
module a second time, and then its classes are others than those of the commands."""


OF_REGISTRY = ("_index.md", "installation-configuration.md")
"""The pages of docs/ that the Pulumi Registry shows. The site leaves them out: it has its own first page and its own
page of the configuration. The Registry takes them from a release and resolves no link to a file of this repository, so
that all their links are absolute."""

FILES = f"{REPOSITORY}/blob/main"
"""The address of the repository's files."""


def assemble(folder: Path) -> dict[str, str]:
    """Put all pages of the site into a folder, which is emptied first. Return them as plain Markdown, by path."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns(*OF_REGISTRY))
    texts = {}
    for page, text in current_pages().items():
        if not page.is_relative_to(SOURCES) or page.name in OF_REGISTRY:
            continue
        for source, name in _FROM_ROOT.items():
            text = text.replace(f"](../{source}", f"]({name}")  # noqa: PLW2901 - step by step
        text = re.sub(rf"\]\((?:\.\./)+({'|'.join(_NOT_ON_SITE)})", rf"]({FILES}/\1", text)  # noqa: PLW2901
        texts[page.relative_to(SOURCES).as_posix()] = text
    for source, name in _FROM_ROOT.items():
        texts[name] = (ROOT / source).read_text(encoding="utf-8").replace("](docs/", "](")
    for path, text in texts.items():
        (folder / path).write_text(_TABS.sub(_tabs, text), encoding="utf-8")
    navigation = ["- [All resources](index.md)"]
    for topic, names in topics().items():
        navigation += [f"- {topic}", *(f"    - [{name}]({name}.md)" for name in names)]
    # The generator of the site takes this file as the navigation of the folder.
    (folder / INDEX.parent.name / "navigation.txt").write_text("\n".join(navigation) + "\n", encoding="utf-8")
    return {path: _COMMENTS.sub("", text).lstrip() for path, text in texts.items()}


def current_pages() -> dict[Path, str]:
    """All pages that have generated parts, with these as they have to be."""
    return {page: with_parts(page) for page in (*sorted(SOURCES.rglob("*.md")), EMULATOR, BEHAVIOR)}


def _tabs(mark: re.Match[str]) -> str:
    """Tabs in place of the headings of a tabbed part."""
    _, *parts = re.split(r"^### (.+)\n", mark[1], flags=re.MULTILINE)
    contents = zip(parts[::2], parts[1::2], strict=True)
    return "\n\n".join(f'=== "{title}"\n\n{textwrap.indent(body.strip(), "    ")}' for title, body in contents)


def with_parts(page: Path) -> str:
    """A page with its generated parts as they have to be; that of a resource also has those of its declaration."""
    resource = resources().get(page.stem) if page.parent == INDEX.parent else None

    def whole(mark: re.Match[str]) -> str:
        return f"<!-- generated: {mark[1]} -->\n\n{generated(mark[1], resource).strip()}\n\n<!-- end of generated -->"

    return GENERATED.sub(whole, page.read_text(encoding="utf-8"))


def generated(part: str, resource: type[AdminResource] | None = None) -> str:
    """A generated part of a page."""
    if resource and part in RESOURCE_PARTS:
        return RESOURCE_PARTS[part](resource)
    if part in PARTS:
        return PARTS[part]()
    name, _, argument = part.partition(" ")
    return PARTS_OF[name](argument)


def program(path: str) -> str:
    """A program of the repository, as a block of code."""
    file = ROOT / path
    text = file.read_text(encoding="utf-8")
    shown = as_created(text) if file.parent.parent == TEMPLATES else text
    return f"```{_LANGUAGES.get(file.suffix, file.suffix[1:])}\n{shown.strip()}\n```"


def as_created(text: str) -> str:
    """A file of a template as `pulumi new` writes it, for a project of the name `quickstart`."""
    text = re.sub(r"^template:\n( .*\n|\n(?= ))+", "", text, flags=re.MULTILINE)
    return text.replace("${PROJECT}", "quickstart").replace("description: ${DESCRIPTION}\n", "")


def team_project() -> str:
    """The component `TeamProject`, and the mappings that its arguments take, from their declarations."""
    sections = [docs_declarations.reference_of("TeamProject", pulumi_openai_admin.TeamProject)]
    for kind in [kind for name, kind in vars(team_entries).items() if name.startswith("Team")]:
        types = {name: hint.__forward_arg__ for name, hint in kind.__annotations__.items()}
        rows = [
            (f"`{name}`", "yes" if types[name].startswith("Required") else "", text)
            for name, text in field_prose(team_entries, kind.__name__).items()
        ]
        sections += [f"### {kind.__name__}", flat(kind.__doc__), table(("property", "required", "what"), rows)]
    return "\n\n".join(sections)


def all_resources() -> str:
    """All resources by topic, and what each one manages."""
    sections = []
    for topic, names in topics().items():
        about = {name: first_sentence((inspect.getdoc(resources()[name]) or "").partition("\n\n")[0]) for name in names}
        rows = [(f"[{name}]({name}.md)", flat(text)) for name, text in about.items()]
        sections += [f"## {topic}", table(("resource", "what it manages"), rows)]
    return "\n\n".join(sections)


def coverage() -> str:
    """How many resources and provider functions there are."""
    functions = sum(len(docs_declarations.plain(names)) for names in docs_declarations.functions_by_topic().values())
    return (
        f"Every resource of the Administration API that the official SDK {version('openai')} has, and more: "
        f"{len(resources())} resources,\n"
        f"and [{functions} provider functions](functions.md) for all that OpenAI shows."
    )


def rows(wanted: str) -> str:
    """The rows of some resources in the table of all resources that another page has."""
    page, *names = wanted.split()
    lines = SOURCES.joinpath(page).read_text(encoding="utf-8").splitlines()
    found = {named[1]: place for place, line in enumerate(lines) if (named := _ROW.match(line))}
    head = min(found.values()) - 2
    return "\n".join([*lines[head : head + 2], *(lines[found[name]] for name in names)])


def error_table() -> str:
    """All errors in the order of the tree, with the class that each one derives from. Each row has an anchor."""
    _, tree, *_ = (errors.__doc__ or "").split("\n\n")
    names = re.findall(r"^ *[*+-] (\w+)", tree, re.MULTILINE)
    rows = []
    for kind in (*(getattr(errors, name) for name in names), LookUpError, DeclarationError):
        name, base = kind.__name__, kind.__base__.__name__
        shown = "`Exception`" if base == "Exception" else f"[`{base}`](#{base.lower()})"
        about = flat((inspect.getdoc(kind) or "").partition("\n\nArgs:")[0])
        acted = " OpenAI may have carried out the request." if kind.may_have_acted else ""
        rows.append((f'<a id="{name.lower()}"></a>`{name}`', shown, f"{about}{acted}"))
    return table(("error", "base class", "meaning"), rows)


def command_list() -> str:
    """What each command is for, and the scopes that it needs."""
    named = []
    for command in map(declared, COMMANDS):
        named.append((command.name, command))
        if command.function:  # the commands of a group that is none itself have its scopes
            named += [(f"{command.name} {inner.name}", inner) for inner in command.commands]
    rows = []
    for name, command in named:
        page, purpose = command.page.removeprefix("command-line.md"), flat(command.text.partition("\n\n")[0])
        scopes = ", ".join(f"`{scope}`" for scope in command.scopes) or "no key"
        rows.append((f"[`{name}`]({page})", purpose, scopes))
    return table(("command", "purpose", "scopes of the key"), rows)


def exit_codes() -> str:
    """What the exit codes of all commands mean."""
    rows = ((str(code), word, meaning) for code, (word, meaning) in EXIT_CODES.items())
    return table(("exit code", "in short", "meaning"), rows)


def commands() -> str:
    """All commands with their options, as Typer documents them."""
    _, _, told = output([sys.executable, "-c", _COMMAND_DOCS]).partition("\n## ")
    shown = re.sub(r"^( *)\$ ", r"\1", told.strip().replace("```console", "```bash"), flags=re.MULTILINE)
    return "### " + re.sub(r"^(##+) `pulumi", r"#\1 `pulumi", shown, flags=re.MULTILINE)


def terraform() -> str:
    """What the resources of Terraform providers are here, a table for each provider."""
    return "\n\n".join(
        f"### {name}\n\n"
        + table(("Terraform", "here"), [(f"`{type_}`", _counterparts(row)) for type_, row in rows.items()])
        for name, rows in PROVIDERS.items()
    )


def _counterparts(row: Row) -> str:
    if isinstance(row, str):
        return f"nothing: {row}"
    told = []
    for counterpart in row if isinstance(row, tuple) else (row,):
        here = f"[{counterpart.kind}](resources/{counterpart.kind}.md)"
        each = f", for each of `{counterpart.each}`" if counterpart.each else ""
        when = f", if `{counterpart.when}`" if counterpart.when else ""
        role = f"; for a predefined role, the `role` of {counterpart.predefined.kind}" if counterpart.predefined else ""
        told.append(f"{here}{each}{when}{role}")
    return "; and ".join(told)


def emulator() -> str:
    """What the emulator's own README says of control, faults and seeds."""
    readme = GENERATED.sub(lambda mark: generated(mark[1]).strip(), EMULATOR.read_text(encoding="utf-8"))
    return readme[readme.index("In Python, ") :].strip()


def emulator_options() -> str:
    """The options of the command that starts the emulator, with their defaults."""
    rows = []
    for option in OPTIONS:
        default = f" Default: `{option.default}`." if option.default else ""
        rows.append((f"`{f'{option.flag} {option.metavar}'.strip()}`", f"{option.help}{default}"))
    return table(("option", "what it does"), rows)


_FAMILIES: dict[type[Paging], tuple[str, str, str]] = {
    LastId: ("last id", "`first_id`, `last_id`, `has_more`", "`last_id`"),
    NextToken: ("token", "`has_more`, `next`", "`next`"),
    LastItem: ("last item", "`has_more`", "the id of the last item"),
}
"""The families of lists: the name, what responses have beside the objects, and the value of `after`."""


def _of_openai() -> list[Any]:
    """The kinds that OpenAI has."""
    return [kind for kind in emulator_api.KINDS if type(kind).__module__ != experimental.__name__]


def lists() -> str:
    """The families of lists, and the kinds of each."""
    titles: dict[type[Paging], dict[str, None]] = {family: {} for family in _FAMILIES}
    for kind in _of_openai():
        if "list" in {it.verb for it in kind.operations()} and hasattr(kind, "paging"):
            titles[type(kind.paging)][kind.title] = None
    head = ("family", "objects in the list", "properties of the response", "value of `after`")
    return table(head, [(name, ", ".join(titles[family]), *more) for family, (name, *more) in _FAMILIES.items()])


def without_events() -> str:
    """The kinds whose changes the audit log does not show."""
    silent = [kind for kind in _of_openai() if not (kind.event or kind.event_types)]
    titles = [kind.title for kind in silent if {it.method for it in kind.operations()} - {"GET"}]
    return f"Changes of these objects write no events: {', '.join(dict.fromkeys(titles))}."


def faults() -> str:
    """The kinds of faults of the emulator: what each takes, `when` last, and what it does."""
    rows = []
    for kind, fault in KINDS.items():
        own = fault.model_fields.keys() - Fault.model_fields.keys() - fault.reported
        names = sorted((name for name in fault.model_fields if name in own), key=lambda name: name == "when")
        settings = [f"`{name}`{_values(fault.model_fields[name].annotation)}" for name in names]
        rows.append((f"`{kind}`", ", ".join(settings), flat(inspect.getdoc(fault) or "")))
    return table(("`kind`", "with", "what happens"), rows)


def _values(annotation: Any) -> str:
    """The values that a setting can have, or the settings of each object in a list of objects."""
    if get_origin(annotation) is Literal and annotation != When:
        return f" ({', '.join(f'`{value}`' for value in get_args(annotation))})"
    listed = [kind for kind in get_args(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return f" (each {', '.join(f'`{name}`' for name in listed[0].model_fields)})" if listed else ""


def native_programs(resource: type[AdminResource]) -> str:
    """The example of a resource for the native provider, a tab for each language."""
    titles = {"yaml": "YAML", **examples.LANGUAGES, "python": "Python (native provider)"}
    texts = examples.by_name()[resource.__name__]
    return "\n\n".join(
        f"### {title}\n\n```{language}\n{texts[language].strip()}\n```" for language, title in titles.items()
    )


def settings() -> str:
    """The settings of the provider, with the environment variables that set them."""
    rows = [
        (f"`{NAMESPACE}:{name}`", f"`{VARIABLES[name]}`" if name in VARIABLES else "", setting["description"])
        for name, setting in Schema({}).whole()["config"]["variables"].items()
    ]
    return table(("setting", "environment variable", "what"), rows)


def settings_of_projects() -> str:
    """The resources that only set values of their project, so that nothing has to be restored if that is archived."""
    kinds = {name: kind for name, kind in resources().items() if PROJECT.id_name in kind.declaration.fields}
    names = [name for name, kind in kinds.items() if kind.handler.traits.ends_with_project]
    return "\n".join(f"- [{name}](resources/{name}.md)" for name in names)


def links(targets: str) -> str:
    """Definitions of absolute links, to pages of docs/ and to addresses of `[project.urls]` in pyproject.toml.

    The text of a page has `[rotation][rotation.md]`, or `[an issue][Issues]`.
    """
    addresses = {name: project_urls().get(name, f"{FILES}/docs/{name}") for name in targets.split()}
    return "\n".join(f"[{name}]: {address}" for name, address in addresses.items())


def destinations() -> str:
    """The destinations of `deliver_to`: how a program names each, and the extra with its client."""
    deliver_to: Any = AdminApiKey.declaration.fields["deliver_to"].shape
    texts = field_prose(key_delivery, deliver_to.name)
    rows = []
    for name, shape in deliver_to.properties.items():
        kind = class_of(name)
        needed = ", ".join(f"{key}=…" for key in shape.properties if key in shape.required)
        optional = ", ".join(f"`{key}`" for key in shape.properties if key not in shape.required)
        extra = f"`{kind.extra}`" if issubclass(kind, SecretStore) else ""
        about = texts[name].rstrip(".")
        rows.append((f"`{kind.__name__}({needed})`", optional, f"`{camel(name)}: {{…}}`", about, extra))
    return table(("Python", "optional", "YAML", "destination", "extra"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "destinations": destinations,
    "resources": all_resources,
    "coverage": coverage,
    "names in states": docs_declarations.names_in_states,
    "functions": docs_declarations.function_index,
    "function reference": docs_declarations.function_reference,
    "errors": error_table,
    "command list": command_list,
    "commands": commands,
    "exit codes": exit_codes,
    "emulator": emulator,
    "emulator options": emulator_options,
    "lists": lists,
    "without events": without_events,
    "faults": faults,
    "provider": lambda: docs_declarations.reference_of("Provider", pulumi_openai_admin.Provider),
    "team_project": team_project,
    "terraform": terraform,
    "permissions": lambda: table(("name", "source"), ((f"`{name}`", source) for name, source in KNOWN.items())),
    "settings": settings,
    "settings of projects": settings_of_projects,
}
PARTS_OF: dict[str, Callable[[str], str]] = {
    "file": program,
    "links": links,
    "rows": rows,
}
"""The parts that have an argument."""
RESOURCE_PARTS: dict[str, Callable[[type[AdminResource]], str]] = {
    "programs": native_programs,
    "inputs and outputs": docs_declarations.inputs_and_outputs,
    "import": docs_declarations.imports,
    "errors and requests": docs_declarations.errors_and_requests,
}

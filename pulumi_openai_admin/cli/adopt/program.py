"""The program that is written: its resources with names and references, its README, import file and folder.

The text of the resources is the task of each language. The import file is for `pulumi import --file`. For the dynamic
provider it has the whole state of each resource, so that nothing has to be read. The native provider reads an object by
its id, so the file has a state only where the program declares a part of the object.
"""

from __future__ import annotations

import builtins
import json
import keyword
import shlex
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.adopt.kinds import all_kinds, referred, with_ids
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.handlers.handler import noun_of
from pulumi_openai_admin.hosts.dynamic.admin_provider import imported
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.printable import printable, slug_of
from pulumi_openai_admin.resources.base import type_token
from pulumi_openai_admin.schema.paths import PROJECT as PROJECT_PARENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.reading import Existing, Inventory
    from pulumi_openai_admin.resources.base import AdminResource

_DEVICES = {"aux", "con", "nul", "prn"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
"""Names of devices on Windows, with any extension: `con.py` can't be a file."""
PROJECT = "project"
"""The variable of the project in a module."""
ORGANIZATION = "organization"
"""The module of the objects outside of projects."""
ACROSS = "across_projects"
"""The module of the objects that refer to several projects."""
OUTSIDE = {ORGANIZATION: "objects outside of projects", ACROSS: "objects that refer to several projects"}
"""The modules that are not of a project, with what they declare, in words."""
MODULES_RESERVED = frozenset(
    {
        *(*OUTSIDE, "projects", "pulumi", "pulumi_openai_admin", "pulumi_openai_admin_native"),
        *(*sys.stdlib_module_names, *_DEVICES),
    }
)
"""Names that a module can't have: other modules have them, or they are invalid file names."""
VARIABLES_RESERVED = frozenset({PROJECT, ORGANIZATION, "key", "projects", "pulumi"})
"""Names that a variable can't have: the module or the code in README.md uses them."""


@dataclass
class Names:
    """Unique names of one kind: a second `ci` becomes `ci-2`. Those that are reserved or taken are not given."""

    joint: str
    """The character between words: `-` in the name of a resource, `_` in a variable."""
    reserved: frozenset[str] = frozenset()
    taken: set[str] = field(default_factory=set)

    def give(self, *words: str) -> str:
        """A name from the last word that has a letter: `give(id, name)`."""
        stem = next((slug for word in reversed(words) if (slug := slug_of(word, self.joint))), "unnamed")
        is_code = stem[0].isdigit() or keyword.iskeyword(stem) or hasattr(builtins, stem)
        if stem in self.reserved or (self.joint == "_" and is_code):
            stem = f"the{self.joint}{stem}"
        name, count = stem, 1
        while name in self.taken:
            count += 1
            name = f"{stem}{self.joint}{count}"
        self.taken.add(name)
        return name


@dataclass(frozen=True)
class Reference:
    """The id of another object, in place of a value."""

    id: str
    property: str
    """The property of the resource that contains it."""
    module: str
    variable: str
    """The resource's variable in its module; empty for a project that the program does not declare."""


@dataclass(frozen=True)
class Declared:
    """A resource in the program."""

    existing: Existing
    name: str
    inputs: Mapping[str, Any]
    """By name, in the order of the declaration: values, and references to other resources."""
    variable: str = ""
    """Its variable in the module; empty if nothing refers to it."""

    @property
    def resource(self) -> type[AdminResource]:
        """Its class."""
        return self.existing.kind.resource


@dataclass(frozen=True)
class Module:
    """A project in the program, or the organization."""

    name: str
    title: str
    """What it declares, in words."""
    declared: Sequence[Declared]
    project_id: str = ""
    """The id of a project that the program does not declare; otherwise empty."""

    @property
    def is_inside(self) -> bool:
        """Return whether it is the module of a project, which is in the folder of these modules."""
        return self.name not in OUTSIDE


_Known = dict[tuple[str, str], Reference]
"""References to objects, by the name of the id and its value."""


class Plan:
    """Plans the modules of a program: the organization first, then each project.

    `taken` are the names that the stack's resources have, by kind.
    """

    def __init__(self, taken: Mapping[str, Collection[str]] | None = None) -> None:
        self._modules = Names("_", MODULES_RESERVED)
        self._names = {kind: Names("-", taken={*names}) for kind, names in (taken or {}).items()}
        self._organization: _Known = {}
        self._projects: _Known = {}
        """The projects that the program declares."""

    def modules(
        self, projects: Sequence[GetProjectResult], objects: Iterable[Existing], *, with_empty: bool
    ) -> list[Module]:
        """The modules for what was found; with one for each project without a resource, if `with_empty`."""
        known = {project.project_id for project in projects}
        groups: dict[str, list[Existing]] = defaultdict(list)
        """By the name of a module outside of projects, or by the id of a project."""
        # An object of the organization that names one project comes after those of the project.
        for existing in sorted(objects, key=lambda existing: not existing.project_id):
            ids = {existing.project_id} if existing.project_id else known.intersection(leaves(existing.adopted.inputs))
            groups[ACROSS if len(ids) > 1 else ids.pop() if ids else ORGANIZATION].append(existing)
        own = self._declared(ORGANIZATION, groups[ORGANIZATION], "", self._organization, {})
        modules = [Module(ORGANIZATION, "The objects of the organization, outside of projects", own)] if own else []
        for project in projects:
            inside = groups[project.project_id]
            if inside or with_empty:
                modules.append(self.project(project.project_id, project.name or "", inside))
        if groups[ACROSS]:
            declared = self._declared(ACROSS, groups[ACROSS], "", self._projects, self._organization)
            modules.append(Module(ACROSS, "The objects that refer to several projects", declared))
        return modules

    def project(self, project_id: str, name: str, objects: Iterable[Existing]) -> Module:
        """The module of the next project: of the project itself, if it is declared, and what is inside."""
        objects, key = list(objects), (PROJECT_PARENT.id_name, project_id)
        module = self._modules.give(project_id, name)
        is_declared = any(existing.kind.is_project for existing in objects)
        own = Reference(project_id, PROJECT_PARENT.id_name, module, PROJECT if is_declared else "")
        title = "" if is_declared else self._name(PROJECT, project_id, name)
        declared = self._declared(module, objects, title, {key: own}, self._organization)
        if is_declared:
            self._projects[key] = own
        words = f"{name or 'Without a name'} ({project_id})"
        return Module(module, words, declared, "" if is_declared else project_id)

    def _declared(
        self, module: str, objects: Iterable[Existing], title: str, scope: _Known, outer: _Known
    ) -> list[Declared]:
        variables, found = Names("_", VARIABLES_RESERVED), []

        def reference(name: str, value: str) -> Reference | str:
            return scope.get((name, value)) or outer.get((name, value)) or value

        for existing in objects:
            kind = existing.kind
            names = existing.names or (() if title else (noun_of(kind.handler) or kind.name,))
            called = existing.name or " ".join([*([title] if title else []), *names])
            name = self._name(kind.name, existing.own_id, called)
            given = existing.adopted.inputs
            shown = {key: with_ids(key, given[key], reference) for key in kind.inputs if key in given}
            variable = ""
            if kind.is_project:
                title, variable = name, PROJECT
            elif kind in _referred_to():
                variable = variables.give(existing.own_id, existing.name or " ".join(existing.names))
                identity, own_id = str(kind.identity), existing.own_id
                scope[identity, own_id] = Reference(own_id, identity, module, variable)
            found.append(Declared(existing, name, shown, variable))
        return found

    def _name(self, kind: str, *words: str) -> str:
        return self._names.setdefault(kind, Names("-")).give(*words)


@cache
def _referred_to() -> frozenset[AdoptedKind]:
    """The kinds whose ids are inputs of other objects."""
    names = {referred(name) for kind in all_kinds() for name in kind.inputs if name != kind.identity or kind.is_member}
    parents = {kind.parents for kind in all_kinds()}
    return frozenset(
        kind
        for kind in all_kinds()
        if kind.identity in names and (not kind.is_member or (*kind.parents, kind.identity) in parents)
    )


IMPORT_FILE = "import.json"
README = "README.md"
NO_CHECKPOINTS = "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true"
"""For the import only, which changes nothing outside the state: 2,000 entries take 5 s instead of 103."""
ABOUT_NO_KEYS = (
    "Existing API keys continue to work. Pulumi does not have them, because OpenAI shows",
    "a key only once. To create a key that Pulumi manages (see README.md):",
)
"""The lines of the comment at the accounts of a project."""

_READS = (
    "The import and the preview use the native provider, which `pip install 'pulumi-openai-admin[native]'` installs. "
    "The\nimport reads each object from OpenAI, so it needs the Admin API key (`OPENAI_ADMIN_KEY`)."
)
ABOUT_LOW_LIMITS = (
    "These limits are below the highest value that OpenAI shows for the model, so they need not be its default.\n"
    "Without a declaration, a change of them is no drift. To declare them, run the command again with --all-limits."
)
_ABOUT_KEYS = """
## Keys

OpenAI shows an API key only when it is created. So Pulumi does not have the keys of these accounts, and the accounts
do not create one in Pulumi. The keys continue to work. To create a key that Pulumi manages:

{}

Then replace the old key wherever it is used, and revoke it in OpenAI's dashboard.
"""
_NOT_LISTED = """\
It does not declare objects that every organization has: predefined roles, settings at their defaults, and rate limits
that most projects have. It also omits roles that a person has only through a group, and certificates that are not
active.
"""


@dataclass(frozen=True)
class ProgramPart:
    """A part of an existing program."""

    name: str
    """The name of its folder."""
    path: str
    """The path of its folder from the one of the Pulumi project."""
    stack: str = ""
    """The stack; empty: the selected one."""
    provider: str = ""
    """The name of the provider of the resources; empty: the default one."""
    urn: str = ""
    key: str = ""
    """Its key in a YAML program."""
    keys: frozenset[str] = frozenset()
    """The names that a YAML program uses already."""


class ProgramFiles(NamedTuple):
    """The files of a program, or of a part of an existing one, without its README and the import file."""

    contents: dict[str, str]
    """By path."""
    about: str
    """A sentence about the files."""
    statement: str
    """What a user adds to an existing program, as Markdown; empty for a separate program."""
    example_of_key: str
    """The code that creates a key for an account, as Markdown; empty without accounts."""


@dataclass(frozen=True)
class Target:
    """A provider, a language, and a place."""

    runtime: str
    """The name of the language in `Pulumi.yaml`: `python` or `yaml`."""
    is_native: bool
    part: ProgramPart | None = None
    """The part of an existing program that is written; None: a separate program."""

    @property
    def commands(self) -> list[str]:
        """The commands that import the resources into a stack; they run in the folder of the Pulumi project."""
        part = self.part
        stack = f" --stack {shlex.quote(part.stack)}" if part and part.stack else ""
        file = shlex.quote(f"{part.path}/{IMPORT_FILE}") if part else IMPORT_FILE
        install = ["pulumi install"] if self.runtime == "python" else []
        return [
            *([] if part else [*install, "pulumi stack init production"]),
            f"{NO_CHECKPOINTS} pulumi import --file {file} --generate-code=false{stack}",
            f"pulumi preview{stack}  # shows no change",
        ]

    def require(self, existing: Existing) -> None:
        """Refuse an object that the program or the import file can't contain (`errors.NotAdoptableError`).

        It has half of a surrogate pair, which is not valid text, or a name with which Pulumi YAML calls a function.
        """
        try:
            json.dumps(_with_state("", existing), ensure_ascii=False).encode()
        except UnicodeEncodeError:
            what = f"{existing.adopted.id!r} can't be imported: it contains a character that Pulumi can't store"
            raise errors.NotAdoptableError(what) from None
        if self.runtime == "yaml" and _has_function(existing.adopted.inputs):
            what = f"{existing.adopted.id!r} can't be imported: it contains a name that begins with `fn::`"
            raise errors.NotAdoptableError(what)

    def import_file(self, modules: Iterable[Module]) -> str:
        """The file for `pulumi import --file`."""
        part = self.part if self.part and self.part.provider else None
        table = f'"nameTable": {json.dumps({part.provider: part.urn})}, ' if part else ""
        of_provider = {"provider": part.provider} if part else {}
        entry = _by_id if self.is_native else _with_state
        entries = [
            {**entry(declared.name, declared.existing), **of_provider}
            for module in modules
            for declared in module.declared
        ]
        # Threads and sets fill a state, so the order of its objects differs from run to run.
        texts = (json.dumps(each, ensure_ascii=False, sort_keys=True) for each in entries)
        lines = map(terminal.without_invisible, texts)
        return f'{{{table}"resources": [\n' + ",\n".join(lines) + "\n]}\n"

    def readme(self, files: ProgramFiles, notes: Iterable[str], kinds: Iterable[str], found: Inventory) -> str:
        """The README of the program, with notes about where the objects come from, each a paragraph.

        It names what the program does not declare: kinds, each with the reason, and the objects and limits of `found`.
        """
        lines = "\n".join(self.commands)
        title = "Existing objects of the OpenAI organization" if files.statement else "OpenAI organization"
        paragraphs = "".join(f"\n{note}\n" for note in notes)
        steps = f"\n{files.statement}\n\nThen, in the folder of `Pulumi.yaml`:\n" if files.statement else ""
        requests = _READS if self.is_native else "The import sends no requests to OpenAI."
        text = f"""\
# {title}

Written by `pulumi-openai-admin adopt`. {files.about}
{paragraphs}
## Import
{steps}
```console
{lines}
```

{requests} The preview after it shows no change. Then `{IMPORT_FILE}` is no longer needed.
"""
        text += _ABOUT_KEYS.format(files.example_of_key) if files.example_of_key else ""
        # What is not declared is indented, so that names are not read as Markdown.
        of_kinds, objects, limits = (
            "".join(f"    {printable(line)}\n" for line in lines) for lines in (kinds, found.left_out, found.low_limits)
        )
        text += "\n## Omitted\n" if of_kinds or objects or limits else ""
        text += f"\nThe program declares no objects of these kinds:\n\n{of_kinds}\n{_NOT_LISTED}" if of_kinds else ""
        text += f"\nThe program does not declare these objects:\n\n{objects}" if objects else ""
        return text + (f"\nMost projects have these limits:\n\n{limits}\n{ABOUT_LOW_LIMITS}\n" if limits else "")


DYNAMIC = Target("python", is_native=False)
NATIVE_YAML = Target("yaml", is_native=True)
NATIVE_PYTHON = Target("python", is_native=True)


def _with_state(name: str, existing: Existing) -> dict[str, Any]:
    """The entry for the dynamic provider: it can't read an object by its id."""
    resource = existing.kind.resource
    return {"type": type_token(resource), "name": name, **imported(resource, existing.adopted)}


def _by_id(name: str, existing: Existing) -> dict[str, Any]:
    """The entry for the native provider. It has the state only if the program declares a part of the object."""
    resource = existing.kind.resource
    entry = {"type": properties.token(resource.__name__), "name": name, "id": existing.adopted.id}
    if existing.is_whole:
        return entry
    from pulumi_openai_admin.hosts.native.native_host import state_of  # noqa: PLC0415 - only here, and slow to import

    inputs = properties.from_inputs(resource.declaration, existing.adopted.inputs)
    return {**entry, "inputs": inputs, "outputs": state_of(resource, existing.adopted.outputs)}


def _has_function(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_has_function, value))
    if isinstance(value, dict):
        return any(str(key).lower().startswith("fn::") for key in value) or any(map(_has_function, value.values()))
    return False

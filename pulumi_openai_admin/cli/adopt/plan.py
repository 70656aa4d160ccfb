"""Which resources a program declares for what exists, under which names, and which of them refer to others. Pure."""

from __future__ import annotations

import builtins
import keyword
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.adopt.kinds import all_kinds, referred, with_ids
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.handlers.handler import noun_of
from pulumi_openai_admin.schema.paths import PROJECT as PROJECT_PARENT
from pulumi_openai_admin.slugs import slug_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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
MODULES_RESERVED = frozenset(
    {
        ORGANIZATION,
        ACROSS,
        "projects",
        "pulumi",
        "pulumi_openai_admin",
        "pulumi_openai_admin_native",
        *sys.stdlib_module_names,
        *_DEVICES,
    }
)
"""Names that a module can't have: other modules have them, or they are invalid file names."""
VARIABLES_RESERVED = frozenset({PROJECT, ORGANIZATION, "key", "projects", "pulumi"})
"""Names that a variable can't have: the module or the code in README.md uses them."""


class Names:
    """Unique names of one kind: a second `ci` becomes `ci-2`.

    Args:
        joint: The character between words: `-` in the name of a resource, `_` in a variable.
        reserved: Names that can't be used.
        taken: Names that are used already.
    """

    def __init__(self, joint: str, reserved: frozenset[str] = frozenset(), taken: Iterable[str] = ()) -> None:
        self._joint = joint
        self._reserved = reserved
        self._given: set[str] = set(taken)
        self._counts: dict[str, int] = {}
        """The last number of each name that was used more than once."""

    def is_free(self, name: str) -> bool:
        """Return whether a name is not used yet."""
        return name not in self._given

    def give(self, *words: str) -> str:
        """A name from the last word that has a letter: `give(id, name)`."""
        stem = next((slug for word in reversed(words) if (slug := slug_of(word, self._joint))), "unnamed")
        if stem in self._reserved or (self._joint == "_" and not _is_free(stem)):
            stem = f"the{self._joint}{stem}"
        count = self._counts.get(stem, 0) + 1
        while (name := stem if count == 1 else f"{stem}{self._joint}{count}") in self._given:
            count += 1
        self._counts[stem] = count
        self._given.add(name)
        return name


def _is_free(stem: str) -> bool:
    return not (stem[0].isdigit() or keyword.iskeyword(stem) or hasattr(builtins, stem))


@dataclass(frozen=True)
class Reference:
    """The id of another object, in place of a value.

    Args:
        id: The id.
        property: The property of the resource that contains it.
        module: The module of the resource.
        variable: The resource's variable in its module; empty for a project that the program does not declare.
    """

    id: str
    property: str
    module: str
    variable: str


@dataclass(frozen=True)
class Declared:
    """A resource in the program."""

    existing: Existing
    """The object that it manages."""
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
        return self.name not in (ORGANIZATION, ACROSS)

    @property
    def imports(self) -> list[str]:
        """The other modules to which its resources refer."""
        values = (value for declared in self.declared for value in leaves(dict(declared.inputs)))
        return sorted({value.module for value in values if isinstance(value, Reference)} - {self.name})


_Known = dict[tuple[str, str], Reference]
"""References to objects, by the name of the id and its value."""


class Plan:
    """Plans the modules of a program: the organization first, then each project.

    Args:
        taken: The names that the stack's resources have, by kind.
    """

    def __init__(self, taken: Mapping[str, Collection[str]] | None = None) -> None:
        self._taken = taken or {}
        self._modules = Names("_", MODULES_RESERVED)
        self._names: dict[str, Names] = {}
        self._organization: _Known = {}
        self._projects: _Known = {}
        """The projects that the program declares."""

    def modules(self, found: Inventory, *, with_empty: bool) -> list[Module]:
        """The modules for what was found.

        Args:
            found: It.
            with_empty: Whether projects without a resource have a module.
        """
        own = self.organization(found.of_organization)
        modules = [own] if own.declared else []
        for project in found.projects:
            objects = found.of_projects.get(project.project_id, [])
            if objects or with_empty:
                modules.append(self.project(project.project_id, project.name or "", objects))
        return [*modules, *([self.across(found.across)] if found.across else [])]

    def organization(self, objects: Iterable[Existing]) -> Module:
        """The module of the organization."""
        declared = self._declared(ORGANIZATION, objects, "", self._organization, {})
        return Module(ORGANIZATION, "The objects of the organization, outside of projects", declared)

    def project(self, project_id: str, name: str, objects: Iterable[Existing]) -> Module:
        """The module of the next project.

        Args:
            project_id: Its id.
            name: Its name; empty if OpenAI shows none.
            objects: The project itself, if it is declared, and what is inside.
        """
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

    def across(self, objects: Iterable[Existing]) -> Module:
        """The module of the objects that refer to several projects, after the modules of these projects."""
        declared = self._declared(ACROSS, objects, "", self._projects, self._organization)
        return Module(ACROSS, "The objects that refer to several projects", declared)

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
            given = {key: existing.inputs[key] for key in kind.inputs if key in existing.inputs}
            shown = {key: with_ids(key, value, reference) for key, value in given.items()}
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
        if kind not in self._names:
            self._names[kind] = Names("-", taken=self._taken.get(kind, ()))
        return self._names[kind].give(*words)


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

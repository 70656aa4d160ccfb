"""Which resources a program declares for what exists, under which names, and which of them refer to others. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.adopt.kinds import all_kinds, inside, referred
from pulumi_openai_admin.cli.adopt.names import (
    ACROSS,
    MODULES_RESERVED,
    ORGANIZATION,
    PROJECT,
    VARIABLES_RESERVED,
    Names,
)
from pulumi_openai_admin.handlers.capabilities import noun_of
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.http.parents import PROJECT as PROJECT_PARENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.adopt.import_file import Import
    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.objects import Existing
    from pulumi_openai_admin.resources.base import AdminResource


@dataclass(frozen=True)
class Reference:
    """The id of another object, in place of a value.

    Args:
        id: The id.
        property: The property of the resource that contains it.
        variable: The resource's variable in its module; empty for a project that the program does not declare.
        is_shared: Whether the resource is in the module of the organization.
        module: The module of the project that has the resource, for what names several projects; otherwise empty.
    """

    id: str
    property: str
    variable: str
    is_shared: bool = False
    module: str = ""


@dataclass(frozen=True)
class Declared:
    """A resource in the program."""

    resource: type[AdminResource]
    name: str
    inputs: Mapping[str, Any]
    """By name, in the order of the declaration: values, and references to other resources."""
    imported: Import | None = None
    """Its entry in the import file."""
    variable: str = ""
    """Its variable in the module; empty if nothing refers to it."""


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
    def is_organization(self) -> bool:
        """Whether it is the module of the organization."""
        return self.name == ORGANIZATION

    @property
    def is_inside(self) -> bool:
        """Whether it is the module of a project, which is in the folder of these modules."""
        return self.name not in (ORGANIZATION, ACROSS)

    @property
    def projects(self) -> list[str]:
        """The modules of projects to which its resources refer."""
        return sorted(
            {found.module for declared in self.declared for found in _references(dict(declared.inputs))} - {""}
        )

    @property
    def uses_organization(self) -> bool:
        """Whether a resource refers to one of the organization."""
        return any(found.is_shared for declared in self.declared for found in _references(dict(declared.inputs)))

    def of(self, resource: type[AdminResource]) -> list[Declared]:
        """Its resources of one class."""
        return [declared for declared in self.declared if declared.resource is resource]


@dataclass
class _Scope:
    """References to objects, by the name of the id and its value."""

    known: dict[tuple[str, str], Reference] = field(default_factory=dict)

    def learn(self, name: str, id_: str, variable: str) -> None:
        """An object has a variable; empty for a project that the program does not declare."""
        self.known[name, id_] = Reference(id_, name, variable)


class Plan:
    """Plans the modules of a program: the organization first, then each project.

    Args:
        taken: The names that the stack's resources have, by kind.
    """

    def __init__(self, taken: Mapping[str, Collection[str]] | None = None) -> None:
        self._taken = taken or {}
        self._modules = Names("_", MODULES_RESERVED)
        self._names: dict[type[AdminResource], Names] = {}
        self._organization = _Scope()
        self._projects = _Scope()
        """The projects that the program declares."""

    def organization(self, objects: Iterable[Existing]) -> Module:
        """The module of the organization."""
        declared = self._declared(objects, "", self._organization, _Scope())
        for key, reference in self._organization.known.items():
            self._organization.known[key] = replace(reference, is_shared=True)
        return Module(ORGANIZATION, "The organization: what belongs to no project", declared)

    def project(self, project_id: str, name: str, objects: Iterable[Existing]) -> Module:
        """The module of the next project.

        Args:
            project_id: Its id.
            name: Its name; empty if OpenAI shows none.
            objects: The project itself, if it is declared, and what is inside.
        """
        objects, scope = list(objects), _Scope()
        is_declared = any(existing.kind.is_project for existing in objects)
        scope.learn(PROJECT_PARENT.id_name, project_id, PROJECT if is_declared else "")
        title = self._name(PROJECT, project_id, name) if not is_declared else ""
        declared = self._declared(objects, title, scope, self._organization)
        words, module = f"{name or 'Without a name'} ({project_id})", self._modules.give(project_id, name)
        if is_declared:
            key = PROJECT_PARENT.id_name, project_id
            self._projects.known[key] = replace(scope.known[key], module=module)
        return Module(module, words, declared, "" if is_declared else project_id)

    def across(self, objects: Iterable[Existing]) -> Module:
        """The module of what names several projects, after the modules of these projects."""
        declared = self._declared(objects, "", self._projects, self._organization)
        return Module(ACROSS, "What names several projects", declared)

    def _declared(self, objects: Iterable[Existing], title: str, scope: _Scope, outer: _Scope) -> list[Declared]:
        variables, found = Names("_", VARIABLES_RESERVED), []
        for existing in objects:
            kind = existing.kind
            names = existing.names or (() if title else (noun_of(kind.handler) or kind.name,))
            called = existing.given or " ".join([*([title] if title else []), *names])
            name = self._name(kind.resource, existing.own_id, called)
            shown = {
                key: _shown(key, existing.inputs[key], scope, outer) for key in kind.inputs if key in existing.inputs
            }
            variable = ""
            if kind.is_project:
                title, variable = name, PROJECT
            elif kind in _referred_to():
                variable = variables.give(existing.own_id, existing.given or " ".join(existing.names))
                scope.learn(str(kind.identity), existing.own_id, variable)
            found.append(Declared(kind.resource, name, shown, existing.imported, variable))
        return found

    def _name(self, resource: type[AdminResource] | str, *words: str) -> str:
        key: Any = resource
        if key not in self._names:
            taken = self._taken.get(resource if isinstance(resource, str) else resource.__name__, ())
            self._names[key] = Names("-", taken=taken)
        return self._names[key].give(*words)


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


def _shown(name: str, value: Any, scope: _Scope, outer: _Scope) -> Any:
    """A value with references in place of the ids of other objects, also inside of lists and mappings.

    Args:
        name: The name of the field, or of the property inside of it.
        value: Its value.
        scope: The objects of the module.
        outer: The objects of the organization.
    """
    if isinstance(value, list):
        return [_shown(referred(name), item, scope, outer) for item in value]
    if isinstance(value, dict):
        return {key: _shown(inside(name, key), item, scope, outer) for key, item in value.items()}
    key = (name, value) if isinstance(value, str) else ("", "")
    return scope.known.get(key) or outer.known.get(key) or value


def _references(value: Any) -> Iterator[Reference]:
    """The references in a value."""
    return (found for found in leaves(value) if isinstance(found, Reference))

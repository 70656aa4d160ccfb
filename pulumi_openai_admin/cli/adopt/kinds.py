"""Which kinds of objects can be imported, and which of them `--include` and `--exclude` select. Sends no request."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.handlers.handler import Remote, Shows
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.paths import PROJECT as PROJECT_PARENT
from pulumi_openai_admin.schema.paths import USER
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pulumi_openai_admin.resources.base import AdminResource


PROJECT, ACCOUNT, MODEL, KIND = "project", "account", "model", "kind"
_SHORT = {"Project": PROJECT, "ProjectServiceAccount": ACCOUNT}
"""By the name of a resource, a shorter prefix."""
_PREFIXES = {PROJECT, ACCOUNT, MODEL, KIND, *resources.ALL}


def thing_of(resource: str) -> str:
    """The prefix of patterns for the objects of a resource."""
    return _SHORT.get(resource, resource)


@dataclass(frozen=True)
class Patterns:
    """Globs for one kind of object each, with a prefix: `Group:eng-*`, `model:gpt-4o*`; without one, for projects.

    The prefix is the name of a resource, or `project`, `account` or `model`. After `kind:` comes a glob for names of
    resources.
    """

    include: Sequence[str] = ()
    """If a kind has any, only matching objects are imported."""
    exclude: Sequence[str] = ()
    """Matching objects are not imported. It takes precedence over `include`."""

    def selects(self, thing: str, *names: str | None) -> bool:
        """Return whether an object with these names is imported."""
        included = _globs(thing, self.include)
        return (not included or _matches(included, names)) and not _matches(_globs(thing, self.exclude), names)

    def selects_object(self, chosen: Chosen, projects: Mapping[str, str | None]) -> bool:
        """Return whether a named object is imported, by its kind, its ids and names, and its project: names by id."""
        kind, id_ = chosen.kind, chosen.project_id
        names = [text for name in ("name", "email") if isinstance(text := chosen.known.get(name), str)]
        return (
            self.selects(KIND, kind.name)
            and (not id_ or self.selects(PROJECT, id_, projects.get(id_)))
            and (kind.is_project or self.selects(thing_of(kind.name), chosen.own_id, chosen.id, chosen.name, *names))
        )

    def warn_of_unused(self, thing: str, names: Iterable[str | None]) -> None:
        """Warn of patterns for a kind that match none of the names, which are usually misspelled."""
        existing = set(names)
        patterns = ((pattern, _globs(thing, [pattern])) for pattern in (*self.include, *self.exclude))
        unused = (pattern for pattern, globs in patterns if globs and not _matches(globs, existing))
        terminal.warn(f"no {thing} matches {pattern!r}." for pattern in unused)


def _globs(thing: str, patterns: Iterable[str]) -> list[str]:
    found = []
    for pattern in patterns:
        prefix, separator, glob = pattern.partition(":")
        is_prefixed = bool(separator) and prefix in _PREFIXES
        if thing == (thing_of(prefix) if is_prefixed else PROJECT):
            found.append(glob if is_prefixed else pattern)
    return found


def _matches(globs: Iterable[str], names: Iterable[str | None]) -> bool:
    known = [name for name in names if name is not None]
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs for name in known)


class AdoptedKind:
    """One kind of object: that of a resource."""

    def __init__(self, resource: type[AdminResource]) -> None:
        self.resource = resource
        self.name = resource.__name__
        self.handler = resource.handler
        self.is_set = bool(self.handler.path_of_each)
        """Whether one resource manages many objects."""
        self.path = self.handler.path_of_each or str(getattr(self.handler, "path", ""))
        """The path of its list, or of the only object; for many objects together, the path of their list."""
        self.is_listed = self.handler.traits.shows is not Shows.EACH
        """Whether OpenAI lists the objects. If not, a user has to name each by its id."""
        self.inputs = [field_.name for field_ in resource.declaration.inputs]
        """The names of the inputs, in the order of the declaration."""
        in_path = [field_.name for field_ in resource.declaration.with_role(FieldRole.PATH)]
        member = getattr(self.handler, "id_name", None)
        self.identity: str | None = resource.declaration.identity or (member if member in in_path else None)
        """The name of the object's id; None if it is the only object in its place."""
        self.parents = tuple(name for name in in_path if name != self.identity)
        """The names of the ids of its parents."""
        self.is_member = self.identity in in_path
        """Whether it is something that exists elsewhere, in a list: its own id is a part of the path."""
        self.is_project = self.identity == PROJECT_PARENT.id_name
        self.is_in_project = PROJECT_PARENT.id_name in self.parents

    def remote(self, parents: Mapping[str, str], own_id: str) -> Remote:
        """The ids of an object."""
        return Remote({**parents, str(self.identity): own_id} if self.is_member else parents, own_id)


def referred(name: str) -> str:
    """The name of the id that an input with this name contains: `user_ids` contains several `user_id`."""
    return name.removesuffix("s") if name.endswith("_ids") else name


def with_ids(name: str, value: Any, shown: Callable[[str, str], Any]) -> Any:
    """A value with something else in place of its ids, also inside of lists and mappings.

    `name` is that of the field, or of the property inside of it. `shown` gives what is in place of an id, from its name
    and its value, and gets all other strings, too.
    """
    if isinstance(value, list):
        return [with_ids(referred(name), item, shown) for item in value]
    if isinstance(value, dict):  # the `id` in `projects` is a `project_id`
        of_object = f"{name.removesuffix('s')}_id"
        return {key: with_ids(of_object if key == "id" else key, item, shown) for key, item in value.items()}
    return shown(name, value) if isinstance(value, str) else value


@cache
def all_kinds() -> tuple[AdoptedKind, ...]:
    """All kinds that can be imported, in an order in which an object comes after those that its inputs name."""
    kinds = [
        kind
        for kind in map(AdoptedKind, map(resources.class_of, resources.ALL))
        if kind.path and kind.name not in never_imported()
    ]
    ids = {kind.identity for kind in kinds}
    return tuple(sorted(kinds, key=lambda kind: (sum(referred(name) in ids for name in kind.inputs), kind.name)))


@cache
def never_imported() -> dict[str, str]:
    """Why `adopt` imports no object of a kind, by the name of the resource."""
    traits = {name: resources.class_of(name).handler.traits for name in resources.ALL}
    reasons = {name: own.not_adoptable or own.not_listed for name, own in traits.items()}
    return {name: reason for name, reason in reasons.items() if reason}


def not_imported(kinds: Sequence[AdoptedKind]) -> list[str]:
    """The kinds of objects that are not imported, each with the reason, without others that declare what is read."""
    read = {kind.path for kind in kinds}
    others = {kind.path: kind.name for kind in sorted(all_kinds(), key=lambda kind: kind.is_set) if kind.is_listed}
    return [
        *(f"{name}: {why}" for name, why in never_imported().items()),
        *(
            f"{kind.name}: OpenAI lists none, so name each by its id: adopt {kind.name}:ID"
            for kind in all_kinds()
            if not kind.is_listed
        ),
        *(f"{name}: not read by this command" for name in sorted(others[path] for path in others.keys() - read)),
    ]


def selected(patterns: Patterns, *, one_by_one: bool, only_projects: bool = False) -> list[AdoptedKind]:
    """The kinds to import: with `only_projects`, those of projects and of what is inside.

    Without a pattern for kinds, all except those for which a list has to be read for each user. Never those without a
    list. With `one_by_one`, each object gets its own resource where one resource can manage many.
    """
    are_named = bool(_globs(KIND, patterns.include))
    kinds = [
        kind
        for kind in all_kinds()
        if kind.is_listed
        and patterns.selects(KIND, kind.name)
        and "*" not in _globs(thing_of(kind.name), patterns.exclude)
        and (are_named or USER.id_name not in kind.parents)
        and (kind.is_project or kind.is_in_project or not only_projects)
    ]
    both = {kind.path for kind in kinds if kind.is_set} & {kind.path for kind in kinds if not kind.is_set}
    return [kind for kind in kinds if kind.path not in both or kind.is_set != one_by_one]


def listing(name: str, parents: tuple[str, ...] = ()) -> AdoptedKind:
    """The kind whose list shows all objects with an id of this name, inside these parents."""
    return next(kind for kind in all_kinds() if kind.identity == name and kind.parents == parents)


def project_kind() -> AdoptedKind:
    """The kind of the projects themselves."""
    return listing(PROJECT_PARENT.id_name)


def kind_of(name: str) -> AdoptedKind:
    """A kind, by the name of its resource or by its short name. One that can't be imported is refused."""
    resource = next((resource for resource, short in _SHORT.items() if short == name), name)
    kinds = {kind.name: kind for kind in all_kinds()}
    if resource in kinds:
        return kinds[resource]
    if resource in resources.ALL:
        why = never_imported().get(resource, "other kinds describe the same objects")
        raise errors.ConfigurationError(f"{resource} can't be imported: {why}", "Name an object of another kind.")
    otherwise = "The names of kinds are those of the resources, such as `Group` or `ProjectServiceAccount`."
    advice = did_you_mean(resource, [*kinds, "project", "account"], otherwise, most=3)
    what = f"There is no kind {name!r}"
    raise errors.NoMatchError(what, f"{advice} For a project with this name, use --project.")


@dataclass(frozen=True)
class Chosen:
    """An object that is imported."""

    kind: AdoptedKind
    parents: Mapping[str, str]
    own_id: str
    """Its own id; empty for the only object in its place."""
    name: str = ""
    """The name of its resource, if another program has given one."""
    origin: str = ""
    """What another tool calls it, in messages."""
    known: Mapping[str, Any] = field(default_factory=dict)
    """What another tool knows of it, by the names of inputs."""

    @property
    def id(self) -> str:
        """Its Pulumi id."""
        return state.make_id(self.kind.resource.declaration, self.kind.remote(self.parents, self.own_id))

    @property
    def project_id(self) -> str:
        """The project that it is, or is inside; empty for others."""
        return self.own_id if self.kind.is_project else self.parents.get(PROJECT_PARENT.id_name, "")


def with_id(kind: AdoptedKind, id_: str, **others: Any) -> Chosen:
    """An object by its Pulumi id, or a `state.WrongIdError`; see `Chosen` for the other arguments."""
    ids, own_id = state.split_id(kind.resource.declaration, id_)
    parents = {name: ids[name] for name in kind.parents}
    if not all((own_id, *parents.values())):
        raise state.WrongIdError(kind.resource.declaration, id_)
    return Chosen(kind, parents, own_id if kind.identity else "", **others)

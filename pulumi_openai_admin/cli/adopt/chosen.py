"""Single objects that are imported: which ones, from what a user names or from the state of another tool."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.cli.adopt.kinds import all_kinds
from pulumi_openai_admin.cli.adopt.patterns import KIND, PROJECT, resource_of, thing_of
from pulumi_openai_admin.http.parents import PROJECT as PROJECT_PARENT
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.public_names import load
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.patterns import Patterns


class NothingChosenError(errors.ConfigurationError):
    """What a user names leaves nothing to import, or more than one object."""


@dataclass(frozen=True)
class Chosen:
    """An object that is imported.

    Args:
        kind: Its kind.
        parents: The ids of its parents.
        own_id: Its own id; empty for the only object in its place.
        name: The name of its resource, if another program has given one.
        origin: What another tool calls it, in messages.
        known: What another tool knows of it, by the names of inputs.
    """

    kind: AdoptedKind
    parents: Mapping[str, str]
    own_id: str
    name: str = ""
    origin: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its Pulumi id."""
        return self.kind.id_of(self.parents, self.own_id)

    @property
    def project_id(self) -> str:
        """The project that it is, or is inside; empty for others."""
        return self.own_id if self.kind.is_project else self.parents.get(PROJECT_PARENT.id_name, "")


_NOTHING: Mapping[str, Any] = MappingProxyType({})
_Place = tuple[str, tuple[tuple[str, str], ...]]
"""A kind and the ids of parents: where objects are."""


class Choice:
    """The objects that are imported.

    Args:
        objects: The objects; each has another kind or id.
    """

    def __init__(self, objects: Iterable[Chosen]) -> None:
        self.objects = list(objects)
        self._of_place: dict[_Place, list[Chosen]] = defaultdict(list)
        self._places: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        self._by_id = {(chosen.kind.name, chosen.id): chosen for chosen in self.objects}
        for chosen in self.objects:
            kind, parents = chosen.kind, chosen.parents
            place = _place(kind, parents)
            if place not in self._of_place:
                self._places[kind.name, parents.get(PROJECT_PARENT.id_name, "")].append(dict(parents))
            self._of_place[place].append(chosen)

    @property
    def kinds(self) -> list[AdoptedKind]:
        """Their kinds, in an order in which an object comes after those that its inputs name."""
        named = {chosen.kind for chosen in self.objects}
        return [kind for kind in all_kinds() if kind in named]

    @property
    def project_ids(self) -> set[str]:
        """The projects that they are, or are inside."""
        return {chosen.project_id for chosen in self.objects} - {""}

    def with_id(self, kind: AdoptedKind, id_: str) -> Chosen | None:
        """The object of a kind with a Pulumi id."""
        return self._by_id.get((kind.name, id_))

    def of(self, kind: AdoptedKind, parents: Mapping[str, str]) -> list[Chosen]:
        """The objects of a kind in one place."""
        return self._of_place.get(_place(kind, parents), [])

    def places(self, kind: AdoptedKind, project_id: str) -> list[dict[str, str]]:
        """The ids of the parents of objects of a kind inside a project, or inside no project."""
        return self._places.get((kind.name, project_id), [])


def _place(kind: AdoptedKind, parents: Mapping[str, str]) -> _Place:
    return kind.name, tuple(parents.items())


@dataclass(frozen=True)
class Word:
    """An object that a user names.

    Args:
        kind: Its kind.
        text: Its name or id.
    """

    kind: AdoptedKind
    text: str

    @property
    def thing(self) -> str:
        """The kind, as patterns spell it."""
        return thing_of(self.kind.name)


def split(words: Iterable[str]) -> tuple[list[str], list[Word]]:
    """What a user names: projects, and objects with the name of their kind before, such as `Group:Engineering`.

    Raises:
        errors.ConfigurationError: Objects of the kind can't be imported.
        errors.NoMatchError: There is no such kind.
    """
    projects, objects = list[str](), list[Word]()
    for word in words:
        prefix, separator, text = word.partition(":")
        if separator and text and (prefix.isidentifier() and prefix not in _NOT_KINDS):
            objects.append(Word(kind_of(prefix), text))
        else:
            projects.append(word)
    return projects, objects


_NOT_KINDS = frozenset({KIND, "model"})
"""Prefixes of patterns that name no object."""


def kind_of(name: str) -> AdoptedKind:
    """A kind, by the name of its resource or by its short name.

    Raises:
        errors.ConfigurationError: Objects of the kind can't be imported.
        errors.NoMatchError: There is no such kind.
    """
    resource = resource_of(name)
    kinds = {kind.name: kind for kind in all_kinds()}
    if resource in kinds:
        return kinds[resource]
    if resource in resources.ALL:
        declared: Any = load(resource)
        why = (
            declared.handler.traits.not_adoptable
            or declared.handler.traits.not_listed
            or "other kinds describe the same objects"
        )
        raise errors.ConfigurationError(f"{resource} can't be imported: {why}", "Name an object of another kind.")
    advice = suggestion(resource, [*kinds, "project", "account"], "the list of resources")
    if not advice.startswith("Did"):
        advice = "The names of kinds are those of the resources, such as `Group` or `ProjectServiceAccount`."
    what = f"There is no kind {name!r}"
    raise errors.NoMatchError(what, f"{advice} For a project with this name, use --project.")


def with_id(
    kind: AdoptedKind, id_: str, name: str = "", origin: str = "", known: Mapping[str, Any] = _NOTHING
) -> Chosen:
    """An object by its Pulumi id; see `Chosen` for the other arguments.

    Raises:
        ValueError: The id is not valid for this kind of object.
    """
    ids, own_id = state.split_id(kind.resource.declaration, id_)
    parents = {name: ids[name] for name in kind.parents}
    if not all((own_id, *parents.values())):
        raise ValueError(id_)
    return Chosen(kind, parents, own_id if kind.identity else "", name, origin, known)


@dataclass(frozen=True)
class Candidate:
    """An object that OpenAI shows, with what people call it."""

    chosen: Chosen
    names: tuple[str, ...]


def by_id(word: Word, is_project: Callable[[str], bool]) -> Chosen | None:
    """The object, if it is named by its whole id. An object of a kind without a list can be named by nothing else.

    Args:
        word: What the user names.
        is_project: Whether the organization has a project with an id.
    """
    has_parts = bool(word.kind.parents and word.kind.identity)
    if word.kind.is_listed and not (word.kind.is_in_project or has_parts):
        return None
    try:
        found = with_id(word.kind, word.text)
    except ValueError:
        return None
    return found if not word.kind.is_in_project or is_project(found.project_id) else None


def find(word: Word, candidates: Sequence[Candidate]) -> Chosen:
    """The object with the name or id.

    Raises:
        errors.NoMatchError: There is none; the message suggests the nearest names.
        NothingChosenError: Several objects have the name; the message lists their ids.
    """
    objects = [candidate.chosen for candidate in candidates]
    by_ids = [chosen for chosen in objects if word.text in {chosen.id, chosen.own_id}]
    found = by_ids or [candidate.chosen for candidate in candidates if word.text in candidate.names]
    if len(found) == 1:
        return found[0]
    if found:
        ids = bounded(", ", (chosen.id for chosen in found))
        what = f"{len(found)} objects are called {word.thing}:{word.text}: {ids}"
        raise NothingChosenError(what, f"Use an id instead of the name: {word.thing}:{found[0].id}.")
    names = [name for candidate in candidates for name in candidate.names]
    names += [id_ for chosen in objects for id_ in (chosen.id, chosen.own_id)]
    advice = suggestion(word.text, dict.fromkeys(filter(None, names)), "Organization")
    what = f"There is no {word.kind.name} {word.text!r} that can be imported"
    raise errors.NoMatchError(what, advice)


def selected(objects: Iterable[Chosen], patterns: Patterns) -> list[Chosen]:
    """The objects that `--include` and `--exclude` select, by their kinds, ids and projects."""

    def is_selected(chosen: Chosen) -> bool:
        kind = chosen.kind
        return (
            patterns.selects(KIND, kind.name)
            and (not chosen.project_id or patterns.selects(PROJECT, chosen.project_id))
            and (kind.is_project or patterns.selects(thing_of(kind.name), chosen.own_id, chosen.id, chosen.name))
        )

    return list(filter(is_selected, objects))

"""Single objects that a user names, such as `Group:Engineering`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.kinds import (
    KIND,
    MODEL,
    AdoptedKind,
    Chosen,
    Patterns,
    all_kinds,
    kind_of,
    project_kind,
    thing_of,
    with_id,
)
from pulumi_openai_admin.cli.adopt.reading import Place, Scope, names_in, read_error, read_places
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.http.client import Client


class Word(NamedTuple):
    """An object that a user names, by a name or an id."""

    kind: AdoptedKind
    text: str

    def __str__(self) -> str:
        """Return the object as a user names it."""
        return f"{thing_of(self.kind.name)}:{self.text}"


_Candidate = tuple[Chosen, tuple[str, ...]]
"""An object that OpenAI shows, and what people call it."""


def split(words: Iterable[str]) -> tuple[list[str], list[Word]]:
    """What a user names: projects, and objects with the name of their kind before, such as `Group:Engineering`.

    Raises:
        errors.ConfigurationError: Objects of the kind can't be imported.
        errors.NoMatchError: There is no such kind.
    """
    projects, objects = list[str](), list[Word]()
    for word in words:
        prefix, _, text = word.partition(":")
        if text and prefix.isidentifier() and prefix not in {KIND, MODEL}:
            objects.append(Word(kind_of(prefix), text))
        else:
            projects.append(word)
    return projects, objects


def find(words: Sequence[Word], projects: Sequence[GetProjectResult], client: Client) -> list[Chosen]:
    """The objects that a user names, each once.

    Args:
        words: The names.
        projects: The projects in which they are looked for.
        client: Reads the lists.

    Raises:
        errors.NoMatchError: There is no such object; the message suggests the nearest names.
        errors.ConfigurationError: Several objects have the name; the message lists their ids.
        errors.AdminError: A list could not be read.
    """
    ids = {project.project_id for project in projects}
    by_ids = {word: _by_id(word, ids) for word in words}
    unknown = {word.kind for word, chosen in by_ids.items() if chosen is None}
    candidates = _candidates([kind for kind in all_kinds() if kind in unknown], projects, client)
    objects = [chosen or _named(word, candidates[word.kind]) for word, chosen in by_ids.items()]
    return list({(chosen.kind.name, chosen.id): chosen for chosen in objects}.values())


def _by_id(word: Word, project_ids: set[str]) -> Chosen | None:
    """The object, if it is named by its whole id. An object of a kind without a list can be named by nothing else."""
    kind = word.kind
    has_parts = bool(kind.parents and kind.identity)
    if kind.is_listed and not (kind.is_in_project or has_parts):
        return None
    try:
        chosen = with_id(kind, word.text)
    except ValueError:
        return None
    return chosen if not kind.is_in_project or chosen.project_id in project_ids else None


def _candidates(
    kinds: Sequence[AdoptedKind], projects: Sequence[GetProjectResult], client: Client
) -> dict[AdoptedKind, list[_Candidate]]:
    """All objects of some kinds, with all that people call them."""
    names_of_projects = {project.project_id: project.name or "" for project in projects}

    def read(place: Place) -> list[_Candidate]:
        kind, parents = place.kind, dict(place.parents)
        of_place = place.above or ((names_of_projects[place.project_id],) if place.project_id else ())
        with client.operation():
            names = names_in(kind, client, parents)
            ids = kind.handler.ids(client, Remote(parents))
        return [(Chosen(kind, parents, id_), names.get(id_, ()) if id_ else of_place) for id_ in ids]

    listed = [kind for kind in kinds if not kind.is_project]
    of_places, failed = read_places(client, Scope(projects, listed, Patterns()).places(), read) if listed else ({}, {})
    if failed:
        raise read_error(failed)
    candidates: dict[AdoptedKind, list[_Candidate]] = defaultdict(list)
    for place, of_place in of_places.items():
        candidates[place.kind] += of_place
    candidates[project_kind()] = [(Chosen(project_kind(), {}, id_), (name,)) for id_, name in names_of_projects.items()]
    return candidates


def _named(word: Word, candidates: Sequence[_Candidate]) -> Chosen:
    """The object with the name or id.

    Raises:
        errors.NoMatchError: There is none; the message suggests the nearest names.
        errors.ConfigurationError: Several objects have the name; the message lists their ids.
    """
    by_ids = [chosen for chosen, _ in candidates if word.text in {chosen.id, chosen.own_id}]
    named = by_ids or [chosen for chosen, names in candidates if word.text in names]
    if len(named) == 1:
        return named[0]
    if named:
        ids = bounded(", ", (chosen.id for chosen in named))
        what = f"{len(named)} objects are called {word}: {ids}"
        raise errors.ConfigurationError(what, f"Use an id instead of the name: {Word(word.kind, named[0].id)}.")
    names_and_ids = [name for _, names in candidates for name in names]
    names_and_ids += [id_ for chosen, _ in candidates for id_ in (chosen.id, chosen.own_id)]
    advice = suggestion(word.text, dict.fromkeys(filter(None, names_and_ids)), "Organization")
    what = f"There is no {word.kind.name} {word.text!r} that can be imported"
    raise errors.NoMatchError(what, advice)

"""The organization that is imported: its lists are read into the journal, then taken from there place by place."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal, words
from pulumi_openai_admin.cli.adopt.chosen import Candidate, Chosen
from pulumi_openai_admin.cli.adopt.kinds import all_kinds, ids_in
from pulumi_openai_admin.cli.adopt.objects import all_names_in, places
from pulumi_openai_admin.cli.adopt.patterns import MODEL
from pulumi_openai_admin.cli.common_values import common_limits
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.data_sources.project_rate_limit import KIND as RATE_LIMITS
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.parents import PROJECT
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.cli.adopt.chosen import Choice
    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.objects import Existing, Reader
    from pulumi_openai_admin.cli.adopt.patterns import Patterns, Unmatched
    from pulumi_openai_admin.cli.adopt.replies import JournaledReplies

_MAX_SHOWN = 10


@dataclass(frozen=True)
class Place:
    """Where objects of a kind are: one list, or one object."""

    kind: AdoptedKind
    parents: tuple[tuple[str, str], ...]

    @property
    def project_id(self) -> str:
        """The project; empty for the organization."""
        return dict(self.parents).get(PROJECT.id_name, "")


@dataclass
class Shared:
    """What is listed for the whole organization."""

    of_organization: list[Existing] = field(default_factory=list)
    of_projects: dict[str, list[Existing]] = field(default_factory=lambda: defaultdict(list))
    """By the id of a project that is imported: what names the project, such as external storage."""
    across: list[Existing] = field(default_factory=list)
    """What names several of the projects that are imported, such as an invite."""


class AdoptedOrganization:
    """The projects to import, and what belongs to no project.

    Args:
        projects: The projects.
        kinds: The kinds to import.
        replies: Reads, and keeps what it has read.
        parallel: How many requests are sent at a time.
        choice: The objects to import; None: all of these kinds.
    """

    def __init__(
        self,
        projects: Sequence[GetProjectResult],
        kinds: Sequence[AdoptedKind],
        replies: JournaledReplies,
        parallel: int,
        choice: Choice | None = None,
    ) -> None:
        self.choice = choice
        self.projects = projects
        self.kinds = kinds
        by_path = {_path_of(project.project_id): project for project in projects}
        replies.known = lambda path: _row_of(by_path[path]) if path in by_path else None
        self._client = Client(replies, parallel)
        self._project_kind = next(kind for kind in all_kinds() if kind.is_project)
        self._of_organization = [kind for kind in kinds if not (kind.is_project or kind.is_in_project)]
        self._of_projects = [kind for kind in kinds if kind.is_in_project]
        self._failed: set[tuple[AdoptedKind, str]] = set()
        self.without_access: Mapping[str, str] = {}
        """By kind, why the organization has none of its objects: it has no access to them. Known after reading."""

    @property
    def absent(self) -> list[Chosen]:
        """The objects in projects that are not there."""
        known = {*self._known_projects, ""}
        return [object_ for object_ in self.choice.objects if object_.project_id not in known] if self.choice else []

    @property
    def _known_projects(self) -> list[str]:
        return [project.project_id for project in self.projects]

    @property
    def is_whole(self) -> bool:
        """Whether more than projects is imported."""
        return bool(self._of_organization)

    @property
    def has_limits(self) -> bool:
        """Whether rate limits are imported."""
        return any(kind.path == RATE_LIMITS.handler.path for kind in self.kinds)

    def read(self) -> None:
        """Read all lists into the journal, except those that an interrupted run has read.

        Raises:
            errors.AdminError: Some could not be read.
        """
        failed = self.read_what_can_be_read()
        if failed:
            raise _read_error(failed)

    def read_what_can_be_read(self) -> Mapping[Place, Exception]:
        """Read all lists into the journal. Kinds whose lists can't be read are omitted of what `objects` gives.

        Returns:
            The lists that could not be read, with the errors. A kind that the organization has no access to is none of
            them, unless the user chose its objects.

        Raises:
            errors.AdminError: OpenAI can't be reached, or refuses the key.
        """
        outer = self._outer()
        failed: dict[Place, Exception] = {}
        without_access: dict[Place, errors.NoAccessError] = {}
        with terminal.progress("Reading", len(outer)) as bar:
            task, inner = bar.task_ids[0], list[Place]()
            for place, found in run_concurrently(self._inner, outer, self._client.parallel):
                if isinstance(found, errors.NoAccessError) and self.choice is None:
                    without_access[place] = found
                elif isinstance(found, Exception):
                    failed[place] = _of_one_list(found)
                else:
                    inner += found
                bar.advance(task)
            bar.update(task, total=len(outer) + len(inner))
            for place, refusal in run_concurrently(self._read, inner, self._client.parallel):
                if isinstance(refusal, errors.NoAccessError) and self.choice is None:
                    without_access[place] = refusal
                elif isinstance(refusal, Exception):
                    failed[place] = _of_one_list(refusal)
                bar.advance(task)
        self._failed = {(place.kind, place.project_id) for place in (*failed, *without_access)}
        self.without_access = {place.kind.name: error.reason for place, error in without_access.items()}
        return failed

    def _outer(self) -> list[Place]:
        if self.choice is not None:
            within = {"": self._of_organization, **dict.fromkeys(self._known_projects, self._of_projects)}
            return [
                Place(kind, tuple(parents.items()))
                for project_id, kinds in within.items()
                for kind in kinds
                for parents in self.choice.places(kind, project_id)
            ]
        return [Place(kind, ()) for kind in self._of_organization] + [
            Place(kind, ((PROJECT.id_name, project.project_id),))
            for project in self.projects
            for kind in self._of_projects
        ]

    def _inner(self, place: Place) -> list[Place]:
        """Read a list; of a kind inside other objects, find these objects."""
        base = dict(place.parents)
        if set(place.kind.parents) <= set(base):
            self._read(place)
            return []
        with self._client.operation():
            found = places(place.kind, connection.with_own_lists(self._client), base)
            return [Place(place.kind, tuple(parents.items())) for parents, _ in found]

    def _read(self, place: Place) -> None:
        client, parents = connection.with_own_lists(self._client), dict(place.parents)
        kind = place.kind
        if self.choice is not None:
            with self._client.operation(), suppress(errors.ResourceGoneError, errors.NotFoundError):
                for chosen in self.choice.of(kind, parents):
                    with suppress(errors.NotAdoptableError):
                        kind.handler.declared(client, kind.remote(parents, chosen.own_id))
            return
        with self._client.operation():
            ids = kind.handler.ids(client, Remote(parents))
            for own_id in ids if kind.resource.handler.traits.reads_each else ():
                with suppress(errors.NotAdoptableError):
                    kind.handler.declared(client, kind.remote(parents, own_id))

    def candidates(self) -> Iterator[Candidate]:
        """All objects of the kinds, with what people call them. Reads from the journal what was read before."""
        for kind in self._of_organization:
            yield from self._candidates(kind, {})
        for project in self.projects:
            base = {PROJECT.id_name: project.project_id}
            for kind in self._of_projects:
                names = (project.name or "",) if kind.parents == tuple(base) and not kind.identity else ()
                yield from (
                    Candidate(candidate.chosen, (*candidate.names, *names))
                    for candidate in self._candidates(kind, base)
                )

    def _candidates(self, kind: AdoptedKind, base: Mapping[str, str]) -> Iterator[Candidate]:
        client = connection.with_own_lists(self._client)
        with self._client.operation():
            for parents, above in places(kind, client, base):
                names = all_names_in(kind, client, parents)
                for own_id in kind.handler.ids(client, Remote(parents)):
                    yield Candidate(Chosen(kind, parents, own_id), names.get(own_id, ()) if own_id else above)

    def common_limits(
        self, patterns: Patterns, unmatched: Unmatched, projects: Sequence[GetProjectResult] | None = None
    ) -> dict[tuple[str, str], int]:
        """The limits that most projects have; empty if no rate limits are imported.

        Args:
            patterns: `--include` and `--exclude`.
            unmatched: Learns the models.
            projects: The projects to compare; None: those that are imported.
        """
        if not self.has_limits:
            return {}
        compared = self.projects if projects is None else projects
        return common_limits(self._limits(project, patterns, unmatched) for project in compared)

    def _limits(
        self, project: GetProjectResult, patterns: Patterns, unmatched: Unmatched
    ) -> Iterator[GetProjectRateLimitResult]:
        client = connection.with_own_lists(self._client)
        for row in RATE_LIMITS.all(client, project_id=project.project_id):
            unmatched.record(MODEL, [row.model])
            if patterns.selects(MODEL, row.model):
                yield row

    def objects(self, reader: Reader) -> Shared:
        """What is listed for the whole organization."""
        chosen, shared = {project.project_id for project in self.projects}, Shared()
        for existing in reader.objects(
            self._read_in("", self._of_organization), connection.with_own_lists(self._client), {}
        ):
            inputs = existing.inputs.items()
            named = {id_ for name, value in inputs for id_ in ids_in(PROJECT.id_name, name, value)} & chosen
            if len(named) > 1:
                shared.across.append(existing)
            else:
                place = shared.of_projects[named.pop()] if named else shared.of_organization
                place.append(existing)
        return shared

    def objects_in(self, project: GetProjectResult, reader: Reader, shared: Shared) -> Iterator[Existing]:
        """A project, then what is inside, then what is listed for the organization and names the project."""
        client, base = connection.with_own_lists(self._client), {PROJECT.id_name: project.project_id}
        if self._project_kind in self.kinds:
            handler: Any = self._project_kind.handler
            handler.listing(client, Remote({})).know([_row_of(project)])  # or all are read from the disk for each
            yield from self._project(project, client, reader)
        yield from reader.objects(self._read_in(project.project_id, self._of_projects), client, base)
        yield from shared.of_projects.get(project.project_id, ())

    def _read_in(self, project_id: str, kinds: Sequence[AdoptedKind]) -> list[AdoptedKind]:
        """The kinds whose lists could be read in a project, or in the organization."""
        return [kind for kind in kinds if (kind, project_id) not in self._failed]

    def _project(self, project: GetProjectResult, client: Client, reader: Reader) -> Iterator[Existing]:
        """The project itself."""
        kind, id_ = self._project_kind, project.project_id
        chosen = None
        if self.choice is not None:
            chosen = self.choice.with_id(kind, id_)
            if chosen is None:
                return
        found = reader.existing(kind, client, {}, id_, (project.name or id_,), chosen)
        yield from [found] if found else []


def _path_of(project_id: str) -> str:
    return str(fill(PROJECT.path, **{PROJECT.id_name: project_id}))


def _row_of(project: GetProjectResult) -> dict[str, Any]:
    """A project as the list of projects shows it."""
    shown = {name: value for name, value in vars(project).items() if name != PROJECT.id_name}
    return {"id": project.project_id, **shown}


def _of_one_list(error: Exception) -> Exception:
    """The error if it concerns one list only; all other errors are raised."""
    if isinstance(
        error,
        errors.ResourceGoneError
        | errors.NotFoundError
        | errors.UnrelatedNotFoundError
        | errors.BadRequestError
        | errors.PermissionDeniedError,
    ):
        return error
    raise error


def _read_error(failed: Mapping[Place, Exception]) -> errors.AdminError:
    reasons = " ".join(words.describe(error) for error in list(failed.values())[:_MAX_SHOWN])
    ids = sorted({place.project_id for place in failed if place.project_id})
    kinds = sorted({place.kind.name for place in failed if not place.project_id})
    what = f"Could not read {bounded(', ', [*kinds, *ids])}, so nothing was written: {reasons.rstrip('.')}"
    excluded = [*(f"--exclude kind:{kind}" for kind in kinds), *(f"--exclude {id_}" for id_ in ids[:_MAX_SHOWN])]
    advice = "Run the same command again: completed reads are kept. Or leave them out: " + " ".join(excluded)
    return errors.AdminError(what, advice)

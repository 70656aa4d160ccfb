"""What exists at OpenAI, as a program declares it: all lists are read in parallel, each once."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal, words
from pulumi_openai_admin.cli.adopt.kinds import MODEL, Chosen, all_kinds, listing, project_kind, thing_of
from pulumi_openai_admin.cli.connection import run_concurrently, run_with_progress
from pulumi_openai_admin.cli.limits import common_limits, low_common_limits
from pulumi_openai_admin.cli.recorded import name_of
from pulumi_openai_admin.data_sources.special_kinds import PROJECT_RATE_LIMIT as RATE_LIMITS
from pulumi_openai_admin.handlers.handler import Remote, noun_of
from pulumi_openai_admin.lifecycle.read import adopt, adoptable_inputs
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import LIMITS, ProjectRateLimits
from pulumi_openai_admin.schema.paths import PROJECT, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind, Patterns
    from pulumi_openai_admin.cli.adopt.stack import StackState
    from pulumi_openai_admin.cli.connection import CachingClient
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.read import Adopted

Result = TypeVar("Result")

OF_ONE_LIST = (
    errors.BadRequestError,
    errors.NotFoundError,
    errors.PermissionDeniedError,
    errors.ResourceGoneError,
    errors.UnrelatedNotFoundError,
)
"""Errors of one list: the key may lack a scope, or the organization has no such objects."""
_GONE = (errors.ResourceGoneError, errors.NotFoundError)
"""Whoever names an object may name an object that no longer exists."""
_REFUSALS = (errors.NotAdoptableError, errors.ConfigurationError, *_GONE)
"""Why an object is omitted. A configuration error: an id that no request can have."""
_NAMES = ("name", "email", "group_name", "model", "threshold_amount")
"""The properties by which people know an object, by OpenAI's names."""
_MAX_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Existing(Chosen):
    """An object that a program declares."""

    names: tuple[str, ...]
    """What people call it, and its parents inside the place, the object last."""
    adopted: Adopted
    """Its id, the inputs that a program declares, and its state."""
    is_whole: bool = True
    """Whether the program declares all that a provider reads from OpenAI. If not, the inputs that a provider reads
    differ from those of the program, and the first preview would show a change."""


@dataclass(frozen=True)
class Place:
    """Where objects of a kind are: one list, or one object."""

    kind: AdoptedKind
    parents: tuple[tuple[str, str], ...] = ()
    """The ids of the parents, as far as they are known."""
    project_id: str = ""
    """The project that it is in, or is; empty for the organization."""
    above: tuple[str, ...] = ()
    """What people call the parent inside the organization or the project, if there is one."""

    @classmethod
    def of(cls, chosen: Chosen) -> Place:
        """The place of an object."""
        return cls(chosen.kind, tuple(chosen.parents.items()), chosen.project_id)


@dataclass
class PlaceContent:
    """What is in one place, as far as a program declares it."""

    objects: list[Existing] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """The names and ids of all objects that are listed."""
    left_out: list[str] = field(default_factory=list)
    """The objects that a program can't declare, with the reasons."""
    managed: list[str] = field(default_factory=list)
    """The objects that the stack manages, with the names of the resources."""
    differences: list[str] = field(default_factory=list)
    """What another tool knows of the objects that is not so at OpenAI."""


@dataclass
class Inventory(PlaceContent):
    """What is in all places of a scope, in their order."""

    scope: Scope = field(kw_only=True)
    listed: dict[str, set[str]] = field(default_factory=dict)
    """The names and ids of all objects that are listed, by the prefix of patterns for their kind."""
    low_limits: Sequence[str] = ()
    """By model, the limits that most projects have, so that they are omitted, and that are below the highest value."""
    failed: dict[Place, Exception] = field(default_factory=dict)
    """The lists that could not be read. Objects of their kinds, in their projects, are omitted."""
    without_access: dict[str, str] = field(default_factory=dict)
    """By kind, why the organization has none of its objects: it has no access to them."""
    with_keys: Sequence[str] = ()
    """What contains API keys in the Terraform state that names the objects."""


@dataclass(frozen=True)
class Scope:
    """What is read."""

    projects: Sequence[GetProjectResult]
    kinds: Sequence[AdoptedKind]
    patterns: Patterns
    """`--include` and `--exclude`."""
    chosen: Sequence[Chosen] | None = None
    """The objects; None: all of these kinds."""
    stack: StackState | None = None
    """What a stack manages already, which is omitted."""
    all_limits: bool = False
    """Whether limits that most projects have are not omitted."""
    compared: Sequence[GetProjectResult] | None = None
    """The projects whose limits say what most projects have. Limits of models that only one project has are omitted
    then, too. None: the projects that are read, without that."""
    require: Callable[[Existing], None] = lambda _: None
    """Raises `errors.NotAdoptableError` for what the program or the import file can't contain."""

    @property
    def of_organization(self) -> list[AdoptedKind]:
        """The kinds that are outside of projects."""
        return [kind for kind in self.kinds if not (kind.is_project or kind.is_in_project)]

    def places(self) -> list[Place]:
        """Where the objects are, in the order in which a program declares them: each project before what is inside."""
        found = [Place(kind) for kind in self.of_organization]
        for id_ in (project.project_id for project in self.projects):
            found += [Place(kind, project_id=id_) for kind in self.kinds if kind.is_project]
            found += [Place(kind, ((PROJECT.id_name, id_),), id_) for kind in self.kinds if kind.is_in_project]
        if self.chosen is None:
            return found
        order = {(place.kind, place.project_id): number for number, place in enumerate(found)}
        known = [
            place for place in dict.fromkeys(map(Place.of, self.chosen)) if (place.kind, place.project_id) in order
        ]
        return sorted(known, key=lambda place: order[place.kind, place.project_id])


def read(scope: Scope, client: Client) -> Inventory:
    """Read what a scope has; see `preload`."""
    reader = _Reader(scope, client)
    reader.compare_limits()
    contents, failed = read_places(client, scope.places(), reader.content)
    omitted = {(place.kind, place.project_id) for place in failed}
    found = Inventory(scope=scope, low_limits=reader.low_limits)
    for place, error in failed.items():
        if isinstance(error, errors.NoAccessError) and scope.chosen is None:
            found.without_access[place.kind.name] = error.reason
        else:
            found.failed[place] = error
    found.listed = {} if reader.models is None else {MODEL: reader.models}
    found.listed |= {thing_of(kind.name): set() for kind in scope.kinds if not kind.is_project}
    for place, content in contents.items():
        if (place.kind, place.project_id) in omitted:
            continue
        found.objects += content.objects
        found.left_out += content.left_out
        found.managed += content.managed
        found.differences += content.differences
        if not place.kind.is_project:
            found.listed[thing_of(place.kind.name)] |= content.names
    return found


def preload(projects: Sequence[GetProjectResult], client: CachingClient) -> None:
    """Give the client the projects, which were listed before with another query."""
    rows = []
    for project in projects:
        shown = {name: value for name, value in vars(project).items() if name != PROJECT.id_name}
        rows.append({"id": project.project_id, **shown})
        client.preload(fill(PROJECT.path, **{PROJECT.id_name: project.project_id}), rows[-1])
    handler: Any = project_kind().handler
    handler.listing(client, Remote({})).preload(rows)


def read_places(
    client: Client, outer: Sequence[Place], read: Callable[[Place], Result]
) -> tuple[dict[Place, Result], dict[Place, Exception]]:
    """Read all places in parallel. Of kinds inside of other objects, the lists of these objects are read first.

    Returns what was read, in the order of the places, and the places that could not be read, with the errors.
    """
    failed: dict[Place, Exception] = {}
    with terminal.progress("Reading", len(outer)) as bar:

        def each(work: Callable[[Place], Any], places: Sequence[Place]) -> dict[Place, Any]:
            found = {}
            for place, result in run_concurrently(work, places, client.parallel):
                bar.advance(bar.task_ids[0])
                if not isinstance(result, Exception):
                    found[place] = result
                elif isinstance(result, OF_ONE_LIST):
                    failed[place] = result
                else:
                    raise result
            return {place: found[place] for place in places if place in found}

        inner = each(lambda place: _inside(place, client), outer)
        places = [place for found in inner.values() for place in found]
        bar.update(bar.task_ids[0], total=len(outer) + len(places))
        return each(read, places), failed


def _inside(place: Place, client: Client) -> list[Place]:
    """The place itself if all its parents are known; else one for each parent."""
    parents = dict(place.parents)
    inner = [name for name in place.kind.parents if name not in parents]
    if not inner:
        return [place]
    (name,) = inner
    with client.operation():
        found = names_in(listing(name, tuple(parents)), client, parents)
    return [replace(place, parents=(*place.parents, (name, id_)), above=names[:1]) for id_, names in found.items()]


def names_in(kind: AdoptedKind, client: Client, parents: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What people call the objects of a list, by id: of a user, the name and the address, of others, at least the id.

    Empty for a kind that OpenAI does not list.
    """
    if kind.identity is None or not kind.is_listed:
        return {}
    handler: Any = kind.handler
    with client.inside(parents):
        rows = handler.listing(client, Remote(parents)).rows()
    return {id_: tuple(str(row[name]) for name in _NAMES if row.get(name)) or (id_,) for id_, row in rows.items()}


class _Reader:
    """Reads places, without rate limits that most projects have; used by several threads."""

    def __init__(self, scope: Scope, client: Client) -> None:
        self._scope = scope
        self._client = client
        self._common: Mapping[tuple[str, str], int] = {}
        """The common limits by model and limit; none for a program with all limits."""
        self.models: set[str] | None = None
        """All models that there are; None if no rate limits are read."""
        self.low_limits: Sequence[str] = ()
        self._project_names = {project.project_id: project.name for project in scope.projects}
        self._chosen: dict[Place, list[Chosen]] = defaultdict(list)
        for chosen in scope.chosen or ():
            self._chosen[Place.of(chosen)].append(chosen)

    def compare_limits(self) -> None:
        """Find the limits that most projects have, if there is something to compare."""
        scope, client = self._scope, self._client
        has_limits = any(kind.path == RATE_LIMITS.handler.path for kind in scope.kinds)
        if not has_limits or scope.chosen is not None or not scope.projects:
            return

        def read(project: GetProjectResult) -> tuple[set[str], list[Any]]:
            ids = {PROJECT.id_name: project.project_id}
            with client.operation():
                rows = RATE_LIMITS.rows(client, **ids)
            compared = [] if scope.all_limits else [RATE_LIMITS.to_result(row, **ids) for row in rows]
            models = {str(row.get("model")) for row in rows}
            return models, [row for row in compared if scope.patterns.selects(MODEL, row.model)]

        self.models, of_projects = set[str](), []
        compared = scope.projects if scope.compared is None else scope.compared
        for _, found in run_with_progress("Comparing limits", read, compared, client.parallel):
            if not isinstance(found, Exception):
                self.models |= found[0]
                of_projects.append(found[1])
            elif not isinstance(found, OF_ONE_LIST):
                raise found  # else reading it again reports it, or it is of a project that is only compared
        self._common = {} if scope.all_limits else common_limits(of_projects)
        low = low_common_limits(of_projects, self._common)
        self.low_limits = [f"{model}: {'; '.join(texts)}" for model, texts in low.items()]

    def content(self, place: Place) -> PlaceContent:
        """What is in one place."""
        content = PlaceContent()
        with self._client.operation():
            found = self._listed(place, content) if self._scope.chosen is None else self._named(place)
            for chosen, names in found:
                self._add(content, chosen, names)
        return content

    def _listed(self, place: Place, content: PlaceContent) -> Iterator[tuple[Chosen, tuple[str, ...]]]:
        """The objects that are selected, each with its names."""
        kind, parents, stack = place.kind, dict(place.parents), self._scope.stack
        if kind.resource is ProjectRateLimits and stack and stack.manager(kind.name, Chosen(kind, parents, "").id):
            # There can be only one for a project. Each limit that it does not manage is declared by itself.
            kind = next(other for other in all_kinds() if other.resource is ProjectRateLimit)
        if kind.is_project:
            ids: Iterable[str] = [place.project_id]
            names = {place.project_id: self._project_names[place.project_id] or place.project_id}
        else:
            names = {id_: called[0] for id_, called in names_in(kind, self._client, parents).items()}
            ids = kind.handler.ids(self._client, Remote(parents))
            if not kind.is_member:
                content.left_out += self._ended(kind, parents, sorted(names.keys() - {*ids}))
        for own_id in sorted(ids, key=lambda id_: (names.get(id_, ""), id_)):
            called = [names[own_id]] if own_id else []
            content.names |= {*called, own_id}
            if not own_id or self._scope.patterns.selects(thing_of(kind.name), *called, own_id):
                yield Chosen(kind, parents, own_id), (*place.above, *called)

    def _ended(self, kind: AdoptedKind, parents: Mapping[str, str], ids: Iterable[str]) -> Iterator[str]:
        """The listed objects that are treated as deleted, such as invites that have expired."""
        for own_id in ids:
            try:
                kind.handler.declared(self._client, kind.remote(parents, own_id))
            except errors.ResourceGoneError as gone:
                yield capitalized(_reason(kind, gone.event))
            except errors.NotAdoptableError:
                continue  # OpenAI provides it, or another kind declares it

    def _named(self, place: Place) -> Iterator[tuple[Chosen, tuple[str, ...]]]:
        """The objects that somebody names, each with what OpenAI calls it."""
        objects = self._chosen[place]
        names: dict[str, tuple[str, ...]] = {}
        if not all(chosen.name for chosen in objects):
            with suppress(*_GONE):
                names = names_in(place.kind, self._client, dict(place.parents))
        for chosen in objects:
            yield chosen, names.get(chosen.own_id, (chosen.own_id,))[:1] if chosen.own_id else ()

    def _add(self, content: PlaceContent, chosen: Chosen, names: tuple[str, ...]) -> None:
        """Read an object, and add it or the reason why it is omitted."""
        kind, stack = chosen.kind, self._scope.stack
        # A set of the stack may leave some members to others: the claims of both decide.
        if stack and not kind.is_set and (urn := stack.manager(kind.name, chosen.id)):
            content.managed.append(f"{kind.name} {chosen.id!r} is {name_of(urn)!r} in the stack")
            return
        try:
            whole = adoptable_inputs(kind.resource, self._client, chosen.id)
            inputs = self._narrowed(kind, whole)
            if inputs is not None and stack:
                inputs, urn = stack.unmanaged_part(kind.resource, inputs)
                if urn:
                    object_ = f"{kind.name} {chosen.id!r}"
                    what = f"{object_} is" if inputs is None else f"parts of {object_} are"
                    content.managed.append(f"{what} managed by {name_of(urn)!r} in the stack")
            if inputs is None:
                return
            if not kind.is_listed:
                names = (str(inputs.get("name", chosen.own_id)),)
            state = adopt(kind.resource, self._client, inputs, chosen.id)
            existing = Existing(**vars(chosen), names=names, adopted=state, is_whole=inputs == whole)
            self._scope.require(existing)
        except _REFUSALS as refusal:
            if isinstance(refusal, _GONE) and self._scope.chosen is None:
                raise  # it was in a list a moment ago
            what = _reason(kind, refusal.event)
            content.left_out.append(f"{chosen.origin} is not moved: {what}" if chosen.origin else capitalized(what))
            return
        content.differences += _differences(chosen, inputs)
        content.objects.append(existing)

    def _narrowed(self, kind: AdoptedKind, inputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The inputs with the limits to declare; None if there are none. Inputs of other kinds stay as they are."""
        if kind.resource is ProjectRateLimits:
            limits = ((model, self._differing(model, values)) for model, values in inputs["limits"].items())
            limited = {model: values for model, values in limits if values}
            return {**inputs, "limits": limited} if limited else None
        if kind.resource is ProjectRateLimit:
            values = {name: value for name, value in inputs.items() if name in LIMITS}
            differing = self._differing(inputs["model"], values)
            shown = {name: value for name, value in inputs.items() if name in differing or name not in LIMITS}
            return shown if differing else None
        return inputs

    def _differing(self, model: str, values: Mapping[str, int]) -> dict[str, int]:
        """The limits of a model that differ from the common values; none of a model that is not selected."""
        if not self._scope.patterns.selects(MODEL, model):
            return {}
        # Where only some projects are read, nothing says whether somebody set a limit without a common value.
        only_known = self._scope.compared is not None
        return {
            limit: value
            for limit, value in values.items()
            if self._common.get((model, limit), value if only_known else None) != value
        }


def _reason(kind: AdoptedKind, what: str) -> str:
    """Why an object is omitted, with its kind if the text does not begin with it."""
    noun = noun_of(kind.handler)
    return what if noun and what.lower().startswith(noun.lower()) else f"{kind.name} {what}"


def _differences(chosen: Chosen, inputs: Mapping[str, Any]) -> Iterator[str]:
    """What another tool knows of an object that is not so at OpenAI. Strings in lists may have another order."""
    for name, value in chosen.known.items():
        shown = inputs.get(name, value)
        are_lists = isinstance(value, list) and isinstance(shown, list)
        if shown != value and not (are_lists and sorted(map(repr, value)) == sorted(map(repr, shown))):
            yield f"{chosen.origin}: {name} is {value!r} in the state and {shown!r} at OpenAI"


def read_error(failed: Mapping[Place, Exception]) -> errors.AdminError:
    """The error for lists that could not be read."""
    reasons = " ".join(words.describe(error) for error in list(failed.values())[:_MAX_SHOWN])
    ids = sorted({place.project_id for place in failed if place.project_id})
    kinds = sorted({place.kind.name for place in failed if not place.project_id})
    what = f"Could not read {bounded(', ', [*kinds, *ids])}, so nothing was written: {reasons.rstrip('.')}"
    excluded = [*(f"--exclude kind:{kind}" for kind in kinds), *(f"--exclude {id_}" for id_ in ids[:_MAX_SHOWN])]
    advice = "Run the same command again, or exclude the unreadable kinds and projects: " + " ".join(excluded)
    return errors.AdminError(what, advice)

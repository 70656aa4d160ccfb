"""Compares the resources of an exported stack with their objects at OpenAI. It changes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.cli import authors, connection, recorded, terminal, words
from pulumi_openai_admin.cli.adopt.reading import OF_ONE_LIST
from pulumi_openai_admin.cli.changes import changes_between, is_any_input_compared, uncompared_inputs
from pulumi_openai_admin.cli.recorded import DYNAMIC_PROVIDER, NATIVE_PROVIDER, RecordedResource, name_of
from pulumi_openai_admin.cli.unmanaged import member_ids
from pulumi_openai_admin.engine.outputs import is_wrapped
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.handler import Wanted
from pulumi_openai_admin.handlers.memory import part_of
from pulumi_openai_admin.hosts.native import native_host as native_settings
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.read import current
from pulumi_openai_admin.lifecycle.run import Anchor
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.formats import moment_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.authors import Author, NewestEvent, Search
    from pulumi_openai_admin.cli.changes import Change
    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.http.client import Client

_OF_ONE_OBJECT = (*OF_ONE_LIST, errors.ConfigurationError)
"""Errors that say nothing about other objects; all others end the command."""
_KEY = f"{config.NAMESPACE}:adminApiKey"
_OF_MEMBER = 2
"""The length of the path of a member of a set: `("members", "ada@example.com")`. A longer one is of a value in it."""


@dataclass(frozen=True)
class PlaceInState:
    """Where resources are that are read together: their lists are read once, then freed."""

    provider: str
    """The reference to an explicit provider; empty for the default one."""
    project_id: str
    """Empty for resources of the organization."""
    kind: str = ""
    """The kind of resources of the organization; empty for a project."""


class Stack:
    """The resources of an exported stack, and the settings of its providers. A stack with none is refused."""

    def __init__(self, document: Any) -> None:
        self.places: dict[PlaceInState, list[RecordedResource]] = defaultdict(list)
        self.providers: dict[str, dict[str, Any]] = {"": {}}
        """The inputs of the explicit providers by reference, and of the default ones, with secrets as in the file."""
        self.project_names: dict[str, str] = {}
        """The names of the projects, by id."""
        self.anchors: dict[str, str] = {}
        """By provider, a project that proves the organization of objects whose own proof is encrypted."""
        records = recorded.records_of(document)
        for record in records:
            if record["type"] in (DYNAMIC_PROVIDER, NATIVE_PROVIDER) and not record.get("delete"):
                reference = recorded.reference_of(record) if recorded.is_explicit_provider(record) else ""
                self.providers.setdefault(reference, {}).update(record.get("inputs") or {})
        for resource in RecordedResource.all_in(records):
            if not resource.record.get("delete"):  # the engine has replaced it
                self._add(resource)
        if not self.places:
            what = "The stack has no resources of pulumi-openai-admin"
            raise errors.ConfigurationError(what, "Check that it is the right stack: `pulumi stack ls`.")

    def provider_of(self, record: Mapping[str, Any]) -> str:
        """The provider of a resource; see `PlaceInState.provider`."""
        provider = str(record.get("provider") or "")
        return provider if provider in self.providers else ""

    def _add(self, resource: RecordedResource) -> None:
        provider = self.provider_of(resource.record)
        values, managed = resource.outputs, resource.outputs.get(state.MANAGED)
        project_id = recorded.project_of(resource.declaration, resource.kind, resource.id, values)
        project_id = "" if project_id == recorded.SECRET else project_id  # a setting of an object of the organization
        if resource.kind == "Project" and isinstance(values.get("name"), str):
            self.project_names[resource.id] = values["name"]
        if isinstance(managed, dict) and (anchor := part_of(managed, Anchor).anchor):
            self.anchors.setdefault(provider, anchor)
        if project_id:  # a project of the organization, as good as one that a resource records
            self.anchors.setdefault(provider, project_id)
        self.places[PlaceInState(provider, project_id, "" if project_id else resource.kind)].append(resource)

    def settings(self, max_wait: float, parallel: int) -> tuple[dict[str, config.Settings], list[str]]:
        """The settings by provider, and the names of the explicit providers whose key is encrypted.

        A provider without a key in the state uses the key of the environment, as the default provider does.
        """
        needed, found, skipped = {place.provider for place in self.places}, dict[str, config.Settings](), []
        if "" in needed:
            of_default = _plain_settings(self.providers[""])
            of_default.pop(_KEY, None)
            found[""] = connection.settings(max_wait, parallel, of_default)
        options = {f"{config.NAMESPACE}:maxWaitSeconds": max_wait, f"{config.NAMESPACE}:parallel": parallel}
        for provider in sorted(needed - {""}):
            inputs, name = self.providers[provider], name_of(provider.rpartition("::")[0])
            values = _plain_settings(inputs) | {config.OF_PROVIDER: name}
            if not values.get(_KEY) and any(key in inputs for key in (_KEY, _KEY.rpartition(":")[2])):
                skipped.append(name)
                continue
            mappings = documents.get(inputs, "__internal.envVarMappings")
            texts = {str(key): str(value) for key, value in mappings.items()} if isinstance(mappings, dict) else {}
            found[provider] = connection.of_provider(values | options, texts)
        return found, skipped


def _plain_settings(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are not encrypted, by full name: the native provider has them without the namespace."""
    plain = {full.removeprefix(f"{config.NAMESPACE}:"): recorded.revealed(value) for full, value in inputs.items()}
    return native_settings.named("", {name: value for name, value in plain.items() if not is_wrapped(value)})


def state_of(resource: RecordedResource, anchor: str) -> dict[str, Any]:
    """The state of a resource, with what a read has to know, such as the anchor, where the state has it encrypted."""
    values = dict(resource.outputs)
    if recorded.has_secret(values.get(state.MANAGED)):
        names = resource.input_names(resource.record.get("inputs") or ())
        values[state.MANAGED] = {**state.StepRecord(sorted(names)).to_state(), **Anchor(anchor).to_state()}
    if resource.record.get("external"):  # it is only read
        values.pop(state.MANAGED, None)
    return values


@dataclass
class Compared:
    """A resource, and how it differs from its object at OpenAI."""

    resource: RecordedResource
    place: PlaceInState
    gone: str = ""
    """Why the object is treated as deleted; empty if it exists."""
    is_archived: bool = False
    """Whether that is because its project, or the project itself, was archived."""
    changes: Sequence[Change] = ()
    notes: list[str] = field(default_factory=list)
    """What the next update changes although no value differs, such as a key that was revoked."""
    other_ids: Sequence[str] = ()
    """Ids that OpenAI gave to what belongs to the object, such as its key."""
    member_ids: Mapping[str, str] = field(default_factory=dict)
    """Of a set, the ids of the members by the name that the program has for each."""
    people: Mapping[str, str] = field(default_factory=dict)
    """The addresses of users that a list names by id."""
    author: Author | None = None
    """Who changed the object as a whole: the newest event that is about it."""
    authors: Sequence[Author | None] = ()
    """Who changed each value; empty before the audit log was read."""
    not_read: str = ""
    """Why it could not be read; empty if it was."""
    announcements: list[str] = field(default_factory=list)
    """What will become due in the next days, such as the end of access for a limited time."""
    is_with_project_key: bool = False
    """Whether it was not read, because it is read with an API key that the state has encrypted."""
    has_secret: bool = False
    """Whether it has inputs that were not compared, because they are secret."""
    uncompared: Sequence[str] = ()
    """The names of these inputs that OpenAI shows."""
    is_compared: bool = False
    """Whether anything was compared that the program sets: not if all of that is secret."""

    @property
    def differs(self) -> bool:
        """Whether the next update, or a refresh, changes anything."""
        return bool(self.gone or self.changes or self.notes)


def compare(stack: Stack, by_provider: Mapping[str, Client]) -> list[Compared]:
    """Read and compare the resources of the given providers, several places at a time; returns them place by place."""
    places = [place for place in stack.places if place.provider in by_provider]
    found: dict[PlaceInState, list[Compared]] = {}
    parallel = max((client.parallel for client in by_provider.values()), default=1)
    with terminal.progress("Comparing", sum(len(stack.places[place]) for place in places)) as bar:

        def compared(place: PlaceInState) -> list[Compared]:
            own = connection.with_own_lists(by_provider[place.provider])
            results = []
            for resource in stack.places[place]:
                results.append(_compared(resource, own, place, stack))
                bar.advance(bar.task_ids[0])
            return results

        for place, result in connection.run_concurrently(compared, places, parallel):
            if isinstance(result, Exception):
                raise result
            found[place] = result
    return [it for place in places for it in found[place]]


def _compared(resource: RecordedResource, client: Client, place: PlaceInState, stack: Stack) -> Compared:
    found = Compared(resource, place, is_with_project_key=bool(resource.resource_class.handler.traits.project_key))
    if found.is_with_project_key:
        return found
    values = state_of(resource, stack.anchors.get(place.provider, ""))
    try:
        _compare_values(found, values, client)
    except _OF_ONE_OBJECT as error:
        found.not_read = words.describe(error)
    found.has_secret = any(recorded.has_secret(values.get(field.stored)) for field in resource.declaration.inputs)
    found.uncompared = uncompared_inputs(resource, values)
    found.is_compared = found.differs or is_any_input_compared(resource.declaration, values)
    return found


def _compare_values(found: Compared, values: Mapping[str, Any], client: Client) -> None:
    resource = found.resource
    class_, declaration = resource.resource_class, resource.declaration
    outputs = declaration.with_role(FieldRole.OUTPUT)
    ids = (state.known(values, field.stored) for field in outputs if field.name.endswith("_id"))
    found.other_ids = [value for value in ids if isinstance(value, str) and not recorded.has_secret(value)]
    readable = {name: value for name, value in values.items() if not recorded.has_secret(value)}
    try:
        with client.requestor.only_reads(), client.operation():
            news = current(class_, client, resource.id, readable).outputs.values
    except errors.ParentNotFoundError:  # it may belong to another organization
        raise
    except errors.ResourceGoneError as gone:
        found.gone = gone.event
        found.is_archived = isinstance(gone, errors.ProjectArchivedError) or resource.kind == "Project"
        return
    if recorded.has_secret(resource.outputs.get(state.MANAGED)):  # outputs that are made from it are empty now
        empty = {field.stored for field in outputs if state.known(news, field.stored) in (None, {}, [])}
        values = {name: value for name, value in values.items() if name not in empty}
    found.changes = changes_between(resource, values, news)
    known = {(action.what, action.purpose) for action in state.record(values).actions}
    found.notes = [action.what for action in state.record(news).actions if (action.what, action.purpose) not in known]
    handler, now = class_.handler, client.clock.now()
    if handler.is_scheduled(news) and now is not None:  # access that ends soon, or has ended and is still there
        remote = state.to_remote(declaration, resource.id, news)
        wanted = Wanted({}, {}, remote.options)
        found.announcements += handler.announcements(remote, wanted, now)
        found.notes += [action.what for action in handler.pending_actions(remote, wanted, now)]
    found.member_ids = member_ids(declaration, values, news)


def attribute(differences: Sequence[Compared], read: Callable[[Search], None]) -> None:
    """Find out who changed what in one organization, from the window of the audit log."""
    search = authors.Search()
    looked_for = []
    for difference in differences:
        since = moment_seconds(difference.resource.record.get("modified"))
        looked_for.append([search.look_for(event, since) if event else None for event in _events(difference)])
    read(search)
    for difference, events in zip(differences, looked_for, strict=True):
        author, *difference.authors = [event.author if event else None for event in events]
        newest = max(filter(None, difference.authors), key=lambda author: author.at or 0, default=None)
        difference.author = author or newest


def _events(difference: Compared) -> Iterator[NewestEvent | None]:
    """The events to look for, about a resource, then about each of its values; None where OpenAI has none."""
    resource = difference.resource.resource_class
    logged = resource.handler.audit_events
    types = logged.ended if difference.gone else logged.types
    project_id = difference.place.project_id
    if difference.gone and project_id:
        types |= {authors.ARCHIVED}
    outside = frozenset(logged.outside) if difference.gone else frozenset()
    parents, own_id = state.split_id(resource.declaration, difference.resource.id)
    inside = authors.principals_in(parents)
    is_set = bool(resource.handler.path_of_each)
    ids = frozenset() if is_set else frozenset([own_id, *difference.other_ids])
    whole = authors.NewestEvent(types, ids, inside, project_id, frozenset() if is_set else outside)
    has_events = bool(logged.types)
    yield whole if has_events and (difference.gone or not is_set) else None
    for change in difference.changes:
        event = _of_member(logged, inside, change, difference) if is_set else whole
        yield replace(event, field=change.path[-1]) if event and has_events else None


def _of_member(logged: AuditEvents, inside: frozenset[str], change: Change, difference: Compared) -> NewestEvent | None:
    """The member of a set that a change is about: a key of a mapping, or an item of a list."""
    if not change.is_item and len(change.path) == 1:
        return None
    member = str(change.item) if change.is_item else change.path[1]
    ids, project_id = frozenset([difference.member_ids.get(member, member)]), difference.place.project_id
    if change.after is None and len(change.path) <= _OF_MEMBER:
        return authors.NewestEvent(logged.ended, ids, inside, project_id, frozenset(logged.outside))
    return authors.NewestEvent(logged.types, ids, inside, project_id)

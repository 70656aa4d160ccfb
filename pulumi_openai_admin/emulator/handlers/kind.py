"""A kind of object (its name, where it is, what it belongs to and refers to), and the organization of all kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pulumi_openai_admin.emulator.handlers.behavior import Behavior
from pulumi_openai_admin.emulator.handlers.bodies import Body, NoBody, Query
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.store.catalogue import Catalogue, Row
from pulumi_openai_admin.emulator.store.identifiers import new_id, new_unseen_id
from pulumi_openai_admin.emulator.store.store import Record, RecordStore

if TYPE_CHECKING:
    from pydantic import BaseModel

PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Actor:
    """Who makes a call: the owner of an API key, or a person in a browser."""

    key_id: str = ""
    """The tracking id of the key; empty for a session in a browser."""
    user_id: str = ""
    email: str | None = None
    project_id: str = ""
    """The project of the key; empty for an Admin API key."""


@dataclass
class Request:
    """One call of an operation, with everything checked that its schemas say."""

    organization: Organization
    operation: Operation
    ids: Mapping[str, str]
    """The ids in the path, by name."""
    query: Any
    """The query string, as the operation's schema has it."""
    body: Any
    """The body, as the operation's schema has it."""
    actor: Actor

    @property
    def store(self) -> RecordStore:
        return self.organization.store

    @property
    def behavior(self) -> Behavior:
        return self.organization.behavior

    @property
    def now(self) -> int:
        """The time that responses show, in Unix seconds."""
        return self.organization.behavior.now()


Answer = Callable[[Request], Any]
"""Carries out a call, and gives what the response shows."""


@dataclass(frozen=True)
class Operation:
    """What a kind offers at one path."""

    method: str
    path: str
    """The template below the base path, such as `/organization/groups/{group_id}`."""
    verb: str
    """`create`, `retrieve`, `update`, `list`, `delete`, or another word for what it does."""
    kind: Kind
    answer: Answer
    body: type[BaseModel] = NoBody
    takes_no_body: bool = True
    """Whether the call may come without a body."""
    query: type[Query] = Query
    creates: bool = False
    """Whether a success has the status of a create."""
    in_thread: bool = False
    """Whether it reads the whole organization: in a thread, without a transaction, so that other calls go on."""

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the ids in the path."""
        return tuple(PARAMETER.findall(self.path))


AnswerT = TypeVar("AnswerT", bound=Callable[..., Any])


def action(method: str, path: str, **more: Any) -> Callable[[AnswerT], AnswerT]:
    """Make a method of a kind an operation beyond the usual ones; its name is the verb.

    `path` follows that of the collection, or that of the control API if it begins with `/_emulator`. `more` are
    further fields of the `Operation`.
    """

    def mark(answer: AnswerT) -> AnswerT:
        answer.action = (method, path, more)  # type: ignore[attr-defined]
        return answer

    return mark


CONTROL_PATH = "/_emulator"
"""Where the control API begins."""


class Organization:
    """All objects, and what else is deleted when one of them is."""

    def __init__(self, behavior: Behavior, store: RecordStore, kinds: Sequence[Kind]) -> None:
        self.behavior = behavior
        self.store = store
        self.kinds = {kind.name: kind for kind in kinds}
        self.catalogue = Catalogue()
        self._lags: dict[tuple[str, str, str], tuple[float, int]] = {}
        """Until when new objects are not seen yet, and for how many reads."""

    def clear(self) -> None:
        self.store.clear()
        self._lags.clear()

    def new_id(self, prefix: str) -> str:
        return new_unseen_id() if self.behavior.unseen_ids else new_id(prefix)

    def rate_limits(self) -> Mapping[str, Row]:
        """Give the rate limits of a project by id, in the list's order."""
        return self.catalogue.rows(self.behavior.rate_limit_rows, unseen_ids=self.behavior.unseen_ids)

    def remove(self, record: Record) -> None:
        """Delete a record, with all that is below it or refers to it."""
        record.deleted_at = self.behavior.now()
        self.store.update(record)
        for kind in self.kinds.values():
            for dependent in kind.dependents_of(self, record):
                self.remove(dependent)

    def hide_for_a_while(self, record: Record, seconds: float, reads: int) -> None:
        """Keep a new object from being seen for a time and for a number of reads."""
        if seconds or reads:
            self._lags[record.kind, record.parent, record.id] = (self.behavior.monotonic() + seconds, reads)

    def is_seen(self, record: Record) -> bool:
        """Return whether a new object is seen yet, and count the read."""
        place = (record.kind, record.parent, record.id)
        until, reads = self._lags.pop(place, (0.0, 0))
        if reads == 0 and self.behavior.monotonic() >= until:
            return True
        self._lags[place] = (until, max(0, reads - 1))
        return False


class Kind:
    """What every kind declares. `Collection` and `Setting` add what their shape needs."""

    name: ClassVar[str]
    """Its name in the store, in a seed and in the state that the control API shows."""
    noun: ClassVar[str] = ""
    """Its name in messages; where it is not given, the name with spaces."""
    path: ClassVar[str]
    """The path of the collection, or of the object itself where there is only one."""
    object: ClassVar[str] = ""
    """What responses have for `object`; empty where they have none."""
    parent: ClassVar[Kind | None] = None
    """The kind it is below: it has to exist, and takes everything below it along when it is deleted."""
    references: ClassVar[Mapping[str, str]] = {}
    """Which names in its content (`id`: its own id) hold the id of which kind: it is deleted with that object."""
    indexed: ClassVar[tuple[str, ...]] = ()
    """Further names in its content by which records are found."""
    unique: ClassVar[tuple[str, ...]] = ()
    """Names in its content whose values no two objects below the same parent may share."""
    event: ClassVar[str] = ""
    """What the audit log calls it: `group`, if its events are `group.created`, `group.updated` and `group.deleted`."""
    event_types: ClassVar[Mapping[str, str]] = {}
    """The event for each verb that has another one than `event` says, or that is no usual verb."""
    event_fields: ClassVar[Mapping[str, str]] = {}
    """Which fields an event shows, and under which names."""
    has_bare_not_found: ClassVar[bool] = False
    """Whether the specification's examples show a parent's 404 without the wrapper `error`."""
    needs_project_key: ClassVar[bool] = False
    """Whether its operations take the API key of a project, and refuse Admin API keys. The project of the key is then
    the id `project_id` of a call."""
    described_by: ClassVar[str] = ""
    """Where OpenAI describes its operations, if the official SDK does not have them; empty if the SDK has them."""
    outside_sdk: ClassVar[Mapping[str, str]] = {}
    """Properties that the official SDK does not have yet, and where OpenAI describes each."""
    not_found: ClassVar[str] = ""
    """OpenAI's words for an id of this kind that nothing has, which come without a code."""
    seed_body: ClassVar[type[Body] | None] = None
    """What a seed says of one object, besides the ids in its path; None where a seed has none of this kind."""

    @property
    def title(self) -> str:
        """Its name in messages."""
        return self.noun or self.name.replace("_", " ")

    @property
    def fields_to_find_by(self) -> tuple[str, ...]:
        """The names in its content that the store has an index for."""
        return tuple(dict.fromkeys([*self.indexed, *(name for name in self.references if name != "id"), *self.unique]))

    @cached_property
    def path_names(self) -> tuple[str, ...]:
        """The names of the ids in the path of the collection."""
        return tuple(PARAMETER.findall(self.path))

    def operations(self) -> list[Operation]:
        """Give what the API offers of it."""
        return [*self._actions(is_control=False)]

    def control_operations(self) -> list[Operation]:
        """Give what people can do with it outside the API."""
        return [*self._actions(is_control=True)]

    def _actions(self, *, is_control: bool) -> Iterator[Operation]:
        """Make an operation of each method that is marked as an `action`, in the order of the class."""
        for name in dict.fromkeys(name for base in reversed(type(self).__mro__) for name in vars(base)):
            marked = getattr(getattr(type(self), name, None), "action", None)
            if marked is not None and marked[1].startswith(CONTROL_PATH) == is_control:
                method, path, more = marked
                place = path if is_control else self.path + path
                yield Operation(method, place, kind=self, answer=getattr(self, name), **{"verb": name, **more})

    # --- where it is ---

    def parent_key(self, ids: Mapping[str, str]) -> str:
        """Give what its records have for parent."""
        return "/".join(ids[name] for name in self.path_names)

    def require_parent(self, request: Request) -> Record | None:
        """Find what it is below, or refuse the call. The API does it before each operation."""
        if self.parent is None:
            return None
        record = self.parent.require(request)
        self.parent.admit(request, record)
        return record

    def require(self, request: Request) -> Record:
        """Find the record that a path names, or refuse the call."""
        raise NotImplementedError

    def admit(self, request: Request, record: Record) -> None:
        """Refuse a call to what is below a record, such as an archived project."""

    def missing(self, request: Request, record_id: str) -> Refused:
        """Give the refusal of an id that nothing has."""
        return Refused(404, self.not_found.format(record_id)) if self.not_found else not_found(self.title, record_id)

    def dependents_of(self, organization: Organization, record: Record) -> list[Record]:
        """Give its records that end when another one is deleted: those below it and those that refer to it."""
        store = organization.store
        found: list[Record] = []
        if self.parent is not None and self.parent.name == record.kind:
            found += store.children(self.name, "/".join(part for part in (record.parent, record.id) if part))
        for name, kind in self.references.items():
            if kind == record.kind:
                same = store.with_id(self.name, record.id) if name == "id" else store.find(self.name, name, record.id)
                found += [other for other in same if self.is_same_place(other, record)]
        return found

    def is_same_place(self, record: Record, referred: Record) -> bool:
        """Return whether a record refers to this very object: below a project, only to what is in the same project."""
        return not referred.parent or record.parent.split("/")[0] == referred.parent.split("/")[0]

    # --- the audit log ---

    def event_type(self, verb: str) -> str | None:
        """Give the event that OpenAI writes for a verb; None if there is none."""
        usual = {"create": "created", "update": "updated", "delete": "deleted"}
        return self.event_types.get(verb) or (f"{self.event}.{usual[verb]}" if self.event and verb in usual else None)

    def log_event(self, request: Request, verb: str, record: Record, fields: Mapping[str, Any] | None = None) -> None:
        """Write the event of a change, if OpenAI has one.

        "Any admin actions taken via Admin API keys are associated with the default project", where no other is named.
        """
        event_type = self.event_type(verb)
        if event_type is None:
            return
        event_id = request.organization.new_id("audit_log-")
        project = _project_of(request)
        content = {
            "id": event_id,
            "type": event_type,
            "effective_at": request.now,
            **({} if project is None else {"project": {"id": project.id, "name": project["name"]}}),
            "actor": _shown(request.actor),
            event_type: self.event_detail(verb, record, record.content if fields is None else fields),
        }
        request.store.append(
            content,
            project_id="" if project is None else project.id,
            actor_id=request.actor.key_id,
            owner_id=request.actor.user_id,
            actor_email=request.actor.email,
            resource_id=record.id,
        )

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Give what an event says beside its type: the id, and what was sent."""
        shown = {name: fields[field] for field, name in self.event_fields.items() if field in fields}
        key = {"create": "data", "update": "changes_requested"}.get(verb)
        return {"id": record.id} if key is None or not self.event_fields else {"id": record.id, key: shown}

    # --- the state that the control API shows ---

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Return whether a record that is not deleted shows something that exists."""
        return True

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Make one object of a seed."""
        raise NotImplementedError


def _project_of(request: Request) -> Record | None:
    project_id = request.ids.get("project_id")
    if project_id is not None:
        return request.store.get("project", project_id)
    defaults = request.store.find("project", "is_default", 1) if request.actor.key_id else []
    return defaults[0] if defaults else None


def _shown(actor: Actor) -> dict[str, Any]:
    """Show who acted; what is not known is absent, since the specification allows no null there."""
    user = {name: value for name, value in (("id", actor.user_id), ("email", actor.email)) if value}
    if actor.key_id:
        return {"type": "api_key", "api_key": {"id": actor.key_id, "type": "user", "user": user}}
    return {"type": "session", "session": {"user": user, "ip_address": "127.0.0.1"}}

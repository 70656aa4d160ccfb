"""A kind of object: its name, where it is, what it belongs to and what it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.emulator.handlers import events
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.handlers.operation import PARAMETER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.handlers.body import Body
    from pulumi_openai_admin.emulator.handlers.operation import Operation, Request
    from pulumi_openai_admin.emulator.handlers.organization import Organization
    from pulumi_openai_admin.emulator.store.record import Record


class Kind:
    """What every kind declares. The handlers beside this module add what their shape needs."""

    name: ClassVar[str]
    """Its name in the store, in a seed and in the state that the control API shows."""
    noun: ClassVar[str] = ""
    """Its name in messages; where it is not given, the name with spaces."""
    path: ClassVar[str]
    """The path of the collection, or of the object itself where there is only one."""
    parent: ClassVar[Kind | None] = None
    """The kind it is below: it has to exist, and takes everything below it along when it is deleted."""
    references: ClassVar[Mapping[str, str]] = {}
    """Which names in its content (`id`: its own id) hold the id of which kind: it is deleted with that object."""
    indexed: ClassVar[tuple[str, ...]] = ()
    """Further names in its content by which records are found."""
    event_types: ClassVar[Mapping[str, str]] = {}
    """The event of the audit log for each verb: `{"create": "group.created"}`."""
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
    seed_body: ClassVar[type[Body] | None] = None
    """What a seed says of one object, besides the ids in its path; None where a seed has none of this kind."""

    @property
    def title(self) -> str:
        """Its name in messages."""
        return self.noun or self.name.replace("_", " ")

    @property
    def fields_to_find_by(self) -> tuple[str, ...]:
        """The names in its content that the store has an index for."""
        return tuple(dict.fromkeys([*self.indexed, *(name for name in self.references if name != "id")]))

    @property
    def path_names(self) -> tuple[str, ...]:
        """The names of the ids in the path of the collection."""
        return tuple(PARAMETER.findall(self.path))

    def operations(self) -> list[Operation]:
        """Give what the API offers of it."""
        raise NotImplementedError

    def control_operations(self) -> list[Operation]:
        """Give what people can do with it outside the API; the paths are below `/_emulator`."""
        return []

    # --- where it is ---

    def parent_key(self, ids: Mapping[str, str]) -> str:
        """Give what its records have for parent."""
        return "/".join(ids[name] for name in self.path_names)

    def require_parent(self, request: Request) -> Record | None:
        """Find what it is below, or refuse the call."""
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
        return not_found(self.title, record_id)

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
        """Say whether a record refers to this very object: one below a project only to what is in the same project."""
        return not referred.parent or record.parent.split("/")[0] == referred.parent.split("/")[0]

    # --- the audit log ---

    def log_event(self, request: Request, verb: str, record: Record, fields: Mapping[str, Any] | None = None) -> None:
        """Write the event of a change, if OpenAI has one."""
        event_type = self.event_types.get(verb)
        if event_type is not None:
            detail = self.event_detail(verb, record, record.content if fields is None else fields)
            events.write(request, event_type, record.id, detail)

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Give what an event says beside its type: the id, and what was sent."""
        shown = {name: fields[field] for field, name in self.event_fields.items() if field in fields}
        key = {"create": "data", "update": "changes_requested"}.get(verb)
        return {"id": record.id} if key is None or not self.event_fields else {"id": record.id, key: shown}

    # --- the state that the control API shows ---

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Say whether a record that is not deleted shows something that exists."""
        return True

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Make one object of a seed."""
        raise NotImplementedError

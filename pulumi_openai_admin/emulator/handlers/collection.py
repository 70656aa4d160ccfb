"""A collection: objects that are created, retrieved, updated, listed and deleted, or some of this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pulumi_openai_admin.emulator.handlers.body import NoBody, Query
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Kind
from pulumi_openai_admin.emulator.handlers.operation import Operation
from pulumi_openai_admin.emulator.handlers.paging import LastId, Paging, Records
from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.handlers.body import Body
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.handlers.organization import Organization
    from pulumi_openai_admin.emulator.handlers.paging import OrderedItems

Verb = Literal["create", "retrieve", "update", "list", "delete"]


class Collection(Kind):
    """Objects below one path. What is special about a kind overrides a method."""

    id_name: ClassVar[str]
    """The name of an object's id in its path."""
    id_prefix: ClassVar[str] = ""
    object: ClassVar[str] = ""
    """What responses have for `object`; empty where they have none."""
    deleted_object: ClassVar[str] = ""
    """What the response to a delete has for `object`; where it is not given, `object` and `.deleted`."""
    verbs: ClassVar[tuple[Verb, ...]] = ("create", "retrieve", "update", "list", "delete")
    create_body: ClassVar[type[Body]] = NoBody
    update_body: ClassVar[type[Body]] = NoBody
    list_query: ClassVar[type[Query]] = Query
    retrieve_query: ClassVar[type[Query]] = Query
    paging: ClassVar[Paging] = LastId()
    unique: ClassVar[tuple[str, ...]] = ()
    """Fields that no two objects below the same parent may share."""

    @property
    def fields_to_find_by(self) -> tuple[str, ...]:
        """Add what is unique."""
        return tuple(dict.fromkeys([*super().fields_to_find_by, *self.unique]))

    def operations(self) -> list[Operation]:
        """Give an operation for each verb."""
        item = f"{self.path}/{{{self.id_name}}}"
        create, update = self.create_body, self.update_body
        known: dict[Verb, Operation] = {
            "list": Operation("GET", self.path, "list", self, self.list, query=self.paging.query(self.list_query)),
            "create": Operation(
                "POST", self.path, "create", self, self.create, body=create, takes_no_body=False, creates=True
            ),
            "retrieve": Operation("GET", item, "retrieve", self, self.retrieve, query=self.retrieve_query),
            "update": Operation("POST", item, "update", self, self.update, body=update, takes_no_body=False),
            "delete": Operation("DELETE", item, "delete", self, self.delete),
        }
        return [known[verb] for verb in self.verbs]

    # --- the operations ---

    def create(self, request: Request) -> dict[str, Any]:
        """Create an object."""
        self.require_parent(request)
        record = self.make(request, self.new_id(request))
        self.log_event(request, "create", record)
        return self.show_created(request, record)

    def retrieve(self, request: Request) -> dict[str, Any]:
        """Show one object."""
        record = self.require(request)
        if not request.organization.is_seen(record):
            raise self.missing(request, record.id)
        return self.show(request, record)

    def update(self, request: Request) -> dict[str, Any]:
        """Change an object."""
        record, given = self.require(request), request.body.given()
        content = self.changed(request, record, given)
        self._refuse_twins(request, content, record)
        before, record.content = record.content, content
        request.organization.store.update(record)
        self.log_event(request, "update", record, self.requested(before, given))
        return self.show_updated(request, record)

    def list(self, request: Request) -> dict[str, Any]:
        """Show a page of objects."""
        self.require_parent(request)
        return self.paging.page(self.listing(request), request.query, lambda record: self.show_listed(request, record))

    def delete(self, request: Request) -> dict[str, Any]:
        """Delete an object, with all that depends on it."""
        record = self.require(request)
        self.check_delete(request, record)
        request.organization.remove(record)
        self.log_event(request, "delete", record)
        return self.show_deleted(request, record)

    # --- what a kind may override ---

    def new_id(self, request: Request) -> str:
        """Make the id of a new object."""
        return request.organization.new_id(self.id_prefix)

    def content(self, request: Request) -> dict[str, Any]:
        """Give the content of a new object: the body's fields and the time. Refuse what is not allowed."""
        return {**request.body.model_dump(), "created_at": request.now}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Give the content of a changed object. Refuse what is not allowed."""
        return {**record.content, **given}

    def requested(self, before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Give the fields of which the event of an update shows some."""
        return given

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse to delete an object that has to stay."""

    def exists(self, request: Request, record: Record) -> bool:
        """Say whether a record that is not deleted is there for this call."""
        return True

    def is_listed(self, request: Request, record: Record) -> bool:
        """Say whether the list shows a record."""
        return request.organization.is_seen(record)

    def lag(self, request: Request) -> tuple[float, int]:
        """Say for how many seconds and for how many reads a new object is not seen."""
        return 0, 0

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give an object as responses show it."""
        shown = {name: value for name, value in record.content.items() if not name.startswith("_")}
        return {**({"object": self.object} if self.object else {}), "id": record.id, **shown}

    def show_created(self, request: Request, record: Record) -> dict[str, Any]:
        """Give an object as the response to its creation shows it."""
        return self.show(request, record)

    def show_updated(self, request: Request, record: Record) -> dict[str, Any]:
        """Give an object as the response to an update shows it."""
        return self.show(request, record)

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        """Give an object as the list shows it."""
        return self.show(request, record)

    def show_deleted(self, request: Request, record: Record) -> dict[str, Any]:
        """Give the response to a delete."""
        return {"object": self.deleted_object or f"{self.object}.deleted", "id": record.id, "deleted": True}

    def listing(self, request: Request) -> OrderedItems[Record]:
        """Give what the list is cut from."""
        store, parent = request.organization.store, self.parent_key(request.ids)
        return Records(store, self.name, parent, lambda record: self.is_listed(request, record))

    # --- what all of them share ---

    def require(self, request: Request) -> Record:
        """Find the record that the path names, or refuse the call."""
        self.require_parent(request)
        record_id = request.ids[self.id_name]
        record = request.organization.store.get(self.name, record_id, self.parent_key(request.ids))
        if record is None or not self.exists(request, record):
            raise self.missing(request, record_id)
        return record

    def make(self, request: Request, record_id: str) -> Record:
        """Keep a new object of the request's body."""
        content = self.content(request)
        self._refuse_twins(request, content)
        record = Record(self.name, record_id, self.parent_key(request.ids), content)
        request.organization.store.insert(record)
        request.organization.hide_for_a_while(record, *self.lag(request))
        return record

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Make one object of a seed."""
        self.require_parent(request)
        return self.make(request, record_id or self.new_id(request))

    def all(self, organization: Organization, parent: str = "") -> Iterator[Record]:
        """Give all objects below a parent."""
        return organization.store.children(self.name, parent)

    def _refuse_twins(self, request: Request, content: dict[str, Any], record: Record | None = None) -> None:
        for name in self.unique:
            parent = self.parent_key(request.ids)
            for twin in request.organization.store.find(self.name, name, content.get(name)):
                if twin.parent == parent and (record is None or twin.id != record.id):
                    message = f"The {self.title} {twin.id} already has this {name}."
                    raise Refused(400, message, code="already_exists", param=name)

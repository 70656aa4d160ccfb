"""The shapes of kinds.

Collections are objects that are created, retrieved, updated, listed and deleted, or some of this. Memberships are
collections of what exists already. Settings are one object below a path.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import create_model

from pulumi_openai_admin.emulator.handlers.bodies import NoBody, Query
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Kind, Operation
from pulumi_openai_admin.emulator.handlers.paging import LastId, Paging, Records
from pulumi_openai_admin.emulator.store.store import Record

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.bodies import Body
    from pulumi_openai_admin.emulator.handlers.kind import Organization, Request
    from pulumi_openai_admin.emulator.handlers.paging import ListedItems


Verb = Literal["create", "retrieve", "update", "list", "delete"]


class Collection(Kind):
    """Objects below one path. What is special about a kind overrides a method."""

    id_name: ClassVar[str] = ""
    """The name of an object's id in its path, if it is another one than the path says: `group_id` of `/groups`."""
    id_prefix: ClassVar[str] = ""
    deleted_object: ClassVar[str | None] = ""
    """What the response to a delete has for `object`; empty for `object` and `.deleted`, None if it is the object."""
    deleted_has_id: ClassVar[bool] = True
    """Whether that response has the id."""
    verbs: ClassVar[tuple[Verb, ...]] = ("create", "retrieve", "update", "list", "delete")
    create_body: ClassVar[type[Body]] = NoBody
    update_body: ClassVar[type[Body]] = NoBody
    list_query: ClassVar[Mapping[str, Any]] = {}
    """Parameters of the list, each with its type and its default."""
    narrowed_by: ClassVar[Mapping[str, Any]] = {}
    """The parameters that narrow the list to objects with this value of the same name, and their types."""
    retrieve_query: ClassVar[Mapping[str, Any]] = {}
    """Parameters of `retrieve`, each with its type and its default."""
    changes_with: ClassVar[str] = "POST"
    """The method of `update`."""
    paging: ClassVar[Paging] = LastId()
    times: ClassVar[tuple[str, ...]] = ("created_at",)
    """What a new object has the time for; `updated_at` is that of the last update."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.id_name and hasattr(cls, "path"):
            cls.id_name = f"{cls.path.rpartition('/')[2].removesuffix('s')}_id"

    @property
    def item(self) -> str:
        return f"{self.path}/{{{self.id_name}}}"

    def operations(self) -> list[Operation]:
        item = self.item
        create: dict[str, Any] = {"body": self.create_body, "takes_no_body": False, "creates": True}
        narrowing = {name: (kind | None, None) for name, kind in self.narrowed_by.items()}
        list_query = self.paging.query(Query, **self.list_query, **narrowing)
        retrieve_query: type[Query] = create_model("RetrieveQuery", __base__=Query, **self.retrieve_query)
        known: dict[Verb, Operation] = {
            "list": Operation("GET", self.path, "list", self, self.list, query=list_query),
            "create": Operation("POST", self.path, "create", self, self.create, **create),
            "retrieve": Operation("GET", item, "retrieve", self, self.retrieve, query=retrieve_query),
            "update": Operation(
                self.changes_with, item, "update", self, self.update, body=self.update_body, takes_no_body=False
            ),
            "delete": Operation("DELETE", item, "delete", self, self.delete),
        }
        return [*(known[verb] for verb in self.verbs), *super().operations()]

    # --- the operations ---

    def create(self, request: Request) -> dict[str, Any]:
        """Create an object."""
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
        record, before = self.change(request)
        self.log_event(request, "update", record, self.requested(before, request.body.given()))
        return self.show_updated(request, record)

    def list(self, request: Request) -> dict[str, Any]:
        """Show a page of objects."""
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
        return request.organization.new_id(self.id_prefix)

    def content(self, request: Request) -> dict[str, Any]:
        """Give the content of a new object: the body's fields and the time. Refuse what is not allowed."""
        return {**request.body.model_dump(), **dict.fromkeys(self.times, request.now)}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Give the content of a changed object. Refuse what is not allowed."""
        return {**record.content, **given, **({"updated_at": request.now} if "updated_at" in self.times else {})}

    def requested(self, before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Give the fields of which the event of an update shows some."""
        return given

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse to delete an object that has to stay."""

    def exists(self, request: Request, record: Record) -> bool:
        """Return whether a record that is not deleted is there for this call."""
        return True

    def is_listed(self, request: Request, record: Record) -> bool:
        """Return whether the list shows a record."""
        wanted = {name: getattr(request.query, name) for name in self.narrowed_by}
        is_wanted = all(value is None or record[name] == value for name, value in wanted.items())
        return request.organization.is_seen(record) and is_wanted

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give an object as responses show it."""
        return {**({"object": self.object} if self.object else {}), "id": record.id, **record.shown()}

    def show_created(self, request: Request, record: Record) -> dict[str, Any]:
        return self.show(request, record)

    def show_updated(self, request: Request, record: Record) -> dict[str, Any]:
        return self.show(request, record)

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        return self.show(request, record)

    def show_deleted(self, request: Request, record: Record) -> dict[str, Any]:
        if self.deleted_object is None:
            return self.show(request, record)
        shown = {"object": self.deleted_object or f"{self.object}.deleted", "id": record.id, "deleted": True}
        return {name: value for name, value in shown.items() if name != "id" or self.deleted_has_id}

    def listing(self, request: Request) -> ListedItems:
        """Give what the list is cut from."""
        parent, is_listed = self.parent_key(request.ids), partial(self.is_listed, request)
        return Records((), request.store, self.name, parent, is_listed)

    # --- what all of them share ---

    def require(self, request: Request) -> Record:
        """Find the record that the path names, or refuse the call."""
        return self.named(request, request.ids[self.id_name])

    def named(self, request: Request, record_id: str, parent: str | None = None) -> Record:
        """Find the record with an id, or refuse the call; `parent`: where it is, if the path does not say it."""
        record = request.store.get(self.name, record_id, self.parent_key(request.ids) if parent is None else parent)
        if record is None or not self.exists(request, record):
            raise self.missing(request, record_id)
        return record

    def to_change(self, request: Request) -> Record:
        """Find what an update changes."""
        return self.require(request)

    def change(self, request: Request) -> tuple[Record, dict[str, Any]]:
        """Keep an object as the request's body changes it; give it, and its content before."""
        record = self.to_change(request)
        content = self.changed(request, record, request.body.given())
        self._refuse_twins(request, content, record)
        before, record.content = record.content, content
        request.store.update(record)
        return record, before

    def make(self, request: Request, record_id: str) -> Record:
        """Keep a new object of the request's body."""
        content = self.content(request)
        self._refuse_twins(request, content)
        record = Record(self.name, record_id, self.parent_key(request.ids), content)
        request.store.insert(record)
        return record

    def seed(self, request: Request, record_id: str | None) -> Record:
        return self.make(request, record_id or self.new_id(request))

    def _refuse_twins(self, request: Request, content: dict[str, Any], record: Record | None = None) -> None:
        for name in self.unique:
            parent = self.parent_key(request.ids)
            for twin in request.store.find(self.name, name, content.get(name)):
                if twin.parent == parent and (record is None or twin.id != record.id):
                    message = f"The {self.title} {twin.id} already has this {name}."
                    raise Refused(400, message, code="already_exists", param=name)


class Membership(Collection):
    """Members below one path; a member's record has the member's own id.

    Adding what is a member already changes nothing and succeeds, if the request is valid. `references` says of which
    kind the members are: `{"id": "user"}`.
    """

    deleted_has_id = False

    def create(self, request: Request) -> dict[str, Any]:
        """Add a member."""
        member = self.member(request)
        existing = request.store.get(self.name, member.id, self.parent_key(request.ids))
        if existing is not None:
            return self.show_created(request, self.add_again(request, existing, self.content(request)))
        record = self.make(request, member.id)
        self.log_event(request, "create", record)
        return self.show_created(request, record)

    def seed(self, request: Request, record_id: str | None) -> Record:
        return self.make(request, self.member(request).id)

    def member(self, request: Request) -> Record:
        """Find the object that the body names as the path of a member does, or refuse the call."""
        return self.member_record(request, getattr(request.body, self.id_name))

    def member_record(self, request: Request, member_id: str) -> Record:
        kind: Any = request.organization.kinds[self.references["id"]]
        found: Record = kind.named(request, member_id)
        return found

    def add_again(self, request: Request, record: Record, content: dict[str, Any]) -> Record:
        """Add what is a member already, with the content that a new member would have: nothing changes."""
        return record


class Setting(Collection):
    """One object below a path, which is always there. The store has it only once it was changed."""

    verbs: ClassVar[tuple[Verb, ...]] = ("retrieve", "update")
    deleted_has_id = False
    initial: ClassVar[Mapping[str, Any]] = {}
    """Its content before anybody changed it."""

    @property
    def item(self) -> str:
        return self.path

    def default(self, parent: str) -> dict[str, Any]:
        """Give the setting's content before anybody changed it."""
        return {**self.initial}

    def stored(self, request: Request) -> Record | None:
        """Find the setting's record, if it was ever changed."""
        return request.store.get(self.name, "", self.parent_key(request.ids))

    def to_change(self, request: Request) -> Record:
        parent = self.parent_key(request.ids)
        return self.stored(request) or Record(self.name, "", parent, self.default(parent))

    def require(self, request: Request) -> Record:
        return self.to_change(request)

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Return whether it differs from its default."""
        return record.content != self.default(record.parent)

    def seed(self, request: Request, record_id: str | None) -> Record:
        return self.change(request)[0]

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        return {name: value for name, value in super().show(request, record).items() if name != "id"}


class OptionalSetting(Setting):
    """A setting that may be absent: an update sets it, `DELETE` removes it, and then `GET` returns 404."""

    verbs = ("retrieve", "update", "delete")

    def require(self, request: Request) -> Record:
        record = self.stored(request)
        if record is None:
            raise self.missing(request, self.parent_key(request.ids) or "of the organization")
        return record

"""A membership: an object that exists elsewhere is put into a collection, and removed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import not_found

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


class Membership(Collection):
    """Members below one path; a member's record has the member's own id.

    Adding what is a member already changes nothing and succeeds, if the request is valid. `references` says of which
    kind the members are: `{"id": "user"}`.
    """

    member_field: ClassVar[str]
    """The field of the body that names the member."""

    def create(self, request: Request) -> dict[str, Any]:
        """Add a member."""
        self.require_parent(request)
        member = self.member(request)
        existing = request.organization.store.get(self.name, member.id, self.parent_key(request.ids))
        if existing is not None:
            return self.show_created(request, self.add_again(request, existing, self.content(request)))
        record = self.make(request, member.id)
        self.log_event(request, "create", record)
        return self.show_created(request, record)

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Make one membership of a seed."""
        self.require_parent(request)
        return self.make(request, self.member(request).id)

    def member(self, request: Request) -> Record:
        """Find the object that the body names, or refuse the call."""
        return self.member_record(request, getattr(request.body, self.member_field))

    def member_record(self, request: Request, member_id: str) -> Record:
        """Find a member's own record."""
        kind = request.organization.kinds[self.references["id"]]
        record = request.organization.store.get(kind.name, member_id)
        if record is None:
            raise not_found(kind.title, member_id)
        return record

    def add_again(self, request: Request, record: Record, content: dict[str, Any]) -> Record:
        """Add what is a member already, with the content that a new member would have: nothing changes."""
        return record

    def show_deleted(self, request: Request, record: Record) -> dict[str, Any]:
        """Give the response to a delete: it has no id."""
        return {name: value for name, value in super().show_deleted(request, record).items() if name != "id"}

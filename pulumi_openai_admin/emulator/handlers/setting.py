"""Settings: one object below a path, which is always there, or which may be absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.emulator.handlers.kind import Kind, NoBody, Operation
from pulumi_openai_admin.emulator.store.store import Record

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.kind import Body, Organization, Request


class Setting(Kind):
    """A setting that is always there: `GET` and `POST`. The store has it only once it was changed."""

    object: ClassVar[str] = ""
    update_body: ClassVar[type[Body]] = NoBody
    initial: ClassVar[Mapping[str, Any]] = {}
    """Its content before anybody changed it."""

    def operations(self) -> list[Operation]:
        """Give `retrieve` and `update`."""
        return [
            Operation("GET", self.path, "retrieve", self, self.retrieve),
            Operation("POST", self.path, "update", self, self.update, body=self.update_body, takes_no_body=False),
        ]

    def retrieve(self, request: Request) -> dict[str, Any]:
        """Show the setting."""
        self.require_parent(request)
        return self.show(request, self.require(request))

    def update(self, request: Request) -> dict[str, Any]:
        """Change the setting."""
        record = self.seed(request, None)
        self.log_event(request, "update", record, request.body.given())
        return self.show(request, record)

    # --- what a kind may override ---

    def default(self, parent: str) -> dict[str, Any]:
        """Give the setting's content before anybody changed it."""
        return {**self.initial}

    def changed(self, request: Request, content: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Give the changed content. Refuse what is not allowed."""
        return {**content, **given}

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give the setting as responses show it."""
        return {**({"object": self.object} if self.object else {}), **record.content}

    # --- what all of them share ---

    def existing(self, request: Request) -> Record | None:
        """Find the setting's record, if it was ever changed."""
        return request.store.get(self.name, "", self.parent_key(request.ids))

    def require(self, request: Request) -> Record:
        """Give the setting's record."""
        parent = self.parent_key(request.ids)
        return self.existing(request) or Record(self.name, "", parent, self.default(parent))

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Show a setting as changed only while it differs from its default."""
        return record.content != self.default(record.parent)

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Keep the setting as a seed or an update changes it."""
        self.require_parent(request)
        parent, existing = self.parent_key(request.ids), self.existing(request)
        before = self.default(parent) if existing is None else existing.content
        changed = Record(self.name, "", parent, self.changed(request, before, request.body.given()))
        (request.store.insert if existing is None else request.store.update)(changed)
        return changed


class OptionalSetting(Setting):
    """A setting that may be absent: `POST` sets it, `DELETE` removes it, and then `GET` returns 404."""

    def operations(self) -> list[Operation]:
        """Give `retrieve`, `update` and `delete`."""
        return [*super().operations(), Operation("DELETE", self.path, "delete", self, self.delete)]

    def delete(self, request: Request) -> dict[str, Any]:
        """Remove the setting."""
        self.require_parent(request)
        record = self.require(request)
        request.organization.remove(record)
        self.log_event(request, "delete", record)
        return {"object": f"{self.object}.deleted", "deleted": True}

    def require(self, request: Request) -> Record:
        """Find the setting's record, or refuse the call."""
        record = self.existing(request)
        if record is None:
            raise self.missing(request, self.parent_key(request.ids) or "of the organization")
        return record

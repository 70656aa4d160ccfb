"""The audit log: who changed what, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from pulumi_openai_admin.emulator.api.event_types import EventType  # noqa: TC001 -- pydantic reads it
from pulumi_openai_admin.emulator.handlers.body import Query
from pulumi_openai_admin.emulator.handlers.kind import Kind
from pulumi_openai_admin.emulator.handlers.operation import Operation
from pulumi_openai_admin.emulator.handlers.paging import LastId

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.store import RecordStore

_Condition = tuple[str, Sequence[object]]
_Event = tuple[int, dict[str, Any]]
_CHUNK = 200


class _TimeBounds(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None


class AuditLogQuery(Query):
    """What the list can be narrowed to."""

    effective_at: _TimeBounds = Field(default_factory=_TimeBounds)
    project_ids: list[str] = Field(default_factory=list)
    event_types: list[EventType] = Field(default_factory=list)
    actor_ids: list[str] = Field(default_factory=list)
    actor_emails: list[str] = Field(default_factory=list)
    resource_ids: list[str] = Field(default_factory=list)
    tenant_only: bool = False

    def conditions(self) -> list[_Condition]:
        """Give the conditions in SQL."""
        signs = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
        times = ((signs[name], value) for name, value in self.effective_at.model_dump(exclude_none=True).items())
        found: list[_Condition] = [(f"effective_at {sign} ?", [value]) for sign, value in times]
        for column, values in (
            ("project_id", self.project_ids),
            ("type", self.event_types),
            ("actor_email", self.actor_emails),
            ("resource_id", self.resource_ids),
        ):
            if values:
                found.append((f"{column} IN ({_marks(values)})", values))
        if self.actor_ids:
            marks = _marks(self.actor_ids)
            found.append((f"(actor_id IN ({marks}) OR owner_id IN ({marks}))", [*self.actor_ids, *self.actor_ids]))
        if self.tenant_only:
            found.append(("type LIKE 'tenant.%'", []))
        return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


class _Events:
    """The events that meet the conditions, as a list of pages."""

    def __init__(self, store: RecordStore, conditions: Sequence[_Condition]) -> None:
        self._store = store
        self._conditions = conditions

    def position(self, cursor: str) -> int | None:
        return self._store.event_position(cursor)

    def items(self, low: int, high: int | None, *, descending: bool) -> Iterator[_Event]:
        while True:
            events = self._store.events(self._conditions, low=low, high=high, descending=descending, limit=_CHUNK)
            yield from events
            if len(events) < _CHUNK:
                return
            low, high = (low, events[-1][0]) if descending else (events[-1][0], high)

    def id_of(self, item: _Event) -> str:
        return str(item[1]["id"])


class AuditLogs(Kind):
    """What every change writes."""

    name = "audit_log"
    path = "/organization/audit_logs"
    paging = LastId(has_before=True, default_order="desc")

    def operations(self) -> list[Operation]:
        """Give the list: nothing else can be done with it."""
        return [Operation("GET", self.path, "list", self, self.list, query=self.paging.query(AuditLogQuery))]

    def list(self, request: Request) -> dict[str, Any]:
        """Show a page of events."""
        events = _Events(request.organization.store, request.query.conditions())
        return self.paging.page(events, request.query, lambda event: event[1])


AUDIT_LOGS = AuditLogs()

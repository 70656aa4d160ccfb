"""The rate limits of a project: rows that OpenAI makes. Only what somebody changed is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.bodies import Query, SomeChange, changes
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Kind, Organization, Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastId, ListedItems
from pulumi_openai_admin.emulator.store.catalogue import FIELDS, Row
from pulumi_openai_admin.emulator.store.store import Record

_UPDATE = changes("ProjectRateLimitUpdateRequest", SomeChange, **dict.fromkeys(FIELDS, Annotated[int, Field(ge=0)]))


class RateLimits(Kind):
    """One row for each model, the same in every project until it is changed."""

    name = "rate_limit"
    path = "/organization/projects/{project_id}/rate_limits"
    parent = PROJECTS
    paging = LastId(default=100, maximum=1000, has_before=True)
    has_bare_not_found = True
    event = "rate_limit"
    event_fields = {name: name for name in FIELDS}

    @action("GET", "", query=paging.query(Query))
    def list(self, request: Request) -> dict[str, Any]:
        """Show every row and its limits."""
        parent, rows = self.parent_key(request.ids), request.organization.rate_limits()
        changed = {record.id: record["limits"] for record in request.store.children(self.name, parent)}
        shown = [Record(self.name, id_, parent, {"limits": changed.get(id_, {})}) for id_ in rows]
        return self.paging.page(ListedItems(shown), request.query, lambda row: _show(rows[row.id], row["limits"]))

    @action("POST", "/{rate_limit_id}", body=_UPDATE, takes_no_body=False)
    def update(self, request: Request) -> dict[str, Any]:
        """Change a row: what the body omits is kept, and 0 is a value."""
        organization, row_id, limits = request.organization, request.ids["rate_limit_id"], request.body.given()
        row = organization.rate_limits().get(row_id)
        if row is None:
            raise self.missing(request, row_id)
        _refuse(organization, row, limits)
        changed = organization.store.get(self.name, row.id, self.parent_key(request.ids))
        kept = changed["limits"] if changed is not None and organization.behavior.keep_omitted_fields else {}
        written = {**kept, **{name: limit for name, limit in limits.items() if row.takes(name)}}
        record = Record(self.name, row.id, self.parent_key(request.ids), {"limits": written})
        if not organization.behavior.loses_write_to(row.id):
            organization.store.update(record)
            self.log_event(request, "update", record, limits)
        return _show(row, written)

    def is_live(self, organization: Organization, record: Record) -> bool:
        """Omit a row that has its first limits again."""
        row = organization.rate_limits().get(record.id)
        return row is None or {**row.limits, **record["limits"]} != row.limits


def _show(row: Row, changed: Mapping[str, int]) -> dict[str, Any]:
    """Give schema ProjectRateLimit: the four fields beyond requests and tokens only where they mean something."""
    return {"object": "project.rate_limit", "id": row.id, "model": row.model, **row.limits, **changed}


def _refuse(organization: Organization, row: Row, limits: Mapping[str, int]) -> None:
    """Refuse the row or the first wrong field: one a response, in the specification's order."""
    status = organization.behavior.refusal_status
    if row.refusal == "not_enabled":
        message = f"The rate limit for model {row.model} is not set for your organization"
        raise Refused(status, message, code="rate_limit_does_not_exist_for_org_and_model")
    if row.refusal == "not_updatable" and organization.behavior.refuse_special_rows:
        raise Refused(status, f"The rate limit {row.id} cannot be updated", code="rate_limit_not_updatable")
    for name in (name for name in FIELDS if name in limits):
        if not row.takes(name) and organization.behavior.refuse_inapplicable_fields:
            message = f"The rate limit type {name} is not valid for model {row.model}"
            raise Refused(status, message, code="invalid_rate_limit_type", param=name)
        ceiling = row.ceilings.get(name)
        if ceiling is not None and limits[name] > ceiling:
            message = f"The {name} for {row.id} cannot exceed the organization rate limit of {float(ceiling)}"
            raise Refused(status, message, code="organization_rate_limit_exceeded")


RATE_LIMITS = RateLimits()

"""The audit log of the organization. It is read page by page, and never as a whole unless a program asks for that."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin.data_sources.functions import INVALID, LookUp
from pulumi_openai_admin.data_sources.kind import LookUpKind, ReadOnly, ReadOnlyList
from pulumi_openai_admin.data_sources.look_up import Parameter, query
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.schema.fields import Field, output
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.data_sources.look_up import Connected
    from pulumi_openai_admin.http.client import Client

_PAGE = 100
_TIME = "in seconds since 1970 (UTC)"


class AuditLog(ReadOnly):
    """An event of the audit log."""

    handler = ReadOnlyList("/organization/audit_logs", noun="audit log", shows=Shows.LIST)

    audit_log_id: Field[str] = output(wire="id", identity=True)
    """The event's id (`audit_log-…`)."""
    type: Field[str] = output()
    """The type of the event, for example `project.created`."""
    effective_at: Field[int] = output()
    """The time of the event, in seconds since 1970 (UTC)."""
    project_id: Field[str | None] = output(wire="project.id")
    """The project of the event; `None` outside projects."""
    project_name: Field[str | None] = output(wire="project.name")
    """The name of the project."""
    actor_type: Field[str | None] = output(wire="actor.type")
    """`"session"` or `"api_key"`."""
    actor_user_id: Field[str | None] = output(wire="actor.user.id")
    """The user who caused the event; `None` if a service account caused it."""
    actor_email: Field[str | None] = output(wire="actor.user.email")
    """The user's address."""
    actor_service_account_id: Field[str | None] = output(wire="actor.service_account.id")
    """The service account that caused the event."""
    actor_api_key_id: Field[str | None] = output(wire="actor.key_id")
    """The API key that was used; `None` for a session."""
    actor_ip_address: Field[str | None] = output(wire="actor.ip_address")
    """The IP address of the session."""
    details: Field[dict[str, Any]] = output()
    """Additional details, which differ for each `type`: the object's id, and the requested change."""


class _AuditLogs(LookUp):
    """The provider function `list_audit_logs`."""

    name = "list_audit_logs"
    about = (
        "Events of the audit log, newest first.",
        "It reads pages until it has `limit` events. Each call sends requests, because the data changes continuously.",
        "OpenAI records events only after an owner of the organization has turned on the audit log.",
    )
    asked = (
        Parameter("effective_at_gt", int, f"Only events after this time, {_TIME}.", wire="effective_at[gt]"),
        Parameter("effective_at_gte", int, f"Only events at or after this time, {_TIME}.", wire="effective_at[gte]"),
        Parameter("effective_at_lt", int, f"Only events before this time, {_TIME}.", wire="effective_at[lt]"),
        Parameter("effective_at_lte", int, f"Only events at or before this time, {_TIME}.", wire="effective_at[lte]"),
        Parameter("event_types", list[str], "Only events of these types: `project.created`, for example."),
        Parameter("project_ids", list[str], "Only events in these projects."),
        Parameter("actor_ids", list[str], "Only events caused by these users, service accounts or API keys."),
        Parameter("actor_emails", list[str], "Only events caused by the users with these email addresses."),
        Parameter("resource_ids", list[str], "Only events about these objects."),
        Parameter("tenant_only", bool, 'Only events of the tenant, such as `"role.bound_to_resource"`.', default=False),
        Parameter("limit", int, "The maximum number of events, newest first.", default=_PAGE, minimum=1),
    )
    kind = LookUpKind(AuditLog, about="An event of the audit log of the organization, as OpenAI shows it.")
    result = kind.result
    raises = INVALID
    paths = (AuditLog.handler.path,)

    @override
    def run(self, connected: Connected, given: dict[str, Any]) -> list[Any]:
        with connected() as client:
            return list(self.events(client, given))

    def events(self, client: Client, given: Mapping[str, Any]) -> Iterator[Any]:
        """The events, page by page: no page is read before it is needed."""
        sent = query(self.asked, given)
        limit = int(given["limit"])
        sent["limit"] = min(limit, _PAGE)
        if not given["tenant_only"]:
            del sent["tenant_only"]
        call = Call("GET", fill(AuditLog.handler.path), "list the audit logs of the organization", sent)
        return (self.kind.to_result(_flat(event)) for event in islice(client.requestor.pages(call), limit))


def _flat(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event with its actor in one place, for a session or a key, and with its details, which are under its type."""
    actor = event.get("actor") or {}
    key, session = actor.get("api_key") or {}, actor.get("session") or {}
    actor_shown = {
        "type": actor.get("type"),
        "user": key.get("user") or session.get("user"),
        "service_account": key.get("service_account"),
        "key_id": key.get("id"),
        "ip_address": session.get("ip_address"),
    }
    details = event.get(str(event.get("type"))) or event.get("details") or {}
    return {**event, "actor": actor_shown, "details": details}


QUERIES = {"AuditLog": _AuditLogs()}

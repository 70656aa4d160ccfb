"""The audit log: each change of the organization writes the event that OpenAI would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.store.record import Event

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Actor, Request
    from pulumi_openai_admin.emulator.store.record import Record


def write(request: Request, event_type: str, resource_id: str, detail: dict[str, Any]) -> None:
    """Keep one event.

    "Any admin actions taken via Admin API keys are associated with the default project", where no other is named.
    """
    project = _project(request)
    actor = request.actor
    event_id = request.organization.new_id("audit_log-")
    content = {
        "id": event_id,
        "type": event_type,
        "effective_at": request.now,
        **({} if project is None else {"project": {"id": project.id, "name": project["name"]}}),
        "actor": _shown(actor),
        event_type: detail,
    }
    request.organization.store.append(
        Event(
            id=event_id,
            type=event_type,
            effective_at=request.now,
            project_id="" if project is None else project.id,
            actor_ids=(actor.key_id, actor.user_id),
            actor_email=actor.email,
            resource_id=resource_id,
            content=content,
        )
    )


def _project(request: Request) -> Record | None:
    store = request.organization.store
    project_id = request.ids.get("project_id")
    if project_id is not None:
        return store.get("project", project_id)
    defaults = store.find("project", "is_default", 1) if request.actor.key_id else []
    return defaults[0] if defaults else None


def _shown(actor: Actor) -> dict[str, Any]:
    """Show who acted; what is not known is absent, since the specification allows no null there."""
    user = {name: value for name, value in (("id", actor.user_id), ("email", actor.email)) if value}
    if actor.key_id:
        return {"type": "api_key", "api_key": {"id": actor.key_id, "type": "user", "user": user}}
    return {"type": "session", "session": {"user": user, "ip_address": "127.0.0.1"}}

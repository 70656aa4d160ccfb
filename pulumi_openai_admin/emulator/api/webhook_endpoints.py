"""Webhook endpoints of a project, and the types of events that they can receive.

The paths take the API key of a project. The emulator delivers nothing: it records a test event, and returns 200.
"""

from __future__ import annotations

import base64
import random
from typing import Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.bodies import Name, SomeChange, body, changes
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.kind import Kind, Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastId
from pulumi_openai_admin.emulator.store.identifiers import digest
from pulumi_openai_admin.emulator.store.store import Record

WEBHOOKS_READ, WEBHOOKS_WRITE = "api.webhooks.read", "api.webhooks.write"
"""The scopes of a project's key."""

_EVENT_TYPES = """
    batch.completed batch.failed batch.expired batch.cancelled
    response.completed response.failed response.cancelled response.incomplete
    eval.run.succeeded eval.run.failed eval.run.canceled
    fine_tuning.job.succeeded fine_tuning.job.failed fine_tuning.job.cancelled
    realtime.call.incoming
    video.completed video.failed
    agent.environment.ready agent.environment.failed agent.environment.suspended agent.environment.expired
    agent.session.created agent.session.action_required agent.session.in_progress agent.session.idle
    agent.session.failed
    safety.alert.created
"""
"""The types of events, as the official SDK lists them."""
EventType = Literal[tuple(_EVENT_TYPES.split())]  # type: ignore[valid-type]

EventTypes = Annotated[list[EventType], Field(min_length=1)]  # type: ignore[valid-type]
HttpsUrl = Annotated[str, Field(pattern=r"^https://[^/\s]+")]


_ENDPOINT = {"name": Name, "url": HttpsUrl, "event_types": EventTypes}
_ROTATION = body("WebhookRotateSecretParams", keep_old_secret_active_for_24_hours=(bool, False))
_TEST = body("WebhookTestParams", event_type=EventType)


class WebhookEndpoints(Collection):
    """Endpoints. Names and URLs need not be unique. Only creation and rotation show the signing secret."""

    name = "webhook_endpoint"
    path = "/webhook_endpoints"
    path_names = ("project_id",)
    id_prefix = "whe_"
    parent = PROJECTS
    indexed = ("_secret_digest", "_old_secret_digest")
    needs_project_key = True
    described_by = "client.webhooks of the official SDK, which is no part of client.admin"
    object = "webhook_endpoint"
    create_body = seed_body = body("WebhookCreateParams", **_ENDPOINT)
    update_body = changes("WebhookUpdateParams", SomeChange, **_ENDPOINT)
    times = ("created_at", "updated_at")
    paging = LastId(default=20, maximum=100, default_order="desc")

    def create(self, request: Request) -> dict[str, Any]:
        """Create an endpoint: only this response and that of a rotation show the secret."""
        record = self.make(request, self.new_id(request))
        return self._with_new_secret(request, record, keeps_old=False)

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Change what differs: `updated_at` is not advanced by an unchanged update."""
        content = {**record.content, **given}
        return content if content == record.content else {**content, "updated_at": request.now}

    @action("POST", "/{webhook_endpoint_id}/rotate_secret", body=_ROTATION)
    def rotate(self, request: Request) -> dict[str, Any]:
        """Make a new secret. The old one stays valid for 24 hours, or ends at once."""
        keeps_old = request.body.keep_old_secret_active_for_24_hours
        return self._with_new_secret(request, self.require(request), keeps_old=keeps_old)

    @action("POST", "/{webhook_endpoint_id}/test", body=_TEST, takes_no_body=False)
    def test(self, request: Request) -> dict[str, Any]:
        """Record a sample event."""
        record = self.require(request)
        request.store.change(record, _tests=[*record.content.get("_tests", ()), request.body.event_type])
        sent = {"webhook_endpoint_id": record.id, "event_type": request.body.event_type}
        return {"object": "webhook_endpoint.test", **sent, "status_code": 200, "success": True}

    def _with_new_secret(self, request: Request, record: Record, *, keeps_old: bool) -> dict[str, Any]:
        value = "whsec_" + base64.b64encode(random.randbytes(32)).decode()
        request.store.change(
            record,
            signing_secret_hint=f"whsec_...{value[-5:-1]}",
            updated_at=request.now,
            _old_secret_digest=record.content.get("_secret_digest") if keeps_old else None,
            _secret_digest=digest(value),
        )
        return {**self.show(request, record), "signing_secret": value}


class WebhookEventTypes(Kind):
    """The types of events that the project of a key can receive."""

    name = "webhook_event_type"
    path = "/webhook_event_types"
    needs_project_key = True
    described_by = "client.webhooks.event_types of the official SDK, which is no part of client.admin"

    @action("GET", "")
    def list(self, request: Request) -> dict[str, Any]:
        """Give all types."""
        return {"object": "list", "data": _EVENT_TYPES.split()}


WEBHOOK_ENDPOINTS = WebhookEndpoints()
WEBHOOK_EVENT_TYPES = WebhookEventTypes()

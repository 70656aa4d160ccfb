"""Who may call. Admin endpoints take an Admin API key (`sk-admin-…`) as a bearer token, and refuse a project's API key.
Webhook endpoints take the API key of a project, and refuse an Admin API key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api.admin_api_keys import READ, WRITE, find_admin_key
from pulumi_openai_admin.emulator.api.api_keys import key_state
from pulumi_openai_admin.emulator.api.webhook_endpoints import WEBHOOKS_READ, WEBHOOKS_WRITE
from pulumi_openai_admin.emulator.handlers.errors import Refused, missing_scope
from pulumi_openai_admin.emulator.handlers.operation import Actor
from pulumi_openai_admin.emulator.store.identifiers import digest, redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.handlers.organization import Organization

_PROJECT_KEYS = ("sk-proj-", "sk-svcacct-")
_ADMIN_KEY = "sk-admin-"


def authenticate(organization: Organization, method: str, headers: Mapping[str, str]) -> Actor:
    """Say who makes a call, or refuse it: the key has to exist, to be alive, and to have the scope."""
    value, world = _bearer(headers), organization.world
    if value.startswith(_PROJECT_KEYS):
        message = "This endpoint needs an Admin API key; a project API key was given."
        raise Refused(401, message, code="invalid_api_key")
    key = find_admin_key(organization.store, value, world.now())
    if key is None:
        raise Refused(401, f"Incorrect API key provided: {redacted(value)}.", code="invalid_api_key")
    scope = READ if method in ("GET", "HEAD") else WRITE
    if scope not in key["_scopes"]:
        raise missing_scope(scope, world.missing_scope_shape)
    ours, given = world.organization_id, headers.get("openai-organization")
    if ours is not None and given is not None and given != ours:
        message = "OpenAI-Organization header should match organization for API key"
        raise Refused(401, message, code="mismatched_organization")
    if method == "GET":
        return Actor(key.id, key["owner_id"])  # the audit log has no reads, so the address is not needed
    owner = organization.store.get("user", key["owner_id"], deleted=True)
    return Actor(key.id, key["owner_id"], None if owner is None else owner["email"])


def authenticate_project(organization: Organization, method: str, headers: Mapping[str, str]) -> Actor:
    """Say of which project the key of a call is, or refuse the call: a project's live API key with the scope."""
    value, world = _bearer(headers), organization.world
    if value.startswith(_ADMIN_KEY):
        message = "This endpoint needs a project API key; an Admin API key was given."
        raise Refused(401, message, code="invalid_api_key")
    found = organization.store.find("api_key", "_digest", digest(value))
    project = organization.store.get("project", found[0].parent) if found else None
    if project is None or project["archived_at"] is not None or key_state(found[0], world.now()) != "live":
        raise Refused(401, f"Incorrect API key provided: {redacted(value)}.", code="invalid_api_key")
    scope = WEBHOOKS_READ if method in ("GET", "HEAD") else WEBHOOKS_WRITE
    if found[0]["scopes"] and scope not in found[0]["scopes"]:
        raise missing_scope(scope, world.missing_scope_shape)
    return Actor(found[0].id, found[0]["user_id"] or "", project_id=project.id)


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        message = (
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
            "auth (i.e. Authorization: Bearer YOUR_KEY)."
        )
        raise Refused(401, message)
    return value.strip()

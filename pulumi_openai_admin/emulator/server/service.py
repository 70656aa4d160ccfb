"""What happens with a call below the base path, however it came.

In this order: latency, requests of other clients, a fault before acting, the key, the throttle, the API, a fault after
acting. A call that waits before it acts does nothing if the organization is reset meanwhile.

Admin endpoints take an Admin API key (`sk-admin-…`) as a bearer token, and refuse a project's API key. Webhook
endpoints take the API key of a project, and refuse Admin API keys.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api.keys import READ, WRITE, key_state, note_use
from pulumi_openai_admin.emulator.api.webhook_endpoints import WEBHOOKS_READ, WEBHOOKS_WRITE
from pulumi_openai_admin.emulator.handlers.errors import Ending, Refused, Reply, Reset
from pulumi_openai_admin.emulator.handlers.kind import Actor
from pulumi_openai_admin.emulator.store.identifiers import digest, masked, redacted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.control.faults import FaultTarget, InterleavedRequest, InterleaveFault
    from pulumi_openai_admin.emulator.control.log import Entry
    from pulumi_openai_admin.emulator.handlers.behavior import Behavior
    from pulumi_openai_admin.emulator.handlers.kind import Organization


_PROJECT_KEYS = ("sk-proj-", "sk-svcacct-")
_ADMIN_KEY = "sk-admin-"
_READS = ("GET", "HEAD")


def authenticate(organization: Organization, method: str, headers: Mapping[str, str], *, of_project: bool) -> Actor:
    """Say who makes a call, or refuse it: the key has to exist, to be alive, and to have the scope.

    `of_project`: the API key of a project is needed, otherwise an Admin API key.
    """
    value, store, behavior = _bearer(headers), organization.store, organization.behavior
    if value.startswith(_ADMIN_KEY if of_project else _PROJECT_KEYS):
        needed, given = ("a project", "an Admin") if of_project else ("an Admin", "a project")
        raise _invalid_key(f"This endpoint needs {needed} API key; {given} API key was given.")
    found = store.find("api_key" if of_project else "admin_api_key", "_digest", digest(value))
    key = next((key for key in found if key_state(key, behavior.now()) == "live"), None)
    if key is None:
        raise _invalid_key(f"Incorrect API key provided: {redacted(value)}.")
    scopes = (WEBHOOKS_READ, WEBHOOKS_WRITE) if of_project else (READ, WRITE)
    _require(scopes[method not in _READS], (key["scopes"] or scopes) if of_project else key["_scopes"], behavior)
    ours, named = behavior.organization_id, headers.get("openai-organization")
    if ours is not None and named is not None and named != ours:
        message = "OpenAI-Organization header should match organization for API key"
        raise Refused(401, message, code="mismatched_organization")
    note_use(store, key, behavior.now())
    owner_id = key["user_id" if of_project else "owner_id"] or ""
    # the audit log has no reads, so their address is not needed
    owner = None if method == "GET" else store.get("user", owner_id, deleted=True)
    return Actor(key.id, owner_id, None if owner is None else owner["email"], key.parent)


def _invalid_key(message: str) -> Refused:
    return Refused(401, message, code="invalid_api_key")


def _require(scope: str, scopes: Sequence[str], behavior: Behavior) -> None:
    """Refuse a key that lacks a scope: a bare string, as seen once."""
    if scope not in scopes:
        message = (
            f"You have insufficient permissions for this operation. Missing scopes: {scope}. Check that you have the "
            "correct role in your organization, and if you're using a restricted API key, that it has the necessary "
            "scopes."
        )
        raise Refused(403, message, shape=behavior.missing_scope_shape, code="missing_scope")


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        message = (
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
            "auth (i.e. Authorization: Bearer YOUR_KEY)."
        )
        raise Refused(401, message)
    return value.strip()


OTHER_KEY = "key_another-client"
"""The id of the key with which other clients act between two requests."""


class Service:
    """Serves the calls below the base path.

    It waits only with the functions of a call, so a client in the same process needs no event loop.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def serve(self, target: FaultTarget, headers: Mapping[str, str], body: bytes, request_id: str) -> Ending:
        """Do what a call asks, with the faults that hit it, and keep it in the log."""
        log, behavior = self._emulator.log, self._emulator.behavior
        started = behavior.monotonic()
        entry = log.open(target, headers, body, request_id)
        ending = await self._serve(target, headers, body, entry)
        entry.seconds = round(behavior.monotonic() - started, 6)
        if isinstance(ending, Reset):
            entry.ended = "reset"
        else:
            entry.status = ending.status
            entry.ended = "replied" if ending.sent_bytes is None else "truncated"
        log.changed(entry)
        return ending

    async def _serve(self, target: FaultTarget, headers: Mapping[str, str], body: bytes, entry: Entry) -> Ending:
        resets = self._emulator.resets
        latency = self._emulator.behavior.latency_seconds
        if latency:
            await target.sleep(latency)
        if self._emulator.resets != resets:
            return Reset()
        interleaved = self._emulator.faults.interleaved(target.method, target.path)
        self._interleave([fault for fault in interleaved if fault.when == "before"])
        ending = await self._answer(target, headers, body, entry)
        self._interleave([fault for fault in interleaved if fault.when == "after"])
        return ending

    def _interleave(self, faults: list[InterleaveFault]) -> None:
        """Carry out the requests of other clients: no key, no throttle, no fault, and not in the log."""
        for fault in faults:
            for request in fault.requests:
                reply = self.answer_other(request)
                text = masked(reply.body.decode(errors="replace"))
                fault.replies.append({"status": reply.status, "body": json.loads(text) if text else None})

    def answer_other(self, request: InterleavedRequest) -> Reply:
        """Carry out a request of another client."""
        path, _, query = request.path.partition("?")
        body = b"" if request.body is None else json.dumps(request.body).encode()
        try:
            match = self._emulator.api.router.find(request.method, path)
        except Refused as refused:
            return refused.reply()
        users = self._emulator.organization.store.find("user", "email", request.email) if request.email else []
        actor = Actor(OTHER_KEY, users[0].id if users else "", request.email, request.project_id)
        return self._emulator.api.answer(match, query, body, actor)

    async def _answer(self, target: FaultTarget, headers: Mapping[str, str], body: bytes, entry: Entry) -> Ending:
        fault = self._emulator.faults.pick(target.method, target.path)
        if fault is None:
            return self._act(target, headers, body)
        entry.fault, entry.fault_kind = fault.id, fault.kind
        resets = self._emulator.resets
        ending = await fault.before(target)
        if self._emulator.resets != resets:
            return Reset()
        return ending if ending is not None else await fault.after(target, self._act(target, headers, body))

    def _act(self, target: FaultTarget, headers: Mapping[str, str], body: bytes) -> Reply:
        """Do what was asked, if the key may and the throttle lets it."""
        emulator = self._emulator
        try:
            needs_project_key = emulator.api.router.needs_project_key(target.path)
            actor = authenticate(emulator.organization, target.method, headers, of_project=needs_project_key)
            match = emulator.api.router.find(target.method, target.path)
        except Refused as refused:
            return refused.reply()
        throttled = emulator.buckets.refuse(match.operation)
        if throttled is not None:
            return throttled
        with emulator.organization.store.lagging(target.lag if match.operation.verb == "list" else None):
            return emulator.api.answer(match, target.query, body, actor)

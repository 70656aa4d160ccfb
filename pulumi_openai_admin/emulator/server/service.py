"""What happens with a call below the base path, however it came.

In this order: latency, requests of other clients, a fault before acting, the key, the throttle, the API, a fault after
acting. A call that waits before it acts does nothing if the organization is reset meanwhile.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.operation import Actor
from pulumi_openai_admin.emulator.handlers.reply import Ending, Reply, Reset
from pulumi_openai_admin.emulator.server.authentication import authenticate, authenticate_project
from pulumi_openai_admin.emulator.store.identifiers import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.control.faults import FaultTarget, InterleavedRequest, InterleaveFault
    from pulumi_openai_admin.emulator.control.log import Entry

OTHER_KEY = "key_another-client"
"""The id of the key with which other clients act between two requests."""


class Service:
    """Serves the calls below the base path.

    It waits only with the functions of a call, so a client in the same process needs no event loop.
    """

    def __init__(self, emulator: Emulator) -> None:
        """Serve one organization."""
        self._emulator = emulator

    async def serve(self, target: FaultTarget, headers: Mapping[str, str], body: bytes, entry: Entry) -> Ending:
        """Do what a call asks, with the faults that hit it."""
        resets = self._emulator.resets
        latency = self._emulator.world.latency_seconds
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
        return self._emulator.api.answer(match, query, body, self._owner_of_other_key(request))

    def _owner_of_other_key(self, request: InterleavedRequest) -> Actor:
        email = request.email
        if email is None:
            return Actor(OTHER_KEY, project_id=request.project_id)
        users = self._emulator.organization.store.find("user", "email", email)
        return Actor(OTHER_KEY, users[0].id if users else "", email)

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
            actor = self._actor(target, headers)
            match = emulator.api.router.find(target.method, target.path)
        except Refused as refused:
            return refused.reply()
        throttled = emulator.buckets.refuse(match.operation)
        if throttled is not None:
            return throttled
        with emulator.organization.store.lagging(target.lag if match.operation.verb == "list" else None):
            return emulator.api.answer(match, target.query, body, actor)

    def _actor(self, target: FaultTarget, headers: Mapping[str, str]) -> Actor:
        """Say who makes a call, by the kind of key that its path takes."""
        organization, method = self._emulator.organization, target.method
        if self._emulator.api.router.needs_project_key(target.path):
            return authenticate_project(organization, method, headers)
        return authenticate(organization, method, headers)

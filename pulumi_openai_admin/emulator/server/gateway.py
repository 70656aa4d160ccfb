"""The gateway: the one place that every call passes, on its way in and out.

First, for every call: `Host` and `Origin`, and the size of the body. Then, for calls below the base path, in this
order: log, latency, requests of other clients, a fault before acting, the key, the throttle, the API, a fault after
acting. A call that waits before it acts does nothing if the organization is reset meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from email.utils import formatdate
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.control.faults import FaultTarget, InterleavedRequest, InterleaveFault
from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.operation import Actor
from pulumi_openai_admin.emulator.handlers.reply import Ending, Reply, Reset
from pulumi_openai_admin.emulator.server import connection, guard
from pulumi_openai_admin.emulator.server.authentication import authenticate, authenticate_project
from pulumi_openai_admin.emulator.store.identifiers import masked

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.control.log import Entry

_OTHER_KEY = "key_another-client"
"""The id of the key with which other clients act between two requests."""


class Gateway:
    """An ASGI application around the API and the control API."""

    def __init__(self, emulator: Emulator) -> None:
        """Guard an emulator."""
        self._emulator = emulator

    @cached_property
    def _control(self) -> ASGIApp:
        """The control API, made by the first call of it: to import FastAPI takes as long as the rest of a start."""
        from pulumi_openai_admin.emulator.server.app import application  # noqa: PLC0415 - as said above

        return application(self._emulator)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a call: one below the base path by the API, any other by the control API."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        call = ReceivedCall(scope, receive, send, headers)
        try:
            guard.check_origin(headers)
            call.body = await guard.read_body(headers, receive)
        except guard.DisconnectedError:
            return
        except guard.BodyTooLargeError as refused:
            await call.end(refused.reply(), time.monotonic(), closes=True)
        except Refused as refused:
            await call.end(refused.reply(), time.monotonic())
        else:
            await self._pass(call)

    async def _pass(self, call: ReceivedCall) -> None:
        if not f"{call.scope['path']}/".startswith(f"{BASE_PATH}/"):
            await self._control(call.scope, call.replay, call.send)
            if call.target.method != "GET":
                self._emulator.feed.control_changed()
            return
        started = time.monotonic()
        entry = self._emulator.log.open(call.target, call.headers, call.body, call.request_id)
        self._emulator.feed.log_changed()
        ending = await self._serve(call, entry)
        _note(entry, ending, time.monotonic() - started)
        self._emulator.log.changed(entry)
        self._emulator.feed.log_changed()
        await call.end(ending, started, self._emulator.world.date_offset_seconds)

    async def _serve(self, call: ReceivedCall, entry: Entry) -> Ending:
        target, resets = call.target, self._emulator.resets
        latency = self._emulator.world.latency_seconds
        if latency:
            await asyncio.sleep(latency)
        if self._emulator.resets != resets:
            return Reset()
        interleaved = self._emulator.faults.interleaved(target.method, target.path)
        self._interleave([fault for fault in interleaved if fault.when == "before"])
        ending = await self._answer(call, entry)
        self._interleave([fault for fault in interleaved if fault.when == "after"])
        return ending

    def _interleave(self, faults: list[InterleaveFault]) -> None:
        """Carry out the requests of other clients: no key, no throttle, no fault, and not in the log."""
        for fault in faults:
            for request in fault.requests:
                reply = self._answer_other(request)
                text = masked(reply.body.decode(errors="replace"))
                fault.replies.append({"status": reply.status, "body": json.loads(text) if text else None})

    def _answer_other(self, request: InterleavedRequest) -> Reply:
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
            return Actor(_OTHER_KEY, project_id=request.project_id)
        users = self._emulator.organization.store.find("user", "email", email)
        return Actor(_OTHER_KEY, users[0].id if users else "", email)

    async def _answer(self, call: ReceivedCall, entry: Entry) -> Ending:
        target = call.target
        fault = self._emulator.faults.pick(target.method, target.path)
        if fault is None:
            return self._act(call)
        entry.fault, entry.fault_kind = fault.id, fault.kind
        resets = self._emulator.resets
        ending = await fault.before(target)
        if self._emulator.resets != resets:
            return Reset()
        return ending if ending is not None else await fault.after(target, self._act(call))

    def _act(self, call: ReceivedCall) -> Reply:
        """Do what was asked, if the key may and the throttle lets it."""
        target, emulator = call.target, self._emulator
        try:
            actor = self._actor(call)
            match = emulator.api.router.find(target.method, target.path)
        except Refused as refused:
            return refused.reply()
        throttled = emulator.buckets.refuse(match.operation)
        return throttled if throttled is not None else emulator.api.answer(match, target.query, call.body, actor)

    def _actor(self, call: ReceivedCall) -> Actor:
        """Say who makes a call, by the kind of key that its path takes."""
        organization, method = self._emulator.organization, call.target.method
        if self._emulator.api.router.needs_project_key(call.target.path):
            return authenticate_project(organization, method, call.headers)
        return authenticate(organization, method, call.headers)


def _note(entry: Entry, ending: Ending, seconds: float) -> None:
    entry.seconds = round(seconds, 6)
    if isinstance(ending, Reset):
        entry.ended = "reset"
        return
    entry.status = ending.status
    entry.ended = "replied" if ending.sent_bytes is None else "truncated"


class ReceivedCall:
    """One call: what was received, and the way back."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        """Keep a call whose body has not been read."""
        self.scope = scope
        self.headers = headers
        self.body = b""
        self.request_id = f"req_{secrets.token_hex(16)}"
        self._receive = receive
        self.send = send
        self._is_replayed = False
        path = scope["path"][len(BASE_PATH) :]
        self.target = FaultTarget(scope["method"], path, scope["query_string"].decode("latin-1"), self._gone)

    async def replay(self) -> Message:
        """Give the body to another application, and then whatever the client does."""
        if self._is_replayed:
            return await self._receive()
        self._is_replayed = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def end(self, ending: Ending, started: float, date_offset: int = 0, *, closes: bool = False) -> None:
        """Send the response, part of it, or a reset."""
        to_client: connection.Connection = self.scope["extensions"][connection.CONNECTION]
        if isinstance(ending, Reset):
            to_client.reset()
            await self._gone()
            return
        headers = self._headers(ending, time.monotonic() - started, date_offset)
        if closes:
            headers.append((b"connection", b"close"))
        is_cut = ending.sent_bytes is not None
        body = ending.body[: ending.sent_bytes]
        with to_client.in_one_piece():
            await self.send({"type": "http.response.start", "status": ending.status, "headers": headers})
            await self.send({"type": "http.response.body", "body": body, "more_body": is_cut})
        if is_cut:
            to_client.close()
            await self._gone()

    def _headers(self, reply: Reply, seconds: float, date_offset: int) -> list[tuple[bytes, bytes]]:
        headers = {
            "date": _date(int(time.time()) + date_offset),
            "content-type": reply.content_type,
            "content-length": str(len(reply.body)),
            "x-request-id": self.request_id,
            "openai-version": "2020-10-01",
            "openai-processing-ms": str(round(seconds * 1000)),
            **{name.lower(): value for name, value in reply.headers.items()},
        }
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


@lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    """Give the header `Date` of a second, which many responses share."""
    return formatdate(seconds, usegmt=True)

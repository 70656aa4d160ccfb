"""The gate: the one place that every call below the base path passes, on its way in and out.

In this order: log, latency, a fault before acting, the key, the throttle, the application, a fault after acting.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator import transport
from pulumi_openai_admin.emulator.agreement import BASE_PATH
from pulumi_openai_admin.emulator.errors import Refused
from pulumi_openai_admin.emulator.faults import Faults, InterleavedRequest, InterleaveFault, Target
from pulumi_openai_admin.emulator.log import masked
from pulumi_openai_admin.emulator.reply import Ending, Reply, Reset

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pulumi_openai_admin.emulator.keyring import Keyring
    from pulumi_openai_admin.emulator.log import Entry, Log
    from pulumi_openai_admin.emulator.organization import Organization
    from pulumi_openai_admin.emulator.throttle import Buckets

_OURS = frozenset({"content-length", "content-type"})


@dataclass
class Desk:
    """What the gate uses and the control API reads."""

    organization: Organization
    keyring: Keyring
    faults: Faults
    buckets: Buckets
    log: Log


class Gate:
    """An ASGI application around the application."""

    def __init__(self, application: ASGIApp, desk: Desk) -> None:
        """Guard an application."""
        self._application = application
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a call; what is not below the base path goes straight through."""
        if scope["type"] != "http" or not f"{scope['path']}/".startswith(f"{BASE_PATH}/"):
            await self._application(scope, receive, send)
            return
        call = await Call.read(scope, receive)
        entry = self._desk.log.open(call.target, call.headers, call.body, call.request_id)
        started = time.monotonic()
        ending = await self._serve(call, entry)
        _note(entry, ending, time.monotonic() - started)
        await call.end(ending, send, started)

    async def _serve(self, call: Call, entry: Entry) -> Ending:
        target = call.target
        latency = self._desk.organization.world.latency_seconds
        if latency:
            await asyncio.sleep(latency)
        interleaved = self._desk.faults.interleaved(target.method, target.path)
        await self._interleave(call, [fault for fault in interleaved if fault.when == "before"])
        ending = await self._answer(call, entry)
        await self._interleave(call, [fault for fault in interleaved if fault.when == "after"])
        return ending

    async def _interleave(self, call: Call, faults: list[InterleaveFault]) -> None:
        """Carry out the requests of other clients: no key, no throttle, no fault, and not in the log."""
        for fault in faults:
            for request in fault.requests:
                reply = await call.other(request).ask(self._application)
                text = masked(reply.body.decode(errors="replace"))
                fault.replies.append({"status": reply.status, "body": json.loads(text) if text else None})

    async def _answer(self, call: Call, entry: Entry) -> Ending:
        target = call.target
        fault = self._desk.faults.pick(target.method, target.path)
        if fault is None:
            return await self._act(call)
        entry.fault, entry.fault_kind = fault.id, fault.kind
        ending = await fault.before(target)
        return ending if ending is not None else await fault.after(target, await self._act(call))

    async def _act(self, call: Call) -> Reply:
        """Do what was asked, if the key may and the throttle lets it."""
        target = call.target
        try:
            self._desk.keyring.check(target.method, call.headers)
        except Refused as refused:
            return refused.reply()
        throttled = self._desk.buckets.refuse(target.method, target.path)
        return throttled if throttled is not None else await call.ask(self._application)


def _note(entry: Entry, ending: Ending, seconds: float) -> None:
    entry.seconds = round(seconds, 6)
    if isinstance(ending, Reset):
        entry.ended = "reset"
        return
    entry.status = ending.status
    entry.ended = "replied" if ending.sent_bytes is None else "truncated"


class Call:
    """One call: what was received, and the way back."""

    def __init__(self, scope: Scope, receive: Receive, body: bytes) -> None:
        """Keep a call whose body has been read."""
        self.scope = scope
        self.body = body
        self.request_id = f"req_{secrets.token_hex(16)}"
        self.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        self._receive = receive
        path = scope["path"][len(BASE_PATH) :]
        self.target = Target(scope["method"], path, scope["query_string"].decode("latin-1"), self._gone)

    @classmethod
    async def read(cls, scope: Scope, receive: Receive) -> Call:
        """Read the whole body."""
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return cls(scope, receive, body)

    async def ask(self, application: ASGIApp) -> Reply:
        """Have the application answer, and keep the answer instead of sending it."""
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": self.body, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        scope = {**self.scope, "query_string": self.target.query.encode("latin-1")}
        try:
            await application(scope, receive, send)
        except Exception:  # noqa: BLE001 - a bug of ours is answered as OpenAI answers its own
            traceback.print_exc(file=sys.stderr)
            return Refused(500, "The emulator failed; see its standard error.", kind="server_error").reply()
        return _kept(messages)

    def other(self, request: InterleavedRequest) -> Call:
        """Make a call of another client, on this one's connection."""
        path, _, query = request.path.partition("?")
        scope = {
            **self.scope,
            "method": request.method,
            "path": BASE_PATH + path,
            "raw_path": (BASE_PATH + path).encode(),
            "query_string": query.encode(),
            "headers": [(b"content-type", b"application/json")],
        }
        body = b"" if request.body is None else json.dumps(request.body).encode()
        return Call(scope, self._receive, body)

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def end(self, ending: Ending, send: Send, started: float) -> None:
        """Send the reply, part of it, or a reset."""
        connection = self.scope["extensions"][transport.TRANSPORT]
        if isinstance(ending, Reset):
            transport.reset(connection)
            await self._gone()
            return
        headers = self._headers(ending, time.monotonic() - started)
        await send({"type": "http.response.start", "status": ending.status, "headers": headers})
        is_cut = ending.sent_bytes is not None
        await send({"type": "http.response.body", "body": ending.body[: ending.sent_bytes], "more_body": is_cut})
        if is_cut:
            connection.close()
            await self._gone()

    def _headers(self, reply: Reply, seconds: float) -> list[tuple[bytes, bytes]]:
        headers = {
            "content-type": reply.content_type,
            "content-length": str(len(reply.body)),
            "x-request-id": self.request_id,
            "openai-version": "2020-10-01",
            "openai-processing-ms": str(round(seconds * 1000)),
            **{name.lower(): value for name, value in reply.headers.items()},
        }
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _kept(messages: list[Message]) -> Reply:
    """Put the application's messages together."""
    start: Any = messages[0]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in messages[1:])
    others = {name: value for name, value in headers.items() if name not in _OURS}
    return Reply(start["status"], body, others, headers.get("content-type", "application/json"))

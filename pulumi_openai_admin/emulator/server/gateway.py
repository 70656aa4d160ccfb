"""The gateway: the one place that every call passes, on its way in and out.

First, for every call: `Host` and `Origin`, and the size of the body. Then, for calls below the base path, the log, and
what `service` does.
"""

from __future__ import annotations

import asyncio
import random
from email.utils import formatdate
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.control.faults import FaultTarget
from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.reply import Ending, Reply, Reset
from pulumi_openai_admin.emulator.server import connection, guard
from pulumi_openai_admin.emulator.server.service import Service

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.control.log import Entry
    from pulumi_openai_admin.emulator.handlers.world import World


class Gateway:
    """An ASGI application around the API and the control API."""

    def __init__(self, emulator: Emulator) -> None:
        """Guard an emulator."""
        self._emulator = emulator
        self._service = Service(emulator)

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
            await call.end(refused.reply(), self._emulator.world, closes=True)
        except Refused as refused:
            await call.end(refused.reply(), self._emulator.world)
        else:
            await self._pass(call)

    async def _pass(self, call: ReceivedCall) -> None:
        if not f"{call.scope['path']}/".startswith(f"{BASE_PATH}/"):
            await self._control(call.scope, call.replay, call.send)
            if call.target.method != "GET":
                self._emulator.feed.control_changed()
            return
        world = self._emulator.world
        started = world.monotonic()
        entry = self._emulator.log.open(call.target, call.headers, call.body, call.request_id)
        self._emulator.feed.log_changed()
        ending = await self._service.serve(call.target, call.headers, call.body, entry)
        _note(entry, ending, world.monotonic() - started)
        self._emulator.log.changed(entry)
        self._emulator.feed.log_changed()
        await call.end(ending, world, started)


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
        self.request_id = f"req_{random.randbytes(16).hex()}"
        self._receive = receive
        self.send = send
        self._is_replayed = False
        path = scope["path"][len(BASE_PATH) :]
        self.target = FaultTarget(
            scope["method"], path, scope["query_string"].decode("latin-1"), self._gone_within, asyncio.sleep
        )

    async def replay(self) -> Message:
        """Give the body to another application, and then whatever the client does."""
        if self._is_replayed:
            return await self._receive()
        self._is_replayed = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def _gone_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._gone(), seconds)
        except asyncio.TimeoutError:
            return False
        return True

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def end(self, ending: Ending, world: World, started: float | None = None, *, closes: bool = False) -> None:
        """Send the response, part of it, or a reset."""
        to_client: connection.Connection = self.scope["extensions"][connection.CONNECTION]
        if isinstance(ending, Reset):
            to_client.reset()
            await self._gone()
            return
        seconds = 0 if started is None else world.monotonic() - started
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in response_headers(ending, self.request_id, world.date(), seconds).items()
        ]
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


def response_headers(reply: Reply, request_id: str, date: int, seconds: float) -> dict[str, str]:
    """Give the headers of a response."""
    return {
        "date": _date(date),
        "content-type": reply.content_type,
        "content-length": str(len(reply.body)),
        "x-request-id": request_id,
        "openai-version": "2020-10-01",
        "openai-processing-ms": str(round(seconds * 1000)),
        **{name.lower(): value for name, value in reply.headers.items()},
    }


@lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    """Give the header `Date` of a second, which many responses share."""
    return formatdate(seconds, usegmt=True)

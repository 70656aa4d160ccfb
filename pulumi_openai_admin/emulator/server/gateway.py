"""The gateway: the one place that every call passes, on its way in and out.

First, for every call: `Host` and `Origin`, and the size of the body. A web page can send requests to your machine. A
browser says in `Origin` which page sends one, and in `Host` under which name the machine is addressed; both have to be
your machine. Then, for calls below the base path, the log, and what `service` does; all others are for the control API.
"""

from __future__ import annotations

import asyncio
import ipaddress
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import formatdate
from functools import lru_cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pulumi_openai_admin.emulator.control.faults import FaultTarget
from pulumi_openai_admin.emulator.control.routes import ControlRoutes
from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.api import Api
from pulumi_openai_admin.emulator.handlers.errors import Ending, Refused, Reply, Reset
from pulumi_openai_admin.emulator.handlers.kind import CONTROL_PATH, Actor
from pulumi_openai_admin.emulator.server.service import Service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.handlers.behavior import Behavior


Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MAX_BODY = 1_000_000
"""No body of the Administration API, nor of a seed, comes near it."""


class DisconnectedError(Exception):
    """The client has gone before it sent the whole body: nothing is done."""


def is_loopback(host: str) -> bool:
    """Return whether a name or an address belongs to your machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse a call that is addressed to another host, or that a page from elsewhere sends."""
    host = headers.get("host", "")
    if not _is_served(host):
        message = f"The emulator does not serve the host {host!r}. Address it as 127.0.0.1 or localhost."
        raise Refused(403, message, code="foreign_host")
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{host}".lower():
        message = f"The emulator does not serve pages of {origin!r}, only its own page at http://{host}/."
        raise Refused(403, message, code="foreign_origin")


@lru_cache(maxsize=128)
def _is_served(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


async def read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """Read the whole body, unless it is too large."""
    announced = headers.get("content-length", "")
    is_too_large = announced.isdecimal() and int(announced) > MAX_BODY
    body, more = bytearray(), True
    while more and not is_too_large:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise DisconnectedError
        body += event.get("body", b"")
        is_too_large = len(body) > MAX_BODY
        more = event.get("more_body", False)
    if is_too_large:
        message = f"Request body too large: at most {MAX_BODY} bytes."
        raise Refused(413, message, code="request_too_large", headers={"connection": "close"})
    return bytes(body)


TRANSPORT = "pulumi_openai_admin.emulator.transport"
"""Where a scope's extensions have the transport of the call."""

_NO_LINGER = struct.pack("ii", 1, 0)


class Protocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol, which also hands each call its transport.

    The one with a parser in C: the one in Python takes as much time as all the rest of a call.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put ourselves between the protocol and the application."""
        super().__init__(*args, **kwargs)
        application = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = self.transport
            await application(scope, receive, send)

        self.app = with_transport


class Gateway:
    """An ASGI application around the API and the control API."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._service = Service(emulator)
        self._control = Api(emulator.organization, [ControlRoutes(emulator)], base="")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a call: one below the base path by the API, any other by the control API."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        call = ReceivedCall(scope, receive, send)
        behavior = self._emulator.behavior
        try:
            check_origin(headers)
            body = await read_body(headers, receive)
        except DisconnectedError:
            return
        except Refused as refused:
            await call.end(refused.reply(), behavior)
            return
        if f"{scope['path']}/".startswith(f"{BASE_PATH}/"):
            started = behavior.monotonic()
            ending = await self._service.serve(call.target, headers, body, call.request_id)
            await call.end(ending, behavior, started)
        else:
            await self._serve_control(call, body)

    async def _serve_control(self, call: ReceivedCall, body: bytes) -> None:
        method, query = call.target.method, call.target.query
        try:
            match = self._control.router.find(method, call.scope["path"])
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                places = f"The API begins at {BASE_PATH}, the control API at {CONTROL_PATH}; /openapi.json lists both."
                refused.message += f". {places}"
            reply = refused.reply()
        else:
            answer = partial(self._control.answer, match, query, body, Actor())
            reply = await asyncio.to_thread(answer) if match.operation.in_thread else answer()
        if reply.stream is None:
            await call.send_whole(reply, {})
        else:
            await call.send_stream(reply, reply.stream)
        if method != "GET":
            self._emulator.log.control_changed()


class ReceivedCall:
    """One call: what was received, and the way back."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.request_id = f"req_{random.randbytes(16).hex()}"
        self._receive = receive
        self._send = send
        path = scope["path"][len(BASE_PATH) :]
        self.target = FaultTarget(
            scope["method"], path, scope["query_string"].decode("latin-1"), self._gone_within, asyncio.sleep
        )

    async def _gone_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._gone(), seconds)
        except TimeoutError:
            return False
        return True

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def end(self, ending: Ending, behavior: Behavior, started: float | None = None) -> None:
        """Send the response to a call of the API, part of it, or a reset."""
        if isinstance(ending, Reset):
            # The client sees a connection error, never an orderly end.
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self._transport.abort()
            await self._gone()
        else:
            seconds = 0 if started is None else behavior.monotonic() - started
            await self.send_whole(ending, response_headers(ending, self.request_id, behavior.date(), seconds))

    async def send_whole(self, reply: Reply, headers: Mapping[str, str]) -> None:
        """Send a response, or part of it."""
        is_cut = reply.sent_bytes is not None
        own = {"content-type": reply.content_type, "content-length": str(len(reply.body)), **reply.headers}
        await self._begin(reply.status, headers or own)
        body = reply.body[: reply.sent_bytes]
        await self._send({"type": "http.response.body", "body": body, "more_body": is_cut})
        if is_cut:
            self._transport.close()
            await self._gone()

    async def send_stream(self, reply: Reply, stream: AsyncIterator[bytes]) -> None:
        """Send what comes, until the client closes the connection."""
        await self._begin(reply.status, {"content-type": reply.content_type, **reply.headers})

        async def send_all() -> None:
            async for part in stream:
                await self._send({"type": "http.response.body", "body": part, "more_body": True})

        sending = asyncio.ensure_future(send_all())
        try:
            await self._gone()
        finally:
            sending.cancel()

    async def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        shown = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": shown})

    @property
    def _transport(self) -> asyncio.Transport:
        found: asyncio.Transport = self.scope["extensions"][TRANSPORT]
        return found


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

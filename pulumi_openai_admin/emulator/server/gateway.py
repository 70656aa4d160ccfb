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
from contextlib import contextmanager
from email.utils import formatdate
from functools import lru_cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
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
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.handlers.behavior import Behavior


Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MAX_BODY = 1_000_000
"""No body of the Administration API, nor of a seed, comes near it."""


class BodyTooLargeError(Refused):
    """A body that is not read to its end: the connection closes."""

    def __init__(self) -> None:
        """Say how much is allowed."""
        super().__init__(413, f"Request body too large: at most {MAX_BODY} bytes.", code="request_too_large")


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
    if announced.isdecimal() and int(announced) > MAX_BODY:
        raise BodyTooLargeError
    chunks, size, more = list[bytes](), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            raise BodyTooLargeError
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


CONNECTION = "pulumi_openai_admin.emulator.connection"
"""Where a scope's extensions have the connection of the call."""

_NO_LINGER = struct.pack("ii", 1, 0)


class Connection:
    """A transport that can hold back what is written, so that head and body of a response leave in one piece."""

    def __init__(self, transport: asyncio.Transport) -> None:
        """Write to a transport."""
        self._transport = transport
        self._held: list[bytes] | None = None
        self._is_closing = False

    def __getattr__(self, name: str) -> Any:
        """Be the transport in everything else."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write, or hold back."""
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(data)

    def close(self) -> None:
        """Close, once everything is written."""
        if self._held is None:
            self._transport.close()
        else:
            self._is_closing = True

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """Hold back what is written inside, and write it at the end."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            self._transport.write(b"".join(held))
            if self._is_closing:
                self._transport.close()

    def reset(self) -> None:
        """Send a TCP reset: the client sees a connection error, never an orderly end."""
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._transport.abort()


class Protocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol, which also hands each call its connection.

    The one with a parser in C: the one in Python takes as much time as all the rest of a call.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put ourselves between the protocol and the application."""
        super().__init__(*args, **kwargs)
        application = self.app

        async def with_connection(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[CONNECTION] = self.transport
            await application(scope, receive, send)

        self.app = with_connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the transport, as a connection."""
        super().connection_made(cast("asyncio.Transport", Connection(transport)))


class Gateway:
    """An ASGI application around the API and the control API."""

    def __init__(self, emulator: Emulator) -> None:
        """Guard an emulator."""
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
            call.body = await read_body(headers, receive)
        except DisconnectedError:
            return
        except BodyTooLargeError as refused:
            await call.end(refused.reply(), behavior, closes=True)
        except Refused as refused:
            await call.end(refused.reply(), behavior)
        else:
            if f"{scope['path']}/".startswith(f"{BASE_PATH}/"):
                started = behavior.monotonic()
                ending = await self._service.serve(call.target, headers, call.body, call.request_id)
                await call.end(ending, behavior, started)
            else:
                await self._serve_control(call)

    async def _serve_control(self, call: ReceivedCall) -> None:
        method, query = call.target.method, call.target.query
        try:
            match = self._control.router.find(method, call.scope["path"])
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                places = f"The API begins at {BASE_PATH}, the control API at {CONTROL_PATH}; /openapi.json lists both."
                refused.message += f". {places}"
            reply = refused.reply()
        else:
            answer = partial(self._control.answer, match, query, call.body, Actor())
            reply = await asyncio.to_thread(answer) if match.operation.in_thread else answer()
        if reply.stream is None:
            await call.send_whole(reply, {})
        else:
            await call.send_stream(reply, reply.stream)
        if method != "GET":
            self._emulator.feed.control_changed()


class ReceivedCall:
    """One call: what was received, and the way back."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep a call whose body has not been read."""
        self.scope = scope
        self.body = b""
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

    async def end(
        self, ending: Ending, behavior: Behavior, started: float | None = None, *, closes: bool = False
    ) -> None:
        """Send the response to a call of the API, part of it, or a reset."""
        if isinstance(ending, Reset):
            self._connection.reset()
            await self._gone()
            return
        seconds = 0 if started is None else behavior.monotonic() - started
        headers = response_headers(ending, self.request_id, behavior.date(), seconds)
        await self.send_whole(ending, {**headers, "connection": "close"} if closes else headers)

    async def send_whole(self, reply: Reply, headers: dict[str, str]) -> None:
        """Send a response, or part of it."""
        is_cut = reply.sent_bytes is not None
        own = {"content-type": reply.content_type, "content-length": str(len(reply.body)), **reply.headers}
        with self._connection.in_one_piece():
            await self._begin(reply.status, headers or own)
            body = reply.body[: reply.sent_bytes]
            await self._send({"type": "http.response.body", "body": body, "more_body": is_cut})
        if is_cut:
            self._connection.close()
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
    def _connection(self) -> Connection:
        found: Connection = self.scope["extensions"][CONNECTION]
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

"""The TCP connection of a call: to reset it or close it early, which ASGI cannot; to send a response in one packet."""

from __future__ import annotations

import socket
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

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

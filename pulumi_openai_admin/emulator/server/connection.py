"""The raw connection of a call, for the ends that ASGI has no words for."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

TRANSPORT = "pulumi_openai_admin.emulator.transport"
"""Where a scope's extensions have the connection's transport."""

_LINGER_NOT = struct.pack("ii", 1, 0)


class Protocol(H11Protocol):
    """Uvicorn's HTTP protocol, which also hands each call its transport."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put ourselves between the protocol and the application."""
        super().__init__(*args, **kwargs)
        application = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = self.transport
            await application(scope, receive, send)

        self.app = with_transport


def reset(transport: asyncio.Transport) -> None:
    """Send a TCP reset: the client sees a connection error, never an orderly end."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()

"""Many clients at a time that need little themselves: sockets that stay open, and no HTTP library.

What they use of the processor is counted apart from what they measure.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.measure import NotMeasuredError

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"
_READ = 262_144


@dataclass(frozen=True)
class Call:
    """One request, the same each time."""

    method: str
    path: str
    body: str = ""

    def text(self, port: int, key: str) -> bytes:
        """Give what is sent."""
        lines = [
            f"{self.method} /v1{self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Authorization: Bearer {key}",
            "Content-Type: application/json",
            f"Content-Length: {len(self.body)}",
            "",
            self.body,
        ]
        return "\r\n".join(lines).encode()


class _Client:
    """One connection: the next request goes out when the reply to the last one is complete."""

    def __init__(self, port: int, request: bytes, count: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._left = count
        self._received = b""

    def send(self) -> bool:
        """Send the next request; False if none is left."""
        if self._left:
            self._left -= 1
            self.socket.sendall(self._request)
            return True
        return False

    def receive(self) -> bool:
        """Take what has arrived; True once the reply is complete."""
        arrived = self.socket.recv(_READ)
        if not arrived:
            raise NotMeasuredError("the emulator closed a connection")
        self._received += arrived
        head, end, body = self._received.partition(_END_OF_HEAD)
        if not end:
            return False
        length = _LENGTH.search(head)
        if length is None or not head.startswith(b"HTTP/1.1 200"):
            raise NotMeasuredError(f"a call was answered with {head[:40]!r}")
        if len(body) < int(length[1]):
            return False
        self._received = b""
        return True


def call_at_once(port: int, key: str, call: Call, clients: int, each: int) -> tuple[float, float]:
    """Have some clients make a number of calls each, all at the same time.

    Return the seconds that all of them took, and those of the processor that the clients used.
    """
    request = call.text(port, key)
    with ExitStack() as opened:
        selector = opened.enter_context(selectors.DefaultSelector())
        busy = [_Client(port, request, each) for _ in range(clients)]
        for client in busy:
            opened.enter_context(client.socket)
            selector.register(client.socket, selectors.EVENT_READ, client)
        began, before = time.perf_counter(), time.process_time()
        left = sum(client.send() for client in busy)
        while left:
            for ready, _ in selector.select():
                if ready.data.receive() and not ready.data.send():
                    left -= 1
        return time.perf_counter() - began, time.process_time() - before

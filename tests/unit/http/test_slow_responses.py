"""Servers that send too slowly to reach any timeout, over real sockets: each test ends because the request ends."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.http.requestor import Requestor
from tests.unit.test_network import FINE, MAKE, READ, listening, read_request

if TYPE_CHECKING:
    import socket

    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.call import Call

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BEGINNINGS = {
    "status": b"HTTP/1.1 200",
    "header": HEAD + b"X-Slow: ",
    "body": HEAD + b"Content-Length: 60000\r\n\r\n",
    "chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n",
    "length of a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
    "until the end": HEAD + b"\r\n",
}
pytestmark = pytest.mark.usefixtures("_loopback")


class Server:
    """Begins a response, and then sends a byte at a time until the client closes the connection."""

    def __init__(self, beginning: bytes) -> None:
        self._beginning = beginning
        self.has_begun = threading.Event()
        self.was_left = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(self._beginning)
        self.has_begun.set()
        with suppress(OSError):
            while True:
                time.sleep(0.05)
                connection.sendall(b"0")
        self.was_left.set()


def failure(settings: Settings, url: str, clock: Clock, call: Call = READ, seconds: float = 600) -> errors.AdminError:
    requestor = Requestor(replace(settings, base_url=url, max_wait_seconds=seconds), clock=clock)
    with pytest.raises(errors.AdminError) as caught:
        requestor.send(call)
    return caught.value


def cancel_when(event: threading.Event, clock: Clock) -> None:
    def work() -> None:
        event.wait(60)
        clock.cancel()

    threading.Thread(target=work, daemon=True).start()


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize(
    ("call", "cancels"), [(READ, False), (READ, True), (MAKE, True)], ids=["time", "cancelled", "cancelled change"]
)
def test_a_response_that_trickles_ends_with_the_operations_time_or_a_cancellation(
    settings: Settings, beginning: bytes, call: Call, cancels: bool
) -> None:
    server, clock = Server(beginning), Clock()
    if cancels:
        cancel_when(server.has_begun, clock)
    with listening(server) as (port, _):
        error = failure(settings, f"http://127.0.0.1:{port}", clock, call, seconds=600 if cancels else 0.5)
        assert server.was_left.wait(60)
    assert isinstance(error, errors.ResponseLostError)
    assert error.may_have_acted is (call is MAKE)
    ended = "the response was not complete within openai-admin:maxWaitSeconds. Run the command again."
    if cancels:
        ended = "you cancelled it before the response was complete. Update the resources."
    assert str(error) == f"Could not {call.action}: {ended}"


def test_the_response_to_a_change_is_awaited_after_a_cancellation(settings: Settings) -> None:
    """It may have the only copy of a new key."""
    clock = Clock()

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        clock.cancel()
        time.sleep(1.5)
        connection.sendall(FINE)

    with listening(serve) as (port, _):
        requestor = Requestor(replace(settings, base_url=f"http://127.0.0.1:{port}"), clock=clock)
        assert requestor.send(MAKE) == {"id": "1"}


@pytest.mark.parametrize("cancels", [True, False], ids=["cancelled", "late"])
def test_a_tls_handshake_that_never_ends_is_given_up(settings: Settings, cancels: bool) -> None:
    clock, asked, silent = Clock(), threading.Event(), threading.Event()

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        asked.set()
        silent.wait(60)

    if cancels:
        cancel_when(asked, clock)
    with listening(serve) as (port, _):
        error = failure(settings, f"https://127.0.0.1:{port}", clock, MAKE, seconds=600 if cancels else 0.5)
        silent.set()
    assert isinstance(error, errors.OperationTimeoutError)
    assert not error.may_have_acted
    ended = "you cancelled it. Update the resources."
    if not cancels:
        ended = "there was no connection within openai-admin:maxWaitSeconds. Run the command again."
    assert str(error) == f"Could not make a thing: {ended}"


def test_a_proxy_that_trickles_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    with listening(server) as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = failure(settings, "https://openai.test/v1", Clock(), MAKE, seconds=0.5)
        assert server.was_left.wait(60)
    assert isinstance(error, errors.OperationTimeoutError)


def test_a_response_later_than_the_read_timeout_is_lost(settings: Settings) -> None:
    silent = threading.Event()

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(BEGINNINGS["body"])
        silent.wait(60)

    with listening(serve) as (port, _):
        error = failure(replace(settings, read_timeout_seconds=0.3), f"http://127.0.0.1:{port}", Clock(), MAKE)
        silent.set()
    assert "no response came within 0 s" in str(error)

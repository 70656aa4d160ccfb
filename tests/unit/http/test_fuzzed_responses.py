"""Any bytes in the place of a response, over a real socket: a document, or an error of this package.

`FUZZ_EXAMPLES` sets the number of examples.
"""

from __future__ import annotations

import gzip
import os
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.printable import printable
from tests.unit.fakes import Clock
from tests.unit.test_network import MAKE, READ, read_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.config import Settings

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
LINES = st.sampled_from([
    *(b"Content-Length: 3", b"Content-Length: -1", b"Content-Length: x", b"Content-Length: 99999999999999999999"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Content-Encoding: gzip"),
    *(b"Content-Encoding: br", b"Location: http://evil.test", b"x-request-id: \x1b[2J\xff", b": ", b"x"),
    *(b"retry-after: nan", b"retry-after-ms: 1e999"),
    *(b"Date: Mon, 99 Foo", b"Connection: close", b"x-should-retry: false", b"Content-Type: application/json"),
])  # fmt: skip
STATUS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 204 ",
        b"HTTP/1.1 404 No",
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 302",
        b"HTTP/9 x",
        b"HTTP/1.0 429 x",
        b"",
        b"HTTP/1.1 999 x",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=64),
    st.sampled_from(
        [
            b"{}",
            b'{"error": {"message": 1}}',
            b'{"id": "1"}',
            b"[]",
            b"3\r\n{} \r\n0\r\n\r\n",
            b"ffffffffffffffff\r\n",
            b"[" * 5000,
            gzip.compress(b'{"id": "1"}'),
            gzip.compress(b"{}")[:-3],
            b'{"a": NaN}',
        ]
    ),
)
RESPONSES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda status, lines, body: b"\r\n".join([status, *lines, b"", b""]) + body,
        STATUS,
        st.lists(LINES, max_size=5),
        BODIES,
    ),
)


class Server:
    """A server on this machine that sends the same bytes to every request, and then closes the connection."""

    def __init__(self) -> None:
        self.response = b""
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        with suppress(OSError):  # the server is closed
            while True:
                connection, _ = self._socket.accept()
                with connection, suppress(OSError):
                    read_request(connection)
                    connection.sendall(self.response)

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.mark.usefixtures("_loopback")
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(response=RESPONSES, makes=st.booleans())
def test_any_response_is_a_document_or_an_error(
    settings: Settings, server: Server, response: bytes, makes: bool
) -> None:
    server.response = response
    requestor = Requestor(
        replace(settings, base_url=f"http://127.0.0.1:{server.port}/v1", max_wait_seconds=3), clock=Clock()
    )
    shown = ""
    try:
        assert isinstance(requestor.send(MAKE if makes else READ), dict)
    except errors.AdminError as error:
        shown = str(error)
    assert printable(shown) == shown

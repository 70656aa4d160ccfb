"""Any bytes in the place of a response, over a real socket: a document, or an error of this package."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.printable import printable
from tests.unit.fakes import Clock
from tests.unit.fuzzing import EXAMPLES
from tests.unit.test_network import MAKE, READ, listening, read_request

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from pulumi_openai_admin.config import Settings

LINES = st.sampled_from([
    *(b"Content-Length: 3", b"Content-Length: -1", b"Content-Length: x", b"Content-Length: 99999999999999999999"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Content-Encoding: gzip"),
    *(b"Content-Encoding: br", b"Location: http://evil.test", b"x-request-id: \x1b[2J\xff", b": ", b"x"),
    *(b"retry-after: nan", b"retry-after-ms: 1e999"),
    *(b"Date: Mon, 99 Foo", b"Connection: close", b"x-should-retry: false", b"Content-Type: application/json"),
])  # fmt: skip
STATUS = st.sampled_from([
    *(b"HTTP/1.1 200 OK", b"HTTP/1.1 204 ", b"HTTP/1.1 404 No", b"HTTP/1.1 100 Continue", b"HTTP/1.1 302"),
    *(b"HTTP/9 x", b"HTTP/1.0 429 x", b"", b"HTTP/1.1 999 x"),
])  # fmt: skip
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


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[int, list[bytes]]]:
    """A server that sends the last bytes of a list to every request: its port, and the list."""
    responses = [b""]

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(responses[-1])

    with listening(serve) as (port, _):
        yield port, responses


@pytest.mark.usefixtures("_loopback")
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(response=RESPONSES, makes=st.booleans())
def test_any_response_is_a_document_or_an_error(
    settings: Settings, served: tuple[int, list[bytes]], response: bytes, makes: bool
) -> None:
    port, responses = served
    responses.append(response)
    requestor = Requestor(replace(settings, base_url=f"http://127.0.0.1:{port}/v1", max_wait_seconds=3), clock=Clock())
    shown = ""
    try:
        assert isinstance(requestor.send(MAKE if makes else READ), dict)
    except errors.AdminError as error:
        shown = str(error)
    assert printable(shown) == shown

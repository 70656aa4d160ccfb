"""What goes wrong between here and OpenAI, told by real sockets on this machine: TLS, proxies, connections that end."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme
import urllib3

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.certificates import CA_BUNDLES
from pulumi_openai_admin.http.requestor import Requestor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_openai_admin.config import Settings
    from tests.unit.fakes import Clock

    Serve = Callable[[socket.socket], None]
    To = Callable[[str], Requestor]
    Wrap = Callable[[Serve], Serve]

READ = Call("GET", "/things", "read the things")
MAKE = Call("POST", "/things", "make a thing", body={"name": "x"}, idempotent=False)
FINE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"id": "1"}'
CLOSED = "127.0.0.1:1"
pytestmark = pytest.mark.usefixtures("_loopback")


@contextmanager
def listening(serve: Serve) -> Iterator[tuple[int, list[socket.socket]]]:
    """A server on this machine: its port, and the connections that it took."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def work() -> None:
            with suppress(OSError):  # the server is closed
                while True:
                    connection, _ = server.accept()
                    taken.append(connection)
                    with connection, suppress(OSError):
                        serve(connection)

        threading.Thread(target=work, daemon=True).start()
        yield server.getsockname()[1], taken
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def read_request(connection: socket.socket) -> bytes:
    """What was asked, to its end: a connection that is closed with something unread resets what was answered."""
    asked, length = b"", 0
    while len(asked.partition(b"\r\n\r\n")[2]) < length or b"\r\n\r\n" not in asked:
        more = connection.recv(4096)
        if not more:
            break
        asked += more
        stated = re.search(rb"(?i)content-length: (\d+)", asked)
        length = int(stated[1]) if stated else 0
    return asked


def fine(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(FINE)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def over_tls(authority: trustme.CA) -> Wrap:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "openai.test").configure_cert(context)

    def wrap(serve: Serve) -> Serve:
        def wrapped(connection: socket.socket) -> None:
            with context.wrap_socket(connection, server_side=True) as tls:
                serve(tls)

        return wrapped

    return wrap


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def to(settings: Settings, clock: Clock) -> To:
    """Makes a requestor for an address."""
    return lambda url: Requestor(replace(settings, base_url=url), clock=clock)


def failure(requestor: Requestor, call: Call = MAKE) -> errors.AdminError:
    with pytest.raises(errors.AdminError) as caught:
        requestor.send(call)
    assert caught.value.may_have_acted is isinstance(caught.value, errors.ResponseLostError)
    return caught.value


# Certificates


@pytest.mark.parametrize(
    ("host", "variable"), [(h, v) for v, h in zip(CA_BUNDLES, ("localhost", "127.0.0.1"), strict=False)]
)
def test_this_machine_can_be_reached_with_a_private_authority(
    to: To, over_tls: Wrap, bundle: str, monkeypatch: pytest.MonkeyPatch, host: str, variable: str
) -> None:
    monkeypatch.setenv(variable, bundle)
    monkeypatch.setenv("HTTPS_PROXY", f"http://{CLOSED}")  # not asked for this machine
    with listening(over_tls(fine)) as (port, _):
        requestor = to(f"https://{host}:{port}/v1")
        assert requestor.send(READ) == requestor.send(MAKE) == {"id": "1"}


def test_a_certificate_that_is_not_trusted_says_why(to: To, over_tls: Wrap) -> None:
    with listening(over_tls(fine)) as (port, taken):
        error = failure(to(f"https://localhost:{port}/v1"))
        assert isinstance(error, errors.ConfigurationError)
        assert error.what.startswith(
            f"Could not make a thing: the certificate of https://localhost:{port}/v1 is not trusted (unable to get"
        )
        assert len(taken) == 1


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "does not exist"),
        (b"", "can't be read as certificates"),
        (b"\xff\x00PEM", "can't be read as certificates"),
    ],
    ids=["missing", "empty", "garbage"],
)
@pytest.mark.parametrize("url", ["https://openai.test/v1", "https://localhost:1/v1"])
def test_a_bundle_that_can_not_be_used_is_named(
    to: To, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, fault: str, url: str
) -> None:
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with listening(fine) as (port, _):
        connect = partial(socket.create_connection, ("127.0.0.1", port))
        monkeypatch.setattr(urllib3.util.connection, "create_connection", lambda *_, **__: connect())
        error = failure(to(url))
    assert isinstance(error, errors.ConfigurationError)
    assert error.what == f"Could not make a thing: REQUESTS_CA_BUNDLE names {path}, which {fault}"
    assert error.advice == "Name a file of certificates in PEM format, or unset the variable."
    assert clock.slept == []


def test_what_speaks_no_tls_was_not_asked_anything(to: To, clock: Clock) -> None:
    def greet(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.recv(4096)

    with listening(greet) as (port, _):
        error = failure(to(f"https://localhost:{port}/v1"))
    assert isinstance(error, errors.RequestNotSentError)
    assert "can't be reached: no TLS connection could be made (wrong version number)" in error.what
    assert clock.at - 1000 <= 5


# Connections that end


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_ends_after_the_request_may_have_done_it(
    to: To, over_tls: Wrap, bundle: str, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    asked: list[bytes] = []

    def hang_up(connection: socket.socket) -> None:
        asked.append(read_request(connection))

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    with listening(hang_up if scheme == "http" else over_tls(hang_up)) as (port, _):
        error = failure(to(f"{scheme}://localhost:{port}/v1"))
    assert isinstance(error, errors.ResponseLostError)
    assert len(asked) == 1
    assert asked[0].startswith(b"POST /v1/things ")


def test_what_has_left_may_be_done_whatever_becomes_of_the_bundle(
    to: To, over_tls: Wrap, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_and_hang_up(connection: socket.socket) -> None:
        read_request(connection)
        Path(bundle).write_bytes(b"")

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    with listening(over_tls(replace_and_hang_up)) as (port, _):
        assert isinstance(failure(to(f"https://localhost:{port}/v1")), errors.ResponseLostError)


# Proxies


@pytest.fixture
def proxied(to: To, monkeypatch: pytest.MonkeyPatch) -> To:
    def through(proxy: str) -> Requestor:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        return to("https://openai.test/v1")

    return through


@contextmanager
def proxy_that_answers(status: str) -> Iterator[tuple[str, list[socket.socket]]]:
    def refuse(connection: socket.socket) -> None:
        assert read_request(connection).startswith(b"CONNECT openai.test:443 ")
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    with listening(refuse) as (port, taken):
        yield f"http://me:hunter2@127.0.0.1:{port}", taken


@pytest.mark.parametrize(
    ("status", "what", "advice"),
    [
        (
            "407 Proxy Authentication Required",
            "requires a user name and a password (status 407 Proxy Authentication Required)",
            "Put them into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT.",
        ),
        (
            "403 Forbidden",
            "refuses connections to https://openai.test/v1 (status 403 Forbidden)",
            "Allow it in the proxy, or add the host to NO_PROXY if it can be reached without the proxy.",
        ),
    ],
)
def test_a_proxy_that_refuses_is_final_and_nothing_was_sent(proxied: To, status: str, what: str, advice: str) -> None:
    with proxy_that_answers(status) as (proxy, taken):
        error = failure(proxied(proxy))
        assert isinstance(error, errors.ConfigurationError)
        assert error.what == f"Could not make a thing: the proxy {proxy.partition('@')[2]} {what}"
        assert error.advice == advice
        assert len(taken) == 1


@pytest.mark.parametrize("status", ["502 Bad Gateway", "504 \x1b[31mGateway"])
def test_a_proxy_that_reaches_nobody_is_asked_again_for_some_seconds(proxied: To, clock: Clock, status: str) -> None:
    with proxy_that_answers(status) as (proxy, taken):
        error = failure(proxied(proxy))
        assert isinstance(error, errors.RequestNotSentError)
        assert f"can't reach https://openai.test/v1 (status {status[:3]}" in error.what
        assert str(error).isprintable()
        assert "hunter2" not in str(error)
        assert error.advice.startswith(f"Check the network, HTTPS_PROXY ({proxy.partition('@')[2]}) and the address, ")
        assert len(taken) >= 3
    assert clock.at - 1000 <= 5


def test_what_comes_through_a_proxy_is_an_answer_like_any_other(
    proxied: To, over_tls: Wrap, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs_up = threading.Event()

    def answer(connection: socket.socket) -> None:
        read_request(connection)
        if not hangs_up.is_set():
            connection.sendall(FINE)

    def tunnel(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        over_tls(answer)(connection)

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    with listening(tunnel) as (port, _):
        requestor = proxied(f"http://127.0.0.1:{port}")
        assert requestor.send(MAKE) == {"id": "1"}
        hangs_up.set()
        assert isinstance(failure(requestor), errors.ResponseLostError)


def test_a_proxy_that_is_not_there_is_named_in_place_of_openai(proxied: To) -> None:
    error = failure(proxied(f"http://me:hunter2@{CLOSED}"))
    assert isinstance(error, errors.RequestNotSentError)
    assert error.what == f"Could not make a thing: the proxy {CLOSED} can't be reached: the connection was refused"


@pytest.mark.parametrize(
    ("proxy", "what", "advice"),
    [
        *(
            (
                proxy,
                f"the proxy {CLOSED} uses SOCKS, which needs PySocks",
                "Install it where the program runs: `pip install 'requests[socks]'`.",
            )
            for proxy in (f"socks5://{CLOSED}", f"socks5h://me:hunter2@{CLOSED}")
        ),
        *(
            (proxy, "the address of the proxy ", "Correct HTTPS_PROXY.")
            for proxy in ("http://", "ftp://proxy.test", "http://proxy.test:port", "http://[::1")
        ),
    ],
)
def test_a_proxy_that_can_not_be_used_is_named(proxied: To, proxy: str, what: str, advice: str) -> None:
    error = failure(proxied(proxy))
    assert isinstance(error, errors.ConfigurationError)
    assert error.what.startswith(f"Could not make a thing: {what}")
    assert error.advice == advice

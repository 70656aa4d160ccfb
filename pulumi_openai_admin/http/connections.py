"""Connections to OpenAI: certificates, proxy, the end of every wait, and whether a request was sent.

The timeouts of requests and urllib3 limit the silence between two bytes. A server that sends a byte each half second
never reaches them. So every read here waits in short steps, and each step checks the time of the operation.
"""

from __future__ import annotations

import http.client
import io
import os
import threading
import time
from contextvars import copy_context
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy

from pulumi_openai_admin.http import certificates
from pulumi_openai_admin.http.clock import SECONDS_BETWEEN, StoppedError, WaitLimits

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from typing_extensions import Buffer
    from urllib3.connection import HTTPConnection

    from pulumi_openai_admin.config import Settings

_departure = threading.local()
_GRACE_SECONDS = 0.6
"""How long a response may take to end after the user cancelled the operation. With two steps, it is a second."""
_NO_TIMEOUT = 3600.0
"""The read timeout in seconds if there is none; requests are always sent with one."""


def new_session(settings: Settings) -> requests.Session:
    """A session with its own connections.

    Certificates and the proxy come from the environment. Addresses of your machine are reached without a proxy.
    """
    session = requests.Session()
    # Without this, requests reads and decodes the whole body of a redirect, without the limits of `replies`.
    session.get_redirect_target = lambda _resp: None  # type: ignore[method-assign,assignment]
    session.trust_env = not settings.is_loopback
    bundle = certificates.ca_bundle()
    session.verify = bundle.path if bundle else True
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(pool_maxsize=settings.parallel + 4))
    return session


@dataclass(frozen=True)
class Proxy:
    """The proxy that the environment names for an address."""

    url: str

    @property
    def variable(self) -> str:
        """The variable that names it; HTTPS_PROXY if it is from the settings of the system."""
        names = (name for name, value in os.environ.items() if name.lower().endswith("_proxy") and value == self.url)
        return next(names, "HTTPS_PROXY")

    def __str__(self) -> str:
        """Host and port, because the URL may contain a password."""
        try:
            parts = urlsplit(self.url if "//" in self.url else f"//{self.url}")
            shown = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        except ValueError:
            shown = None
        return f"the proxy {shown}" if shown else f"the proxy of {self.variable}"


def proxy_for(settings: Settings) -> Proxy | None:
    """The proxy for requests; None if there is none."""
    if settings.is_loopback:
        return None
    url = select_proxy(settings.base_url, get_environ_proxies(settings.base_url, no_proxy=None))
    return Proxy(url) if url else None


def begin(limits: WaitLimits) -> None:
    """Record that this thread is about to send a request.

    Args:
        limits: How long it may wait.
    """
    _departure.has_left = None
    _departure.limits = limits


def has_left() -> bool | None:
    """Whether any part of this thread's request was sent; None if that is not known.

    The connection, to a proxy if there is one, and TLS come first: a failure before that has reached nobody.
    """
    has_left: bool | None = getattr(_departure, "has_left", None)
    return has_left


class _Adapter(HTTPAdapter):
    """Records when a connection is requested, and when the request is sent."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """The pool for a request, with connections that record when it is sent, and whose waits end."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _limited(pool.ConnectionCls)
        _departure.has_left = False
        return pool


@lru_cache(maxsize=8)
def _limited(kind: type[HTTPConnection]) -> type[HTTPConnection]:
    if hasattr(kind, "is_limited"):
        return kind

    def request(self: HTTPConnection, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:  # without TLS, the connection is made only now
            self.connect()
        _departure.has_left = True
        kind.request(self, *args, **kwargs)

    def connect(self: HTTPConnection) -> None:
        _connect(self, kind.connect)

    body = {"request": request, "connect": connect, "response_class": _Response, "is_limited": True}
    return type(kind.__name__, (kind,), body)


def _connect(connection: HTTPConnection, connect: Callable[[HTTPConnection], None]) -> None:
    """Connect in another thread: neither DNS nor a TLS handshake can be interrupted.

    Raises:
        StoppedError: The operation has no time left, or the user has cancelled it.
    """
    limits: WaitLimits = _departure.limits
    failures: list[BaseException] = []
    done, given_up = threading.Event(), threading.Event()

    def work() -> None:
        _departure.limits = limits
        try:
            connect(connection)
        except StoppedError:
            failures.append(StoppedError())  # without the frames of the first one, which hold the socket open
        except BaseException as failure:  # noqa: BLE001 - the other thread raises it
            failures.append(failure)
        done.set()
        if given_up.is_set():
            connection.close()

    threading.Thread(target=copy_context().run, args=(work,), daemon=True).start()  # with the time of the operation
    try:
        while not done.wait(SECONDS_BETWEEN):
            limits.require_time()
            limits.require_no_cancellation()
    except BaseException:
        given_up.set()
        raise
    if failures:
        raise failures[0]


class _Response(http.client.HTTPResponse):
    """A response whose head and body are read within the time of the operation."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Reader(sock, self.fp, _departure.limits))


class _Reader(io.RawIOBase):
    """Reads a response from a socket, in steps.

    Args:
        sock: The socket. Its timeout limits the silence between two bytes.
        file: What `http.client` would read from. While it is open, the socket stays open.
        limits: How long the request may wait.
    """

    def __init__(self, sock: socket.socket, file: io.BufferedIOBase, limits: WaitLimits) -> None:
        super().__init__()
        self._sock = sock
        self._file = file
        self._limits = limits
        self._silence = sock.gettimeout() or _NO_TIMEOUT
        self._has_begun = False
        self._cancelled_at: float | None = None

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read at least a byte; 0 at the end of the connection.

        Raises:
            StoppedError: The operation has no time left, or the user has cancelled it.
            TimeoutError: No byte arrived within the read timeout.
        """
        begun = time.monotonic()
        while True:
            self._require_time()
            try:
                length = self._receive(buffer)
            except TimeoutError:
                if time.monotonic() - begun >= self._silence:
                    raise
            else:
                self._has_begun = True
                return length

    def _receive(self, buffer: Buffer) -> int:
        self._sock.settimeout(min(SECONDS_BETWEEN, self._silence))
        try:
            return self._sock.recv_into(buffer)
        finally:
            self._sock.settimeout(self._silence)  # after the response of a proxy, TLS begins

    def close(self) -> None:
        """Close what `http.client` would have closed."""
        self._file.close()
        super().close()

    def _require_time(self) -> None:
        self._limits.require_time()
        if not self._limits.is_cancelled() or (self._limits.changes_something and not self._has_begun):
            return
        self._cancelled_at = self._cancelled_at or time.monotonic()
        if time.monotonic() - self._cancelled_at >= _GRACE_SECONDS:
            raise StoppedError

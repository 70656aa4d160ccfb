"""Connections to OpenAI: certificates, proxy, the end of every wait, and whether a request was sent.

The timeouts of requests and urllib3 limit the silence between two bytes. A server that sends a byte each half second
never reaches them. So every read here waits in short steps, and each step checks the time of the operation.
"""

from __future__ import annotations

import http.client
import io
import os
import re
import socket
import ssl
import threading
import time
from contextvars import copy_context
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from typing_extensions import Buffer, override
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ProxySchemeUnknown,
    ReadTimeoutError,
)

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.config import DEFAULT_BASE_URL, SettingName, Settings
from pulumi_openai_admin.http import certificates
from pulumi_openai_admin.http.certificates import all_of as causes_of
from pulumi_openai_admin.http.certificates import first
from pulumi_openai_admin.http.clock import SECONDS_BETWEEN, StoppedError, WaitLimits
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import Advice, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from urllib3.connection import HTTPConnection

    from pulumi_openai_admin.http.call import Call

_REFUSED_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\s*(.*)")
"""The message of `http.client` if a proxy responds to CONNECT with a status other than 200."""


def explain(error: Exception, call: Call, settings: Settings) -> errors.AdminError:
    """The error for an exception of a library.

    It is a `ResponseLostError` only if the request may have arrived, and a `ConfigurationError` if a retry can't help.
    """
    causes, what = list(causes_of(error)), f"Could not {call.action}"
    proxy, is_sent = proxy_for(settings), _departure.has_left
    if is_sent:
        return _of_reply(what, error, proxy, settings)
    if found := _of_certificates(what, causes, settings) or (proxy and _of_proxy(what, causes, proxy, settings)):
        return found
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | LocationValueError):
        advice = Advice("Correct ", settings.name("baseUrl"), ".")
        return errors.ConfigurationError(f"{what}: the address {settings.base_url} can't be used", advice)
    if is_sent is False or first(causes, *_UNCONNECTED):  # there was no connection, so the request was not sent
        target = str(proxy) if proxy and first(causes, ProxyError) else settings.base_url
        return errors.RequestNotSentError(f"{what}: {target} can't be reached{_cause(causes)}", _check(settings, proxy))
    return _of_reply(what, error, proxy, settings)


def stopped(call: Call, limits: WaitLimits, max_wait: str | SettingName) -> errors.AdminError:
    """The error for a request that ended because the operation has no time left, or because the user cancelled it."""
    what, has_left = f"Could not {call.action}: ", _departure.has_left
    kind = errors.ResponseLostError if has_left else errors.OperationTimeoutError
    if limits.left() <= 0:
        event = "the response was not complete" if has_left else "there was no connection"
        return kind(Message(f"{what}{event} within ", max_wait), Advice(remedies.RUN_AGAIN, "."))
    event = " before the response was complete" if has_left else ""
    return kind(f"{what}you cancelled it{event}", Advice(remedies.RUN, "."))


def _of_certificates(what: str, causes: Sequence[BaseException], settings: Settings) -> errors.AdminError | None:
    bundle = certificates.ca_bundle() if settings.base_url.lower().startswith("https:") else None
    if bundle and (failure := bundle.failure):
        return errors.ConfigurationError(
            f"{what}: {bundle.variable} names {bundle.path}, which {failure}",
            "Name a file of certificates in PEM format, or unset the variable.",
        )
    untrusted = certificates.not_trusted(causes, str(bundle or ""))
    if untrusted is None:
        return None
    return errors.ConfigurationError(
        f"{what}: the certificate of {settings.base_url} {untrusted}",
        f"Check the base URL, the clock of your machine and {'that file' if bundle else certificates.ADVICE}.",
    )


def _of_proxy(what: str, causes: Sequence[BaseException], proxy: Proxy, settings: Settings) -> errors.AdminError | None:
    """The error for a failure of the proxy: no request has reached OpenAI."""
    if first(causes, requests.exceptions.InvalidProxyURL, ProxySchemeUnknown, LocationValueError):
        return errors.ConfigurationError(f"{what}: the address of {proxy} can't be used", f"Correct {proxy.variable}.")
    if any("SOCKS" in str(cause) for cause in causes if isinstance(cause, requests.exceptions.InvalidSchema)):
        return errors.ConfigurationError(
            f"{what}: {proxy} uses SOCKS, which needs PySocks",
            "Install it where the program runs: `pip install 'requests[socks]'`.",
        )
    refused = next((found for cause in causes if (found := _REFUSED_TUNNEL.match(str(cause)))), None)
    if refused is None:
        return None
    status = int(refused[1])
    status_line = printable(f"status {refused[1]} {refused[2]}".strip())[:80]
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return errors.ConfigurationError(
            f"{what}: {proxy} requires a user name and a password ({status_line})",
            f"Put them into {proxy.variable}: http://USER:PASSWORD@HOST:PORT.",
        )
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.ConfigurationError(
            f"{what}: {proxy} refuses connections to {settings.base_url} ({status_line})",
            "Allow it in the proxy, or add the host to NO_PROXY if it can be reached without the proxy.",
        )
    return errors.RequestNotSentError(
        f"{what}: {proxy} can't reach {settings.base_url} ({status_line})", _check(settings, proxy)
    )


_UNCONNECTED = (ConnectTimeoutError, requests.exceptions.ConnectTimeout, NewConnectionError)
"""The errors that say themselves that there was no connection."""


def _cause(causes: Sequence[BaseException]) -> str:
    """Why there is no connection, in words that follow "can't be reached"."""
    if first(causes, NameResolutionError, socket.gaierror):
        return ": its host name can't be resolved (DNS)"
    if first(causes, ConnectionRefusedError):
        return ": the connection was refused"
    tls = first(causes, ssl.SSLError)
    if tls:
        reason = getattr(tls, "reason", None) or "it was closed"  # an error that OpenSSL did not raise has no `reason`
        return f": no TLS connection could be made ({reason.replace('_', ' ').lower()})"
    failed = next((cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), None)
    if failed:
        return f": {failed[0].lower()}{failed[1:]}"
    is_late = first(causes, ConnectTimeoutError, requests.exceptions.Timeout, TimeoutError)
    return ": the connection timed out" if is_late else ": the connection was closed before it was complete"


def _of_reply(what: str, error: Exception, proxy: Proxy | None, settings: Settings) -> errors.ResponseLostError:
    advice, limit = _check(settings, proxy), f"{settings.read_timeout_seconds:.0f} s"
    if isinstance(error, requests.exceptions.Timeout | ReadTimeoutError):
        return errors.ResponseLostError(f"{what}: no response came within {limit}", advice)
    return errors.ResponseLostError(f"{what}: the connection broke before the response was complete", advice)


def _check(settings: Settings, proxy: Proxy | None) -> Advice:
    """What to check: the network, and the settings that are set."""
    by_proxy = [f"{proxy.variable} ({str(proxy).removeprefix('the proxy ')})"] if proxy else []
    is_set = settings.base_url != DEFAULT_BASE_URL
    by_address = [Message("the address, which ", settings.name("baseUrl"), " sets")] if is_set else []
    others: list[str | Message] = [*by_proxy, *by_address]
    joints = [*[", "] * (len(others) - 1), " and "]
    listed = (Message(joint, thing) for joint, thing in zip(joints, others, strict=False))
    return Advice("Check the network", *listed, ". ", remedies.RUN_AGAIN, ".")


class _Departure(threading.local):
    """What is known of the request of this thread."""

    limits: WaitLimits
    has_left: bool | None = None
    """Whether any part of it was sent; None if that is not known. The connection, to a proxy if there is one, and TLS
    come first: a failure before that has reached nobody."""


_departure = _Departure()
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
    """Record that this thread is about to send a request."""
    _departure.has_left = None
    _departure.limits = limits


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
    """Connect in another thread: neither DNS nor a TLS handshake can be interrupted."""
    limits = _departure.limits
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
            limits.require_time(is_cancellable=True)
    except BaseException:
        given_up.set()
        raise
    if failures:
        raise failures[0]


class _Response(http.client.HTTPResponse):
    """A response whose head and body are read within the time of the operation."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_BoundedReader(sock, self.fp, _departure.limits))


class _BoundedReader(io.RawIOBase):
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

    @override
    def readable(self) -> bool:
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
            self._sock.settimeout(min(SECONDS_BETWEEN, self._silence))
            try:
                length = self._sock.recv_into(buffer)
            except TimeoutError:
                if time.monotonic() - begun >= self._silence:
                    raise
            else:
                self._has_begun = True
                return length
            finally:
                self._sock.settimeout(self._silence)  # after the response of a proxy, TLS begins

    @override
    def close(self) -> None:
        self._file.close()
        super().close()

    def _require_time(self) -> None:
        self._limits.require_time()
        if not self._limits.is_cancelled() or (self._limits.changes_something and not self._has_begun):
            return
        self._cancelled_at = self._cancelled_at or time.monotonic()
        if time.monotonic() - self._cancelled_at >= _GRACE_SECONDS:
            raise StoppedError

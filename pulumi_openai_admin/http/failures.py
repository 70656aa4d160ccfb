"""Network failures: from exceptions of the libraries to one error that names the cause."""

from __future__ import annotations

import re
import socket
import ssl
from typing import TYPE_CHECKING

import requests
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
from pulumi_openai_admin.config import DEFAULT_BASE_URL
from pulumi_openai_admin.http import certificates, connections
from pulumi_openai_admin.http.causes import all_of as causes_of
from pulumi_openai_admin.http.causes import first
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import Advice, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.config import SettingName, Settings
    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.clock import WaitLimits
    from pulumi_openai_admin.http.connections import Proxy

_REFUSED_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\s*(.*)")
"""The message of `http.client` if a proxy responds to CONNECT with a status other than 200."""
_NEEDS_PASSWORD = 407
_FIRST_SERVER_ERROR = 500
_NO_SOCKS = "SOCKS"
"""Part of the message of requests if PySocks is missing."""


def explain(error: Exception, call: Call, settings: Settings) -> errors.AdminError:
    """The error for an exception of a library.

    It is a `ResponseLostError` only if the request may have arrived, and a `ConfigurationError` if a retry can't help.
    """
    causes, what = list(causes_of(error)), f"Could not {call.action}"
    proxy, has_left = connections.proxy_for(settings), connections.has_left()
    if has_left:
        return _of_reply(what, error, proxy, settings)
    return (
        _of_certificates(what, causes, settings)
        or (_of_proxy(what, causes, proxy, settings) if proxy else None)
        or _of_address(what, error, settings)
        or (_of_connection(what, causes, proxy, settings) if has_left is False or _is_unconnected(causes) else None)
        or _of_reply(what, error, proxy, settings)
    )


def stopped(call: Call, limits: WaitLimits, max_wait: str | SettingName) -> errors.AdminError:
    """The error for a request that ended because the operation has no time left, or because the user cancelled it."""
    what = f"Could not {call.action}: "
    kind = errors.ResponseLostError if connections.has_left() else errors.OperationTimeoutError
    if limits.left() <= 0:
        event = "the response was not complete" if connections.has_left() else "there was no connection"
        return kind(Message(f"{what}{event} within ", max_wait), Advice(remedies.RUN_AGAIN, "."))
    event = " before the response was complete" if connections.has_left() else ""
    return kind(f"{what}you cancelled it{event}", Advice(remedies.RUN, "."))


def _of_certificates(what: str, causes: Sequence[BaseException], settings: Settings) -> errors.AdminError | None:
    bundle = certificates.ca_bundle() if settings.base_url.lower().startswith("https:") else None
    failure = bundle.failure if bundle else None
    if bundle and failure:
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
    """Failures of the proxy: no request has reached OpenAI."""
    if first(causes, requests.exceptions.InvalidProxyURL, ProxySchemeUnknown, LocationValueError):
        return errors.ConfigurationError(f"{what}: the address of {proxy} can't be used", f"Correct {proxy.variable}.")
    if any(_NO_SOCKS in str(cause) for cause in causes if isinstance(cause, requests.exceptions.InvalidSchema)):
        return errors.ConfigurationError(
            f"{what}: {proxy} uses SOCKS, which needs PySocks",
            "Install it where the program runs: `pip install 'requests[socks]'`.",
        )
    refused = next((found for cause in causes if (found := _REFUSED_TUNNEL.match(str(cause)))), None)
    if refused is None:
        return None
    status = int(refused[1])
    status_line = printable(f"status {refused[1]} {refused[2]}".strip())[:80]
    if status == _NEEDS_PASSWORD:
        return errors.ConfigurationError(
            f"{what}: {proxy} requires a user name and a password ({status_line})",
            f"Put them into {proxy.variable}: http://USER:PASSWORD@HOST:PORT.",
        )
    if status < _FIRST_SERVER_ERROR:
        return errors.ConfigurationError(
            f"{what}: {proxy} refuses connections to {settings.base_url} ({status_line})",
            "Allow it in the proxy, or add the host to NO_PROXY if it can be reached without the proxy.",
        )
    return errors.RequestNotSentError(
        f"{what}: {proxy} can't reach {settings.base_url} ({status_line})", _check(settings, proxy)
    )


def _of_address(what: str, error: Exception, settings: Settings) -> errors.AdminError | None:
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | LocationValueError):
        return errors.ConfigurationError(
            f"{what}: the address {settings.base_url} can't be used",
            Advice("Correct ", settings.name("baseUrl"), "."),
        )
    return None


def _is_unconnected(causes: Sequence[BaseException]) -> bool:
    """Whether the error itself says that there was no connection."""
    return first(causes, ConnectTimeoutError, requests.exceptions.ConnectTimeout, NewConnectionError) is not None


def _of_connection(
    what: str, causes: Sequence[BaseException], proxy: Proxy | None, settings: Settings
) -> errors.RequestNotSentError:
    """Failures before there was a connection: the request was certainly not sent."""
    is_about_proxy = proxy is not None and first(causes, ProxyError) is not None
    target = str(proxy) if is_about_proxy else settings.base_url
    return errors.RequestNotSentError(f"{what}: {target} can't be reached{_cause(causes)}", _check(settings, proxy))


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
    advice = _check(settings, proxy)
    if isinstance(error, requests.exceptions.Timeout | ReadTimeoutError):
        return errors.ResponseLostError(
            (f"{what}: no response came within {settings.read_timeout_seconds:.0f} s"), advice
        )
    return errors.ResponseLostError(f"{what}: the connection broke before the response was complete", advice)


def _check(settings: Settings, proxy: Proxy | None) -> Advice:
    """What to check: the network, and the settings that are set."""
    by_proxy = [f"{proxy.variable} ({str(proxy).removeprefix('the proxy ')})"] if proxy else []
    is_set = settings.base_url != DEFAULT_BASE_URL
    by_address = [Message("the address, which ", settings.name("baseUrl"), " sets")] if is_set else []
    things: list[str | Message] = ["the network", *by_proxy, *by_address]
    *before, last = things
    listed = Message(*(Message(", " if number else "", thing) for number, thing in enumerate(before)), " and ", last)
    return Advice("Check ", listed if before else last, ". ", remedies.RUN_AGAIN, ".")

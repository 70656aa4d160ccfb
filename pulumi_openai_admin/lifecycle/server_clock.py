"""The clock of the server, for what falls due: a rotation can be rehearsed with an emulator whose clock is ahead."""

from __future__ import annotations

import os
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pulumi_openai_admin import config, errors

if TYPE_CHECKING:
    from pulumi_openai_admin.lifecycle.host import Host

_TIMEOUT_SECONDS = 2


def time_at_server(host: Host) -> float | None:
    """The time in seconds since 1970 by the clock of the server, if it is known; else None.

    It is known if the server has responded in this run. A server on your machine, such as an emulator, is asked for it,
    without a key. OpenAI is never asked: a preview sends it no request.

    Args:
        host: Serves the call.
    """
    from pulumi_openai_admin.http import replies  # noqa: PLC0415 - most previews need no client

    try:
        settings = config.resolve(os.environ, host.setting)
    except errors.ConfigurationError:  # a preview needs no key; what sends a request reports the error
        return None
    clock = host.run.client(settings, host.guard, host.clock).clock
    if clock.now() is None and settings.is_loopback:
        clock.set(replies.parse_date(_date_header(settings.base_url)))
    return clock.now()


def _date_header(base_url: str) -> str:
    """The header `Date` of a server on your machine; empty if it has none or does not respond."""
    parts = urlsplit(base_url)
    if parts.scheme != "http" or parts.hostname is None:
        return ""
    connection = HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", f"{parts.path}/")
        return connection.getresponse().getheader("date", "")
    except (OSError, HTTPException):
        return ""
    finally:
        connection.close()

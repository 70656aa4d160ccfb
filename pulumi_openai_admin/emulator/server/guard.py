"""What is refused before anything else: calls from web pages of other sites, and bodies that are too large.

A web page can send requests to your machine. A browser says in `Origin` which page sends one, and in `Host` under
which name the machine is addressed; both have to be your machine.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pulumi_openai_admin.emulator.handlers.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive

MAX_BODY = 1_000_000
"""No body of the Administration API, nor of a seed, comes near it."""


class BodyTooLargeError(Refused):
    """A body that is not read to its end: the connection closes."""

    def __init__(self) -> None:
        """Say how much is allowed."""
        super().__init__(413, f"Request body too large: at most {MAX_BODY} bytes.", code="request_too_large")


class DisconnectedError(Exception):
    """The client has gone before it sent the whole body: nothing is done."""


def is_loopback(host: str) -> bool:
    """Say whether a name or an address belongs to your machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse a call that is addressed to another host, or that a page from elsewhere sends."""
    host = headers.get("host", "")
    if not _is_served(host):
        message = f"The emulator does not serve the host {host!r}. Address it as 127.0.0.1 or localhost."
        raise Refused(403, message, code="foreign_host")
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{host}".lower():
        message = f"The emulator does not serve pages of {origin!r}, only its own page at http://{host}/."
        raise Refused(403, message, code="foreign_origin")


@lru_cache(maxsize=128)
def _is_served(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


async def read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """Read the whole body, unless it is too large."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MAX_BODY:
        raise BodyTooLargeError
    chunks, size, more = list[bytes](), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            raise BodyTooLargeError
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)

"""The clock of the server, for what falls due. That of your machine may be wrong, and that of an emulator ahead."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from pulumi_openai_admin import config, errors

if TYPE_CHECKING:
    from pulumi_openai_admin.lifecycle.host import Host

_TIMEOUT_SECONDS = 2


def time_at_server(host: Host, *, is_near: bool = False) -> float | None:
    """Return the time in seconds since 1970 by the clock of the server, if it is known; else None.

    It is known if the server has responded in this run. A server on your machine, such as an emulator, is asked for it.
    OpenAI is asked only if something falls due soon: a request without a key, once in a run.

    Args:
        host: Serves the call.
        is_near: Whether something falls due in the next days by the clock of your machine.
    """
    from pulumi_openai_admin.http import replies  # noqa: PLC0415 - most previews need no client

    try:
        settings = config.resolve(os.environ, host.setting)
    except errors.ConfigurationError:  # a preview needs no key; what sends a request reports the error
        return None
    clock = host.run.client(settings, host.guard, host.clock).clock
    is_asked = (settings.is_loopback or is_near) and settings.base_url not in host.run.clocks_asked
    if clock.now() is None and is_asked:
        host.run.clocks_asked.add(settings.base_url)
        clock.set(replies.parse_date(_date_header(settings.base_url)))
    return clock.now()


def _date_header(base_url: str) -> str:
    """Return the header `Date` of a server; empty if it has none or does not respond. Errors have it, too."""
    from pulumi_openai_admin.http.certificates import ca_bundle  # noqa: PLC0415 - as above

    bundle = ca_bundle()
    try:
        context = ssl.create_default_context(cafile=bundle.path if bundle else None)
        with urlopen(f"{base_url}/", timeout=_TIMEOUT_SECONDS, context=context) as reply:  # noqa: S310 - the base URL is https, or on this machine
            return str(reply.headers.get("date", ""))
    except HTTPError as error:
        return str(error.headers.get("date", ""))
    except (OSError, ValueError):  # no connection, or a base URL that a request will report
        return ""

"""What goes over the wire: the key, the address, time-outs, and how much of a reply is read."""

from __future__ import annotations

import platform
from functools import cached_property
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

    from pulumi_openai_admin.config import Settings, Wording
    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.clock import Clock

LARGEST_REPLY = 32 * 2**20
"""In bytes. A list of 1,000 rows is about 0.3 MB."""


class Wire:
    """Sends one request at a time, for one key and address; shared by all threads of a process.

    Args:
        settings: Key, address and time-outs.
        clock: Set by every reply.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.has_answered = False
        """Whether any reply has come, so that the address and the way to it are right."""

    def exchange(self, call: Call, left: Callable[[], float], wording: Wording) -> tuple[int, Mapping[str, str], bytes]:
        """One request and its reply: status, headers, body.

        Args:
            call: What is asked.
            left: How many seconds the operation has left.
            wording: What messages call what bounds the operation.

        Raises:
            errors.TransportError: No usable reply; told apart by whether the request may have arrived.
            errors.ConfigurationError: The address will not do.
        """
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - a preview sends nothing, and should not pay for it

        from pulumi_openai_admin.http import connections, failures  # noqa: PLC0415 - the same

        connections.begin()
        # A pooled connection may have been closed at the other end without our knowing; what can't be
        # repeated gets one of its own, so that such a loss never looks like a lost reply.
        session = self.session if call.idempotent else self.new_session()
        try:
            with session.request(
                call.method,
                self._settings.base_url + call.path,
                params=call.query,
                json=call.body,
                headers=self._headers,
                timeout=(
                    min(self._settings.connect_timeout_seconds, max(1.0, left())),
                    min(self._settings.read_timeout_seconds, max(1.0, left())),
                ),
                allow_redirects=False,
                stream=True,
            ) as response:
                self.has_answered = True
                self._clock.set(replies.parse_date(response.headers.get("date", "")))
                return response.status_code, response.headers, self._bounded(call, response, left, wording)
        except (OSError, HTTPError) as error:  # all that requests raises is an OSError, and some slips through it
            raise failures.explain(error, call, self._settings) from None

    def _bounded(self, call: Call, response: requests.Response, left: Callable[[], float], wording: Wording) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(64 * 1024):
            body += chunk
            if len(body) > LARGEST_REPLY:
                raise self.broken(call, f"larger than {LARGEST_REPLY // 2**20} MiB")
            if left() <= 0:  # a reply that trickles in never runs into the read time-out
                what = f"Could not {call.action}: the reply was not whole within {wording.max_wait}"
                raise errors.ResponseLostError(what, Advice(remedies.RUN_AGAIN, "."))
        return bytes(body)

    @cached_property
    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": user_agent()}
        if self._settings.organization:
            headers["OpenAI-Organization"] = self._settings.organization
        return headers

    @cached_property
    def session(self) -> requests.Session:
        """For what can be repeated: connections are kept."""
        return self.new_session()

    def new_session(self) -> requests.Session:
        """One with connections of its own."""
        from pulumi_openai_admin.http import connections  # noqa: PLC0415

        session = connections.new_session(self._settings)
        # An `auth` of its own: without one, requests would put a .netrc entry in the key's place.
        session.auth = self._authorize
        return session

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._settings.admin_api_key}"
        return request

    def broken(self, call: Call, reply: str) -> errors.InvalidReplyError:
        """The error for a reply that is not what the API promises."""
        what = f"Could not {call.action}: the reply was {reply}"
        advice = f"Check that {self._settings.base_url} is OpenAI and not a proxy's own page."
        broken = errors.InvalidReplyError(what, advice)
        broken.may_have_acted = call.method != "GET"
        return broken


def user_agent() -> str:
    """Who is asking, with versions."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    def product(name: str) -> str:
        try:
            return f"{name}/{version(name)}"
        except PackageNotFoundError:  # run from a folder, not installed
            return name

    products = " ".join(map(product, ("pulumi-openai-admin", "pulumi", "requests")))
    return f"{products} Python/{platform.python_version()} ({platform.system()})"

"""HTTP requests: the key, the base URL, timeouts, and the maximum size of a response."""

from __future__ import annotations

import platform
import zlib
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.clock import ServerClock, StoppedError, WaitLimits
from pulumi_openai_admin.http.replies import KeyMask

if TYPE_CHECKING:
    import requests

    from pulumi_openai_admin.config import SettingName, Settings
    from pulumi_openai_admin.http.call import Call

Transport = Callable[["Settings", "ServerClock"], "Wire"]
"""Makes what sends the requests of one key and base URL: `Wire`, or a part that needs no network."""

MAX_REPLY_BYTES = 32 * 2**20
"""The maximum size of a response, after decompression. A list of 1,000 rate limits is about 0.3 MB."""
_CHUNK_BYTES = 64 * 1024
_GZIP = 31
"""The argument of zlib for gzip and nothing else."""


class Wire:
    """Sends requests with the settings of one client; shared by all threads of a run.

    Args:
        settings: Key, base URL and timeouts.
        clock: Set by every response.
    """

    def __init__(self, settings: Settings, clock: ServerClock) -> None:
        self._settings = settings
        self._clock = clock
        self._mask = KeyMask(settings.admin_api_key)
        self.has_answered = False
        """Whether any response has arrived, so that the base URL and the network work."""

    def exchange(
        self, call: Call, limits: WaitLimits, max_wait: str | SettingName
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send a request; returns status, headers and body of its response, without the key.

        Args:
            max_wait: The setting with the time limit of the operation.

        Raises:
            errors.TransportError: No usable response. Its subclass says whether the request may have arrived.
            errors.ConfigurationError: The base URL is invalid.
            errors.OperationTimeoutError: The operation has no time left, or was cancelled, before it was sent.
        """
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - previews send no requests and need no import

        from pulumi_openai_admin.http import connections  # noqa: PLC0415 - the same

        sent = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": user_agent()}
        if self._settings.organization:
            sent["OpenAI-Organization"] = self._settings.organization
        connections.begin(limits)
        # A pooled connection may have been closed by the server. A request that can't be repeated gets its own
        # connection, so that this is never confused with a lost response.
        session = self.session if call.idempotent else self.new_session()
        try:
            with session.request(
                call.method,
                self._settings.base_url + call.path,
                params=call.query,
                json=call.body,
                headers=sent,
                timeout=(
                    min(self._settings.connect_timeout_seconds, max(1.0, limits.left())),
                    min(self._settings.read_timeout_seconds, max(1.0, limits.left())),
                ),
                allow_redirects=False,
                stream=True,
            ) as response:
                self.has_answered = True
                self._clock.set(replies.parse_date(response.headers.get("date", "")))
                headers = type(response.headers)(
                    {name: self._mask.text(value) for name, value in response.headers.items()}
                )
                return response.status_code, headers, self._mask.body(self._bounded(call, response))
        except StoppedError:
            raise connections.stopped(call, limits, max_wait) from None
        except (OSError, HTTPError) as error:  # errors of requests are OSErrors; it does not wrap all of urllib3's
            raise connections.explain(error, call, self._settings) from None
        finally:
            if not call.idempotent:
                session.close()

    def _bounded(self, call: Call, response: requests.Response) -> bytes:
        """The body, decompressed here: urllib3 may decompress any amount of data that fits into one chunk."""
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in {"", "identity", "gzip"}:
            raise self.broken(call, "compressed in a form that was not requested")
        gzip = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
        body = bytearray()
        is_empty = True
        for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=False):
            is_empty = False
            try:
                body += gzip.decompress(chunk, MAX_REPLY_BYTES + 1 - len(body)) if gzip else chunk
            except zlib.error:
                raise self.broken(call, "not in the form that its Content-Encoding names") from None
            if len(body) > MAX_REPLY_BYTES:
                raise self.broken(call, f"larger than {MAX_REPLY_BYTES // 2**20} MiB")
        if gzip and not is_empty and (gzip.unused_data or not gzip.eof):
            raise self.broken(call, "not in the form that its Content-Encoding names")
        return bytes(body)

    @cached_property
    def session(self) -> requests.Session:
        """The session for requests that can be repeated, which keeps connections."""
        return self.new_session()

    def new_session(self) -> requests.Session:
        """A session with its own connections."""
        from pulumi_openai_admin.http import connections  # noqa: PLC0415

        session = connections.new_session(self._settings)
        # Without `auth`, requests would use an entry of .netrc instead of the key.
        session.auth = self._authorize
        return session

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._settings.admin_api_key}"
        return request

    def broken(self, call: Call, reply: str) -> errors.InvalidResponseError:
        """The error for a response that does not match the API reference."""
        what = f"Could not {call.action}: the response was {reply}"
        advice = f"Check that {self._settings.base_url} is OpenAI and not a proxy's own page."
        broken = errors.InvalidResponseError(what, advice)
        broken.may_have_acted = call.method != "GET"
        return broken


@cache
def user_agent() -> str:
    """The header `User-Agent`, with versions."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    def product(name: str) -> str:
        try:
            return f"{name}/{version(name)}"
        except PackageNotFoundError:  # not installed
            return name

    products = " ".join(map(product, ("pulumi-openai-admin", "pulumi", "requests")))
    return f"{products} Python/{platform.python_version()} ({platform.system()})"

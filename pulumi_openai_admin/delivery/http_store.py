"""Stores whose API this package calls itself, and what responses of stores say."""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.delivery import secret_store
from pulumi_openai_admin.delivery.secret_store import Refusal, SecretStore

if TYPE_CHECKING:
    import requests

_FIRST_ERROR = 300
_FORBIDDEN, NOT_FOUND, _TOO_MANY = 403, 404, 429
_USUAL_PAUSE = 60.0
"""How long GitHub asks to wait after a refusal that names no time."""


class HttpError(Exception):
    """A response with an error status."""

    def __init__(self, reply: requests.Response) -> None:
        text = _text_of(reply)
        super().__init__(f"{reply.status_code}: {text}" if text else str(reply.status_code))
        self.status = reply.status_code
        self.is_rate_limit = rate_limit_pause(reply) is not None


class HttpStore(SecretStore):
    """A store whose API this package calls itself."""

    operator: ClassVar[str]
    """Who returns the responses, for messages."""

    @property
    @abstractmethod
    def _url(self) -> str:
        """What the URLs of all requests begin with."""

    def _object(self, session: requests.Session, verb: str, rest: str, body: object = None) -> dict[str, Any]:
        """Send a request, and return the JSON object of its response; see `_send`."""
        return object_of(self._send(session, verb, rest, json=body))

    def _found(self, session: requests.Session, rest: str) -> dict[str, Any] | None:
        """The JSON object of the response to a GET; None if there is nothing (404)."""
        try:
            return self._object(session, "GET", rest)
        except HttpError as error:
            if error.status != NOT_FOUND:
                raise
            return None

    def _send(self, session: requests.Session, verb: str, rest: str = "", **content: Any) -> requests.Response:
        """Send a request, and return its response, or raise an `HttpError` if the status is an error."""
        reply = session.request(
            verb, f"{self._url}{rest}", timeout=(secret_store.CONNECT_SECONDS, secret_store.READ_SECONDS), **content
        )
        if reply.status_code >= _FIRST_ERROR:
            raise HttpError(reply)
        return reply

    def _explain(self, error: Exception) -> Refusal:
        from requests import RequestException  # noqa: PLC0415 - it was imported before the error

        if isinstance(error, RequestException):
            return secret_store.unreachable(self.operator, error)
        if not isinstance(error, HttpError):
            return super()._explain(error)
        reason = f"{self.operator} returned {error}"
        return rate_limited(reason) if error.is_rate_limit else Refusal(reason, self.advice.get(error.status, ""))


def object_of(reply: requests.Response) -> dict[str, Any]:
    """The JSON object of a response; empty if it has none."""
    try:
        body = reply.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def rate_limited(reason: str) -> Refusal:
    """The store refuses requests for longer than a delivery waits."""
    return Refusal(reason, "Wait until the rate limit of the store allows more requests, then ")


def rate_limit_pause(reply: requests.Response) -> float | None:
    """How many seconds a store asks to wait; None if it does not.

    Source: GitHub's documentation of its rate limits, which it also reports as 403. Others send 429.
    """
    if reply.status_code not in {_FORBIDDEN, _TOO_MANY}:
        return None
    after = secret_store.retry_after(reply.headers.get("Retry-After", ""))
    if after is not None:
        return after
    reset = secret_store.retry_after(reply.headers.get("X-RateLimit-Reset", ""))
    if reply.headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
        return max(0.0, reset - time.time())
    if reply.status_code == _TOO_MANY:
        return 0.0
    return _USUAL_PAUSE if "rate limit" in _text_of(reply).lower() else None


def _text_of(reply: requests.Response) -> str:
    """What an error response says.

    `{"error": {"message": …}}` is of Google, `{"message": …}` of GitHub, `{"diagnostics": [{"summary": …}]}` of Pulumi.
    """
    body = object_of(reply)
    error, diagnostics = body.get("error"), body.get("diagnostics")
    entries = [entry for entry in diagnostics if isinstance(entry, dict)] if isinstance(diagnostics, list) else []
    if summaries := [str(entry["summary"]) for entry in entries if entry.get("summary")]:
        return "; ".join(summaries)
    text = error.get("message") if isinstance(error, dict) else body.get("message")
    return text if isinstance(text, str) else ""

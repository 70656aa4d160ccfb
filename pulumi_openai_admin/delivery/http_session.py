"""HTTP for stores whose client leaves retries to its caller. Every request to them may be repeated."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pulumi_openai_admin.delivery.secret_store import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Refusal,
    SecretStore,
    StoreCall,
    retry_after,
    unexplained,
    unreachable,
)

if TYPE_CHECKING:
    import requests

S = TypeVar("S", bound="requests.Session")

_FIRST_ERROR = 300
_FORBIDDEN, _TOO_MANY = 403, 429
_USUAL_PAUSE = 60.0
"""How long GitHub asks to wait after a refusal that names no time."""


def connected(session: S, call: StoreCall | None = None, retries: int = 3) -> S:
    """Set a session up for requests to a store; see `StoreAdapter`.

    Proxies and certificates come from the environment. Passwords do not: requests would take those of `.netrc` in place
    of the token.

    Args:
        session: The session.
        call: The call of the store; None for requests for credentials, which write nothing.
        retries: How often a request is repeated.
    """
    from pulumi_openai_admin.delivery.http_adapter import StoreAdapter  # noqa: PLC0415 - a preview needs no HTTP

    session.auth = lambda request: request
    for scheme in ("https://", "http://"):
        session.mount(scheme, StoreAdapter(call or StoreCall(), retries, rate_limit_pause))
    return session


class HttpError(Exception):
    """A response with an error status.

    Args:
        status: The status.
        text: What the response says.
        is_rate_limit: Whether the store refuses requests for a time.
    """

    def __init__(self, status: int, text: str, *, is_rate_limit: bool) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text
        self.is_rate_limit = is_rate_limit

    def __str__(self) -> str:
        return f"{self.status}: {self.text}" if self.text else str(self.status)


class HttpStore(SecretStore):
    """A store whose API this package calls itself."""

    operator: ClassVar[str]
    """Who returns the responses, for messages."""

    def _explain(self, error: Exception) -> Refusal:
        from requests import RequestException  # noqa: PLC0415 - it was imported before the error

        if isinstance(error, RequestException):
            return unreachable(self.operator, error)
        if not isinstance(error, HttpError):
            return unexplained(error)
        reason = f"{self.operator} returned {error}"
        return rate_limited(reason) if error.is_rate_limit else Refusal(reason, self.advice.get(error.status, ""))


def sent(session: requests.Session, verb: str, url: str, **content: Any) -> requests.Response:
    """Send a request, and return its response.

    Raises:
        HttpError: The status is an error.
    """
    reply = session.request(verb, url, timeout=(CONNECT_SECONDS, READ_SECONDS), **content)
    if reply.status_code >= _FIRST_ERROR:
        text = _text_of(object_of(reply))
        raise HttpError(reply.status_code, text, is_rate_limit=rate_limit_pause(reply) is not None)
    return reply


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
    after = retry_after(reply.headers.get("Retry-After", ""))
    if after is not None:
        return after
    reset = retry_after(reply.headers.get("X-RateLimit-Reset", ""))
    if reply.headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
        return max(0.0, reset - time.time())
    if reply.status_code == _TOO_MANY:
        return 0.0
    return _USUAL_PAUSE if "rate limit" in _text_of(object_of(reply)).lower() else None


def _text_of(body: dict[str, Any]) -> str:
    """What an error response says.

    `{"error": {"message": …}}` is of Google, `{"message": …}` of GitHub, `{"diagnostics": [{"summary": …}]}` of Pulumi.
    """
    error, diagnostics = body.get("error"), body.get("diagnostics")
    entries = [entry for entry in diagnostics if isinstance(entry, dict)] if isinstance(diagnostics, list) else []
    if summaries := [str(entry["summary"]) for entry in entries if entry.get("summary")]:
        return "; ".join(summaries)
    text = error.get("message") if isinstance(error, dict) else body.get("message")
    return text if isinstance(text, str) else ""

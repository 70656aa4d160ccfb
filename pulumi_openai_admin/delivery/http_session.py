"""HTTP for stores whose client leaves retries to its caller. Every request to them may be repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_openai_admin.delivery.secret_store import CONNECT_SECONDS, READ_SECONDS

if TYPE_CHECKING:
    import requests

S = TypeVar("S", bound="requests.Session")

TIMEOUT = (CONNECT_SECONDS, READ_SECONDS)
_FIRST_ERROR = 300


def with_retries(session: S) -> S:
    """The session, whose requests are sent by `StoreAdapter`."""
    from pulumi_openai_admin.delivery.http_adapter import StoreAdapter  # noqa: PLC0415 - a preview needs no HTTP

    for scheme in ("https://", "http://"):
        session.mount(scheme, StoreAdapter())
    return session


class HttpError(Exception):
    """A response with an error status.

    Args:
        status: The status.
        text: What the response says.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text

    def __str__(self) -> str:
        return f"{self.status}: {self.text}" if self.text else str(self.status)


def object_of(reply: requests.Response) -> dict[str, Any]:
    """The JSON object of a response; empty if it has none.

    Raises:
        HttpError: The status is an error, or a redirect that was not followed.
    """
    try:
        body = reply.json()
    except ValueError:
        body = None
    found: dict[str, Any] = body if isinstance(body, dict) else {}
    if reply.status_code >= _FIRST_ERROR:
        raise HttpError(reply.status_code, _text_of(found))
    return found


def _text_of(body: dict[str, Any]) -> str:
    """What an error response says: `{"error": {"message": …}}` of Google, `{"message": …}` of GitHub."""
    error = body.get("error")
    text = error.get("message") if isinstance(error, dict) else body.get("message")
    return text if isinstance(text, str) else ""

"""How requests to secret stores are sent: repeated, to no other server, with the certificates of requests to OpenAI."""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from requests import Session, Timeout
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError
from requests.exceptions import ConnectionError as NoConnectionError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from pulumi_openai_admin.delivery.http_store import rate_limit_pause
from pulumi_openai_admin.delivery.secret_store import TRANSIENT, Pauses, Refusal, StoreCall, is_refusal
from pulumi_openai_admin.http.certificates import all_of, ca_bundle, first

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

S = TypeVar("S", bound="requests.Session")

_REDIRECTS = {301, 302, 303, 307, 308}
_READS = {"GET", "HEAD"}


def connected(session: S, call: StoreCall | None = None, retries: int = 3) -> S:
    """Set a session up for requests to a store; see `StoreAdapter`.

    Proxies for https:// and certificates come from the environment. Passwords do not: requests would take those of
    `.netrc` in place of the token. Requests for credentials, which write nothing, have no call of a store.
    """
    session.auth = lambda request: request
    for scheme in ("https://", "http://"):
        session.mount(scheme, StoreAdapter(call or StoreCall(), retries))
    return session


def new_session(call: StoreCall | None = None, headers: Mapping[str, str] | None = None, retries: int = 3) -> Session:
    """A session with headers; see `connected`."""
    session = connected(Session(), call, retries)
    session.headers.update(headers or {})
    return session


class StoreAdapter(HTTPAdapter):
    """Repeats a request after a lost connection, after a status that passes by itself, and after a rate limit.

    The call of the store learns whether a request may have written something.
    """

    def __init__(self, call: StoreCall, retries: int) -> None:
        super().__init__()
        self._call = call
        self._retries = retries

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Send a request. The client's own certificates (`VAULT_CACERT`) come before those of the environment.

        A redirect is refused: another server would get the token, and the key.
        """
        # Plain HTTP is for this machine, and for the addresses where a cloud gives credentials: a proxy would see them.
        if urlsplit(request.url or "").scheme == "http":
            options["proxies"] = {}
        bundle = ca_bundle()
        if options["verify"] is True and bundle:
            options["verify"] = bundle.path
        pauses = Pauses(self._retries)
        while True:
            try:
                reply = self._attempt(request, **options)
            except (NoConnectionError, Timeout, ChunkedEncodingError) as error:
                pause = pauses.next()
                if pause is None or first(all_of(error), ssl.SSLCertVerificationError):
                    raise
                time.sleep(pause)
                continue
            except OSError:  # what requests raises for certificates that it can't read
                failure = bundle.failure if bundle and options["verify"] == bundle.path else None
                if bundle is None or failure is None:
                    raise
                reason = f"{bundle.variable} names {bundle.path}, which {failure}"
                advice = "Name a file of certificates in PEM format, or unset the variable; then "
                raise Refusal(reason, advice) from None
            limited = rate_limit_pause(reply)
            is_passing = limited is not None or reply.status_code in TRANSIENT
            if not is_passing or not pauses.wait(limited or 0, urlsplit(request.url or "").hostname):
                return reply

    def _attempt(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request once, and record whether it may have written something."""
        call, before = self._call, self._call.may_have_acted
        call.may_have_acted = before or request.method not in _READS
        try:
            # The whole response: what it says decides whether the request is repeated.
            reply = super().send(request, **options)
            reply.content  # noqa: B018
        except OSError as error:
            if first(all_of(error), NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError):
                call.may_have_acted = before
            raise
        if is_refusal(reply.status_code):
            call.may_have_acted = before
        if reply.status_code in _REDIRECTS:
            asked = urlsplit(reply.url).hostname
            to = urlsplit(urljoin(reply.url, reply.headers.get("Location", ""))).hostname
            reason = f"{asked} returned {reply.status_code}, a redirect to {to if to != asked else 'another path'}"
            advice = "It is not followed, because the key would be sent there. Correct the address or the name; then "
            raise Refusal(reason, advice)
        return reply

"""How requests to secret stores are sent: repeated, and with the certificates of requests to OpenAI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import Retry

from pulumi_openai_admin.delivery.secret_store import Refusal
from pulumi_openai_admin.http.certificates import ca_bundle
from pulumi_openai_admin.remedies import RUN_AGAIN

if TYPE_CHECKING:
    import requests

_RETRIES = 3
_TRANSIENT = (429, 500, 502, 503, 504)


class StoreAdapter(HTTPAdapter):
    """Repeats a request after a lost connection, and after a status that passes by itself."""

    def __init__(self) -> None:
        retry = Retry(
            total=_RETRIES,
            backoff_factor=0.2,
            status_forcelist=_TRANSIENT,
            allowed_methods=None,
            respect_retry_after_header=False,  # it may ask for an hour
            raise_on_status=False,
        )
        super().__init__(max_retries=retry)

    def send(  # noqa: PLR0913, PLR0917 - the signature of requests
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - the same
        timeout: Any = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002 - the same
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send a request. The client's own certificates (`VAULT_CACERT`) come before those of the environment."""
        bundle = ca_bundle()
        if verify is True and bundle:
            verify = bundle.path
        try:
            return super().send(request, stream, timeout, verify, cert, proxies)
        except OSError:  # a `RequestException` is one
            failure = bundle.failure if bundle and verify == bundle.path else None
            if bundle is None or failure is None:
                raise
        reason = f"{bundle.variable} names {bundle.path}, which {failure}"
        advice = "Name a file of certificates in PEM format, or unset the variable; then "
        raise Refusal(reason, advice, RUN_AGAIN, ".")

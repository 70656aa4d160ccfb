"""Connections to OpenAI: certificates, proxy, and whether a request was sent."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy

from pulumi_openai_admin.http import certificates

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

    from pulumi_openai_admin.config import Settings

_departure = threading.local()


def new_session(settings: Settings) -> requests.Session:
    """A session with its own connections.

    Certificates and the proxy come from the environment. Addresses of your machine are reached without a proxy.
    """
    session = requests.Session()
    session.trust_env = not settings.is_loopback
    bundle = certificates.ca_bundle()
    session.verify = bundle.path if bundle else True
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(pool_maxsize=settings.parallel + 4))
    return session


@dataclass(frozen=True)
class Proxy:
    """The proxy that the environment names for an address."""

    url: str

    @property
    def variable(self) -> str:
        """The variable that names it; HTTPS_PROXY if it is from the settings of the system."""
        names = (name for name, value in os.environ.items() if name.lower().endswith("_proxy") and value == self.url)
        return next(names, "HTTPS_PROXY")

    def __str__(self) -> str:
        """Host and port, because the URL may contain a password."""
        try:
            parts = urlsplit(self.url if "//" in self.url else f"//{self.url}")
            shown = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        except ValueError:
            shown = None
        return f"the proxy {shown}" if shown else f"the proxy of {self.variable}"


def proxy_for(settings: Settings) -> Proxy | None:
    """The proxy for requests; None if there is none."""
    if settings.is_loopback:
        return None
    url = select_proxy(settings.base_url, get_environ_proxies(settings.base_url, no_proxy=None))
    return Proxy(url) if url else None


def begin() -> None:
    """Record that this thread is about to send a request."""
    _departure.has_left = None


def has_left() -> bool | None:
    """Whether any part of this thread's request was sent; None if that is not known.

    The connection, to a proxy if there is one, and TLS come first: a failure before that has reached nobody.
    """
    has_left: bool | None = getattr(_departure, "has_left", None)
    return has_left


class _Adapter(HTTPAdapter):
    """Records when a connection is requested, and when the request is sent."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """The pool for a request, with connections that record when it is sent."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _noting(pool.ConnectionCls)
        _departure.has_left = False
        return pool


@lru_cache(maxsize=8)
def _noting(kind: type[HTTPConnection]) -> type[HTTPConnection]:
    if hasattr(kind, "notes_departure"):
        return kind

    def request(self: HTTPConnection, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:  # without TLS, the connection is made only now
            self.connect()
        _departure.has_left = True
        kind.request(self, *args, **kwargs)

    return type(kind.__name__, (kind,), {"request": request, "notes_departure": True})

"""Which certificates a connection trusts, and why it does not trust that of a server. It loads no HTTP library."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

E = TypeVar("E", bound=BaseException)


def first(causes: Iterable[BaseException], *kinds: type[E]) -> E | None:
    """The first cause of one of the kinds."""
    return next((cause for cause in causes if isinstance(cause, kinds)), None)


def all_of(error: Exception) -> Iterator[BaseException]:
    """The error and all errors that it wraps: the libraries use `args`, `__context__` and attributes for that."""
    seen: set[int] = set()
    todo: list[object] = [error]
    while todo:
        cause = todo.pop()
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            held = [getattr(cause, name, None) for name in ("reason", "inner_exception")]  # of urllib3, and of Azure
            todo += [cause.__cause__, cause.__context__, *held, *cause.args]


CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""The variables that name certificates: those that requests reads, in its order, then that of OpenSSL and Go."""
ADVICE = "the CA bundle (REQUESTS_CA_BUNDLE)"
"""What to check if none of them is set."""


@dataclass(frozen=True)
class Bundle:
    """The certificates that the environment names."""

    variable: str
    path: str

    def __str__(self) -> str:
        """The file and its variable."""
        return f"{self.path} ({self.variable})"

    @property
    def failure(self) -> str | None:
        """Why they can't be used, as a clause after their path; None if they can."""
        import ssl  # noqa: PLC0415 - a program that sends no request does not need it

        try:
            if not Path(self.path).is_dir():
                ssl.create_default_context(cafile=self.path)
        except FileNotFoundError:
            return "does not exist"
        except OSError:  # ssl.SSLError is one
            return "can't be read as certificates"
        return None


def ca_bundle(*own: str) -> Bundle | None:
    """The certificates that the environment names; None if it names none.

    Args:
        own: The variables of a client, which come first.
    """
    return next((Bundle(name, os.environ[name]) for name in (*own, *CA_BUNDLES) if os.environ.get(name)), None)


def not_trusted(causes: Iterable[BaseException], certificates: str) -> str | None:
    """That a certificate is not trusted, as a clause after the name of its server; None if that is not the failure.

    Args:
        causes: The causes of the failure.
        certificates: The certificates that the client trusts, with their setting; empty for those of its library.
    """
    import ssl  # noqa: PLC0415 - as above

    failure = first(causes, ssl.SSLCertVerificationError)
    if failure is None:
        return None
    why = f" ({failure.verify_message})" if getattr(failure, "verify_message", "") else ""
    return f"is not trusted{f' by the certificates in {certificates}' if certificates else ''}{why}"

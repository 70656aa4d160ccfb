"""The environment for programs of others: what brings them onto the network, and none of the user's keys and tokens."""

from __future__ import annotations

import os

_PLACES = ("HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "TEMP", "TERM", "TMP", "TMPDIR", "USER")
_CACHES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
_PROXIES = ("ALL_PROXY", "FTP_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
_CERTIFICATES = (
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
)
_REGISTRY_LOGINS = ("NETRC",)
_KEPT = {*_PLACES, *_CACHES, *_PROXIES, *_CERTIFICATES, *_REGISTRY_LOGINS}


def environment(*own: str) -> dict[str, str]:
    """The user's environment as far as a program of others needs it.

    Args:
        own: How the names of the program's own settings begin, like `PIP_`.
    """
    return {
        name: value for name, value in os.environ.items() if name.upper() in _KEPT or name.startswith(("LC_", *own))
    }

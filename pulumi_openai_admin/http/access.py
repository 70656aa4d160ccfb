"""Which responses say that the organization has no access to an endpoint.

OpenAI serves some endpoints to some organizations only (`paths.RestrictedPath`). For other organizations, such an
endpoint responds like one that does not exist, or with a refusal that names the organization. A refusal that names a
scope or a permission is about the key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_openai_admin.http.paths import feature_of

if TYPE_CHECKING:
    from pulumi_openai_admin.http.call import Call

_FORBIDDEN = 403
_NOT_FOUND = 404
_NOT_SERVED = re.compile(r"unsupported endpoint", re.IGNORECASE)
_OF_ORGANIZATION = re.compile(r"\borganization\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(access|available|enabled|eligible)\b", re.IGNORECASE)
_OF_THE_KEY = re.compile(r"\b(scopes?|permissions?)\b", re.IGNORECASE)


def denied_feature(call: Call, status: int, message: str) -> str:
    """What the organization has no access to, if the response says so; empty otherwise.

    Args:
        call: The request.
        status: The response's HTTP status.
        message: Its message.
    """
    if status == _NOT_FOUND:
        is_denied = bool(_NOT_SERVED.match(message))
    else:
        names_organization = _OF_ORGANIZATION.search(message) and _DENIED.search(message)
        is_denied = status == _FORBIDDEN and bool(names_organization) and not _OF_THE_KEY.search(message)
    return feature_of(call.path) if is_denied else ""

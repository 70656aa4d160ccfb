"""Which 404s are about an object of the request.

OpenAI's messages name the object or its kind: `The project proj_1 was not found`, `Tunnel not found`, `No external key
found with id 'extkey_1'`. `Unsupported endpoint` and `Invalid URL (GET /v1/…)` say nothing about the object, nor does
the `Not Found` of a gateway.

A refresh removes from the state what no longer exists, and the state alone has the keys and baselines. So treated as
deleted is only a 404 in one of OpenAI's own forms that names the object or its kind, for an object in a project that
the key is shown, and whatever was in an archived project. All else is an error, for destroy too: a 404 of something
else than OpenAI (`UnexpectedResponseError`), one that is not known to be about the object (`UnrelatedNotFoundError`),
and a project that the key is not shown (`ProjectNotFoundError`), since OpenAI deletes no project.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.http.call import Call

UNKNOWN_PATH_CODE = "unknown_url"
"""The code of a 404 for a path that OpenAI does not have."""

_ABOUT_THE_PATH = re.compile(r"unsupported endpoint|invalid url", re.IGNORECASE)
_AMBIGUOUS = "endpoint"
"""A noun that may be about the path: "Endpoint not found" says nothing about a webhook endpoint."""
_ID_FIELD = re.compile(r"(.+)_ids?")


def is_about_object(call: Call, message: str, code: str) -> bool:
    """Whether a 404 says that an object of the request does not exist.

    Args:
        call: The request.
        message: The message of the response.
        code: Its error code; empty if there is none.
    """
    if code == UNKNOWN_PATH_CODE or _ABOUT_THE_PATH.match(message):
        return False
    if code.endswith(("not_found", "does_not_exist")):
        return True
    text = message.replace(unquote(call.path), " ").replace(call.path, " ").lower()
    return any(_has(text, id_.lower()) for id_ in _ids(call)) or any(_has(text, noun) for noun in _nouns(call))


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", text) is not None


def _ids(call: Call) -> Iterator[str]:
    """The ids in the path and in the body."""
    parts = call.path.strip("/").split("/")
    for part, name in zip(reversed(parts), reversed(call.endpoint), strict=False):
        if not name:
            yield unquote(part)
    for name, value in (call.body or {}).items():
        if _ID_FIELD.fullmatch(name):
            yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str))


def _nouns(call: Call) -> Iterator[str]:
    """What the path and the body call the objects: `service account` and `account` for `service_accounts`."""
    names = [name.removesuffix("s") for name in call.endpoint[1:] if name]
    names += [found.group(1) for found in map(_ID_FIELD.fullmatch, call.body or {}) if found]
    for name in names:
        yield name
        yield name.replace("_", " ")
        if (last := name.rpartition("_")[2]) != _AMBIGUOUS:
            yield last

"""Responses without the key that the request was sent with: a gateway may echo its headers. Pure."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote

_MASK = "***"
_SHORTEST = 16
"""Keys are longer. A shorter string, as for an emulator, may be a part of a name, which must stay as it is."""
_ESCAPE = re.compile(r"\\(?:u00([2-7][0-9a-fA-F])|(.))", re.DOTALL)


class KeyMask:
    """Masks one key, whatever it looks like: also one that does not begin with `sk-`.

    It is applied to a response before anything else reads it. So no message, log or state can have the key.

    Args:
        key: The key. Secret.
    """

    def __init__(self, key: str) -> None:
        self._forms = _forms(key) if len(key) >= _SHORTEST else ()

    def text(self, text: str) -> str:
        """The text, with `***` in place of the key."""
        if self._forms and "\\" in text:
            text = _ESCAPE.sub(_unescaped, text)
        for form in self._forms:
            text = text.replace(form, _MASK)
        return text

    def body(self, body: bytes) -> bytes:
        """A body, in JSON or any other format, with `***` in place of the key."""
        return self.text(body.decode("latin-1")).encode("latin-1")


def _unescaped(found: re.Match[str]) -> str:
    """A character of JSON with the shortest escape that it needs, which leaves the document the same."""
    char = chr(int(found[1], 16)) if found[1] else found[2]
    if char == "/" or (found[1] and char.isprintable()):
        return json.dumps(char)[1:-1]
    return found[0]


def _forms(key: str) -> tuple[str, ...]:
    """The key as it is, and as it stands in JSON, in a URL, in HTML, in hexadecimal and in base64."""
    raw = key.encode()
    escaped = json.dumps(key)[1:-1]
    forms = [key, escaped, quote(key, safe=""), html.escape(key), raw.hex(), raw.hex().upper()]
    for before in range(3):  # the place in a group of three bytes where it begins
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        # The characters at both ends also hold bits of what surrounds the key.
        inner = encoded[(0, 2, 3)[before] :].rstrip("=")[: -1 if (before + len(raw)) % 3 else None]
        forms += [inner, inner.replace("+", "-").replace("/", "_")]
    return tuple(dict.fromkeys(forms))

"""Certificates in PEM format: one spelling for all that mean the same. Pure."""

from __future__ import annotations

import re

BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_COLUMNS = 64
"""The length of a line, as RFC 7468 has it."""
_ONE = re.compile(rf"\s*{BEGIN}([A-Za-z0-9+/=\s]+){END}\s*")


def canonical(text: str) -> str:
    """The certificate with the white space and line endings of RFC 7468; a text that is none stays as it is."""
    found = _ONE.fullmatch(text)
    if not found:
        return text
    content = "".join(found[1].split())
    lines = [content[start : start + _COLUMNS] for start in range(0, len(content), _COLUMNS)]
    return "\n".join([BEGIN, *lines, END, ""])

"""Names for programs and files, from names that people gave. Pure."""

from __future__ import annotations

import re
import unicodedata

_MAX_LENGTH = 60


def slug_of(text: str, joint: str) -> str:
    """The text in lower case letters and digits, with `joint` between the words; empty if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return joint.join(re.findall(r"[a-z0-9]+", plain))[:_MAX_LENGTH].strip(joint)

"""What identifies a key without revealing it. Pure."""

from __future__ import annotations

import hashlib


def fingerprint(key: str) -> str:
    """A text that identifies a key and does not reveal it.

    Source: a key has more than 200 random bits, so nobody can find it by trying keys.
    """
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()[:16]}"

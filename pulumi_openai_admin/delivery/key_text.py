"""What may be shown of a key. Pure."""

from __future__ import annotations

import hashlib

_SHORTEST = 12
"""So many characters of a key in a row are masked: a program may break a key into lines."""
MASK = "***"


def fingerprint(key: str) -> str:
    """A text that identifies a key and does not reveal it.

    Source: a key has more than 200 random bits, so nobody can find it by trying keys.
    """
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def masked(text: str, key: str) -> str:
    """A text without the key, and without parts of it that are 12 characters or longer."""
    shown, place = "", 0
    while place < len(text):
        length = _length_of_part(text, place, key)
        shown += MASK if length else text[place]
        place += length or 1
    return shown


def _length_of_part(text: str, place: int, key: str) -> int:
    """How many characters of the text, from a place, are a part of the key; 0 if they are too few to reveal any."""
    length = min(_SHORTEST, len(key))
    if not length or text[place : place + length] not in key or place + length > len(text):
        return 0
    while place + length < len(text) and text[place : place + length + 1] in key:
        length += 1
    return length

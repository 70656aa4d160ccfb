"""Ids and keys in the form in which OpenAI makes them. A key's value is never stored."""

from __future__ import annotations

import hashlib
import random
import re
import string

_SECRET = re.compile(
    r"sk-(?:admin-|proj-|svcacct-)?[A-Za-z0-9_-]{4,}"
    r"|whsec_[A-Za-z0-9+/=_-]{4,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    re.DOTALL,
)
"""API keys, signing secrets, and the private keys of certificates; one that was cut off ends with the text."""
_MASKS = {"sk-": "sk-***", "whs": "whsec_***"}
"""By its first letters, what stands for a secret."""

_LETTERS = string.ascii_letters + string.digits
_KEY_LETTERS = _LETTERS + "-_"


def new_id(prefix: str) -> str:
    """Make an id as OpenAI does: a prefix and letters that mean nothing."""
    return prefix + "".join(random.choices(_LETTERS, k=24))


def new_unseen_id() -> str:
    """Make an id in a form that nobody has seen, of characters that a path can have."""
    return "~0" + "".join(random.choices(_LETTERS, k=4)) + "!$&'()*+,;=:.-_" + "".join(random.choices(_LETTERS, k=12))


def new_key(prefix: str = "sk-svcacct-") -> str:
    """Make the value of an API key: one response shows it, and nothing stores it."""
    return prefix + "".join(random.choices(_KEY_LETTERS, k=64))


def redacted(value: str) -> str:
    """Show what OpenAI shows of a key."""
    prefix = "-".join(value.split("-")[:2]) if value.startswith("sk-") else value[:3]
    return f"{prefix}-...{value[-4:]}"


def masked(text: str) -> str:
    """Replace everything in a text that looks like a key."""
    return _SECRET.sub(lambda found: _MASKS.get(found[0][:3], "(private key)"), text)


def digest(value: str) -> str:
    """Give the hash by which a key is recognized."""
    return hashlib.sha256(value.encode()).hexdigest()

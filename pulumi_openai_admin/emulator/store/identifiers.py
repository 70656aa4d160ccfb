"""Ids and keys in the form in which OpenAI makes them. A key's value is never stored."""

from __future__ import annotations

import hashlib
import random
import secrets
import string

_LETTERS = string.ascii_letters + string.digits


def new_id(prefix: str) -> str:
    """Make an id as OpenAI does: a prefix and letters that mean nothing."""
    return prefix + "".join(random.choices(_LETTERS, k=24))


def new_key(prefix: str = "sk-svcacct-") -> str:
    """Make the value of an API key: one reply shows it, and nothing stores it."""
    return prefix + secrets.token_urlsafe(48)


def redacted(value: str) -> str:
    """Show what OpenAI shows of a key."""
    prefix = "-".join(value.split("-")[:2]) if value.startswith("sk-") else value[:3]
    return f"{prefix}-...{value[-4:]}"


def digest(value: str) -> str:
    """Give the hash by which a key is recognized."""
    return hashlib.sha256(value.encode()).hexdigest()

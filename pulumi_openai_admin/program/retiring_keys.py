"""Old keys that still work: an item of the output `retiring_api_keys` of every resource that rotates a key."""

from __future__ import annotations

from typing import TypedDict

from pulumi_openai_admin.program.provider_reference import PUBLIC_MODULE
from pulumi_openai_admin.schema.keyed_list import KeyedList


class RetiringApiKey(TypedDict):
    """An old key that still works after a rotation."""

    api_key_id: str
    """The key's id (`key_…`)."""
    ends_at: int
    """The end of the overlap, in seconds since 1970 (UTC). The first update after that time revokes the key."""


RETIRING_API_KEYS = KeyedList(("api_key_id",), "ends_at")
"""Handlers have the time by the key's id."""
RetiringApiKey.__module__ = PUBLIC_MODULE

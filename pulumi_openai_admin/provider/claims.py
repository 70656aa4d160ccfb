"""Which resources of a program look after the same thing: told in the preview, before one undoes the other's work."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_openai_admin.api.remote import Claim

_lock = threading.Lock()
_by_urn: dict[str, Claim] = {}


def register(urn: str, claim: Claim) -> str | None:
    """Note what a resource looks after.

    A process serves one engine operation, so what it has seen is what the program declares.

    Args:
        urn: The resource; empty where the host does not tell, and then nothing can be compared.
        claim: What it looks after.

    Returns:
        What is wrong, in a sentence that names both resources; None if no other one looks after it.
    """
    if not urn:
        return None
    with _lock:
        for other, its in _by_urn.items():
            what = claim.overlap(its) if other != urn else None
            if what:
                return f"{_name(urn)} and {_name(other)} both manage {what}: leave it to one of them."
        _by_urn[urn] = claim
    return None


def _name(urn: str) -> str:
    _, _, kind, name = urn.split("::", 3)
    return f"{kind.rpartition(':')[2]} {name!r}"

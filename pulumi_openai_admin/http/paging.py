"""How OpenAI's lists go on: where a page says what the next one begins after."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Paging(Enum):
    """The families of lists. Each is asked for its next page with `after`."""

    LAST_ID = "last_id"
    """`last_id`; the last object's id where that is null."""
    NEXT = "next"
    """`next`: a token. An object's id in its place begins somewhere else."""
    LAST_ITEM = "last item"
    """Only `has_more`: the last object's id."""

    def cursor(self, page: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], identity: str) -> object:
        """What the next page begins after; None where the page does not say.

        Args:
            page: The whole reply.
            rows: Its objects.
            identity: The name of their ids.
        """
        last = rows[-1].get(identity) if rows else None
        if self is Paging.NEXT:
            return page.get("next")
        return page.get("last_id") or last if self is Paging.LAST_ID else last

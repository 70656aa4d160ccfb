"""Paging of OpenAI's lists: where a page has the cursor of the next one."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Paging(Enum):
    """The kinds of lists. All take the cursor of the next page in `after`."""

    LAST_ID = "last_id"
    """`last_id`; if it is null, the id of the last object."""
    NEXT = "next"
    """`next`: a token. The id of an object does not work in its place."""
    LAST_ITEM = "last item"
    """Only `has_more`; the cursor is the id of the last object."""

    def cursor(self, page: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], identity: str) -> object:
        """The cursor of the next page; None if the page has none.

        Args:
            page: The whole reply.
            rows: Its objects.
            identity: The field that has their ids.
        """
        last = rows[-1].get(identity) if rows else None
        if self is Paging.NEXT:
            return page.get("next")
        return page.get("last_id") or last if self is Paging.LAST_ID else last

"""Paging of OpenAI's lists: where a page has the cursor of the next one."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Paging(Enum):
    """The kinds of lists, by where a page has the cursor of the next one."""

    LAST_ID = "last_id"
    """`next` if the page has it, else `last_id`; if both are null, the id of the last object."""
    NEXT = "next"
    """`next`: a token. The id of an object does not work in its place."""
    NEXT_PAGE = "next_page"
    """`next_page`: a token, of reports in buckets of time."""

    @property
    def parameter(self) -> str:
        """The query parameter that takes the cursor."""
        return "page" if self is Paging.NEXT_PAGE else "after"

    def cursor(self, page: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], identity: str) -> object:
        """The cursor of the next page; None if the page has none.

        Args:
            page: The whole response.
            rows: Its objects.
            identity: The field that has their ids.
        """
        if self in (Paging.NEXT, Paging.NEXT_PAGE):
            return page.get(self.value)
        last = rows[-1].get(identity) if rows else None
        return page.get("next") or page.get("last_id") or last

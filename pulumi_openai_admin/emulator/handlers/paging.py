"""Pages of lists, in the three families that OpenAI has.

- `LastId`: the response has `first_id`, `last_id` and `has_more`; `after` is the last id.
- `NextToken`: the response has `has_more` and `next`; `after` is what `next` was.
- `LastItem`: the response has `has_more`; `after` is the id of the last item.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Protocol, TypeVar

from pydantic import Field, create_model

from pulumi_openai_admin.emulator.handlers.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.emulator.handlers.kind import Query
    from pulumi_openai_admin.emulator.store.store import Record, RecordStore

Order = Literal["asc", "desc"]


class Identified(Protocol):
    """A record, or another item with an id."""

    @property
    def id(self) -> str:
        """Give the id."""


ItemT_co = TypeVar("ItemT_co", bound=Identified, covariant=True)


class OrderedItems(Protocol[ItemT_co]):
    """Items in an order, each with a position."""

    def position(self, cursor: str) -> int | None:
        """Find the place of the item with this id."""

    def items(self, low: int, high: int | None, *, descending: bool) -> Iterator[ItemT_co]:
        """Give the items between two positions."""


@dataclass
class Records:
    """The records of a kind below a parent that a condition lets through, behind some that are always there."""

    store: RecordStore
    kind: str
    parent: str
    is_listed: Callable[[Record], bool] = lambda _record: True
    first: Sequence[Record] = ()
    """Records that the store does not have. They move the others back."""

    def position(self, cursor: str) -> int | None:
        """Find the place of a record, also of one that was deleted since the last page."""
        record = self.store.get(self.kind, cursor, self.parent, deleted=True)
        return InMemoryItems(self.first).position(cursor) if record is None else record.position + len(self.first)

    def items(self, low: int, high: int | None, *, descending: bool) -> Iterator[Record]:
        count = len(self.first)
        first = InMemoryItems(self.first).items(low, high, descending=descending)
        end = None if high is None else max(high - count, 1)
        found = self.store.children(self.kind, self.parent, low=max(low - count, 0), high=end, descending=descending)
        rest = (record for record in found if self.is_listed(record))
        return chain(rest, first) if descending else chain(first, rest)


@dataclass
class InMemoryItems(Generic[ItemT_co]):
    """What is known as a whole, in the order of the list."""

    all: Sequence[ItemT_co]

    def position(self, cursor: str) -> int | None:
        """Find the place of an item, counted from 1."""
        return next((place for place, item in enumerate(self.all, 1) if item.id == cursor), None)

    def items(self, low: int, high: int | None, *, descending: bool) -> Iterator[ItemT_co]:
        found = self.all[low : None if high is None else max(high - 1, 0)]
        return iter(found[::-1] if descending else found)


@dataclass(frozen=True)
class Paging:
    """How a list is paged: the limits, and which parameters it knows."""

    default: int = 20
    maximum: int = 100
    minimum: int = 1
    has_order: bool = False
    has_before: bool = False
    default_order: Order = "asc"

    def query(self, base: type[Query], narrowed_by: Mapping[str, Any] | None = None) -> type[Query]:
        """Add the parameters of paging to those of a list, and those that narrow it, by name with their types."""
        fields: dict[str, Any] = {
            **{name: (kind | None, None) for name, kind in (narrowed_by or {}).items()},
            "limit": (Annotated[int, Field(ge=self.minimum, le=self.maximum)], self.default),
            "after": (str | None, None),
        }
        if self.has_order:
            fields["order"] = (Order, self.default_order)
        if self.has_before:
            fields["before"] = (str | None, None)
        return create_model(f"{base.__name__}Page", __base__=base, **fields)

    def page(
        self, listing: OrderedItems[ItemT_co], query: Any, show: Callable[[ItemT_co], dict[str, Any]]
    ) -> dict[str, Any]:
        """Cut a page: forwards from `after`, or the page that ends at `before`."""
        after, before = query.after, getattr(query, "before", None)
        descending = getattr(query, "order", self.default_order) == "desc"
        start = None if after is None else _place(listing, "after", after)
        end = None if before is None else _place(listing, "before", before)
        low, high = (end or 0, start) if descending else (start or 0, end)
        is_backwards = before is not None and after is None
        found = list(islice(listing.items(low, high, descending=descending != is_backwards), query.limit + 1))
        has_more = len(found) > query.limit
        chosen = found[: query.limit]
        if is_backwards:
            chosen.reverse()
        data, ids = [show(item) for item in chosen], [item.id for item in chosen]
        return {"object": "list", "data": data, **self.cursors(ids, has_more=has_more)}

    def cursors(self, ids: Sequence[str], *, has_more: bool) -> dict[str, Any]:
        """Give what leads to the next page."""
        raise NotImplementedError


class LastId(Paging):
    """The last id of a page leads to the next one; null on an empty page."""

    def cursors(self, ids: Sequence[str], *, has_more: bool) -> dict[str, Any]:
        return {"first_id": ids[0] if ids else None, "last_id": ids[-1] if ids else None, "has_more": has_more}


class NextToken(Paging):
    """A token leads to the next page: the last id, as the descriptions of `after` say. Null says that there is none."""

    def cursors(self, ids: Sequence[str], *, has_more: bool) -> dict[str, Any]:
        return {"has_more": has_more, "next": ids[-1] if has_more and ids else None}


class LastItem(Paging):
    """The id of the last item leads to the next page."""

    def cursors(self, ids: Sequence[str], *, has_more: bool) -> dict[str, Any]:
        return {"has_more": has_more}


def _place(listing: OrderedItems[Any], param: str, cursor: str) -> int:
    place = listing.position(cursor)
    if place is None:
        raise Refused(400, f"Invalid '{param}': no object {cursor}.", code="invalid_cursor", param=param)
    return place

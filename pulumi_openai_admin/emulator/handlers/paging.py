"""Pages of lists, in the three families that OpenAI has, and pages of time buckets.

- `LastId`: the response has `first_id`, `last_id` and `has_more`; `after` is the last id.
- `NextToken`: the response has `has_more` and `next`; `after` is what `next` was.
- `LastItem`: the response has `has_more`; `after` is the id of the last item.

A `Report` is what was measured, summed up for each day, hour or minute, in groups. The response has `has_more` and
`next_page`; `page` is what `next_page` was. Buckets begin where the clock is at a whole day, hour or minute (UTC), and
hold what happened inside the time range that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model

from pulumi_openai_admin.emulator.handlers.bodies import Query
from pulumi_openai_admin.emulator.handlers.errors import Refused, from_validation

if TYPE_CHECKING:
    from decimal import Decimal

    from pulumi_openai_admin.emulator.store.store import Record, RecordStore

Order = Literal["asc", "desc"]


@dataclass
class ListedItems:
    """What a list shows, in its order: items that are known as a whole, and what a subclass reads behind them."""

    known: Sequence[Record]

    def position(self, cursor: str) -> int | None:
        """Find the place of the item with this id, counted from 1."""
        return next((place for place, item in enumerate(self.known, 1) if item.id == cursor), None)

    def items(self, low: int, high: int | None, *, descending: bool) -> Iterator[Record]:
        found = self.known[low : None if high is None else max(high - 1, 0)]
        return iter(found[::-1] if descending else found)


@dataclass
class Records(ListedItems):
    """The records of a kind below a parent that a condition lets through. Known ones move them back."""

    store: RecordStore
    kind: str
    parent: str
    is_listed: Callable[[Record], bool] = lambda _record: True

    def position(self, cursor: str) -> int | None:
        """Find the place of a record, also of one that was deleted since the last page."""
        record = self.store.get(self.kind, cursor, self.parent, deleted=True)
        return super().position(cursor) if record is None else record.position + len(self.known)

    def items(self, low: int, high: int | None, *, descending: bool) -> Iterator[Record]:
        count, known = len(self.known), super().items(low, high, descending=descending)
        end = None if high is None else max(high - count, 1)
        found = self.store.children(self.kind, self.parent, low=max(low - count, 0), high=end, descending=descending)
        rest = (record for record in found if self.is_listed(record))
        return chain(rest, known) if descending else chain(known, rest)


@dataclass(frozen=True)
class Paging:
    """How a list is paged: the limits, and which parameters it knows."""

    default: int = 20
    maximum: int = 100
    minimum: int = 1
    has_order: bool = False
    has_before: bool = False
    default_order: Order = "asc"

    def query(self, base: type[Query], **more: Any) -> type[Query]:
        """Add the parameters of paging to those of a list; `more`: further ones, with their types and defaults."""
        fields: dict[str, Any] = {
            **more,
            "limit": (Annotated[int, Field(ge=self.minimum, le=self.maximum)], self.default),
            "after": (str | None, None),
        }
        if self.has_order:
            fields["order"] = (Order, self.default_order)
        if self.has_before:
            fields["before"] = (str | None, None)
        return create_model(f"{base.__name__}Page", __base__=base, **fields)

    def page(self, listing: ListedItems, query: Any, show: Callable[[Record], dict[str, Any]]) -> dict[str, Any]:
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


def _place(listing: ListedItems, param: str, cursor: str) -> int:
    place = listing.position(cursor)
    if place is None:
        raise Refused(400, f"Invalid '{param}': no object {cursor}.", code="invalid_cursor", param=param)
    return place


Group = tuple[Any, ...]
Sums = dict[str, "int | Decimal"]
Show = Callable[[Mapping[str, Any], Sums], dict[str, Any]]
"""Gives a result as a response shows it, from what it was grouped by and the sums."""


@dataclass(frozen=True)
class Width:
    """How wide a bucket is, and how many of them a page has."""

    seconds: int
    default: int
    maximum: int


MINUTE, HOUR, DAY = Width(60, 60, 1440), Width(3600, 24, 168), Width(86_400, 7, 31)


@dataclass(frozen=True)
class Series:
    """Something that was measured, once or at regular intervals."""

    first: int
    """When it was measured first, in Unix seconds."""
    every: int
    """The seconds from one time to the next."""
    times: int | None
    """How often in all; None: without an end."""
    dimensions: Mapping[str, Any]
    amounts: Mapping[str, int | Decimal]
    """What each time adds."""

    def count(self, low: int, high: int) -> int:
        """Say how often it happened from one time on, before another."""

        def before(time: int) -> int:
            happened = max(0, -((self.first - time) // self.every))
            return happened if self.times is None else min(happened, self.times)

        return max(0, before(high) - before(low))

    def within(self, low: int, high: int) -> tuple[int, int]:
        """Narrow a range of time to that in which it may have happened."""
        end = high if self.times is None else self.first + (self.times - 1) * self.every + 1
        return max(low, self.first), min(high, end)


@dataclass(frozen=True)
class Report:
    """What a report can be asked for."""

    groups: Sequence[str]
    """The dimensions that results can be grouped by."""
    filters: Mapping[str, tuple[str, Any]]
    """The dimensions that it can be narrowed to, each with its parameter and that parameter's type."""
    widths: Mapping[str, Width] = field(default_factory=lambda: {"1m": MINUTE, "1h": HOUR, "1d": DAY})

    def query(self, name: str) -> type[Query]:
        fields: dict[str, Any] = {
            "start_time": (Annotated[int, Field(ge=0)], ...),
            "end_time": (int | None, None),
            "bucket_width": (Literal[tuple(self.widths)], "1d"),
            "group_by": (list[Literal[tuple(self.groups)]], []),  # type: ignore[misc]
            "limit": (int | None, None),
            "page": (str | None, None),
            **{parameter: (kind, None) for parameter, kind in self.filters.values()},
        }
        return create_model(name, __base__=Query, **fields)

    def page(self, asked: Any, now: int, found: Iterable[Series], show: Show) -> dict[str, Any]:
        """Sum up what was found, and cut a page of it. A bucket that reaches over an end of the range has a part."""
        width, start, end = self.widths[asked.bucket_width], asked.start_time, now + 1
        if asked.end_time is not None:
            if asked.end_time <= start:
                message = "Invalid 'end_time': it has to be after 'start_time'."
                raise Refused(400, message, code="invalid_value", param="end_time")
            end = min(end, asked.end_time)
        first = start - start % width.seconds
        if asked.page is not None:
            first, before = _read_token(asked.page, start, width)
            end = min(end, before)
        left = range(first, end, width.seconds)
        begins = left[: _limit(asked.limit, width)]
        has_more = len(left) > len(begins)
        buckets: dict[int, dict[Group, Sums]] = {begin: {} for begin in begins}
        for series in (series for series in found if self._is_wanted(asked, series)):
            group = tuple(series.dimensions.get(name) for name in asked.group_by)
            low, high = series.within(max(first, start), min(begins.stop, end))
            for begin in range(low - low % width.seconds, high, width.seconds):
                times = series.count(max(begin, low), min(begin + width.seconds, high))
                if times:
                    _add(buckets[begin].setdefault(group, {}), series, times)
        data = [
            {
                "object": "bucket",
                "start_time": begin,
                "end_time": begin + width.seconds,
                "results": [show(dict(zip(asked.group_by, key, strict=True)), sums) for key, sums in groups.items()],
            }
            for begin, groups in buckets.items()
        ]
        next_page = f"page_{begins.stop}_{end}" if has_more else None
        return {"object": "page", "data": data, "has_more": has_more, "next_page": next_page}

    def _is_wanted(self, asked: Any, series: Series) -> bool:
        for dimension, (parameter, _) in self.filters.items():
            wanted, value = getattr(asked, parameter), series.dimensions.get(dimension)
            if wanted is not None and (value not in wanted if isinstance(wanted, list) else value != wanted):
                return False
        return True


def _add(sums: Sums, series: Series, times: int) -> None:
    for name, amount in series.amounts.items():
        sums[name] = sums.get(name, 0) + amount * times


def _limit(given: int | None, width: Width) -> int:
    if given is None or 1 <= given <= width.maximum:
        return given or width.default
    # the maximum depends on the width, so the schema of the query does not have it
    kind, context = ("greater_than_equal", {"ge": 1}) if given < 1 else ("less_than_equal", {"le": width.maximum})
    raise from_validation([{"type": kind, "loc": ["limit"], "input": given, "ctx": context}])


def _read_token(token: str, start: int, width: Width) -> tuple[int, int]:
    """Read where a page begins, and where the range ended when the first page was cut."""
    found = re.fullmatch(r"page_(\d{1,18})_(\d{1,18})", token)
    first, end = map(int, found.groups()) if found else (-1, 0)
    if first < start or first % width.seconds:
        raise Refused(400, f"Invalid 'page': no page {token}.", code="invalid_cursor", param="page")
    return first, end

"""Pages of time buckets: what was measured, summed up for each day, hour or minute, in groups.

The response has `has_more` and `next_page`; `page` is what `next_page` was. Buckets begin where the clock is at a whole
day, hour or minute (UTC), and hold what happened inside the time range that was asked for.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model

from pulumi_openai_admin.emulator.handlers.errors import Refused, from_validation
from pulumi_openai_admin.emulator.handlers.kind import Query

if TYPE_CHECKING:
    from decimal import Decimal

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

    def end(self, high: int) -> int:
        """Give a time after which it no longer happened before another."""
        return high if self.times is None else min(high, self.first + (self.times - 1) * self.every + 1)


@dataclass(frozen=True)
class _Range:
    """The buckets that a page shows, and the time that it sums up."""

    start: int
    end: int
    width: int
    buckets: range
    """Where they begin."""
    has_more: bool

    def touched_by(self, series: Series) -> range:
        """Give the buckets in which a series may have happened."""
        low = max(0, (series.first - self.buckets.start) // self.width)
        last = series.end(self.end) - 1
        return range(low, min(len(self.buckets), (last - self.buckets.start) // self.width + 1))

    def count(self, series: Series, index: int) -> int:
        """Say how often a series happened in a bucket, inside the time range."""
        begin = self.buckets[index]
        return series.count(max(begin, self.start), min(begin + self.width, self.end))

    def token(self) -> str | None:
        if not self.has_more:
            return None
        return "page_" + base64.urlsafe_b64encode(struct.pack(">qq", self.buckets.stop, self.end)).decode()


@dataclass(frozen=True)
class Report:
    """What a report can be asked for."""

    groups: Sequence[str]
    """The dimensions that results can be grouped by."""
    filters: Mapping[str, tuple[str, Any]]
    """The dimensions that it can be narrowed to, each with its parameter and that parameter's type."""
    widths: Mapping[str, Width] = field(default_factory=lambda: {"1m": MINUTE, "1h": HOUR, "1d": DAY})

    def query(self, name: str) -> type[Query]:
        """Make the schema of the query string."""
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
        """Sum up what was found, and cut a page of it."""
        span = _range(asked, self.widths[asked.bucket_width], now)
        buckets: list[dict[Group, Sums]] = [{} for _ in span.buckets]
        for series in (series for series in found if self._is_wanted(asked, series)):
            group = tuple(series.dimensions.get(name) for name in asked.group_by)
            for index in span.touched_by(series):
                times = span.count(series, index)
                if times:
                    _add(buckets[index].setdefault(group, {}), series, times)
        data = [
            {
                "object": "bucket",
                "start_time": begin,
                "end_time": begin + span.width,
                "results": [show(dict(zip(asked.group_by, key, strict=True)), sums) for key, sums in groups.items()],
            }
            for begin, groups in zip(span.buckets, buckets, strict=True)
        ]
        return {"object": "page", "data": data, "has_more": span.has_more, "next_page": span.token()}

    def _is_wanted(self, asked: Any, series: Series) -> bool:
        for dimension, (parameter, _) in self.filters.items():
            wanted, value = getattr(asked, parameter), series.dimensions.get(dimension)
            if wanted is not None and (value not in wanted if isinstance(wanted, list) else value != wanted):
                return False
        return True


def _add(sums: Sums, series: Series, times: int) -> None:
    for name, amount in series.amounts.items():
        sums[name] = sums.get(name, 0) + amount * times


def _range(asked: Any, width: Width, now: int) -> _Range:
    start, end = asked.start_time, now + 1
    if asked.end_time is not None:
        if asked.end_time <= start:
            message = "Invalid 'end_time': it has to be after 'start_time'."
            raise Refused(400, message, code="invalid_value", param="end_time")
        end = min(end, asked.end_time)
    first = start - start % width.seconds
    if asked.page is not None:
        first, before = _read_token(asked.page)
        end = min(end, before)
        if first < start or first % width.seconds:
            raise _bad_token(asked.page)
    left = max(0, -((first - end) // width.seconds))
    count = min(left, _limit(asked.limit, width))
    buckets = range(first, first + count * width.seconds, width.seconds)
    return _Range(start, end, width.seconds, buckets, has_more=left > count)


def _limit(given: int | None, width: Width) -> int:
    if given is None or 1 <= given <= width.maximum:
        return given or width.default
    # the maximum depends on the width, so the schema of the query does not have it
    kind, context = ("greater_than_equal", {"ge": 1}) if given < 1 else ("less_than_equal", {"le": width.maximum})
    raise from_validation([{"type": kind, "loc": ["limit"], "input": given, "ctx": context}])


def _read_token(token: str) -> tuple[int, int]:
    try:
        first, end = struct.unpack(">qq", base64.b64decode(token.removeprefix("page_"), altchars="-_", validate=True))
    except (binascii.Error, struct.error, ValueError) as error:
        raise _bad_token(token) from error
    return first, end


def _bad_token(token: str) -> Refused:
    return Refused(400, f"Invalid 'page': no page {token}.", code="invalid_cursor", param="page")

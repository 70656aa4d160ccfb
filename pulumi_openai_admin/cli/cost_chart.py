"""The picture of costs: a bar a day, stacked, and the total of the month with its limit. Pure.

Positions across are percentages, so that the picture fits any width without scaling its text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli.words import counted
from pulumi_openai_admin.handlers.kinds.spending import DAY_SECONDS, DOLLARS, month_end, month_of, next_month_of
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HEIGHT = 160
"""Of a part of the picture, in pixels."""
MOST_SERIES = 8
"""How many parts a bar has at most, of which the last one is the others: there are as many patterns."""
_LABELS = 8
"""How many days are named below the bars."""
_FAR = 10
"""A limit that is more than so many times the costs is only named: the costs would be a flat line below it."""


def money(amount: Decimal | float, currency: str = DOLLARS) -> str:
    """Return an amount as people write it: `$1,234.50`; in other currencies `1,234.50 EUR`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}" if currency == DOLLARS else f"{amount:,.2f} {currency.upper()}"


def currency_in_words(currency: str) -> str:
    """Return the name of a currency in a sentence."""
    return "US dollars" if currency == DOLLARS else currency.upper()


class Bar(NamedTuple):
    """A part of a day's bar."""

    series: int
    y: float
    height: float


class DayBars(NamedTuple):
    """The bar of a day."""

    text: str
    """The day, its costs, and the largest parts."""
    x: float
    bars: Sequence[Bar]


class DrawnLine(NamedTuple):
    """A line, or a part of one."""

    x1: float
    y1: float
    x2: float
    y2: float


class LegendEntry(NamedTuple):
    """An entry of the legend."""

    name: str
    amount: str


@dataclass(frozen=True)
class Month:
    """The second part of the picture: the total since the month began."""

    grid: Sequence[tuple[float, str]]
    total: Sequence[DrawnLine]
    pace: DrawnLine | None
    """From the total of today to the end of the month."""
    end: str
    """The total at the end of the month."""
    limit: float | None
    """Where the line of the limit is; None if there is none, or if it is far above."""
    limit_text: str


@dataclass(frozen=True)
class Chart:
    """The picture, as the template draws it."""

    title: str
    text: str
    """What the picture shows, in sentences."""
    days: Sequence[DayBars]
    width: float
    """Of a bar."""
    labels: Sequence[tuple[float, str]]
    grid: Sequence[tuple[float, str]]
    legend: Sequence[LegendEntry]
    month: Month | None
    height: int = HEIGHT


@dataclass(frozen=True)
class Period:
    """Some days, in seconds since 1970 (UTC)."""

    since: int
    until: int
    """When the last day ends."""
    now: float

    @property
    def is_month(self) -> bool:
        """Whether it begins with a month and ends in it, so that its total compares with a limit."""
        return self.since == month_of(self.since) and self.until <= next_month_of(self.since)

    @property
    def is_going_on(self) -> bool:
        """Whether the month is not over."""
        return self.is_month and self.since == month_of(self.now) and self.until > self.now


def chart(
    costs: Iterable[tuple[int, str, Decimal]], period: Period, limit: Decimal | None, currency: str = DOLLARS
) -> Chart:
    """Draw costs.

    Args:
        costs: The beginning of a day, what the bars are stacked by, and an amount.
        period: The days that are drawn.
        limit: The spend limit for a month, in the same currency; None if there is none.
        currency: The currency of all amounts.
    """
    by_series: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for day, name, amount in costs:
        by_series[name][day] += amount
    stacked = _largest(by_series)
    until = next_month_of(period.since) if period.is_going_on else period.until
    days = range(period.since, until, DAY_SECONDS)
    totals = [sum((amounts.get(day, Decimal(0)) for _, amounts in stacked), Decimal(0)) for day in days]
    heights = (
        sum((max(amounts.get(day, Decimal(0)), Decimal(0)) for _, amounts in stacked), Decimal(0)) for day in days
    )
    scale, slot = _Scale(max(heights, default=Decimal(0)), currency), 100 / max(len(days), 1)
    bars = [
        DayBars(_day_text(day, total, stacked, currency), (number + 0.1) * slot, [*_bars(day, stacked, scale)])
        for number, (day, total) in enumerate(zip(days, totals, strict=True))
        if total
    ]
    step = -(-len(days) // _LABELS)
    labels = [((n + 0.5) * slot, _date(day, is_short=True)) for n, day in enumerate(days) if n % step == 0]
    legend = [LegendEntry(printable(name), money(sum(amounts.values()), currency)) for name, amounts in stacked]
    spent, past = sum(totals, Decimal(0)), [total for day, total in zip(days, totals, strict=True) if day < period.now]
    end = month_end(spent, period.now) if period.is_going_on else None
    month = _month(past, slot, end, limit, currency) if period.is_month else None
    title = f"Costs by day, {_date(period.since)} to {_date(period.until - DAY_SECONDS)} (UTC)"
    text = " ".join(_sentences(dict(zip(days, totals, strict=True)), end, limit if month else None, currency))
    return Chart(title, text, bars, 0.8 * slot, labels, scale.grid, legend, month)


def _largest(by_series: Mapping[str, Mapping[int, Decimal]]) -> list[tuple[str, Mapping[int, Decimal]]]:
    """The series with the highest costs, the highest first, then the others in one."""
    ordered = sorted(by_series.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    if len(ordered) <= MOST_SERIES:
        return ordered
    others: dict[int, Decimal] = defaultdict(Decimal)
    for _, amounts in ordered[MOST_SERIES - 1 :]:
        for day, amount in amounts.items():
            others[day] += amount
    return [*ordered[: MOST_SERIES - 1], (counted(len(ordered) - MOST_SERIES + 1, "other"), others)]


class _Scale:
    """The amounts up the side: from nothing to a round number at the top."""

    def __init__(self, most: Decimal, currency: str) -> None:
        power = Decimal(10) ** max(most, Decimal("0.01")).adjusted()
        self.top = next(
            power * step for step in map(Decimal, ("1", "1.5", "2", "3", "5", "10")) if most <= power * step
        )
        self.grid = [(HEIGHT, ""), *((self.y(amount), money(amount, currency)) for amount in (self.top / 2, self.top))]

    def y(self, amount: Decimal) -> float:
        return round(HEIGHT * (1 - float(max(amount, Decimal(0)) / self.top)), 2)


def _bars(day: int, stacked: Sequence[tuple[str, Mapping[int, Decimal]]], scale: _Scale) -> Iterable[Bar]:
    """The parts of a day's bar, from below; a credit has no height."""
    below = Decimal(0)
    for number, (_, amounts) in enumerate(stacked):
        amount = max(amounts.get(day, Decimal(0)), Decimal(0))
        if amount:
            top = scale.y(below + amount)
            yield Bar(number, top, round(scale.y(below) - top, 2))
        below += amount


def _day_text(day: int, total: Decimal, stacked: Sequence[tuple[str, Mapping[int, Decimal]]], currency: str) -> str:
    parts = (f"{printable(name)} {money(amounts[day], currency)}" for name, amounts in stacked if amounts.get(day))
    return "\n".join([f"{_date(day)}: {money(total, currency)}", *parts])


def _month(past: Sequence[Decimal], slot: float, end: Decimal | None, limit: Decimal | None, currency: str) -> Month:
    totals = list(accumulate(past)) or [Decimal(0)]
    most = max(*totals, end or Decimal(0), Decimal("0.01"))
    is_near = limit is not None and limit <= most * _FAR
    scale = _Scale(max(most, limit) if limit is not None and is_near else most, currency)
    places = [((number + 0.5) * slot, scale.y(total)) for number, total in enumerate(totals)]
    lines = [DrawnLine(*before, *after) for before, after in pairwise(places)] or [DrawnLine(*places[0], *places[0])]
    return Month(
        scale.grid,
        lines,
        None if end is None else DrawnLine(*places[-1], 100.0, scale.y(end)),
        "" if end is None else money(end, currency),
        scale.y(limit) if limit is not None and is_near else None,
        "" if limit is None else money(limit, currency),
    )


def _sentences(
    totals: Mapping[int, Decimal], end: Decimal | None, limit: Decimal | None, currency: str
) -> Iterable[str]:
    """What the picture shows, in words."""
    spent = sum(totals.values(), Decimal(0))
    yield f"In all: {money(spent, currency)}."
    if spent:
        day = max(totals, key=lambda day: totals[day])
        yield f"Most on {_date(day)}: {money(totals[day], currency)}."
    if end is not None:
        place = "" if limit is None else f", {'above' if end > limit else 'below'} the limit"
        yield f"At this pace, the month ends at {money(end, currency)}{place}."
    if limit is not None:
        yield f"The limit for a month is {money(limit, currency)}."


def _date(seconds: int, *, is_short: bool = False) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):{'%m-%d' if is_short else '%Y-%m-%d'}}"

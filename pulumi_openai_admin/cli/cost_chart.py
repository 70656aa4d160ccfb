"""The picture of costs: a bar a day, stacked, and the total of the month with its limit. Pure.

Positions across are percentages, so that the picture fits any width without scaling its text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pulumi_openai_admin.cli.words import date_of
from pulumi_openai_admin.handlers.kinds.spending import DAY_SECONDS, DOLLARS, month_end, month_of, next_month_of
from pulumi_openai_admin.printable import counted, printable

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
    costs: Iterable[tuple[int, str, Decimal]], period: Period, limit: Decimal | None, currency: str
) -> dict[str, Any]:
    """Return the picture of the costs of a period, as the template draws it. All amounts are in one currency.

    Costs are the beginning of a day, what the bars are stacked by, and an amount. The limit is for a month.
    """
    by_series: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for day, name, amount in costs:
        by_series[name][day] += amount
    stacked = _largest(by_series)
    until = next_month_of(period.since) if period.is_going_on else period.until
    days = range(period.since, until, DAY_SECONDS)
    by_day = {day: [amounts.get(day, Decimal(0)) for _, amounts in stacked] for day in days}
    totals = {day: sum(parts, Decimal(0)) for day, parts in by_day.items()}
    heights = (sum((max(part, Decimal(0)) for part in parts), Decimal(0)) for parts in by_day.values())
    scale, slot = _Scale(max(heights, default=Decimal(0)), currency), 100 / max(len(days), 1)
    bars = [
        {"x": (number + 0.1) * slot, **_bar_of(day, total, stacked, scale, currency)}
        for number, (day, total) in enumerate(totals.items())
        if total
    ]
    step = -(-len(days) // _LABELS)
    labels = [((n + 0.5) * slot, date_of(day, "%m-%d")) for n, day in enumerate(days) if n % step == 0]
    legend = [(name, money(sum(amounts.values()), currency)) for name, amounts in stacked]
    end = month_end(sum(totals.values(), Decimal(0)), period.now) if period.is_going_on else None
    past = [total for day, total in totals.items() if day < period.now]
    month = _month(past, slot, end, limit, currency) if period.is_month else None
    return {
        "title": f"Costs by day, {date_of(period.since)} to {date_of(period.until - DAY_SECONDS)} (UTC)",
        "text": " ".join(_sentences(totals, end, limit if month else None, currency)),
        "days": bars,
        "width": 0.8 * slot,
        "labels": labels,
        "grid": scale.grid,
        "legend": legend,
        "month": month,
        "height": HEIGHT,
    }


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


def _bar_of(
    day: int, total: Decimal, stacked: Sequence[tuple[str, Mapping[int, Decimal]]], scale: _Scale, currency: str
) -> dict[str, Any]:
    """The bar of a day in words, and its parts from below: series, place, height; a credit has no height."""
    below, texts, parts = Decimal(0), [f"{date_of(day)}: {money(total, currency)}"], []
    for number, (name, amounts) in enumerate(stacked):
        if amount := amounts.get(day):
            texts.append(f"{printable(name)} {money(amount, currency)}")
            if amount > 0:
                top = scale.y(below + amount)
                parts.append((number, top, round(scale.y(below) - top, 2)))
                below += amount
    return {"text": Markup("\n").join(texts), "bars": parts}


def _month(
    past: Sequence[Decimal], slot: float, end: Decimal | None, limit: Decimal | None, currency: str
) -> dict[str, Any]:
    """The second part of the picture: the total since the month began, the limit if it is near, and both in words."""
    totals = list(accumulate(past)) or [Decimal(0)]
    most = max(*totals, end or Decimal(0), Decimal("0.01"))
    is_near = limit is not None and limit <= most * _FAR
    scale = _Scale(max(most, limit) if limit is not None and is_near else most, currency)
    places = [((number + 0.5) * slot, scale.y(total)) for number, total in enumerate(totals)]
    return {
        "grid": scale.grid,
        "total": [(*before, *after) for before, after in pairwise(places)] or [(*places[0], *places[0])],
        "pace": None if end is None else (*places[-1], 100.0, scale.y(end)),
        "end": "" if end is None else money(end, currency),
        "limit": scale.y(limit) if limit is not None and is_near else None,
        "limit_text": "" if limit is None else money(limit, currency),
    }


def _sentences(
    totals: Mapping[int, Decimal], end: Decimal | None, limit: Decimal | None, currency: str
) -> Iterable[str]:
    """What the picture shows, in words."""
    spent = sum(totals.values(), Decimal(0))
    yield f"In all: {money(spent, currency)}."
    if spent:
        day = max(totals, key=lambda day: totals[day])
        yield f"Most on {date_of(day)}: {money(totals[day], currency)}."
    if end is not None:
        place = "" if limit is None else f", {'above' if end > limit else 'below'} the limit"
        yield f"At this pace, the month ends at {money(end, currency)}{place}."
    if limit is not None:
        yield f"The limit for a month is {money(limit, currency)}."

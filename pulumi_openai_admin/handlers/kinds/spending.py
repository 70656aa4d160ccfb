"""Spend limits and spend alerts: their amounts are in cents, and messages show dollars."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.setting import OptionalSetting
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.schema.formats import format_dollars, moment_seconds
from pulumi_openai_admin.schema.paths import PROJECT, Paging, describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

PATH = "/organization/costs"
DOLLARS = "usd"
"""The currency of limits and alerts."""
DAY_SECONDS = 86_400


def month_of(now: float) -> int:
    """When the month of a time began (UTC), in seconds since 1970."""
    at = datetime.fromtimestamp(now, UTC)
    return int(datetime(at.year, at.month, 1, tzinfo=UTC).timestamp())


def next_month_of(now: float) -> int:
    """When the month after that of a time begins (UTC), in seconds since 1970."""
    return month_of(month_of(now) + 32 * DAY_SECONDS)


@dataclass(eq=False, repr=False)
class Cost:
    """What one day cost, for one of the groups that the costs were asked for by."""

    start: int
    """When the day began (UTC), in seconds since 1970."""
    amount: Decimal
    """In units of the currency."""
    currency: str = DOLLARS
    project_id: str | None = None
    api_key_id: str | None = None
    line_item: str | None = None
    quantity: Decimal | None = None
    """How much was used; only of a line item."""
    quantity_unit: str | None = None


def read_costs(
    client: Client,
    since: int,
    *,
    until: int | None = None,
    group_by: Sequence[str] = ("project_id",),
    project_ids: Sequence[str] = (),
) -> Iterator[Cost]:
    """The costs by day, earliest first. No page is read before it is needed.

    Args:
        since: The beginning of the first day, in seconds since 1970.
        until: The end of the last day; None: now.
        group_by: The fields of `Cost` that the costs are grouped by.
        project_ids: Only the costs of these projects; empty: all costs.
    """
    days = _DAYS_A_PAGE[len(group_by)]
    query: dict[str, Any] = {"start_time": since, "bucket_width": "1d", "limit": days, "group_by[]": [*group_by]}
    if until is not None:
        query["end_time"] = until
    if project_ids:
        query["project_ids[]"] = [*project_ids]
    call = Call("GET", PATH, _ACTION, query, paging=Paging.NEXT_PAGE, is_exact=True)
    for bucket in client.requestor.pages(call):
        shown, rows = bucket.get("start_time"), bucket.get("results")
        start = None if isinstance(shown, str) else moment_seconds(shown)
        if start is None or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise errors.InvalidResponseError(
                "OpenAI shows a day of costs without its time or its results", errors.UNDOCUMENTED_ADVICE
            )
        for row in rows:
            yield Cost(
                start,
                _number(documents.get(row, "amount.value")) or Decimal(0),
                str(documents.get(row, "amount.currency") or DOLLARS).lower(),
                row.get("project_id"),
                row.get("api_key_id"),
                row.get("line_item"),
                _number(row.get("quantity")),
                row.get("quantity_unit"),
            )


_DAYS_A_PAGE = {1: 31, 2: 7, 3: 1}
"""For how many days a response has costs, by the number of fields that they are grouped by: the costs of 10,000 keys by
line item are more than 10 MB a day."""
_MOST_DIGITS = 30


def _number(value: object) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise errors.InvalidResponseError(
            f"OpenAI shows {str(value)[:_MOST_DIGITS]!r} as an amount of the costs", errors.UNDOCUMENTED_ADVICE
        )
    return number


def spent_by_project(costs: Iterable[Cost]) -> tuple[dict[str | None, Decimal], str]:
    """Add up costs by project, and return their currency. Those of no project are under None."""
    spent: dict[str | None, Decimal] = defaultdict(Decimal)
    currencies: set[str] = set()
    for cost in costs:
        spent[cost.project_id] += cost.amount
        if cost.amount:
            currencies.add(cost.currency)
    return spent, the_currency(currencies)


def the_currency(currencies: set[str]) -> str:
    """The currency of amounts that are added up."""
    if len(currencies) > 1:
        raise errors.InvalidResponseError(
            f"OpenAI shows costs in several currencies ({', '.join(sorted(currencies))}), which can't be added up",
            "Read them with get_costs, which shows the currency of each.",
        )
    return next(iter(currencies), DOLLARS)


def reached_at(spent: float, limit: float, now: float) -> float | None:
    """When costs reach a limit, if they go on as they did since the month began. Pure.

    Returns:
        The time in seconds since 1970, `now` if they have reached it. None if they do not in this month, or if the
        month is less than a day old, which says nothing about the rest.
    """
    if spent >= limit:
        return now
    elapsed = now - month_of(now)
    if elapsed < DAY_SECONDS or spent <= 0:
        return None
    at = month_of(now) + elapsed * limit / spent
    return at if at < next_month_of(now) else None


def month_end(spent: Decimal, now: float) -> Decimal | None:
    """What a month will have cost at its end, if costs go on as they did since it began. Pure.

    Returns:
        None if the month is less than a day old, which says nothing about the rest.
    """
    begin = month_of(now)
    elapsed = int(now) - begin
    return None if elapsed < DAY_SECONDS else spent * (next_month_of(now) - begin) / elapsed


_ACTION = "read the costs of the month"


@dataclass(eq=False, repr=False)
class _Month:
    """The costs since the month began, which are read once in a run, and the time by OpenAI's clock."""

    spent: dict[str | None, Decimal] = field(default_factory=dict)
    currency: str = DOLLARS
    now: float = 0
    error: errors.AdminError | None = None

    def read(self, client: Client) -> None:
        """Read them, unless another resource has."""
        with client.exclusively(PATH, _ACTION):
            if self.error is not None:
                raise self.error
            if not self.now:
                self.now = client.clock.now_or_local()
                try:
                    self.spent, self.currency = spent_by_project(read_costs(client, month_of(self.now)))
                except errors.AdminError as error:
                    self.error = error
                    raise


_AMOUNT = "threshold_amount"
_RECIPIENTS = "recipients"
_CONSTANTS = {"currency": "USD", "interval": "month"}
_NO_COSTS = (errors.BadRequestError, errors.InvalidResponseError, errors.NotFoundError, errors.PermissionDeniedError)
"""The errors after which only the costs are not known."""
_SMALL_LIMIT = 10_000
"""In cents: a preview says what a lower limit is in dollars, since it may have been meant in dollars."""


@dataclass(eq=False, repr=False)
class SpendLimit(OptionalSetting):
    """The handler of a spend limit."""

    noun: str = "spend limit"
    constants: Mapping[str, Any] = field(default_factory=lambda: _CONSTANTS)

    def format_value(self, name: str, value: Any) -> str:
        """The amount in dollars."""
        return format_dollars(value)

    def creation_note(self, wanted: Wanted) -> str:
        """What a low limit is in dollars."""
        amount = wanted.settings.get(_AMOUNT)
        if amount is None or amount >= _SMALL_LIMIT:
            return ""
        return f"{_AMOUNT} is in cents: {amount} is {format_dollars(amount)} a month."

    def forecast(self, client: Client, remote: Remote, wanted: Wanted) -> Sequence[str]:
        """Whether the costs have reached the limit, or will within this month if they go on like that."""
        limit = wanted.settings.get(_AMOUNT)
        if limit is None:
            return ()
        place, month = capitalized(describe(remote.parents)), client.shared(_Month)
        try:
            month.read(client)
        except _NO_COSTS as error:
            return (f"{place}: the spend limit was not compared with the costs of this month: {error}",)
        project_id = remote.parents.get(PROJECT.id_name)
        dollars = sum(month.spent.values()) if project_id is None else month.spent.get(project_id, Decimal(0))
        now = month.now
        at = reached_at(float(dollars * 100), limit, now) if month.currency == DOLLARS else None
        if at is None:
            return ()
        since = f"{datetime.fromtimestamp(month_of(now), UTC):%Y-%m-%d}"
        has_spent = f"{place} has spent ${dollars:,.2f} since {since} (UTC)"
        if at <= now:
            reached = f"{has_spent} and reached its spend limit of {format_dollars(limit)}"
            return (f"{reached}. OpenAI rejects its requests until the month ends or the limit is raised.",)
        when = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
        what = f"{has_spent}. At this rate it reaches the spend limit of {format_dollars(limit)} on {when}"
        return (f"{what}. OpenAI then rejects its requests until the month ends or the limit is raised.",)


@dataclass(eq=False, repr=False)
class SpendAlerts(Collection):
    """The handler of spend alerts. They have no name and show no time."""

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED
    _recognition: ClassVar[str] = "amount and recipients"

    noun: str = "spend alert"
    recognized_by: tuple[str, ...] = (_AMOUNT, _RECIPIENTS)
    constants: Mapping[str, Any] = field(default_factory=lambda: {**_CONSTANTS, "notification_channel.type": "email"})

    def format_value(self, name: str, value: Any) -> str:
        """See `Handler.format_value`: the amount in dollars."""
        return format_dollars(value) if name == _AMOUNT else str(value)

    @override
    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """Send all of the alert: an update replaces all of it. What the program does not set stays as it is now."""
        self.read(client, remote)
        shown = {name: value for name in self.settable if (value := remote.get(name)) is not None}
        super()._set(client, remote, {**shown, **body})

    @override
    def _called(self, body: Mapping[str, Any]) -> object:
        return f"{format_dollars(body[_AMOUNT])} for {bounded(', ', sorted(body[_RECIPIENTS]))}"

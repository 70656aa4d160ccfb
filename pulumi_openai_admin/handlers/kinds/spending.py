"""Spend limits and spend alerts: their amounts are in cents, and messages show dollars."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.kinds import costs
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.optional_setting import OptionalSetting
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.schema.formats import format_dollars
from pulumi_openai_admin.schema.paths import PROJECT, describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

_AMOUNT = "threshold_amount"
_RECIPIENTS = "notification_channel.recipients"
_CONSTANTS = {"currency": "USD", "interval": "month"}


_NO_COSTS = (errors.BadRequestError, errors.InvalidResponseError, errors.NotFoundError, errors.PermissionDeniedError)
"""The errors after which only the costs are not known."""


_SMALL_LIMIT = 10_000
"""In cents: a preview says what a lower limit is in dollars, since it may have been meant in dollars."""


@dataclass(frozen=True)
class SpendLimit(OptionalSetting):
    """The handler of a spend limit.

    Args:
        path: Where the limit is.
    """

    noun: str = "spend limit"
    constants: Mapping[str, Any] = field(default_factory=lambda: _CONSTANTS)

    def format_value(self, name: str, value: Any) -> str:  # noqa: ARG002 - a limit has nothing else
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
        place = capitalized(describe(remote.parents))
        try:
            spent, now = costs.this_month(client)
        except _NO_COSTS as error:
            return (f"{place}: the spend limit was not compared with the costs of this month: {error}",)
        return _reaching(place, spent, remote.parents.get(PROJECT.id_name), limit, now)


def _reaching(place: str, spent: costs.Costs, project_id: str | None, limit: int, now: float) -> Sequence[str]:
    """The warning that costs have reached a limit, or will within this month; limits are in US dollars."""
    dollars = spent.total if project_id is None else spent.of_project(project_id)
    at = costs.reached_at(dollars * 100, limit, now) if spent.currency == costs.DOLLARS else None
    if at is None:
        return ()
    since = f"{datetime.fromtimestamp(costs.month_of(now), UTC):%Y-%m-%d}"
    has_spent = f"{place} has spent ${dollars:,.2f} since {since} (UTC)"
    if at <= now:
        reached = f"{has_spent} and reached its spend limit of {format_dollars(limit)}"
        return (f"{reached}. OpenAI rejects its requests until the month ends or the limit is raised.",)
    when = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    what = f"{has_spent}. At this rate it reaches the spend limit of {format_dollars(limit)} on {when}"
    return (f"{what}. OpenAI then rejects its requests until the month ends or the limit is raised.",)


@dataclass(frozen=True)
class SpendAlerts(Collection):
    """The handler of spend alerts. They have no name and show no time.

    Args:
        path: Where alerts are created and listed.
    """

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED

    noun: str = "spend alert"
    recognized_by: tuple[str, ...] = (_AMOUNT, _RECIPIENTS)
    constants: Mapping[str, Any] = field(default_factory=lambda: {**_CONSTANTS, "notification_channel.type": "email"})

    def format_value(self, name: str, value: Any) -> str:
        """See `Handler.format_value`: the amount in dollars."""
        return format_dollars(value) if name == _AMOUNT else str(value)

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send all of the alert, since an update replaces all of it: a prefix that the program does not set is kept."""
        known = {name: value for name in self.settable if (value := remote.get(name)) is not None}
        super()._settle(client, remote, replace(wanted, settings={**known, **wanted.settings}))

    def _called(self, body: Mapping[str, Any]) -> object:
        """The amount in dollars, and the recipients."""
        return f"{format_dollars(body[_AMOUNT])} for {bounded(', ', sorted(body[_RECIPIENTS]))}"

    @property
    def _recognition(self) -> str:
        return "amount and recipients"

"""The costs of the month, by project, and where they lead until its end."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.schema.paths import Paging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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


@dataclass(frozen=True)
class Costs:
    """Costs by project."""

    by_project: Mapping[str | None, float]
    """In units of the currency; those of no project are under None."""
    currency: str = DOLLARS

    @classmethod
    def of(cls, amounts: Iterable[tuple[str | None, float | None, str | None]]) -> Costs:
        """Add up amounts.

        Args:
            amounts: Project, amount and currency of each.

        Raises:
            errors.InvalidResponseError: They are in several currencies.
        """
        spent: dict[str | None, float] = defaultdict(float)
        currencies: set[str] = set()
        for project_id, amount, currency in amounts:
            spent[project_id] += amount or 0.0
            if amount and currency:
                currencies.add(currency.lower())
        if len(currencies) > 1:
            raise errors.InvalidResponseError(
                f"OpenAI shows costs in several currencies ({', '.join(sorted(currencies))}), which can't be added up",
                "Read them with get_costs, which shows the currency of each.",
            )
        return cls(dict(spent), next(iter(currencies), DOLLARS))

    @property
    def total(self) -> float:
        """All of them."""
        return sum(self.by_project.values())

    def of_project(self, project_id: str) -> float:
        """The costs of a project."""
        return self.by_project.get(project_id, 0.0)

    def outside(self, shown: Callable[[str], bool]) -> float:
        """The costs of what is not shown."""
        return sum(amount for project, amount in self.by_project.items() if project is None or not shown(project))


def reached_at(spent: float, limit: float, now: float) -> float | None:
    """When costs reach a limit, if they go on as they did since the month began. Pure.

    Args:
        spent: The costs since the month began.
        limit: The limit, in the same unit.
        now: The time, in seconds since 1970.

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


def this_month(client: Client) -> tuple[Costs, float]:
    """The costs since the month began, and the time by OpenAI's clock. Read once in a run.

    Raises:
        errors.AdminError: The costs can't be read, for example because the key may not.
    """
    kept = client.shared(_Kept)
    with client.requestor.hold(kept.lock, _ACTION):
        if kept.error is not None:
            raise kept.error
        if kept.costs is None:
            kept.now = client.clock.now_or_local()
            try:
                kept.costs = _read(client, month_of(kept.now))
            except errors.AdminError as error:
                kept.error = error
                raise
        return kept.costs, kept.now


_ACTION = "read the costs of the month"


@dataclass(eq=False)
class _Kept:
    """What a run has read."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    costs: Costs | None = None
    now: float = 0
    error: errors.AdminError | None = None


def _read(client: Client, since: int) -> Costs:
    query: dict[str, Any] = {"start_time": since, "bucket_width": "1d", "limit": 31, "group_by[]": ["project_id"]}
    buckets = client.requestor.pages(Call("GET", PATH, _ACTION, query, paging=Paging.NEXT_PAGE))
    rows = (row for bucket in buckets for row in bucket.get("results") or () if isinstance(row, dict))
    return Costs.of(
        (row.get("project_id"), documents.get(row, "amount.value"), documents.get(row, "amount.currency"))
        for row in rows
    )

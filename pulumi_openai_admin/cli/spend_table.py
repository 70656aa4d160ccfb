"""What `spend` shows of a project or of the organization: limit, alerts, and the costs of this month. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

NOTHING = "–"  # noqa: RUF001 - an en dash is intended
"""The text of a cell where there is no limit or no alert."""
ORGANIZATION = "The organization"
OTHERS = "Everything else"
"""The costs of no project that is shown: of archived projects, and of none."""


DOLLARS = "usd"
"""The currency of limits and alerts."""
_NEAR = 0.8
"""From this share on, a limit is nearly reached."""


@dataclass(frozen=True)
class Costs:
    """The costs of this month."""

    by_project: Mapping[str | None, float]
    """The costs of each project; those of no project are under None."""
    currency: str = DOLLARS

    @classmethod
    def of(cls, buckets: Iterable[Any]) -> Costs:
        """Add up the costs over all buckets.

        Raises:
            errors.InvalidReplyError: They are in several currencies.
        """
        spent: dict[str | None, float] = defaultdict(float)
        currencies: set[str] = set()
        for bucket in buckets:
            for result in bucket.results:
                spent[result.project_id] += result.amount or 0.0
                if result.amount and result.currency:
                    currencies.add(result.currency.lower())
        if len(currencies) > 1:
            raise errors.InvalidReplyError(
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


@dataclass(frozen=True)
class Spend:
    """What is set and what was spent in one place. Limits and alerts are in cents, as at OpenAI."""

    name: str
    project_id: str
    """Empty for the organization, and for everything else."""
    spent: float
    """The costs since the month began (UTC), in units of the currency."""
    currency: str = DOLLARS
    """The currency of the costs."""
    limit: int | None = None
    """The spend limit in cents; None where there is none."""
    is_enforcing: bool = False
    """Whether OpenAI refuses requests because the limit is reached."""
    alerts: Sequence[int] = ()
    """The amounts of the spend alerts in cents, the least first."""

    @property
    def share(self) -> float | None:
        """How much of the limit is spent: 1 is all of it.

        None without a limit, with a limit of 0, and where the costs are in another currency.
        """
        return self.spent * 100 / self.limit if self.limit and self.currency == DOLLARS else None

    @property
    def mark(self) -> str:
        """Whether the limit is reached (`over`) or nearly reached (`near`); otherwise empty."""
        if self.is_enforcing or (self.share or 0) >= 1:
            return "over"
        return "near" if (self.share or 0) >= _NEAR else ""

    def texts(self) -> tuple[str, str, str, str, str]:
        """The cells: name, costs, limit, how much of it is spent, alerts."""
        used = NOTHING if self.share is None else f"{self.share:,.0%}"
        return (
            self.name,
            money(self.spent, self.currency),
            NOTHING if self.limit is None else money(self.limit / 100),
            f"{used} blocked" if self.is_enforcing else used,
            ", ".join(money(cents / 100) for cents in self.alerts) or NOTHING,
        )

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "project_id": self.project_id or None,
            "name": self.name,
            "spent": round(self.spent, 6),
            "currency": self.currency,
            "limit_cents": self.limit,
            "is_enforcing": self.is_enforcing,
            "alerts_cents": list(self.alerts),
        }


def money(amount: float, currency: str = DOLLARS) -> str:
    """An amount as people write it: `$1,234.50`; in other currencies `1,234.50 EUR`."""
    return f"${amount:,.2f}" if currency == DOLLARS else f"{amount:,.2f} {currency.upper()}"


def month_of(now: float) -> int:
    """When the month of a time began (UTC), in seconds since 1970."""
    time = datetime.fromtimestamp(now, timezone.utc)
    return int(datetime(time.year, time.month, 1, tzinfo=timezone.utc).timestamp())

"""What `spend` shows of a project or of the organization: limit, alerts, and the costs of this month. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NOTHING = "–"  # noqa: RUF001 - an en dash is intended
"""The text of a cell where there is no limit or no alert."""
ORGANIZATION = "The organization"
OTHERS = "Everything else"
"""The costs of no project that is shown: of archived projects, and of none."""


@dataclass(frozen=True)
class Spend:
    """What is set and what was spent in one place. Limits and alerts are in cents, as at OpenAI."""

    name: str
    project_id: str
    """Empty for the organization, and for everything else."""
    dollars: float
    """The costs since the month began (UTC)."""
    limit: int | None = None
    """The spend limit in cents; None where there is none."""
    is_enforcing: bool = False
    """Whether OpenAI refuses requests because the limit is reached."""
    alerts: tuple[int, ...] = ()
    """The amounts of the spend alerts in cents, the least first."""

    @property
    def share(self) -> float | None:
        """How much of the limit is spent: 1 is all of it; None without a limit, or with a limit of 0."""
        return self.dollars * 100 / self.limit if self.limit else None

    def texts(self) -> tuple[str, str, str, str, str]:
        """The cells: name, costs, limit, how much of it is spent, alerts."""
        used = NOTHING if self.share is None else f"{self.share:.0%}"
        return (
            self.name,
            dollars(self.dollars),
            NOTHING if self.limit is None else dollars(self.limit / 100),
            f"{used} blocked" if self.is_enforcing else used,
            ", ".join(dollars(cents / 100) for cents in self.alerts) or NOTHING,
        )

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "project_id": self.project_id or None,
            "name": self.name,
            "spent_dollars": round(self.dollars, 6),
            "limit_cents": self.limit,
            "is_enforcing": self.is_enforcing,
            "alerts_cents": list(self.alerts),
        }


def dollars(amount: float) -> str:
    """An amount as people write it."""
    return f"${amount:,.2f}"


def month_of(now: float) -> int:
    """When the month of a time began (UTC), in seconds since 1970."""
    time = datetime.fromtimestamp(now, timezone.utc)
    return int(datetime(time.year, time.month, 1, tzinfo=timezone.utc).timestamp())


def by_project(buckets: Iterable[Any]) -> Mapping[str | None, float]:
    """The costs of each project, over all buckets; those of no project are under None."""
    spent: dict[str | None, float] = defaultdict(float)
    for bucket in buckets:
        for result in bucket.results:
            spent[result.project_id] += result.amount or 0.0
    return dict(spent)


def rest(spent: Mapping[str | None, float], shown: Sequence[Spend]) -> Spend | None:
    """The costs of what is not shown; None where there are none."""
    known = {one.project_id for one in shown}
    left = sum(amount for project, amount in spent.items() if project not in known)
    return Spend(OTHERS, "", left) if left > 0 else None

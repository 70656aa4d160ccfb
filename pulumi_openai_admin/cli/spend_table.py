"""What `spend` shows of a project or of the organization: limit, alerts, and the costs of this month. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.kinds.costs import DOLLARS

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = "–"  # noqa: RUF001 - an en dash is intended
"""The text of a cell where there is no limit or no alert."""
ORGANIZATION = "The organization"
OTHERS = "Everything else"
"""The costs of no project that is shown: of archived projects, and of none."""


_NEAR = 0.8
"""From this share on, a limit is nearly reached."""


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

"""What `spend` shows of a project or of the organization: limit, alerts, and the costs of this month. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.value_words import ABSENT
from pulumi_openai_admin.handlers.kinds.costs import DOLLARS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ORGANIZATION = "The organization"
OTHERS = "Everything else"
"""The costs of archived projects, and costs outside of projects."""
PROJECT, USED = "project", "used"
"""The column of names, and the column with a bar on the page."""
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

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        return {name: value for column in COLUMNS for name, value in column.document(self).items()}


@dataclass(frozen=True)
class SpendColumn:
    """A column, for the table, the page and JSON.

    Args:
        head: Its head, in lower case.
        text: The text of its cell.
        document: What JSON has of it; amounts have the unit in their name, or the currency beside them.
        is_text: Whether it contains strings, and no numbers, which are aligned.
    """

    head: str
    text: Callable[[Spend], str]
    document: Callable[[Spend], Mapping[str, Any]]
    is_text: bool = False


def _used(row: Spend) -> str:
    used = ABSENT if row.share is None else f"{row.share:,.0%}"
    return f"{used} blocked" if row.is_enforcing else used


def _alerts(row: Spend) -> str:
    return ", ".join(money(cents / 100) for cents in row.alerts) or ABSENT


COLUMNS = (
    SpendColumn(
        PROJECT,
        lambda row: row.name,
        lambda row: {"project_id": row.project_id or None, "name": row.name},
        is_text=True,
    ),
    SpendColumn(
        "spent",
        lambda row: money(row.spent, row.currency),
        lambda row: {"spent": round(row.spent, 6), "currency": row.currency},
    ),
    SpendColumn(
        "limit",
        lambda row: ABSENT if row.limit is None else money(row.limit / 100),
        lambda row: {"limit_cents": row.limit, "is_enforcing": row.is_enforcing},
    ),
    SpendColumn(USED, _used, lambda _: {}),
    SpendColumn("alerts", _alerts, lambda row: {"alerts_cents": list(row.alerts)}, is_text=True),
)
"""In the order in which they are shown."""


def money(amount: float, currency: str = DOLLARS) -> str:
    """An amount as people write it: `$1,234.50`; in other currencies `1,234.50 EUR`."""
    return f"${amount:,.2f}" if currency == DOLLARS else f"{amount:,.2f} {currency.upper()}"

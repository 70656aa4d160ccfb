"""Spend limits and spend alerts: their amounts are in cents, and messages show dollars, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.optional_setting import OptionalSetting

if TYPE_CHECKING:
    from collections.abc import Mapping

_AMOUNT = "threshold_amount"
_CONSTANTS = {"currency": "USD", "interval": "month"}


def cents(amount: int) -> str:
    """An amount for messages: "20000 cents ($200.00)"."""
    return f"{amount} cents (${amount / 100:,.2f})"


@dataclass(frozen=True)
class SpendLimit(OptionalSetting):
    """The handler of a spend limit.

    Args:
        path: Where the limit is.
    """

    noun: str = "spend limit"
    settable: tuple[str, ...] = (_AMOUNT,)
    constants: Mapping[str, Any] = field(default_factory=lambda: _CONSTANTS)

    def told(self, name: str, value: Any) -> str:  # noqa: ARG002 - a limit has nothing else
        """The amount in cents and dollars."""
        return cents(value)

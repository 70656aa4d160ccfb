"""Amounts of money: in cents, as OpenAI has them, and in dollars, as people read them. Pure."""

from __future__ import annotations

CENTS = "cents"
"""The unit of OpenAI's amounts."""


def format_dollars(cents: int) -> str:
    """An amount in dollars: "$1,000" for 100000 cents, and "$10.50" for 1050."""
    dollars, rest = divmod(cents, 100)
    return f"${dollars:,}.{rest:02}" if rest else f"${dollars:,}"

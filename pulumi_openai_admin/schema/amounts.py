"""Amounts of money: in cents, as OpenAI has them, and in dollars, as people read them. Pure."""

from __future__ import annotations

CENTS = "cents"
"""The unit of OpenAI's amounts."""
_IN_A_DOLLAR = 100


def format_dollars(cents: int) -> str:
    """An amount in US dollars: `$1,000`, and with cents where there are some, `$10.50`.

    Args:
        cents: The amount in cents, as OpenAI and the resources have it.
    """
    sign, (dollars, rest) = "-" if cents < 0 else "", divmod(abs(cents), _IN_A_DOLLAR)
    return f"{sign}${dollars:,}.{rest:02}" if rest else f"{sign}${dollars:,}"

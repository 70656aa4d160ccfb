"""What `spend` shows, without requests."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.report import values_of
from pulumi_openai_admin.cli.spend import COLUMNS, Spend, money
from pulumi_openai_admin.cli.words import ABSENT


def texts(spend: Spend) -> list[str | None]:
    return [column.text(spend) for column in COLUMNS]


def test_amounts_have_their_currency() -> None:
    assert (money(1234.5), money(1234.5, "eur")) == ("$1,234.50", "1,234.50 EUR")
    spend = Spend("A", "proj_1", 10, "eur", 2000)
    assert spend.share is None  # euros can't be compared with a limit in dollars
    assert texts(spend) == ["A", "10.00 EUR", "$20.00", ABSENT, ABSENT]


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        (
            Spend("A", "proj_1", 10, limit=2000, alerts=(500, 150_000)),
            ("A", "$10.00", "$20.00", "50%", "$5.00, $1,500.00"),
        ),
        (Spend("A", "proj_1", 30, limit=2000, is_enforcing=True), ("A", "$30.00", "$20.00", "150% blocked", ABSENT)),
        (Spend("A", "proj_1", 0, limit=0, is_enforcing=True), ("A", "$0.00", "$0.00", f"{ABSENT} blocked", ABSENT)),
    ],
)
def test_limits_in_cents_are_shown_in_dollars(spend: Spend, expected: tuple[str, ...]) -> None:
    assert texts(spend) == list(expected)
    assert values_of(COLUMNS, spend)["limit_cents"] == spend.limit

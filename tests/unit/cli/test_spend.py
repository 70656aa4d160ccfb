"""What `spend` shows, without requests."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.report import values_of
from pulumi_openai_admin.cli.spend import COLUMNS, Spend
from pulumi_openai_admin.cli.words import ABSENT


@pytest.mark.parametrize(
    ("spend", "texts"),
    [
        (Spend("A", "proj_1", 10, limit=2000, alerts=(500, 150_000)), ["$10.00", "$20.00", "50%", "$5.00, $1,500.00"]),
        (Spend("A", "proj_1", 30, limit=2000, is_enforcing=True), ["$30.00", "$20.00", "150% blocked", ABSENT]),
        (Spend("A", "proj_1", 0, limit=0, is_enforcing=True), ["$0.00", "$0.00", f"{ABSENT} blocked", ABSENT]),
        (Spend("A", "proj_1", 1234.5, "eur", 2000), ["1,234.50 EUR", "$20.00", ABSENT, ABSENT]),
    ],
    ids=["dollars", "above", "no money", "euros, which have no share of a limit in dollars"],
)
def test_limits_in_cents_are_shown_in_dollars_and_costs_in_their_currency(spend: Spend, texts: list[str]) -> None:
    assert [column.text(spend) for column in COLUMNS] == ["A", *texts]
    assert values_of(COLUMNS, spend)["limit_cents"] == spend.limit

"""What `spend` shows, without requests."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.spend_table import NOTHING, Costs, Spend, money, month_of


def bucket(*results: tuple[str | None, float | None], currency: str | None = "usd") -> Any:
    return SimpleNamespace(
        results=[SimpleNamespace(project_id=id_, amount=amount, currency=currency) for id_, amount in results]
    )


@pytest.mark.parametrize(
    ("now", "begin"),
    [
        (1_767_225_600, 1_767_225_600),  # 2026-01-01 at midnight, UTC
        (1_767_225_599, 1_764_547_200),
        (1_769_903_999.9, 1_767_225_600),
    ],
)
def test_a_month_begins_at_midnight_utc(now: float, begin: int) -> None:
    assert month_of(now) == begin


def test_costs_are_added_up_by_project() -> None:
    buckets = [bucket(("proj_1", 1.5), (None, 1.0)), bucket(), bucket(("proj_1", 0.5), ("proj_2", None))]
    costs = Costs.of(buckets)
    assert costs.by_project == {"proj_1": 2.0, None: 1.0, "proj_2": 0.0}
    assert (costs.total, costs.of_project("proj_1"), costs.of_project("proj_3")) == (3.0, 2.0, 0.0)
    assert costs.outside({"proj_1"}.__contains__) == 1.0
    assert costs.outside(set().__contains__) == 3.0


def test_costs_are_in_the_currency_that_openai_shows() -> None:
    assert Costs.of([]).currency == "usd"
    euros = Costs.of([bucket(("proj_1", 1.5), currency="EUR"), bucket(("proj_1", None), currency="usd")])
    assert euros.currency == "eur"
    with pytest.raises(errors.InvalidReplyError, match=r"several currencies \(eur, usd\)"):
        Costs.of([bucket(("proj_1", 1.5), currency="eur"), bucket(("proj_1", 1.5))])


def test_amounts_have_their_currency() -> None:
    assert (money(1234.5), money(1234.5, "eur")) == ("$1,234.50", "1,234.50 EUR")
    spend = Spend("A", "proj_1", 10, "eur", 2000)
    assert spend.share is None  # euros can't be compared with a limit in dollars
    assert spend.texts() == ("A", "10.00 EUR", "$20.00", NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("spend", "texts"),
    [
        (Spend("A", "proj_1", 1234.567), ("A", "$1,234.57", NOTHING, NOTHING, NOTHING)),
        (
            Spend("A", "proj_1", 10, limit=2000, alerts=(500, 150_000)),
            ("A", "$10.00", "$20.00", "50%", "$5.00, $1,500.00"),
        ),
        (Spend("A", "proj_1", 30, limit=2000, is_enforcing=True), ("A", "$30.00", "$20.00", "150% blocked", NOTHING)),
        (Spend("A", "proj_1", 0, limit=0, is_enforcing=True), ("A", "$0.00", "$0.00", f"{NOTHING} blocked", NOTHING)),
    ],
)
def test_limits_in_cents_are_shown_in_dollars(spend: Spend, texts: tuple[str, ...]) -> None:
    assert spend.texts() == texts
    assert spend.document()["limit_cents"] == spend.limit

"""The page of `spend --html` in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.cost_chart import Period
from pulumi_openai_admin.cli.spend import ORGANIZATION_NAME, OTHERS, Spend, SpendReport
from tests.browser.pages import CONTRAST, READ_AT, SOURCE, cells, html_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Window
    from playwright.sync_api import Locator, Page

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
DAY = 86_400
ROWS = (
    Spend(ORGANIZATION_NAME, "", Decimal("161.0"), limit=100_000, alerts=(50_000, 80_000)),
    Spend("Batch", "proj_batch", Decimal("45.0"), limit=5000),
    Spend("Search", "proj_search", Decimal("15.0"), limit=1000, is_enforcing=True),
    Spend("Shop", "proj_shop", Decimal("100.0"), limit=20_000),
    Spend(OTHERS, "", Decimal("1.0")),
)


COSTS = ((1, "Shop", "60"), (1, "Batch", "45"), (2, "Shop", "40"), (24, "Search", "15"), (24, OTHERS, "1"))
"""On which day which project cost how much."""


def written(rows: Sequence[Spend] = ROWS, costs: Sequence[tuple[int, str, str]] = COSTS) -> str:
    begin, now = int(SINCE.timestamp()), READ_AT
    drawn = [(begin + (day - 1) * DAY, name, Decimal(amount)) for day, name, amount in costs]
    return html_of(SpendReport(rows, drawn, Period(begin, int(now) + DAY, now), SOURCE))


def test_amounts_are_in_dollars_and_the_total_counts_each_project_once(page: Page) -> None:
    row = cells(page.get_by_role("row", name="The organization"))
    assert row[1:] == ["$161.00", "$1,000.00", "16%", "$500.00, $800.00"]
    figures = page.locator(".figures li").all_inner_texts()
    assert figures == ["$161.00\nspent", "1\nblocked", "1\nat 80% of the limit or more"]
    assert page.locator("#count").inner_text() == "5 rows"


def test_a_bar_shows_how_much_of_the_limit_is_spent(page: Page) -> None:
    def share(name: str) -> float:
        cell = page.locator("tr", has_text=name).locator("td").nth(2)
        return float(cell.evaluate("(cell) => getComputedStyle(cell).getPropertyValue('--w')") or -1)

    assert [share(name) for name in ("The organization", "Batch", "Search", "Shop", OTHERS)] == [0.16, 0.9, 1, 0.5, -1]
    plain = page.locator("tr", has_text=OTHERS).locator("td").nth(2)
    assert plain.evaluate("(cell) => getComputedStyle(cell).backgroundImage") == "none"
    colors = {
        page.locator("tr", has_text=name).locator("td").nth(2).evaluate("(it) => getComputedStyle(it).backgroundImage")
        for name in ("Batch", "Search", "Shop")
    }
    assert len(colors) == 3  # nearly reached, reached, and neither


def test_other_currencies_have_their_name(window: Window) -> None:
    page = window.open(written([Spend("Shop", "proj_1", Decimal("1.0"), "eur", 500)]))
    assert "1.00 EUR" in cells(page.get_by_role("row", name="Shop"))
    assert "in EUR; limits and alerts for a month, in US dollars" in page.locator("header").inner_text()


# The picture


def boxes(page: Locator, selector: str) -> list[dict[str, float]]:
    script = "(all) => all.map((it) => it.getBoundingClientRect().toJSON())"
    found: list[dict[str, float]] = page.locator(selector).evaluate_all(script)
    return found


def test_each_day_is_a_bar_of_the_projects_that_cost_most(page: Page) -> None:
    picture = page.get_by_role("img", name="Costs by day, 2026-11-01 to 2026-11-25 (UTC)")
    legend = [text.strip() for text in page.locator(".legend li").all_inner_texts()]
    assert legend == ["Shop $100.00", "Batch $45.00", "Search $15.00", f"{OTHERS} $1.00"]
    shop, batch, later, *_ = boxes(picture, "rect")
    assert shop["x"] == batch["x"] < later["x"]
    assert shop["height"] / batch["height"] == pytest.approx(60 / 45, rel=0.02)
    assert batch["y"] + batch["height"] == pytest.approx(shop["y"], abs=1)
    assert picture.locator("title").first.text_content() == "2026-11-01: $105.00\nShop $60.00\nBatch $45.00"


def test_the_total_is_drawn_with_the_limit_and_where_it_ends(page: Page) -> None:
    """The organization has spent $161 of $1,000 in 24 of 30 days."""
    total = page.get_by_role("img", name="Total since the month began")
    assert "at this pace $201.25" in (total.text_content() or "")
    assert "limit $1,000.00" in (total.text_content() or "")
    (limit,), (pace,) = boxes(total, ".limit"), boxes(total, ".pace")
    bottom = boxes(total, "line")[0]["y"]
    assert (bottom - pace["y"]) / (bottom - limit["y"]) == pytest.approx(0.20125, rel=0.03)
    assert "At this pace, the month ends at $201.25, below the limit." in page.locator("figcaption").inner_text()


def test_a_limit_that_is_far_above_does_not_flatten_the_total(window: Window) -> None:
    page = window.open(written([Spend(ORGANIZATION_NAME, "", Decimal(161), limit=10_000_000)]))
    total = page.get_by_role("img", name="Total since the month began")
    assert "limit $100,000.00, far above" in (total.text_content() or "")
    assert total.locator(".limit").count() == 0


def test_patterns_differ_without_color_and_stand_out_in_each_scheme(window: Window) -> None:
    costs = [(day, f"Project {number:02}", str(50 - number)) for day in range(1, 25) for number in range(40)]
    for scheme in ("light", "dark"):
        page = window.open(written(costs=costs), color_scheme=scheme)
        assert page.locator(".legend li").count() == 8
        assert page.locator(".legend li").last.inner_text().strip() == "33 others $21,384.00"
        marks = page.locator(".patterns path").evaluate_all("(all) => all.map((it) => it.getAttribute('d'))")
        assert len(set(marks)) == 8
        ratios = page.evaluate(
            "() => {"
            + CONTRAST
            + """
            const card = behind(document.querySelector(".chart"));
            const styles = (selector) => [...document.querySelectorAll(selector)].map((it) => getComputedStyle(it));
            const colors = styles(".patterns rect, .drawing text").map((style) => style.fill);
            const lines = styles(".total, .pace, .limit").map((style) => style.stroke);
            return [...colors, ...lines].map((color) => ratio(color, card));
            }"""
        )
        assert min(ratios) >= 3


@pytest.mark.parametrize("width", [420, 1400])
def test_a_picture_of_40_projects_fits(window: Window, width: int) -> None:
    names = [f"A project with a long name, number {number}" for number in range(40)]
    costs = [(day, name, "1.5") for day in range(1, 26) for name in names]
    page = window.open(written(costs=costs), viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chart = boxes(page.locator("main, header").first, ".chart")[0]
    for text in boxes(page.locator("header"), ".drawing text"):
        assert chart["x"] <= text["x"]
        assert text["x"] + text["width"] <= chart["x"] + chart["width"]
    assert page.locator(".drawing text").first.evaluate("(it) => getComputedStyle(it).fontSize") == "12px"


def test_a_month_without_costs_is_an_empty_picture(window: Window) -> None:
    page = window.open(written([Spend(ORGANIZATION_NAME, "", Decimal(0))], []))
    assert "In all: $0.00." in page.locator("figcaption").inner_text()
    assert page.locator(".drawing rect").count() == 0

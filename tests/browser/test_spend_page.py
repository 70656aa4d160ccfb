"""The page of `spend --html` in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.spend import ORGANIZATION, OTHERS, Spend, SpendReport
from tests.browser.tables import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Window
    from playwright.sync_api import Page

SINCE, READ_AT = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 25))
ROWS = (
    Spend(ORGANIZATION, "", 161.0, limit=100_000, alerts=(50_000, 80_000)),
    Spend("Batch", "proj_batch", 45.0, limit=5000),
    Spend("Search", "proj_search", 15.0, limit=1000, is_enforcing=True),
    Spend("Shop", "proj_shop", 100.0, limit=20_000),
    Spend(OTHERS, "", 1.0),
)


def written(rows: Sequence[Spend] = ROWS) -> str:
    page = StringIO()
    SpendReport(rows, SINCE, READ_AT, "the OpenAI API", rows[0].currency).write(page)
    return page.getvalue()


@pytest.fixture
def page(window: Window) -> Page:
    return window.open(written(), viewport={"width": 1280, "height": 800})


def names(page: Page) -> list[str]:
    return page.locator("tbody tr:visible bdi").all_text_contents()


def test_amounts_are_in_dollars_and_the_total_counts_each_project_once(page: Page) -> None:
    assert cells(page.get_by_role("row", name="The organization"))[1:] == [
        "$161.00",
        "$1,000.00",
        "16%",
        "$500.00, $800.00",
    ]
    assert page.locator(".figures li").all_inner_texts() == [
        "$161.00\nspent",
        "1\nblocked",
        "1\nat 80% of the limit or more",
    ]
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


def test_search_order_and_filter(page: Page) -> None:
    page.get_by_label("Sort").select_option("most of the limit used first")
    assert names(page) == ["Search", "Batch", "Shop", ORGANIZATION, OTHERS]
    page.get_by_label("Sort").select_option("most spent first")
    assert names(page) == [ORGANIZATION, "Shop", "Batch", "Search", OTHERS]
    page.get_by_label("Search").fill("proj_s")
    assert names(page) == ["Shop", "Search"]
    assert page.locator("#count").inner_text() == "2 of 5 rows"
    page.get_by_label("Only blocked").check()
    assert names(page) == ["Search"]
    page.wait_for_url("**#search=proj_s&sort=spent&blocked=1")
    page.get_by_label("Search").fill("shop")
    assert page.get_by_text("Nothing matches.").is_visible()


def test_other_currencies_have_their_name(window: Window) -> None:
    page = window.open(written([Spend("Shop", "proj_1", 1.0, "eur", 500)]))
    assert "1.00 EUR" in cells(page.get_by_role("row", name="Shop"))
    assert "in EUR; limits and alerts for a month, in US dollars" in page.locator("header").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(window: Window, scheme: str) -> None:
    page = window.open(written(), viewport={"width": 390, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""The page of `plan` in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.plan import Review
from tests.browser.pages import SOURCE, cells, html_of

if TYPE_CHECKING:
    from conftest import Window
    from playwright.sync_api import Page

RECORDED = Path(__file__).parents[1] / "unit" / "cli" / "plan" / "recorded"


def recorded(provider: str) -> dict[str, Any]:
    return dict(json.loads((RECORDED / f"{provider}.json").read_text(encoding="utf-8")))


def named(name: str) -> dict[str, Any]:
    """A preview with a name in all places where there may be one."""
    type_ = "openai-admin:index:ProjectUser"
    new = {"type": type_, "inputs": {"projectId": name, "email": name, "role": name}}
    step = {"op": "create", "urn": f"urn:pulumi:dev::test::{type_}::{name}", "newState": new}
    message = {"severity": "warning", "message": name}
    return {"steps": [step], "changeSummary": {"create": 1}, "diagnostics": [message]}


def written(document: dict[str, Any] | None = None) -> str:
    return html_of(Review(document or recorded("native"), SOURCE))


@pytest.fixture(params=["dynamic", "native"])
def page(window: Window, request: pytest.FixtureRequest) -> Page:
    return window.open(written(recorded(request.param)))


def test_people_come_first_and_what_is_lost_is_marked(page: Page) -> None:
    assert page.locator(".figures li", has_text="people and roles").inner_text() == "+3 -2\npeople and roles"
    shop = page.locator("details", has_text="Web shop").last
    of_people = ["People and roles", "Effective permissions", "Keys and accounts"]
    assert shop.locator("h3").all_text_contents() == [*of_people, "Rate limits", "Spending", "Other settings"]
    assert shop.locator("tr.removed th").first.text_content() == "edsger@example.com"
    assert shop.locator("tr.left th").all_text_contents() == ["katherine@example.com"]
    assert page.locator(".warnings.lost li").count() == 5
    key = shop.locator("tr", has_text="web-key")
    assert key.locator("em").text_content() == "rotates"


def test_limits_have_bars_and_money_is_in_dollars(page: Page) -> None:
    row = page.locator("tr", has_text="10,000")
    assert cells(row)[2:4] == ["10,000", "60"]

    def share(number: int) -> float:
        cell = row.locator("td").nth(number)
        return float(cell.evaluate("(it) => getComputedStyle(it).getPropertyValue('--w')"))

    assert share(1) == 1
    assert 0 < share(2) < 1
    assert row.locator("td").nth(1).evaluate("(it) => getComputedStyle(it).backgroundImage") != "none"
    assert "blocked" in " ".join(cells(page.locator("tr", has_text="whisper-1")))
    money = cells(page.locator("tr", has_text="spend limit").last)
    assert {"$1,000", "$2,500"} <= set(money)
    assert page.get_by_text("new", exact=True).count() == 1

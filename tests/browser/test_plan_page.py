"""The page of `plan` in a real browser."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.plan import preview
from pulumi_openai_admin.cli.plan.review import PlanPage, review
from pulumi_openai_admin.cli.report import Source
from tests.browser.pages import cells, has_only_texts

if TYPE_CHECKING:
    from conftest import Window
    from playwright.sync_api import Page

READ_AT = datetime(2026, 11, 26, tzinfo=UTC)
RECORDED = Path(__file__).parents[1] / "unit" / "cli" / "plan" / "recorded"
HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>"


def written(document: bytes) -> str:
    file = io.StringIO()
    PlanPage(review(preview.read(json.loads(document))), Source(READ_AT, "preview.json")).write(file)
    return file.getvalue()


@pytest.fixture(params=["dynamic", "native"])
def page(window: Window, request: pytest.FixtureRequest) -> Page:
    html = written((RECORDED / f"{request.param}.json").read_bytes())
    return window.open(html, viewport={"width": 1280, "height": 800})


def names(page: Page) -> list[str]:
    return page.locator("tbody tr:visible th bdi").all_text_contents()


def test_people_come_first_and_what_is_lost_is_marked(page: Page) -> None:
    figures = page.locator(".figures li").all_inner_texts()
    assert figures == [
        "4\nto create",
        "5\nto update",
        "3\nto replace",
        "3\nto delete",
        "+3 -2\npeople and roles",
        "3\nkeys and accounts",
    ]
    shop = page.locator("details", has_text="Web shop").last
    assert shop.locator("h3").all_text_contents() == [
        "People and roles",
        "Effective permissions",
        "Keys and accounts",
        "Rate limits",
        "Spending",
        "Other settings",
    ]
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


def test_search_and_filter(page: Page) -> None:
    page.get_by_label("Search").fill("grace")
    assert names(page) == ["grace@example.com"] * 4  # the role and its permissions, in two projects
    page.get_by_label("Search").fill("")
    page.get_by_label("Only what is removed or replaced").check()
    assert len(names(page)) == 7
    assert page.locator("h3", has_text="Rate limits").first.is_hidden()


def step(inputs: dict[str, Any], name: str) -> dict[str, Any]:
    type_ = "openai-admin:index:ProjectUser"
    urn = f"urn:pulumi:dev::test::{type_}::{name}"
    return {"op": "create", "urn": urn, "newState": {"type": type_, "inputs": inputs}}


def test_names_are_texts_and_nothing_else_is_loaded(window: Window) -> None:
    inputs = {"projectId": HOSTILE, "email": HOSTILE, "role": HOSTILE}
    message = {"severity": "warning", "message": HOSTILE}
    document = {"steps": [step(inputs, HOSTILE)], "changeSummary": {"create": 1}, "diagnostics": [message]}
    page = window.open(written(json.dumps(document).encode()))
    assert has_only_texts(page, "OpenAI plan")
    assert names(page) == [HOSTILE]


def test_nothing_changes(window: Window) -> None:
    page = window.open(written(b'{"steps": [], "changeSummary": {"same": 3}}'))
    assert page.get_by_text("Nothing changes.").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(window: Window, scheme: str) -> None:
    html = written((RECORDED / "native.json").read_bytes())
    page = window.open(html, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

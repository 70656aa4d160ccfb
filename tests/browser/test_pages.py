"""What holds for the page of each command, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.memberships import HeldRole
from pulumi_openai_admin.cli.spend import ORGANIZATION_NAME, OTHERS
from tests.browser import (
    test_access_page,
    test_drift_page,
    test_keys_page,
    test_limits_page,
    test_members_page,
    test_plan_page,
    test_spend_page,
)
from tests.browser.pages import HOSTILE, has_only_texts
from tests.results import limits, project_limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Window

PAGES = {
    "access": test_access_page.written,
    "drift": test_drift_page.written,
    "keys": test_keys_page.written,
    "limits": test_limits_page.written,
    "members": test_members_page.written,
    "plan": test_plan_page.written,
    "spend": test_spend_page.written,
}
NAME = " ".join(HOSTILE)
HOSTILE_PAGES: dict[str, Callable[[], str]] = {
    "OpenAI access": lambda: test_access_page.written(NAME),
    "OpenAI API keys": lambda: test_keys_page.written([test_keys_page.key(NAME, -1)], [NAME]),
    "OpenAI drift": lambda: test_drift_page.written(test_drift_page.named(NAME), NAME),
    "OpenAI members": lambda: test_members_page.written([test_members_page.person(NAME, NAME, HeldRole(NAME, NAME))]),
    "OpenAI plan": lambda: test_plan_page.written(test_plan_page.named(NAME)),
    "OpenAI rate limits": lambda: test_limits_page.written([project_limits(NAME, limits(NAME))]),
    "OpenAI spend": lambda: test_spend_page.written([test_spend_page.Spend(NAME, NAME, 1)], [(1, NAME, "1")]),
}


@pytest.mark.parametrize("title", HOSTILE_PAGES)
def test_names_are_only_texts(window: Window, title: str) -> None:
    page = window.open(HOSTILE_PAGES[title]())
    assert has_only_texts(page, title)
    assert NAME in (page.locator("main").text_content() or "")


def test_a_page_without_rows_says_why(window: Window) -> None:
    no_changes = {"steps": [], "changeSummary": {"same": 3}}
    assert window.open(test_drift_page.written([])).get_by_text("The state agrees with OpenAI.").is_visible()
    assert window.open(test_plan_page.written(no_changes)).get_by_text("Nothing changes.").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(window: Window, name: str) -> None:
    page = window.open(PAGES[name](), viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ROWS, PEOPLE = "tbody tr:visible bdi", "details:visible h2 .name"
NAMED = {"drift": "tbody tr:visible > :nth-last-child(4)", "plan": "tbody tr:visible th bdi"}
NAMED |= {"access": PEOPLE, "keys": ROWS, "members": PEOPLE, "spend": ROWS}
"""What names a row or a person, by page."""
LIN, EVE = "lin@example.com", 'members["eve@example.com"]'
CONTROLS: list[tuple[str, str, str, list[str]]] = [
    ("access", "Search", "responses shop engineers", ["Alan"]),
    ("access", "Only invites", "", [LIN]),
    ("access", "Only owner roles", "", ["Ada"]),
    ("drift", "Search", "eve", [EVE]),
    ("drift", "Only gone or due", "", ["gone", "due"]),
    ("drift", "Only what the program sets", "", ["gone", "max_requests_per_1_minute", EVE, "due"]),
    ("keys", "Search", "new@example", ["new"]),
    ("keys", "Sort", "not used for the longest time first", ["idle", "ended", "new", "gone", "admin"]),
    ("keys", "Sort", "oldest first", ["admin", "idle", "gone", "ended", "new"]),
    ("keys", "Sort", "first to expire first", ["ended", "new", "idle", "admin", "gone"]),
    ("keys", "Only unused", "", ["idle"]),
    ("keys", "Only with the owner gone", "", ["gone"]),
    ("members", "Search", "shop owner", ["Alan", LIN]),
    ("members", "Search", "grace@example.com batch", ["Grace"]),
    ("members", "Only owner roles", "", ["Ada", "Alan", LIN]),
    ("members", "Only invites", "", [LIN]),
    ("members", "Sort", "most owned first", ["Alan", "Ada", LIN, "Grace"]),
    ("members", "Sort", "most projects first", ["Grace", "Alan", LIN, "Ada"]),
    ("members", "Sort", "by name", ["Ada", "Alan", "Grace", LIN]),
    ("plan", "Search", "grace", ["grace@example.com"] * 4),  # the role and its permissions, in two projects
    (
        "plan",
        "Only what is removed or replaced",
        "",
        ["user-edsger", "ci", "projectId", "edsger@example.com", "web", "alert", "models"],
    ),
    ("spend", "Search", "proj_s", ["Search", "Shop"]),
    ("spend", "Only blocked", "", ["Search"]),
    ("spend", "Sort", "most of the limit used first", ["Search", "Batch", "Shop", ORGANIZATION_NAME, OTHERS]),
    ("spend", "Sort", "most spent first", [ORGANIZATION_NAME, "Shop", "Batch", "Search", OTHERS]),
]
"""The page, a control and its value, and what is shown then."""


@pytest.mark.parametrize("name", NAMED)
def test_search_order_and_filters(window: Window, name: str) -> None:
    page = window.open(PAGES[name]())
    for _, label, value, shown in (row for row in CONTROLS if row[0] == name):
        control = page.get_by_label(label)
        if label == "Sort":
            control.select_option(value)
        elif label == "Search":
            control.fill(value)
        else:
            control.check()
        assert page.locator(NAMED[name]).all_text_contents() == shown, (label, value)
        if label == "Search":
            control.fill("")
        elif label != "Sort":
            control.uncheck()

"""The page of `drift --html` in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.authors import Author
from pulumi_openai_admin.cli.changes import Change
from pulumi_openai_admin.cli.drift.comparison import Compared, PlaceInState
from pulumi_openai_admin.cli.drift.drift_report import DriftReport
from pulumi_openai_admin.cli.recorded import RecordedResource
from pulumi_openai_admin.cli.report import Source
from tests.browser.pages import cells, has_only_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Window
    from playwright.sync_api import Page

READ_AT = datetime(2026, 11, 26, tzinfo=UTC)
HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>"
ADA = Author("ada@example.com", 1_795_662_634, "rate_limit.updated", "audit_log-1")


def difference(kind: str, name: str, project_id: str, **more: Any) -> Compared:
    record = {"urn": f"urn:pulumi:dev::test::{kind}::{name}", "id": f"{project_id}/1"}
    return Compared(RecordedResource(kind, record), PlaceInState("", project_id), **more)


DIFFERENCES = (
    difference("AdminApiKey", "ci", "", gone="Admin API key 'ci' no longer exists at OpenAI", author=ADA),
    difference(
        "ProjectRateLimit",
        "row",
        "proj_1",
        changes=(
            Change(("max_requests_per_1_minute",), 10_000, 60),
            Change(("max_tokens_per_1_minute",), 5, 7, is_managed=False),
        ),
        authors=(ADA, None),
    ),
    difference(
        "ProjectMembers",
        "people",
        "proj_1",
        changes=(Change(("members", "eve@example.com"), None, "owner"),),
        notes=("The invite for bob@example.com expired",),
    ),
)


def written(differences: Sequence[Compared] = DIFFERENCES, *warnings: str) -> str:
    file = StringIO()
    compared = [difference("Project", "shop", "proj_1", is_compared=True)] * 1234
    source = Source(READ_AT, "the OpenAI API")
    report = DriftReport([*compared, *differences], {"proj_1": "Web shop"}, source)
    report.unknown += warnings
    report.write(file)
    return file.getvalue()


@pytest.fixture
def page(window: Window) -> Page:
    return window.open(written(), viewport={"width": 1280, "height": 800})


def fields(page: Page) -> list[str]:
    return [cells(row)[-4] for row in page.locator("tbody tr:visible").all()]


def test_what_differs_and_who_changed_it(page: Page) -> None:
    assert page.locator(".figures li").all_inner_texts() == [
        "1,234\nresources compared",
        "3\ndiffer",
        "1\ngone",
        "5\ndifferences",
    ]
    assert page.locator("h2").all_text_contents() == ["The organization", "Web shop proj_1"]
    row = page.get_by_role("row", name="10,000")
    assert cells(row)[-4:] == [
        "max_requests_per_1_minute",
        "10,000",
        "60",
        "ada@example.com, 2026-11-26 03:10 UTC",
    ]
    assert page.get_by_text("not set by the program").count() == 1


def test_search_and_filters(page: Page) -> None:
    page.get_by_label("Search").fill("eve")
    assert fields(page) == ['members["eve@example.com"]']
    assert page.locator("#count").inner_text() == "1 of 5 rows, in 1 project"
    page.get_by_label("Search").fill("")
    page.get_by_label("Only gone or due").check()
    assert fields(page) == ["gone", "due"]
    page.get_by_label("Only gone or due").uncheck()
    page.get_by_label("Only what the program sets").check()
    assert "max_tokens_per_1_minute" not in " ".join(fields(page))


def test_names_are_texts_and_nothing_else_is_loaded(window: Window) -> None:
    changes = (Change(("members", HOSTILE), HOSTILE, HOSTILE),)
    hostile = difference(
        "ProjectMembers", HOSTILE, HOSTILE, changes=changes, notes=(HOSTILE,), authors=(Author(HOSTILE, 1, "x", "y"),)
    )
    page = window.open(written([hostile], HOSTILE))
    assert has_only_texts(page, "OpenAI drift")
    assert any(HOSTILE in cell for cell in cells(page.locator("tbody tr").first))


def test_nothing_differs(window: Window) -> None:
    page = window.open(written([]))
    assert page.get_by_text("The state agrees with OpenAI.").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(window: Window, scheme: str) -> None:
    page = window.open(written(DIFFERENCES, "a warning"), viewport={"width": 390, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    seen = "(it) => [getComputedStyle(it).color, getComputedStyle(document.body).backgroundColor]"
    colors = page.locator("tbody .after").nth(1).evaluate(seen)
    assert colors[0] != colors[1]

"""The page of `keys --html` in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.listed_keys import COLUMNS, MAX_ON_PAGE, KeysReport, ListedKey
from tests.browser.pages import CONTRAST, READ_AT, SOURCE, cells, html_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Window
    from playwright.sync_api import Page

NOW, DAY = int(READ_AT), 86_400


def key(name: str, created: int, used: int | None = None, expires: int | None = None, **others: Any) -> ListedKey:
    """A key, with times in days from now."""
    times = [None if days is None else NOW + days * DAY for days in (created, used, expires)]
    about = {
        "key_id": f"key_{name}",
        "name": name,
        "redacted_value": "sk-...wxyz",
        "read_at": NOW,
        "project_id": "proj_shop",
        "project": "Shop",
        "owner_type": "user",
        "owner_id": "user-1",
        "owner_name": name,
        "owner_email": f"{name}@example.com",
        "owner_has_access": True,
        "created_at": times[0],
        "last_used_at": times[1],
        "expires_at": times[2],
    }
    return ListedKey(**{**about, **others})  # type: ignore[arg-type] # by name


ROWS = (
    key("admin", -400, 0, project_id="", project=""),
    key("idle", -300, -200, 500),
    key("new", -10, expires=10),
    key("gone", -200, -1, owner_has_access=False),
    key("ended", -100, -50, -20),
)


def written(rows: Sequence[ListedKey] = ROWS, not_read: Sequence[str] = ()) -> str:
    return html_of(KeysReport(COLUMNS, rows, SOURCE._replace(not_read=not_read)))


@pytest.fixture
def page(window: Window) -> Page:
    return window.open(written(not_read=["Not shown: the users."]), viewport={"width": 1400, "height": 800})


def test_the_table_says_all_that_the_lines_show(page: Page) -> None:
    idle = ["idle@example.com", "Shop", "2026-01-29", "2026-05-09", "2028-04-08"]
    assert cells(page.get_by_role("row", name="idle"))[2:] == idle
    assert cells(page.get_by_role("row", name="new"))[5:] == ["never", "2026-12-05"]
    marks = {row: page.locator("tr", has_text=row).locator("em").all_text_contents() for row in ("idle", "new", "gone")}
    assert marks == {"idle": ["unused"], "new": ["expiring"], "gone": ["owner gone"]}
    assert page.locator("tr", has_text="ended").locator("em").all_text_contents() == ["expired"]
    assert page.locator(".figures b").all_text_contents() == ["5", "1", "1", "1", "2"]
    assert page.get_by_text("Not shown: the users.").is_visible()
    assert page.locator("svg:visible").count() == page.locator("[aria-hidden=true] svg:visible").count()
    assert not page.locator("th", has_text="Managed by").count()


def test_a_key_is_a_line_on_one_scale_of_time(page: Page) -> None:
    def x(row: str, shape: str) -> float:
        box = page.locator("tr", has_text=f"{row}@example.com").locator(shape).bounding_box()
        assert box
        return box["x"] + box["width"] / 2

    now = x("admin", ".now")
    assert x("admin", ".last") == pytest.approx(now, abs=1)
    assert x("admin", ".made") < x("idle", ".made") < x("gone", ".made") < x("ended", ".made") < x("new", ".made") < now
    year = now - x("admin", ".made")
    assert now - x("idle", ".last") == pytest.approx(year / 2, abs=2)
    assert x("ended", ".made") < x("ended", ".last") < x("ended", ".end") < now < x("new", ".end")
    assert page.locator("tr", has_text="idle@").locator(".end").count() == 0  # later than the scale
    assert page.locator("tr", has_text="new@").locator(".last, .in-use").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_are_seen_with_and_without_colors(window: Window, scheme: str) -> None:
    page = window.open(written(), viewport={"width": 1400, "height": 800}, color_scheme=scheme)
    found = page.evaluate(f"""() => {{{CONTRAST}
      return [...document.querySelectorAll("tbody .life :is(.in-use, .idle, .left, .end, .now)")].map((shape) => {{
        const style = getComputedStyle(shape);
        const kind = [style.strokeDasharray, style.strokeWidth].join();
        return [shape.getAttribute("class"), kind, ratio(style.stroke, behind(shape.closest("tr").cells[0]))];
      }});
    }}""")
    assert min(contrast for _, _, contrast in found) >= 3
    kinds = {name: kind for name, kind, _ in found}
    assert len({kinds[name] for name in ("in-use", "idle", "left", "end", "now")}) == 5


def test_ten_thousand_keys_are_limited_to_the_most_urgent(window: Window) -> None:
    rows = [key(f"n{number}", -number // 100 - 1, 0, project="Many") for number in range(9_999)]
    page = window.open(written([*rows, ROWS[3]]))
    assert f"The page shows {MAX_ON_PAGE:,} of 10,000 keys" in page.locator(".warnings").inner_text()
    assert page.locator("#count").inner_text() == f"{MAX_ON_PAGE:,} rows"
    assert page.locator("tbody bdi").last.text_content() == "gone"

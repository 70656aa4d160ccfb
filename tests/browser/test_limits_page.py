from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.connection import in_order
from pulumi_openai_admin.cli.limits import LIMIT_COLUMNS, UNLIMITED, LimitsReport
from pulumi_openai_admin.cli.report import MAX_COLUMNS, MAX_ROWS, Source
from tests.browser.pages import CONTRAST, cells, html_of
from tests.results import limits, project_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Window
    from playwright.sync_api import Locator, Page

    from pulumi_openai_admin import GetProjectRateLimitResult
    from pulumi_openai_admin.cli.limits import CommonLimits, ProjectLimits

RPM, TPM, IPM, _, RPD, BATCH = LIMIT_COLUMNS
READ_AT = datetime(2026, 11, 25, 3, 14, tzinfo=UTC).timestamp()
LONG = 60
"""So many rows are on more than one sheet of paper."""


def project(name: str | None, *rows: GetProjectRateLimitResult, **values: str) -> ProjectLimits:
    id_ = f"proj_{(name or 'none').casefold().replace(' ', '-')}"
    return project_limits(name, *rows, **{"project_id": id_, **values})


GPT_4O = limits("gpt-4o", **{RPM: 10_000, TPM: 30_000_000, BATCH: 5_000_000_000})
MINI = limits("gpt-4o-mini", **{RPM: 30_000, TPM: 150_000_000, BATCH: 15_000_000_000})
DALL_E = limits("dall-e-3", **{RPM: 500, TPM: UNLIMITED, IPM: 50, RPD: 1_000_000})
ORGANIZATION = (
    project("Web shop", GPT_4O, MINI, DALL_E),
    project("Search", limits("gpt-4o", **{RPM: 0, TPM: 30_000_000, BATCH: 5_000_000_000}), MINI),
    project("Batch jobs", limits("gpt-4o", **{RPM: 500, TPM: 30_000, BATCH: 5_000_000_000}), status="archived"),
    project("Research", GPT_4O, *(limits(f"ft:gpt-4o:acme::{number:04}", **{RPM: 100}) for number in range(LONG))),
    project("Empty"),
    project(None, GPT_4O),
)
USUAL = {("gpt-4o", RPM): 10_000, ("gpt-4o", TPM): 30_000_000, ("gpt-4o-mini", RPM): 30_000}


def written(projects: Sequence[ProjectLimits] = ORGANIZATION, common: CommonLimits | None = USUAL) -> str:
    order = in_order(shown.project for shown in projects)
    ordered = sorted(projects, key=lambda shown: order.index(shown.project))
    return html_of(LimitsReport(ordered, common, Source(READ_AT, "the OpenAI API")))


ROWS = sum(len(shown.limits) for shown in ORGANIZATION)
PROJECTS = len(ORGANIZATION)
PHONE = {"width": 390, "height": 844}

CONTRASTS = (
    f"() => {{{CONTRAST}"
    """
  const found = texts();
  for (const cell of document.querySelectorAll("td:empty")) {
    found.dash = Math.min(found.dash ?? 99, ratio(getComputedStyle(cell, "::after").color, behind(cell)));
  }
  const search = document.querySelector("#search");
  found.placeholder = ratio(getComputedStyle(search, "::placeholder").color, behind(search));
  found.typed = ratio(getComputedStyle(search).color, behind(search));
  const shapes = {};
  const outline = (name, color, element) => { shapes[name] = ratio(color, behind(element)); };
  outline("edge of the search", getComputedStyle(search).borderTopColor, search.parentElement);
  search.focus();
  outline("focus", getComputedStyle(search).outlineColor, search.parentElement);
  for (const [index, cell] of [...document.querySelectorAll("details tbody tr:first-child td")].entries()) {
    const probe = document.createElement("i");
    probe.style.color = "var(--bar)";
    cell.append(probe);
    outline(`bar ${index}`, getComputedStyle(probe).color, cell);
  }
  return { found, shapes };
}"""
)


def section(page: Page, name: str) -> Locator:
    return page.locator("details").filter(has=page.locator(".name").get_by_text(name, exact=True))


def shown_models(page: Page) -> list[str]:
    return page.locator("details tbody tr:visible th").all_text_contents()


def count(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_it_says_what_it_shows_when_it_was_read_and_from_where(page: Page) -> None:
    head = page.locator("header").inner_text()
    assert "Read from the OpenAI API on 2026-11-25 at 03:14 UTC." in head
    assert re.split(r"\s*\n\s*", page.locator(".figures").inner_text()) == [
        *("6", "projects"),
        *("63", "models"),
        *("68", "rows"),
        *("1", "blocked"),
        *("2", "differ from most"),
        *("2", "models without a common value"),
    ]
    assert "on a logarithmic scale: a bar that is shorter by 1/5 of the width stands for a tenth of the limit" in head
    assert section(page, "Batch jobs").locator("summary").text_content().count("archived") == 1
    assert "no rate limits" in section(page, "Empty").text_content()
    assert section(page, "Web shop").locator("tbody th").all_text_contents() == ["gpt-4o", "gpt-4o-mini", "dall-e-3"]


def test_bars_compare_with_the_greatest_of_the_column(page: Page) -> None:
    wide = """(cell) => parseFloat(getComputedStyle(cell).backgroundSize.match(/\\+?\\s*([\\d.]+)%/)?.[1] ?? 0)"""
    shares = {
        model: section(page, "Web shop").locator("tr", has_text=model).locator("td").first
        for model in ("gpt-4o-mini", "dall-e-3")
    }
    assert shares["gpt-4o-mini"].evaluate(wide) == pytest.approx(100)
    assert shares["dall-e-3"].evaluate(wide) == pytest.approx(64)  # 500 of 30,000: 1.8 tenths of it


def test_no_bar_is_behind_its_number(page: Page) -> None:
    room = """(cell) => {
      const text = document.createRange(), px = parseFloat(getComputedStyle(document.documentElement).fontSize);
      text.selectNodeContents(cell);
      return cell.getBoundingClientRect().bottom - 0.55 * px - text.getBoundingClientRect().bottom;
    }"""
    cells = section(page, "Batch jobs").locator("td:not(:empty):not(.plain)")
    assert cells.count() == 3
    assert min(cells.nth(index).evaluate(room) for index in range(3)) >= -1


def test_a_limit_of_0_and_one_that_is_unusual_say_so_in_words(page: Page) -> None:
    blocked = section(page, "Search").locator("tr.blocked td").first
    assert blocked.text_content().split() == ["0", "blocked", "most:", "10,000"]
    unusual = section(page, "Batch jobs").locator("td").nth(1)
    assert unusual.text_content().split() == ["30,000", "most:", "30,000,000"]
    tokens = section(page, "Web shop").locator("tr", has_text="dall-e-3").locator("td").nth(1)
    assert tokens.text_content() == "unlimited"


def pictured(page: Page) -> list[list[str]]:
    """The rows of the matrix that are seen."""
    return [cells(row) for row in page.locator(".matrix tbody tr:visible").all()]


def test_the_matrix_shows_models_that_differ_or_are_blocked_and_all_on_request(page: Page) -> None:
    heads = ["Model", "Batch jobs", "Empty", "Research", "Search", "Web shop", "Without a name (proj_none)"]
    assert page.locator(".matrix thead th").all_text_contents() == heads
    unusual = "500 Requests/min 500, most: 10,000; Tokens/min 30,000, most: 30,000,000"
    blocked = "0 blocked; Requests/min 0, most: 10,000"
    assert pictured(page) == [["gpt-4o RPM", unusual, "", "10k", blocked, "10k", "10k"]]
    depth = "(cell) => getComputedStyle(cell).backgroundColor"
    row = page.locator(".matrix tbody tr").first.locator("td")
    low, _, high, zero, *_ = [row.nth(number).evaluate(depth) for number in range(6)]
    assert len({low, high, zero}) == 3
    assert "gradient" in row.nth(3).evaluate("(cell) => getComputedStyle(cell).backgroundImage")
    page.get_by_label("All models").check()
    assert len(pictured(page)) == 63
    page.get_by_label("Search").fill("mini")
    assert pictured(page) == [["gpt-4o-mini RPM", "", "", "", "30k", "30k", ""]]
    page.get_by_role("button", name="Close all").click()
    page.locator(".matrix").get_by_role("link", name="Research").click()
    page.locator("details[open]").wait_for()
    assert page.locator("details[open] h2 .name").all_text_contents() == ["Research"]


def test_a_row_of_the_matrix_shows_the_limit_that_differs(window: Window) -> None:
    differing = [project(name, limits("o3", **{RPM: 5, TPM: value})) for name, value in (("a", 10), ("b", UNLIMITED))]
    assert pictured(window.open(written(differing, {}))) == [["o3 TPM", "10", "∞"]]
    same = window.open(written([project("a", MINI), project("b", MINI)], {}))
    assert pictured(same) == []
    assert "No model differs between the projects, and none is blocked." in same.locator(".matrix").inner_text()


def test_the_matrix_says_how_much_it_shows(window: Window) -> None:
    models = [limits(f"model-{number:03}", **{RPM: 10}) for number in range(MAX_ROWS)]
    others = [project(f"P{number:02}", *models) for number in range(MAX_COLUMNS)]
    page = window.open(written([*others, project("Zoo", *models, limits("zero", **{RPM: 0}))], {}))
    said = page.locator(".matrix figcaption").inner_text()
    assert "The matrix shows 400 of 401 models: those that differ or are blocked first." in said
    assert "The matrix shows 60 of 61 projects: those with most to see." in said
    assert pictured(page) == [["zero RPM", *[""] * 59, "0 blocked; Requests/min 0"]]


def test_a_search_narrows_and_tells_how_many_match(page: Page) -> None:
    assert count(page) == f"{ROWS} rows, in {PROJECTS} projects"
    page.get_by_label("Search").fill("MINI")
    assert shown_models(page) == ["gpt-4o-mini", "gpt-4o-mini"]
    assert count(page) == f"2 of {ROWS} rows, in 2 projects"
    page.get_by_label("Search").fill("proj_research 0007")
    assert shown_models(page) == ["ft:gpt-4o:acme::0007"]
    assert count(page) == f"1 of {ROWS} rows, in 1 project"
    page.get_by_label("Search").fill("nowhere")
    assert shown_models(page) == []
    assert count(page) == f"0 of {ROWS} rows, in 0 projects"
    assert page.get_by_text("Nothing matches.").is_visible()
    page.get_by_label("Search").fill("")
    assert len(shown_models(page)) == ROWS
    assert not page.get_by_text("Nothing matches.").is_visible()


def test_the_toggles_show_what_differs_and_what_is_blocked(page: Page) -> None:
    page.get_by_label("Only what differs from most").check()
    assert shown_models(page) == ["gpt-4o", "gpt-4o"]
    assert count(page) == f"2 of {ROWS} rows, in 2 projects"
    page.get_by_label("Only blocked").check()
    assert page.locator("details:visible h2 .name").all_text_contents() == ["Search"]
    page.get_by_label("Only what differs from most").uncheck()
    page.get_by_label("Search").fill("shop")
    assert count(page) == f"0 of {ROWS} rows, in 0 projects"


def test_without_a_usual_nothing_is_said_to_differ(window: Window) -> None:
    page = window.open(written(common=None))
    assert page.get_by_label("Only what differs from most").count() == 0
    assert "differ" not in page.locator("main").inner_text() + page.locator("header").inner_text()
    page.get_by_label("Only blocked").check()
    assert count(page) == f"1 of {ROWS} rows, in 1 project"


def test_a_closed_project_opens_for_a_search_and_is_closed_again_after_it(page: Page) -> None:
    section(page, "Search").locator("summary").click()
    page.get_by_label("Search").fill("gpt-4o-mini")
    assert shown_models(page) == ["gpt-4o-mini", "gpt-4o-mini"]
    page.get_by_label("Search").fill("")
    assert page.locator("details:not([open]) h2 .name").all_text_contents() == ["Search"]
    page.get_by_role("button", name="Close all").click()
    assert shown_models(page) == []
    page.get_by_role("button", name="Open all").click()
    assert len(shown_models(page)) == ROWS


def test_nothing_from_elsewhere_and_no_other_script_is_let_in(window: Window) -> None:
    page = window.open(written())
    refused = page.evaluate("""async () => {
      const refused = [];
      document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
      const add = (name, settings) => document.body.append(Object.assign(document.createElement(name), settings));
      add("img", { src: "https://elsewhere.invalid/x.png" });
      add("script", { src: "https://elsewhere.invalid/x.js" });
      add("script", { textContent: "document.title = 'owned'" });
      add("style", { textContent: "body { display: none }" });
      add("iframe", { src: "https://elsewhere.invalid/" });
      await fetch("https://elsewhere.invalid/").catch(() => {});
      while (new Set(refused).size < 5) await new Promise((done) => setTimeout(done, 10));
      return refused.sort();
    }""")
    assert set(refused) == {"connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"}
    assert page.title() == "OpenAI rate limits"
    window.wrong.clear()  # the browser told of each


def test_everything_is_readable_in_both_schemes(window: Window) -> None:
    colors = set()
    for scheme in ("light", "dark"):
        page = window.open(written(), color_scheme=scheme)
        colors.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        seen = page.evaluate(CONTRASTS)
        assert {"h1", "th", "td", "td.zero", "small", "b", "code", "em"} <= set(seen["found"])
        assert {"span.about", "label", "button", "dash"} <= set(seen["found"])
        assert {name: ratio for name, ratio in seen["found"].items() if ratio < 4.5} == {}  # WCAG AA, text
        assert {name: ratio for name, ratio in seen["shapes"].items() if ratio < 3} == {}  # and what is no text
        assert len(seen["shapes"]) > 5
    assert len(colors) == 2


def test_paper_shows_everything_whatever_is_searched_for_or_closed(page: Page) -> None:
    whole = pages_of(page.pdf())
    section(page, "Research").locator("summary").click()
    page.get_by_label("Search").fill("dall-e")
    assert shown_models(page) == ["dall-e-3"]
    page.get_by_role("button", name="Close all").click()
    page.emulate_media(media="print", color_scheme="dark")
    seen = page.locator("details tbody tr").evaluate_all("(rows) => rows.filter((row) => row.checkVisibility()).length")
    assert seen == ROWS
    assert page.locator("tbody tr").last.bounding_box() is not None
    assert not page.locator(".tools").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("td").first.evaluate("(cell) => getComputedStyle(cell).printColorAdjust") == "exact"
    page.emulate_media(media="null")
    assert pages_of(page.pdf()) == whole


def test_a_long_table_takes_several_sheets_and_short_ones_share_one(window: Window) -> None:
    short = [project(f"Project {number}", MINI) for number in range(4)]
    assert pages_of(window.open(written(short)).pdf()) == 1
    assert LONG > 50
    assert pages_of(window.open(written([ORGANIZATION[3]])).pdf()) > 1


def test_without_scripts_everything_is_shown_and_no_control_is(window: Window) -> None:
    page = window.open(written(), java_script_enabled=False)
    assert page.locator("details tbody tr:visible").count() == ROWS
    assert page.locator(".tools input:visible, .tools button:visible").count() == 0
    page.locator("summary").first.click()
    assert page.locator("details[open]").count() == PROJECTS - 1


def test_on_a_phone_tables_scroll_in_their_own_box_and_the_page_does_not(window: Window) -> None:
    name = "a-name-without-a-space-" * 8
    page = window.open(written([*ORGANIZATION, project(name, limits(name, **{RPM: 1}))]), viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    box = section(page, "Web shop").locator(".scroll")
    assert box.evaluate("(box) => box.scrollWidth > box.clientWidth")
    box.evaluate("(box) => box.scrollTo(400, 0)")
    model = box.get_by_role("rowheader", name="dall-e-3").bounding_box()
    assert model is not None
    assert 0 <= model["x"] < 40  # which model a number is of stays in sight


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    focused = "document.activeElement.id || document.activeElement.localName"
    assert page.evaluate(focused) == "search"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(focused))
    assert seen == ["differs", "blocked", "fold", "input"]
    for _ in range(2 * PROJECTS + 1):  # the columns of the matrix, and the index
        page.keyboard.press("Tab")
    assert page.evaluate(focused) == "summary"
    page.keyboard.press("Enter")
    assert page.locator("details:not([open])").count() == 1
    page.keyboard.press("/")
    assert page.evaluate(focused) == "search"
    page.keyboard.type("a/b")
    assert page.get_by_label("Search").input_value() == "a/b"
    page.keyboard.press("Escape")
    assert page.get_by_label("Search").input_value() == ""
    assert count(page) == f"{ROWS} rows, in {PROJECTS} projects"


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    tables = page.locator("details table")
    captions = tables.locator("caption").all_text_contents()
    assert len(captions) == tables.count() == PROJECTS - 1
    assert "Rate limits of Web shop" in captions
    assert page.locator("thead th:not([scope=col])").count() == 0
    assert page.locator("tbody tr > :first-child:not(th[scope=row])").count() == 0
    assert page.get_by_role("table", name="Rate limits of Web shop").get_by_role("rowheader").count() == 3
    assert page.get_by_role("searchbox", name="Search").count() == 1
    assert page.get_by_role("checkbox").count() == 3
    assert page.get_by_role("main").count() == page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("heading", level=2).count() == PROJECTS + 1
    assert page.locator("html").get_attribute("lang") == "en"
    ids = page.locator("[id]").evaluate_all("(all) => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_heads_stay_in_sight_while_a_long_table_goes_by(page: Page) -> None:
    page.locator("details").get_by_text("ft:gpt-4o:acme::0050", exact=True).scroll_into_view_if_needed()
    head = section(page, "Research").locator("thead th").first.bounding_box()
    tools = page.locator(".tools").bounding_box()
    assert head is not None
    assert tools is not None
    assert tools["y"] == 0
    assert head["y"] == pytest.approx(tools["height"], abs=2)


LARGE = 40


@pytest.fixture
def large(window: Window) -> Page:
    models = [limits(f"model-{number:03}", **{RPM: 10_000}) for number in range(60)]
    blocked = limits("model-zero", **{RPM: 0})
    organization = [project(f"Project {number:02}", *models, *[blocked] * (number == 7)) for number in range(LARGE)]
    return window.open(written(organization, {}))


def test_the_page_of_a_large_organization_is_closed_at_first(large: Page) -> None:
    assert shown_models(large) == []
    assert large.evaluate("document.documentElement.scrollHeight") < 100 * LARGE
    assert large.get_by_role("button", name="Open all").is_visible()
    large.get_by_label("Only blocked").check()
    assert shown_models(large) == ["model-zero"]
    large.get_by_label("Only blocked").uncheck()
    assert shown_models(large) == []
    large.get_by_label("Search").fill("model-0")  # more than can be looked through
    assert shown_models(large) == []
    assert count(large) == f"{60 * LARGE:,} of {60 * LARGE + 1:,} rows, in {LARGE} projects"
    large.get_by_label("Search").fill("model-01")
    assert len(shown_models(large)) == 10 * LARGE


def test_an_index_leads_to_each_project(large: Page) -> None:
    index = large.get_by_role("navigation", name="Projects")
    assert index.get_by_role("link").all_text_contents() == [f"Project {number:02}" for number in range(LARGE)]
    assert "1 blocked" in index.get_by_role("listitem").nth(7).inner_text()
    index.get_by_role("link", name="Project 31").click()
    assert large.locator("details[open] h2 .name").all_text_contents() == ["Project 31"]
    head = section(large, "Project 31").locator("summary").bounding_box()
    tools = large.locator(".tools").bounding_box()
    assert head is not None
    assert tools is not None
    assert tools["height"] - 2 <= head["y"] < 400
    assert large.url.endswith("#project=proj_project-31")
    large.get_by_label("Search").fill("project-31")
    assert index.locator("li:visible").count() == 1


def test_the_address_keeps_the_filters(page: Page, window: Window) -> None:
    page.get_by_label("Search").fill("mini & 4o+")
    page.get_by_label("Only what differs from most").check()
    page.wait_for_url("**#search=mini+%26+4o%2B&differs=1")
    page.get_by_label("Search").fill("gpt-4o")
    page.wait_for_url("**#search=gpt-4o&differs=1")
    again = window.open(written(), fragment="#search=gpt-4o&differs=1")
    assert again.get_by_label("Search").input_value() == "gpt-4o"
    assert again.get_by_label("Only what differs from most").is_checked()
    assert shown_models(again) == ["gpt-4o", "gpt-4o"]
    again.evaluate("location.hash = '#blocked=1'")
    again.wait_for_function("document.querySelector('#blocked').checked")
    assert again.get_by_label("Search").input_value() == ""
    assert count(again) == f"1 of {ROWS} rows, in 1 project"
    again.get_by_label("Only blocked").uncheck()
    again.wait_for_url("http://limits.invalid/")


def test_the_address_of_a_project_opens_it(window: Window) -> None:
    many = [project(f"Project {number}", *[GPT_4O] * 200, project_id=f"proj a/{number}") for number in range(9)]
    page = window.open(written(many), fragment="#project=proj%20a%2F8")
    assert page.locator("details[open] h2 .name").all_text_contents() == ["Project 8"]
    nothing = window.open(written(many), fragment="#project=nobody&search=%E0%A4%A")
    assert nothing.get_by_text("Nothing matches.").is_visible()


def test_one_project_needs_no_index_and_none_is_said(window: Window) -> None:
    assert window.open(written([ORGANIZATION[0]])).get_by_role("navigation").count() == 0
    assert "There are no projects to show." in window.open(written([])).locator("main").text_content()


def test_the_page_of_a_large_organization_stays_small() -> None:
    usual = {RPM: 10_000, TPM: 30_000_000, BATCH: 1}
    models = [limits(f"gpt-4o-2024-11-20-{number}", **usual) for number in range(170)]
    html = written([project(f"Project {number:03}", *models) for number in range(60)])
    assert len(html.encode()) / (60 * 170) < 200  # bytes a row: 34,000 rows are below 7 MB

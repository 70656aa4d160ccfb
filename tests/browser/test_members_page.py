"""The page of `members --html` in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.members import MembersReport
from pulumi_openai_admin.cli.memberships import HeldRole, ListedGroup
from pulumi_openai_admin.cli.report import MAX_ROWS
from tests import results
from tests.browser.pages import CONTRAST, SOURCE, cells, html_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Window
    from playwright.sync_api import Page

    from pulumi_openai_admin.cli.memberships import Member

ENGINEERS = ListedGroup("group_eng", "Engineers", is_scim_managed=True)


def person(name: str, role: str, *roles: HeldRole) -> Member:
    id_, email = f"user-{name.casefold()}", f"{name.casefold()}@example.com"
    return results.member(id_, name=name, email=email, role=role, groups=[ENGINEERS], roles=roles)


BY_GROUP = ("member", "group_eng", "Engineers")
PEOPLE = (
    person("Ada", "owner"),
    person("Alan", "reader", HeldRole("Shop", "owner"), HeldRole("Search", "owner")),
    person("Grace", "reader", *(HeldRole(name, *BY_GROUP) for name in ("Shop", "Search", "Batch"))),
)
LIN = results.invite(role="reader", expires_at=1_796_249_811, roles=[HeldRole("Shop", "owner", is_invited=True)])


def written(people: Sequence[Member] = PEOPLE) -> str:
    names = {held.place: held.place for member in (*people, LIN) for held in member.roles}
    return html_of(MembersReport([*people, LIN], names, SOURCE))


def names(page: Page) -> list[str]:
    return page.locator("details:visible h2 .name").all_text_contents()


def test_everybody_is_there_with_where_each_role_comes_from(page: Page) -> None:
    assert page.title() == "OpenAI members"
    assert names(page) == ["Ada", "Alan", "Grace", "lin@example.com"]
    table = page.get_by_role("table", name="Roles of Grace")
    assert [cells(row) for row in table.get_by_role("row").all()][1:] == [
        ["organization", "reader", "direct"],
        ["group Engineers", "member", "identity provider"],
        *([name, "member", "group Engineers"] for name in ("Shop", "Search", "Batch")),
    ]
    assert page.locator("#count").inner_text() == "13 rows, in 4 people"
    assert "1\nowner of the organization" in page.locator(".figures").inner_text()


def test_the_address_keeps_order_and_filters(window: Window) -> None:
    page = window.open(written(), fragment="#sort=owns&owner=1")
    assert names(page) == ["Alan", "Ada", "lin@example.com"]
    assert page.get_by_label("Only owner roles").is_checked()
    page.get_by_label("Sort").select_option("most projects first")
    page.wait_for_url("**#sort=projects&owner=1")


def pictured(page: Page) -> dict[str, list[str]]:
    """The rows of the matrix that are seen, by their heads."""
    return {row[0]: row[1:] for row in map(cells, page.locator(".matrix tr:visible").all())}


def test_the_matrix_shows_the_highest_role_of_everybody_owners_first(page: Page) -> None:
    by_group = "M member, group Engineers"
    everybody = {
        "Person": ["organization", "Batch", "Search", "Shop"],
        "Ada": ["O owner, direct", "", "", ""],
        "Alan": ["R reader, direct", "", "O owner, direct", "O owner, direct"],
        "lin@example.com invited": ["R reader, invite", "", "", "O owner, invite"],
        "Grace": ["R reader, direct", by_group, by_group, by_group],
    }
    assert pictured(page) == everybody
    assert [*pictured(page)] == [*everybody]
    cell = page.locator(".matrix tr", has_text="Alan").locator("td").nth(2)
    assert cell.get_attribute("title") == "Alan, Search: owner, direct"
    page.get_by_label("Search").fill("grace batch")
    assert [*pictured(page)] == ["Person", "Grace"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_are_read_with_and_without_colors(window: Window, scheme: str) -> None:
    roles = [("owner",), ("member",), ("viewer",), ("Ops",), (None,), BY_GROUP]
    held = [HeldRole(f"P{number}", *role) for number, role in enumerate(roles)]
    page = window.open(written([person("Ada", "reader", *held)]), color_scheme=scheme)
    found = (
        page.locator(".matrix tbody tr")
        .first.locator("td")
        .evaluate_all(f"""(all) => {{{CONTRAST}
      return all.map((cell) => {{
        const style = getComputedStyle(cell);
        return [cell.firstChild?.data, style.textDecorationLine, ratio(style.color, behind(cell))];
      }});
    }}""")
    )
    assert min(contrast for *_, contrast in found) >= 4.5
    shown = [(letter, line) for letter, line, _ in found]
    assert shown == [*((letter, "none") for letter in "ROMV+?"), ("M", "underline"), (None, "none")]  # the invite's


@pytest.mark.parametrize("width", [420, 1400])
def test_40_projects_and_400_people_fit_with_the_names_fixed(window: Window, width: int) -> None:
    roles = [HeldRole(f"Project {number:02}", "member") for number in range(40)]
    people = [person(f"Person {number:03}", "reader", *roles) for number in range(MAX_ROWS)]
    page = window.open(written(people), viewport={"width": width, "height": 840})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "The matrix shows 400 of 401 people: owners first." in page.locator(".matrix figcaption").inner_text()
    box = page.locator(".matrix .box")
    box.evaluate("(box) => { box.scrollIntoView(); box.scrollTo(600, 4000); }")
    edges, head, name = (
        page.locator(which).bounding_box()
        for which in (".matrix .box", ".matrix thead th:last-child", ".matrix tbody tr:nth-child(170) th")
    )
    assert edges
    assert head
    assert name
    assert (name["x"], head["y"]) == (pytest.approx(edges["x"], abs=1), pytest.approx(edges["y"], abs=1))
    page.emulate_media(media="print")
    assert box.evaluate("(box) => box.scrollHeight === box.clientHeight")  # paper shows all rows

"""The page of `members --html` in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.members import MembersReport
from pulumi_openai_admin.cli.memberships import (
    Grant,
    InvitedProject,
    ListedGroup,
    ListedInvite,
    RolesInProject,
)
from tests import results
from tests.browser.tables import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Window
    from playwright.sync_api import Page

    from pulumi_openai_admin.cli.memberships import Person

READ_AT = datetime(2026, 11, 25, 4, 14, tzinfo=UTC)
ENGINEERS = ListedGroup("group_eng", "Engineers", is_scim_managed=True)


def person(name: str, role: str, *projects: RolesInProject) -> Person:
    id_, email = f"user-{name.casefold()}", f"{name.casefold()}@example.com"
    return results.person(id_, name=name, email=email, role=role, groups=[ENGINEERS], projects=projects)


def project(name: str, *grants: Grant) -> RolesInProject:
    return RolesInProject(f"proj_{name.casefold()}", name, grants)


BY_GROUP = Grant("member", "group_eng", "Engineers")
PEOPLE = (
    person("Ada", "owner"),
    person("Alan", "reader", project("Shop", Grant("owner")), project("Search", Grant("owner"))),
    person("Grace", "reader", *(project(name, BY_GROUP) for name in ("Shop", "Search", "Batch"))),
)
INVITES = (
    ListedInvite(
        "invite-1", "lin@example.com", "reader", 1_796_249_811, [InvitedProject("proj_shop", "Shop", "owner")]
    ),
)


def written(people: Sequence[Person] = PEOPLE, not_read: Sequence[str] = ()) -> str:
    file = StringIO()
    MembersReport(people, INVITES, READ_AT, "the OpenAI API", not_read).write(file)
    return file.getvalue()


@pytest.fixture
def page(window: Window) -> Page:
    return window.open(written(), viewport={"width": 1280, "height": 800})


def names(page: Page) -> list[str]:
    return page.locator("details:visible h2 .name").all_text_contents()


def rows(page: Page) -> list[str]:
    return [" | ".join(cells(row)) for row in page.locator("tbody tr:visible").all()]


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


def test_a_search_finds_people_projects_roles_and_groups(page: Page) -> None:
    page.get_by_label("Search").fill("shop owner")
    assert names(page) == ["Alan", "lin@example.com"]
    assert rows(page) == ["Shop | owner | direct", "Shop | owner | invite"]
    page.get_by_label("Search").fill("grace@example.com batch")
    assert rows(page) == ["Batch | member | group Engineers"]
    page.get_by_label("Search").fill("nobody")
    assert page.get_by_text("Nothing matches.").is_visible()


def test_the_order_is_by_name_or_by_what_people_own_or_are_in(page: Page) -> None:
    page.get_by_label("Sort").select_option("most owned first")
    assert names(page) == ["Alan", "Ada", "lin@example.com", "Grace"]
    page.get_by_label("Sort").select_option("most projects first")
    assert names(page) == ["Grace", "Alan", "lin@example.com", "Ada"]
    page.wait_for_url("**#sort=projects")
    page.get_by_label("Sort").select_option("by name")
    assert names(page) == ["Ada", "Alan", "Grace", "lin@example.com"]


def test_the_address_keeps_order_and_filters(window: Window) -> None:
    page = window.open(written(), fragment="#sort=owns&owner=1")
    assert names(page) == ["Alan", "Ada", "lin@example.com"]
    assert page.get_by_label("Only owner roles").is_checked()
    page.get_by_label("Only invites").check()
    assert rows(page) == ["Shop | owner | invite"]


def test_what_could_not_be_read_is_on_the_page(window: Window) -> None:
    page = window.open(written(not_read=["Not shown: the groups."]))
    assert page.get_by_role("list", name="What could not be read").inner_text() == "Not shown: the groups."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(window: Window, scheme: str) -> None:
    page = window.open(written(), viewport={"width": 390, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

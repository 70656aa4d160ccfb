"""The page of `access --html` in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.cli.access import AccessReport, RolePermissions
from pulumi_openai_admin.cli.memberships import HeldRole
from tests import results
from tests.browser.pages import SOURCE, cells, html_of

if TYPE_CHECKING:
    from conftest import Window
    from playwright.sync_api import Page


def written(name: str = "Alan") -> str:
    roles = RolePermissions()
    ops = {"id": "role_1", "name": "Ops", "permissions": ["api.files.read", "api.responses.write"]}
    roles.add("proj_shop", ops)
    ada = results.member("user-ada", name="Ada", email="ada@example.com", role="owner")
    held = [HeldRole("proj_shop", "Ops", "group_eng", "Engineers")]
    alan = results.member("user-alan", name=name, email="alan@example.com", roles=held)
    invite = results.invite(roles=[HeldRole("proj_shop", "viewer", is_invited=True)])
    source = SOURCE._replace(not_read=["Not shown: x."])
    return html_of(AccessReport([ada, alan, invite], roles, {"proj_shop": "Shop"}, (), source))


def rows(page: Page) -> list[str]:
    return [" | ".join(cells(row)) for row in page.locator("details tbody tr:visible").all()]


def test_everybody_can_be_found_by_permission_role_and_place(window: Window) -> None:
    page = window.open(written())
    assert page.title() == "OpenAI access"
    assert page.locator("details:visible h2 .name").all_text_contents() == ["Ada", "Alan", "lin@example.com"]
    assert rows(page) == [
        "organization | every permission | owner*, direct",
        "Shop | 2 permissionsapi.files.read, api.responses.write | Ops, group Engineers",
        "Shop | not known | viewer*, invite",
    ]
    assert "OpenAI does not document which permissions base roles have" in page.locator("header").inner_text()
    assert page.get_by_role("list", name="What could not be read").inner_text() == "Not shown: x."
    page.get_by_label("Search").fill("responses shop engineers")
    assert page.locator("details.more[open]").text_content() == "2 permissionsapi.files.read, api.responses.write"
    assert len(rows(page)) == 1
    page.get_by_label("Search").fill("")
    assert page.locator("details.more[open]").count() == 0
    assert [cells(row) for row in page.locator(".matrix tr").all()] == [
        ["Person", "organization", "Shop"],
        ["Ada", "O owner, direct", ""],
        ["Alan", "", "+ Ops, group Engineers"],
        ["lin@example.com invited", "", "V viewer, invite"],
    ]
    page.emulate_media(media="print")
    closed = page.locator("details.more:not([open])")
    assert closed.evaluate("(more) => more.clientHeight > 1.5 * more.firstChild.getClientRects()[0].height")

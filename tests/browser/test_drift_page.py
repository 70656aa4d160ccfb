"""The page of `drift --html` in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.authors import Author
from pulumi_openai_admin.cli.changes import Change
from pulumi_openai_admin.cli.drift import DriftReport
from pulumi_openai_admin.cli.drift.comparison import Compared, PlaceInState
from pulumi_openai_admin.cli.recorded import RecordedResource
from tests.browser.pages import SOURCE, cells, html_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

ADA = Author("ada@example.com", 1_795_662_634, "rate_limit.updated", "audit_log-1")


def difference(kind: str, name: str, project_id: str, **more: Any) -> Compared:
    record = {"urn": f"urn:pulumi:dev::test::{kind}::{name}", "id": f"{project_id}/1"}
    return Compared(RecordedResource(kind, record), PlaceInState("", project_id), is_compared=True, **more)


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


def named(name: str) -> list[Compared]:
    """A difference with a name in all places where there may be one."""
    changes, who = (Change(("members", name), name, name),), Author(name, 1, "x", "y")
    return [difference("ProjectMembers", name, name, changes=changes, notes=(name,), authors=(who,))]


def written(differences: Sequence[Compared] = DIFFERENCES, *warnings: str) -> str:
    compared = [difference("Project", "shop", "proj_1")] * (1234 - len(differences))
    report = DriftReport([*compared, *differences], {"proj_1": "Web shop"}, SOURCE)
    report.unknown += warnings
    return html_of(report)


def test_what_differs_and_who_changed_it(page: Page) -> None:
    figures = ["1,234\nresources compared", "3\ndiffer", "1\ngone", "5\ndifferences"]
    assert page.locator(".figures li").all_inner_texts() == figures
    assert page.locator("h2").all_text_contents() == ["The organization", "Web shop proj_1"]
    row = page.get_by_role("row", name="10,000")
    assert cells(row)[-4:] == ["max_requests_per_1_minute", "10,000", "60", "ada@example.com, 2026-11-26 03:10 UTC"]
    assert page.get_by_text("not set by the program").count() == 1

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization.projects import Projects
    from openai.types.admin.organization.projects import ServiceAccountCreateResponse

    from pulumi_openai_admin.emulator import Control

LISTS = ("", "/proj_demo/rate_limits", "/proj_demo/service_accounts", "/proj_demo/api_keys")


@pytest.fixture
def five_accounts(projects: Projects) -> list[ServiceAccountCreateResponse]:
    return [projects.service_accounts.create("proj_demo", name=f"a{number}") for number in range(5)]


@pytest.mark.usefixtures("five_accounts")
@pytest.mark.parametrize("path", LISTS)
def test_pages_add_up_to_the_whole(http: Http, path: str) -> None:
    whole = [item["id"] for item in http("GET", f"{path}?limit=100").json()["data"]]
    collected, query = [], "?limit=2"
    for _ in range(-(-len(whole) // 2)):
        page = http("GET", path + query).json()
        ids = [item["id"] for item in page["data"]]
        assert (page["object"], page["first_id"], page["last_id"]) == ("list", ids[0], ids[-1])
        collected += ids
        if not page["has_more"]:
            break
        query = f"?limit=2&after={page['last_id']}"
    assert collected[: len(whole)] == whole


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ["after=nobody", "limit=0", "limit=1001", "limit=many"])
def test_an_unknown_cursor_and_a_limit_out_of_bounds_are_refused(http: Http, path: str, query: str) -> None:
    status, _, message = http.refusal("GET", f"{path}?{query}")
    assert status == 400
    assert query.partition("=")[0] in message


def test_rate_limits_page_backwards_too(http: Http) -> None:
    ids = [row["id"] for row in http("GET", "/proj_demo/rate_limits?limit=10").json()["data"]]
    page = http("GET", f"/proj_demo/rate_limits?limit=3&before={ids[5]}").json()
    assert [row["id"] for row in page["data"]] == ids[2:5]
    assert page["has_more"]
    start = http("GET", f"/proj_demo/rate_limits?limit=3&before={ids[2]}").json()
    assert ([row["id"] for row in start["data"]], start["has_more"]) == (ids[:2], False)


def test_more_than_1000_rows(projects: Projects, control: Control) -> None:
    control.world(rate_limit_rows=2345)
    rows = list(projects.rate_limits.list_rate_limits("proj_demo", limit=1000))
    assert len({row.id for row in rows}) == 2345
    last = rows[-1]
    changed = projects.rate_limits.update_rate_limit(last.id, project_id="proj_demo", max_requests_per_1_minute=1)
    assert changed.model == last.model

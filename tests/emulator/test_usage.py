"""What was used, what it costs, and the limits on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from tests.company import spend_limit

if TYPE_CHECKING:
    from tests.emulator.conftest import InMemory

HOUR, DAY = 3600, 86_400
FIVE_DOLLARS: dict[str, Any] = {"model": "gpt-4o", "output_tokens": 500_000}
LIMIT, OF_ALL = "/organization/projects/proj_demo/spend_limit", "/organization/spend_limit"
STAGING = "proj_staging"


@pytest.fixture
def noon(memory: InMemory) -> int:
    """The time, at noon in the middle of a month."""
    memory.server.advance(4 * HOUR)
    return int(memory.time.now())


def use(memory: InMemory, **usage: Any) -> str:
    return str(memory.post("/_emulator/usage", {"project_id": "proj_demo", **usage})["id"])


def report(memory: InMemory, name: str, since: int, **query: Any) -> Any:
    asked = {f"{key}[]" if isinstance(value, list) else key: value for key, value in query.items()}
    return memory.get(f"/organization/{name}?{urlencode({'start_time': since, **asked}, doseq=True)}")


def results(memory: InMemory, name: str, since: int, **query: Any) -> list[dict[str, Any]]:
    (bucket,) = report(memory, name, since, **query)["data"]
    return list(bucket["results"])


def cost(memory: InMemory, since: int, **query: Any) -> float:
    buckets = report(memory, "costs", since, limit=31, **query)["data"]
    return sum(result["amount"]["value"] for bucket in buckets for result in bucket["results"])


def status(memory: InMemory) -> str:
    return str(memory.get(LIMIT)["enforcement"]["status"])


def test_a_limit_is_reached_and_raised_and_a_month_begins_anew(memory: InMemory, noon: int) -> None:
    memory.post(LIMIT, spend_limit(1000))
    use(memory, **FIVE_DOLLARS)
    assert status(memory) == "inactive"
    use(memory, **FIVE_DOLLARS)
    assert status(memory) == "enforcing"
    body = {"project_id": "proj_demo", **FIVE_DOLLARS}
    memory.refuses("project_spend_limit_exceeded", "POST", "/_emulator/usage", body)
    use(memory, **FIVE_DOLLARS, project_id=STAGING)
    assert (cost(memory, noon, project_ids=["proj_demo"]), cost(memory, noon)) == (10, 15)
    memory.post(OF_ALL, spend_limit(1500))
    assert memory.get(OF_ALL)["enforcement"]["status"] == "enforcing"
    of_staging = {**body, "project_id": STAGING}
    message = memory.refuses("organization_spend_limit_exceeded", "POST", "/_emulator/usage", of_staging)
    assert message == "This organization has reached its spend limit of $15.00 for this month."
    memory.delete(OF_ALL)
    assert memory.post(LIMIT, spend_limit(2000))["enforcement"]["status"] == "inactive"
    memory.world(spend_limits_always_enforce=True)
    assert status(memory) == "enforcing"
    memory.world(spend_limits_always_enforce=False)
    use(memory, **FIVE_DOLLARS)
    use(memory, **FIVE_DOLLARS)
    memory.server.advance(31 * DAY)
    assert status(memory) == "inactive"
    use(memory, **FIVE_DOLLARS)


def test_costs_accrue_as_the_clock_moves(memory: InMemory, noon: int) -> None:
    records = [{"project_id": "proj_demo", "every_seconds": DAY, **FIVE_DOLLARS}]
    memory.post("/_emulator/seed", {"usage_records": records})
    memory.post(LIMIT, spend_limit(1500))
    for spent, shown in ((5, "inactive"), (10, "inactive"), (15, "enforcing")):
        assert (cost(memory, noon), status(memory)) == (spent, shown)
        memory.server.advance(DAY)


def test_what_is_used_alike_in_one_minute_is_one_record(memory: InMemory, noon: int) -> None:
    first = use(memory, **FIVE_DOLLARS)
    assert [use(memory, **FIVE_DOLLARS, **more) for more in ({}, {"num_model_requests": 3})] == [first, first]
    memory.server.advance(60)
    for more in ({"seconds_ago": 60, "model": "o3"}, {}, {"every_seconds": DAY, "times": 1}):
        assert use(memory, **{**FIVE_DOLLARS, **more}) != first
    assert cost(memory, noon) == 30
    found = results(memory, "usage/completions", noon, group_by=["model"])
    assert [(it["model"], it["num_model_requests"]) for it in found] == [("gpt-4o", 7), ("o3", 1)]


def test_costs_in_groups(memory: InMemory, noon: int) -> None:
    use(memory, api_key_id="key_a", model="gpt-4o", input_tokens=1000, input_cached_tokens=400)
    use(memory, project_id=STAGING, api="images", model="gpt-image-1", images=3, num_model_requests=2)
    use(memory, project_id=STAGING, api="moderations", model="omni-moderation", input_tokens=9)
    found = results(memory, "costs", noon, group_by=["line_item", "project_id"])
    names = ("line_item", "project_id", "quantity", "quantity_unit")
    assert [(*(it[name] for name in names), it["amount"]["value"]) for it in found] == [
        ("gpt-4o, input_tokens", "proj_demo", 600, "tokens", 0.0015),
        ("gpt-4o, cached_input_tokens", "proj_demo", 400, "tokens", 0.0005),
        ("gpt-image-1, images", STAGING, 3, "images", 0.12),
    ]
    (total,) = results(memory, "costs", noon)
    assert total["amount"] == {"value": 0.122, "currency": "usd"}
    assert {total[name] for name in names} == {None}
    assert cost(memory, noon, line_items=["gpt-4o, cached_input_tokens"]) == 0.0005
    assert cost(memory, noon, api_key_ids=["key_a", "key_b"]) == 0.002


def test_usage_in_groups_and_of_some(memory: InMemory, noon: int) -> None:
    mini = {"model": "gpt-4o-mini", "input_tokens": 10, "output_tokens": 1}
    use(memory, **mini, user_id="user-emulator", batch=True, service_tier="flex")
    use(memory, **{**mini, "model": "gpt-4o"}, input_cached_tokens=4, input_cached_audio_tokens=1, num_model_requests=3)
    use(memory, **mini, project_id=STAGING, api_source="agents_api")
    (total,) = results(memory, "usage/completions", noon)
    shown = {"input_tokens": 30, "input_uncached_tokens": 26, "input_cached_text_tokens": 3, "output_text_tokens": 3}
    assert total == total | shown | {"num_model_requests": 5, "model": None, "batch": None}
    found = results(memory, "usage/completions", noon, group_by=["model", "batch"])
    shown = [(it["model"], it["batch"], it["input_tokens"], it["project_id"]) for it in found]
    assert shown == [("gpt-4o-mini", True, 10, None), ("gpt-4o", False, 10, None), ("gpt-4o-mini", False, 10, None)]
    for more, requests_made in (
        ({"batch": "true"}, [1]),
        ({"batch": "false"}, [4]),
        ({"models": ["gpt-4o"]}, [3]),
        ({"project_ids": [STAGING, "proj_demo"], "user_ids": ["user-emulator"]}, [1]),
        ({"api_key_ids": ["key_nobody"]}, []),
    ):
        assert [it["num_model_requests"] for it in results(memory, "usage/completions", noon, **more)] == requests_made
    assert results(memory, "usage/decisions", noon) == []


def test_pages_of_buckets(memory: InMemory, noon: int) -> None:
    record = {"project_id": "proj_demo", "seconds_ago": 40 * HOUR, "every_seconds": HOUR, "times": 20}
    memory.post("/_emulator/seed", {"usage_records": [record]})
    found, page, sizes = [], {}, []
    while page is not None:
        reply = report(memory, "usage/completions", noon - 2 * DAY, end_time=noon, bucket_width="1h", limit=20, **page)
        found += [(bucket["start_time"], len(bucket["results"])) for bucket in reply["data"]]
        sizes.append(len(reply["data"]))
        memory.server.advance(HOUR)
        assert reply["has_more"] is (reply["next_page"] is not None)
        page = {"page": reply["next_page"]} if reply["has_more"] else None
    assert sizes == [20, 20, 8]
    assert [start for start, _ in found] == list(range(noon - 2 * DAY, noon, HOUR))
    assert [start for start, count in found if count] == list(range(noon - 40 * HOUR, noon - 20 * HOUR, HOUR))
    for since, more, number in (
        (noon - 40 * DAY, {}, 7),
        (noon - DAY, {"bucket_width": "1m"}, 60),
        (noon + DAY, {}, 0),
    ):
        assert len(report(memory, "usage/completions", since, **more)["data"]) == number


def test_a_bucket_holds_only_what_the_range_does(memory: InMemory, noon: int) -> None:
    records = [{"project_id": "proj_demo", "seconds_ago": HOUR * hours} for hours in range(1, 7)]
    memory.post("/_emulator/seed", {"usage_records": records})
    reply = report(memory, "usage/completions", noon - 4 * HOUR, end_time=noon - HOUR)
    (bucket,) = reply["data"]
    assert (bucket["start_time"], bucket["end_time"]) == (noon - 12 * HOUR, noon + 12 * HOUR)
    assert [result["num_model_requests"] for result in bucket["results"]] == [3]

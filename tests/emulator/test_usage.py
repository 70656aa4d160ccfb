from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import openai
import pytest

from pulumi_openai_admin.emulator.process import EmulatorError

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control


DEMO, STAGING = "proj_demo", "proj_staging"
HOUR, DAY = 3600, 86_400
MONTHLY: dict[str, Any] = {"currency": "USD", "interval": "month"}
FIVE_DOLLARS: dict[str, Any] = {"model": "gpt-4o", "output_tokens": 500_000}


@pytest.fixture
def noon(control: Control) -> int:
    """The emulator's time, at noon in the middle of next month."""
    now = control.advance_clock(0)
    begin = datetime.fromtimestamp(now, UTC).replace(day=1, hour=12, minute=0, second=0)
    year, month = divmod(begin.year * 12 + begin.month, 12)
    target = int(begin.replace(year=year, month=month + 1, day=15).timestamp())
    control.advance_clock(target - now)
    return target


def cost(organization: Organization, since: int, **more: Any) -> float:
    buckets = organization.usage.costs(start_time=since, limit=31, **more).data
    return sum(result.amount.value for bucket in buckets for result in bucket.results)


def test_a_budget_is_set_spent_exceeded_and_raised(organization: Organization, control: Control, noon: int) -> None:
    before, limit = control.live(), organization.projects.spend_limit
    assert limit.update(DEMO, threshold_amount=1000, **MONTHLY).enforcement.status == "inactive"
    control.use(project_id=DEMO, **FIVE_DOLLARS)
    assert limit.retrieve(DEMO).enforcement.status == "inactive"
    control.use(project_id=DEMO, **FIVE_DOLLARS)
    assert limit.retrieve(DEMO).enforcement.status == "enforcing"
    with pytest.raises(EmulatorError, match=r"has reached its spend limit of \$10\.00.*project_spend_limit_exceeded"):
        control.use(project_id=DEMO, **FIVE_DOLLARS)
    control.use(project_id=STAGING, **FIVE_DOLLARS)
    assert (cost(organization, noon, project_ids=[DEMO]), cost(organization, noon)) == (10, 15)
    raised = limit.update(DEMO, threshold_amount=2000, **MONTHLY)
    assert (raised.threshold_amount, raised.enforcement.status) == (2000, "inactive")
    control.use(project_id=DEMO, **FIVE_DOLLARS)
    assert cost(organization, noon, project_ids=[DEMO]) == 15
    control.use(project_id=DEMO, **FIVE_DOLLARS)
    control.advance_clock(31 * DAY)
    assert limit.retrieve(DEMO).enforcement.status == "inactive"
    control.use(project_id=DEMO, **FIVE_DOLLARS)
    assert limit.delete(DEMO).object == "project.spend_limit.deleted"
    assert control.live() == before


@pytest.mark.usefixtures("noon")
def test_the_limit_of_the_organization_counts_all_projects(
    organization: Organization, control: Control, api: Http
) -> None:
    limit = organization.spend_limit
    with pytest.raises(openai.NotFoundError, match="The spend limit of the organization was not found"):
        limit.retrieve()
    for project in (DEMO, STAGING):
        control.use(project_id=project, **FIVE_DOLLARS)
    assert limit.update(threshold_amount=1000, **MONTHLY).enforcement.status == "enforcing"
    assert api.refusal("POST", "/../_emulator/usage", {"project_id": "proj_production"}) == (
        429,
        "organization_spend_limit_exceeded",
        "This organization has reached its spend limit of $10.00 for this month.",
    )
    assert limit.delete().object == "organization.spend_limit.deleted"
    control.use(project_id="proj_production", **FIVE_DOLLARS)


def test_what_is_used_alike_in_one_minute_is_one_record(
    organization: Organization, control: Control, api: Http, noon: int
) -> None:
    def use(**more: Any) -> str:
        reply = api("POST", "/../_emulator/usage", {"project_id": DEMO, **FIVE_DOLLARS, **more})
        return str(reply.json()["id"])

    first = use()
    assert [use(), use(num_model_requests=3)] == [first, first]
    control.advance_clock(60)
    assert first not in (use(seconds_ago=60, model="o3"), use(), use(every_seconds=DAY, times=1))
    assert cost(organization, noon) == 30
    (bucket,) = organization.usage.completions(start_time=noon, group_by=["model"]).data
    assert [(result.model, result.num_model_requests) for result in bucket.results] == [("gpt-4o", 7), ("o3", 1)]


def test_costs_in_groups(organization: Organization, control: Control, noon: int) -> None:
    control.use(project_id=DEMO, api_key_id="key_a", model="gpt-4o", input_tokens=1000, input_cached_tokens=400)
    control.use(project_id=STAGING, api="images", model="gpt-image-1", images=3, num_model_requests=2)
    control.use(project_id=STAGING, api="moderations", model="omni-moderation", input_tokens=9)
    (bucket,) = organization.usage.costs(start_time=noon, group_by=["line_item", "project_id"]).data
    assert (bucket.start_time, bucket.end_time) == (noon - 12 * HOUR, noon + 12 * HOUR)
    assert [
        (result.line_item, result.project_id, result.quantity, result.quantity_unit, result.amount.value)
        for result in bucket.results
    ] == [
        ("gpt-4o, input_tokens", DEMO, 600, "tokens", 0.0015),
        ("gpt-4o, cached_input_tokens", DEMO, 400, "tokens", 0.0005),
        ("gpt-image-1, images", STAGING, 3, "images", 0.12),
    ]
    (bucket,) = organization.usage.costs(start_time=noon).data
    (result,) = bucket.results
    assert (result.amount.value, result.amount.currency) == (0.122, "usd")
    assert (result.line_item, result.project_id, result.quantity) == (None, None, None)
    assert cost(organization, noon, line_items=["gpt-4o, cached_input_tokens"]) == 0.0005
    assert cost(organization, noon, api_key_ids=["key_a", "key_b"]) == 0.002


def test_usage_in_groups_and_of_some(organization: Organization, control: Control, noon: int) -> None:
    mini = {"project_id": DEMO, "model": "gpt-4o-mini", "input_tokens": 10, "output_tokens": 1}
    control.use(**mini, user_id="user-emulator", batch=True, service_tier="flex")
    control.use(**{**mini, "model": "gpt-4o"}, input_cached_tokens=4, input_cached_audio_tokens=1, num_model_requests=3)
    control.use(**{**mini, "project_id": STAGING}, api_source="agents_api")
    completions = organization.usage.completions
    (bucket,) = completions(start_time=noon).data
    (total,) = bucket.results
    assert (total.input_tokens, total.input_uncached_tokens, total.input_cached_text_tokens) == (30, 26, 3)
    assert (total.num_model_requests, total.output_text_tokens, total.model, total.batch) == (5, 3, None, None)
    (bucket,) = completions(start_time=noon, group_by=["model", "batch"]).data
    assert [(result.model, result.batch, result.input_tokens, result.project_id) for result in bucket.results] == [
        ("gpt-4o-mini", True, 10, None),
        ("gpt-4o", False, 10, None),
        ("gpt-4o-mini", False, 10, None),
    ]
    for more, requests_made in (
        ({"batch": True}, 1),
        ({"batch": False}, 4),
        ({"models": ["gpt-4o"]}, 3),
        ({"project_ids": [STAGING, DEMO], "user_ids": ["user-emulator"]}, 1),
    ):
        (bucket,) = completions(start_time=noon, **more).data
        assert [result.num_model_requests for result in bucket.results] == [requests_made]
    (bucket,) = completions(start_time=noon, api_key_ids=["key_nobody"]).data
    assert bucket.results == []
    (bucket,) = organization.usage.decisions(start_time=noon).data
    assert bucket.results == []


def test_pages_of_buckets(organization: Organization, control: Control, noon: int) -> None:
    control.seed(
        {"usage_records": [{"project_id": DEMO, "seconds_ago": 40 * HOUR, "every_seconds": HOUR, "times": 20}]}
    )
    asked: dict[str, Any] = {"start_time": noon - 2 * DAY, "end_time": noon, "bucket_width": "1h"}
    found, page, sizes = [], None, []
    while True:
        reply = organization.usage.completions(**asked, limit=20, **({} if page is None else {"page": page}))
        found += [(bucket.start_time, len(bucket.results)) for bucket in reply.data]
        sizes.append(len(reply.data))
        control.advance_clock(HOUR)
        assert reply.has_more is (reply.next_page is not None)
        page = reply.next_page
        if page is None:
            break
    assert sizes == [20, 20, 8]
    assert [start for start, _ in found] == list(range(noon - 2 * DAY, noon, HOUR))
    assert [start for start, count in found if count] == list(range(noon - 40 * HOUR, noon - 20 * HOUR, HOUR))
    assert [len(organization.usage.completions(start_time=noon - 40 * DAY).data)] == [7]
    assert len(organization.usage.completions(start_time=noon - DAY, bucket_width="1m").data) == 60
    assert organization.usage.completions(start_time=noon + DAY).data == []


def test_costs_accrue_as_the_clock_moves(organization: Organization, control: Control, noon: int) -> None:
    control.seed({"usage_records": [{"project_id": DEMO, "every_seconds": DAY, **FIVE_DOLLARS}]})
    limit = organization.projects.spend_limit
    limit.update(DEMO, threshold_amount=1500, **MONTHLY)
    assert cost(organization, noon) == 5
    control.advance_clock(DAY)
    assert (cost(organization, noon), limit.retrieve(DEMO).enforcement.status) == (10, "inactive")
    control.advance_clock(DAY)
    assert (cost(organization, noon), limit.retrieve(DEMO).enforcement.status) == (15, "enforcing")


def test_a_bucket_holds_only_what_the_range_does(organization: Organization, control: Control, noon: int) -> None:
    control.seed({"usage_records": [{"project_id": DEMO, "seconds_ago": HOUR * hours} for hours in range(1, 7)]})
    (bucket,) = organization.usage.completions(start_time=noon - 4 * HOUR, end_time=noon - HOUR).data
    assert [result.num_model_requests for result in bucket.results] == [3]

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import openai
import pytest

from pulumi_openai_admin.emulator.process import EmulatorError

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization.projects import Projects

    from pulumi_openai_admin.emulator import Control

DEMO = "proj_demo"


def test_switches_named_are_set_and_the_others_kept(control: Control) -> None:
    before = control.world()
    after = control.world(created_status=201)
    assert after == {**before, "created_status": 201}
    control.reset()
    assert control.world() == before


@pytest.mark.parametrize("switches", [{"created_status": 418}, {"gravity": 1}, {"throttle": {"per_minute": 0}}])
def test_a_wrong_switch_is_refused_and_changes_nothing(control: Control, switches: dict[str, Any]) -> None:
    before = control.world()
    with pytest.raises(EmulatorError, match=next(iter(switches))):
        control.world(latency_seconds=1, **switches)
    assert control.world() == before


def test_a_new_account_is_not_seen_for_some_reads(projects: Projects, control: Control) -> None:
    control.world(account_lag_reads=2)
    made = projects.service_accounts.create(DEMO, name="late")
    with pytest.raises(openai.NotFoundError):
        projects.service_accounts.retrieve(made.id, project_id=DEMO)
    assert list(projects.service_accounts.list(DEMO)) == []
    assert projects.service_accounts.retrieve(made.id, project_id=DEMO).name == "late"


def test_writes_that_do_not_persist(projects: Projects, control: Control) -> None:
    control.world(lost_writes={"times": 1, "rate_limit_id": "rl-gpt-4o*"})

    def write(row: str, value: object) -> int:
        written = projects.rate_limits.update_rate_limit(row, project_id=DEMO, max_requests_per_1_minute=value)
        assert written.max_requests_per_1_minute == value
        rows = projects.rate_limits.list_rate_limits(DEMO, limit=1000)
        return next(found for found in rows if found.id == row).max_requests_per_1_minute

    assert write("rl-gpt-5", 1) == 1
    assert write("rl-gpt-4o-mini", 2) == 10_000
    assert write("rl-gpt-4o-mini", 3) == 3
    assert control.world()["lost_writes"]["times"] == 0


def test_the_switches_of_what_only_one_source_saw(projects: Projects, control: Control) -> None:
    control.world(
        refuse_special_rows=False,
        refuse_inapplicable_fields=False,
        default_project_refuses_accounts=False,
        keep_omitted_fields=False,
        refusal_status=404,
        archived_read_status=404,
    )
    update = projects.rate_limits.update_rate_limit
    assert update("rl-gpt-4o-shared", project_id=DEMO, max_requests_per_1_minute=1).max_requests_per_1_minute == 1
    assert update("rl-o1", project_id=DEMO, max_images_per_1_minute=1).max_images_per_1_minute is None
    update("rl-gpt-4o", project_id=DEMO, max_requests_per_1_minute=1)
    assert update("rl-gpt-4o", project_id=DEMO, max_tokens_per_1_minute=1).max_requests_per_1_minute == 10_000
    with pytest.raises(openai.NotFoundError, match="cannot exceed"):
        update("rl-gpt-4o", project_id=DEMO, max_requests_per_1_minute=10_001)
    assert projects.service_accounts.create("proj_default", name="a").role == "member"
    with pytest.raises(openai.NotFoundError, match="is archived"):
        projects.service_accounts.retrieve("svc_acct_x", project_id="proj_retired")


@pytest.mark.parametrize(
    ("advice", "header"),
    [("retry-after", "retry-after"), ("retry-after-ms", "retry-after-ms"), ("text", None), ("none", None)],
)
def test_a_bucket_for_each_endpoint(http: Http, control: Control, advice: str, header: str | None) -> None:
    control.world(throttle={"per_minute": 1, "burst": 2, "advice": advice})
    assert http("GET", "/proj_demo").status_code == 200
    assert http("GET", "/proj_staging").status_code == 200
    refused = http("GET", "/proj_production")
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    assert {"retry-after", "retry-after-ms"} & set(refused.headers) == ({header} if header else set())
    assert ("try again after" in refused.json()["error"]["message"]) == (advice == "text")
    assert http("GET", "").status_code == 200


def test_slow_calls_are_served_side_by_side(http: Http, control: Control) -> None:
    control.world(latency_seconds=0.5)
    path = f"/{DEMO}/rate_limits/rl-gpt-4o"
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda number: http("POST", path, {"max_requests_per_1_minute": number}), range(16)))
    assert {reply.status_code for reply in replies} == {200}
    first, second, *_ = sorted(control.requests(), key=lambda entry: float(entry["time"]))
    assert second["time"] < first["time"] + first["seconds"]

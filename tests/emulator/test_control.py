from __future__ import annotations

import email.utils
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.process import EmulatorError

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization.projects import Projects

    from pulumi_openai_admin.emulator import Control


DEMO = "proj_demo"


def date(reply: requests.Response) -> float:
    return email.utils.parsedate_to_datetime(reply.headers["date"]).timestamp()


def test_the_clock_moves_what_is_created_and_what_replies_say(http: Http, control: Control, projects: Projects) -> None:
    before = control.call("GET", "clock")
    assert before["offset_seconds"] == 0
    assert control.advance_clock(86_400) >= before["now"] + 86_400
    made = projects.create(name="Tomorrow")
    assert made.created_at >= before["now"] + 86_400
    assert date(http("GET", "")) >= before["now"] + 86_400
    control.advance_clock(-86_400)
    assert control.call("GET", "clock")["offset_seconds"] == 0
    for wrong in ({}, {"advance_seconds": "1"}, {"advance_seconds": 10**12}):
        with pytest.raises(EmulatorError, match="advance_seconds"):
            control.call("POST", "clock", wrong)


def test_live_shows_what_exists_and_nothing_that_was_put_back(projects: Projects, control: Control) -> None:
    before = control.live()
    assert set(before) == {"user", "admin_api_key", "project"}
    account = projects.service_accounts.create(DEMO, name="a")
    projects.rate_limits.update_rate_limit("rl-gpt-4o", project_id=DEMO, max_requests_per_1_minute=1)
    during = control.live()
    assert during["service_account"] == {f"{DEMO}/{account.id}": {**during["service_account"][f"{DEMO}/{account.id}"]}}
    assert during["rate_limit"] == {f"{DEMO}/rl-gpt-4o": {"limits": {"max_requests_per_1_minute": 1}}}
    assert set(control.live("api_key")) == {"api_key"}
    projects.service_accounts.delete(account.id, project_id=DEMO)
    projects.rate_limits.update_rate_limit("rl-gpt-4o", project_id=DEMO, max_requests_per_1_minute=10_000)
    assert control.live() == before


def test_live_is_paged_and_knows_its_kinds(projects: Projects, control: Control) -> None:
    made = [projects.create(name=str(number)).id for number in range(5)]
    page = control.call("GET", "state?live=true&kind=project&limit=3")
    assert len(page["objects"]["project"]) == 3
    rest = control.call("GET", f"state?live=true&kind=project&after={page['next']}")
    assert list(rest["objects"]["project"])[-5:] == made
    assert rest["next"] is None
    with pytest.raises(EmulatorError, match="there is no kind gremlin"):
        control.live("gremlin")


def test_a_large_state_does_not_stop_other_calls() -> None:
    limits = {f"rl-emulated-model-{number:05}": {"max_requests_per_1_minute": number} for number in range(1, 171)}
    seed = {
        "projects": [{"id": f"proj_{number}", "name": "P", "rate_limits": limits} for number in range(150)],
        "world": {"rate_limit_rows": 400},
    }
    with EmulatorServer(seed=seed) as server, ThreadPoolExecutor(1) as pool, requests.Session() as session:
        session.trust_env = False
        state = pool.submit(server.control.state)
        served = 0
        while not state.done():
            session.get(f"{server.base_url}/organization/projects", timeout=10)
            served += 1
        assert len(state.result()["projects"]["proj_7"]["rate_limits"]["changed"]) == 170
        assert served > 1


def test_the_document_names_every_operation(emulator: EmulatorServer) -> None:
    with requests.Session() as session:
        session.trust_env = False
        document = session.get(f"http://127.0.0.1:{emulator.port}/openapi.json", timeout=10).json()
    group = document["paths"]["/v1/organization/groups/{group_id}"]
    assert set(group) == {"get", "post", "delete"}
    assert group["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/CreateGroupBody"
    }
    listed = {parameter["name"] for parameter in document["paths"]["/v1/organization/groups"]["get"]["parameters"]}
    assert listed == {"limit", "after", "order"}
    assert "/_emulator/clock" in document["paths"]
    assert "/_emulator/invites/{invite_id}/accept" in document["paths"]


def test_the_organization_header_has_to_match_where_the_switch_says_so(http: Http, control: Control) -> None:
    headers = {"OpenAI-Organization": "org-other"}
    assert http("GET", "", headers=headers).status_code == 200
    control.world(organization_id="org-emulator")
    assert http.refusal("GET", "", headers=headers)[:2] == (401, "mismatched_organization")
    assert http("GET", "").status_code == 200


def test_a_method_that_a_path_does_not_have(http: Http) -> None:
    reply = http("PATCH", f"/{DEMO}")
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, POST")


def test_switches_named_are_set_and_the_others_kept(control: Control) -> None:
    before = control.world()
    after = control.world(created_status=201)
    assert after == {**before, "created_status": 201}
    control.reset()
    assert control.world() == before


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

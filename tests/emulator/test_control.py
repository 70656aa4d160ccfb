"""What a test sets and reads, and what is the same for all operations."""

from __future__ import annotations

import email.utils
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.by_hand import respond

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator import Control
    from tests.emulator.conftest import InMemory


PROJECTS, GROUPS = "/organization/projects", "/organization/groups"
OPERATIONS = [operation for kind in KINDS for operation in kind.operations()]


def test_the_clock_moves_what_is_created_and_what_replies_say(memory: InMemory) -> None:
    before = memory.get("/_emulator/clock")
    assert before == {"now": 1_800_000_000, "offset_seconds": 0}
    moved = before["now"] + 86_400
    assert memory.post("/_emulator/clock", {"advance_seconds": 86_400})["now"] == moved
    assert memory.post(PROJECTS, {"name": "Tomorrow"})["created_at"] == moved
    _, headers = memory.reply("GET", PROJECTS)
    assert email.utils.parsedate_to_datetime(headers["date"]).timestamp() == moved
    assert memory.post("/_emulator/clock", {"advance_seconds": -86_400}) == before


def test_what_exists_is_shown_page_by_page(memory: InMemory) -> None:
    made = [memory.post(PROJECTS, {"name": str(number)})["id"] for number in range(5)]
    path = "/_emulator/state?live=true&kind=project"
    page = memory.get(f"{path}&limit=3")
    assert len(page["objects"]["project"]) == 3
    rest = memory.get(f"{path}&after={page['next']}")
    assert (list(rest["objects"]["project"])[-5:], rest["next"]) == (made, None)
    ever = memory.get("/_emulator/state?limit=3")
    assert (len(ever["projects"]), ever["totals"]["projects"]) == (3, 10)
    assert list(memory.get(f"/_emulator/state?after={ever['next']}")["projects"])[-5:] == made


def test_a_large_state_does_not_stop_other_calls() -> None:
    limits = {f"rl-emulated-model-{number:05}": {REQUESTS: number} for number in range(1, 171)}
    projects = [{"id": f"proj_{number}", "name": "P", "rate_limits": limits} for number in range(150)]
    seed = {"projects": projects, "world": {"rate_limit_rows": 400}}
    with EmulatorServer(seed=seed) as server, ThreadPoolExecutor(1) as pool, requests.Session() as session:
        session.trust_env = False
        state = pool.submit(server.control.state)
        served = 0
        while not state.done():
            session.get(f"{server.base_url}/organization/projects", timeout=10)
            served += 1
        assert len(state.result()["projects"]["proj_7"]["rate_limits"]["changed"]) == 170
        assert served > 1


def test_the_document_names_every_operation(memory: InMemory) -> None:
    paths = memory.get("/openapi.json")["paths"]
    assert {(method.upper(), path) for path, methods in paths.items() for method in methods} >= {
        *((operation.method, f"/v1{operation.path}") for operation in OPERATIONS),
        *(("POST", f"/_emulator/{path}") for path in ("clock", "invites/{invite_id}/accept")),
    }
    body = paths["/v1/organization/groups/{group_id}"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/CreateGroupBody"}
    listed = {parameter["name"] for parameter in paths[f"/v1{GROUPS}"]["get"]["parameters"]}
    assert listed == {"limit", "after", "order"}


def test_the_organization_header_has_to_match_where_the_switch_says_so(memory: InMemory) -> None:
    for ours, status in ((None, 200), ("org-emulator", 401), ("org-other", 200)):
        memory.world(organization_id=ours)
        reply, _ = memory.reply("GET", PROJECTS, openai_organization="org-other")
        assert reply is not None
        assert (reply.status, b"mismatched_organization" in reply.body) == (status, status == 401)
        assert memory("GET", PROJECTS)[0] == 200


def test_switches_named_are_set_and_the_others_kept(memory: InMemory) -> None:
    before = memory.get("/_emulator/world")
    memory.world(created_status=201)
    assert memory.get("/_emulator/world") == {**before, "created_status": 201}
    assert memory("POST", GROUPS, {"name": "a"})[0] == 201
    memory.post("/_emulator/reset")
    assert (memory.get("/_emulator/world"), memory.listed(GROUPS)) == (before, [])


@pytest.mark.parametrize("advice", ["retry-after", "retry-after-ms", "text", "none"])
def test_a_bucket_for_each_endpoint(memory: InMemory, advice: str) -> None:
    memory.world(throttle={"per_minute": 1, "burst": 2, "advice": advice})
    for name, status in (("demo", 200), ("staging", 200), ("production", 429)):
        reply, headers = memory.reply("GET", f"{PROJECTS}/proj_{name}")
        assert reply is not None
        assert reply.status == status
    assert b'"rate_limit_exceeded"' in reply.body
    assert {name for name in headers if name.startswith("retry")} == {advice} - {"text", "none"}
    assert (b"try again after 60" in reply.body) is (advice == "text")
    memory.get(PROJECTS)
    memory.server.advance(60)
    memory.get(f"{PROJECTS}/proj_demo")


@pytest.mark.parametrize("sent", [b"", b"null", b" null\n"])
def test_null_is_an_empty_body_where_a_call_needs_none(memory: InMemory, sent: bytes) -> None:
    reply, _ = memory.reply("POST", f"{PROJECTS}/proj_demo/archive", sent=sent)
    assert reply is not None
    assert reply.status == 200


def test_slow_calls_are_served_side_by_side(emulator: EmulatorServer, control: Control) -> None:
    control.world(latency_seconds=0.5)
    path = f"{PROJECTS}/proj_demo/rate_limits/rl-gpt-4o"
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda number: respond(emulator, "POST", path, {REQUESTS: number}), range(16)))
    assert {reply.status_code for reply in replies} == {200}
    first, second, *_ = sorted(control.requests(), key=lambda entry: float(entry["time"]))
    assert second["time"] < first["time"] + first["seconds"]

from __future__ import annotations

import email.utils
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.by_hand import respond

if TYPE_CHECKING:
    from conftest import InMemory

    from pulumi_openai_admin.emulator import Control, EmulatorServer
    from pulumi_openai_admin.emulator.handlers.errors import Reply

DEMO = "proj_demo"
PROJECTS, GROUPS = "/organization/projects", "/organization/groups"
ACCOUNTS = f"{PROJECTS}/{DEMO}/service_accounts"
NAMED = {"name": "a"}


def accounts_ever(control: Control) -> int:
    return control.state()["totals"]["service_accounts_ever"]


def create(emulator: EmulatorServer, **more: Any) -> requests.Response:
    return respond(emulator, "POST", ACCOUNTS, NAMED, **more)


def fault(memory: InMemory, kind: str, **settings: Any) -> str:
    return str(memory.post("/_emulator/faults", {"kind": kind, **settings})["faults"][0]["id"])


def reply(memory: InMemory, method: str, path: str, body: object = None) -> Reply:
    found, _ = memory.reply(method, path, body)
    assert found is not None
    return found


def statuses(memory: InMemory, number: int, path: str = PROJECTS) -> list[int]:
    return [memory("GET", path)[0] for _ in range(number)]


# --- which calls ---


def test_a_fault_is_for_a_method_and_a_path(memory: InMemory) -> None:
    fault(memory, "status", method="POST", path="/organization/projects/*/service_accounts", times=None, body={})
    fault(memory, "status", status=418, path_regex=r"/organization/projects/proj_(demo|staging)", id="mine")
    assert statuses(memory, 1, ACCOUNTS) == [200]
    assert statuses(memory, 2, f"{PROJECTS}/{DEMO}") == [418, 200]
    assert [memory("POST", ACCOUNTS, NAMED)[0] for _ in range(2)] == [500, 500]
    memory.delete("/_emulator/faults/mine")
    assert [shown["kind"] for shown in memory.get("/_emulator/faults")["faults"]] == ["status"]
    memory.delete("/_emulator/faults")
    assert memory("POST", ACCOUNTS, NAMED)[0] == 200


def test_the_next_n_after_the_first_k(memory: InMemory) -> None:
    id_ = fault(memory, "status", status=503, skip=1, times=2)
    assert statuses(memory, 5) == [200, 503, 503, 200, 200]
    (shown,) = memory.get("/_emulator/faults")["faults"]
    assert (shown["id"], shown["hits"], shown["times"], shown["skip"]) == (id_, 2, 0, 0)


def test_a_probability_with_a_seed_throws_the_same_dice(memory: InMemory) -> None:
    thrown = []
    for _ in range(2):
        memory.delete("/_emulator/faults")
        fault(memory, "status", probability=0.5, random_seed=4, times=None)
        thrown.append(statuses(memory, 20))
    assert set(thrown[0]) == {200, 500}
    assert thrown[0] == thrown[1]


def test_the_first_fault_that_matches_is_the_only_one(memory: InMemory) -> None:
    for status in (500, 502):
        fault(memory, "status", status=status)
    assert statuses(memory, 3) == [500, 502, 200]


def test_each_kind_is_described_and_can_be_set_as_it_is_suggested(memory: InMemory) -> None:
    shown = memory.get("/_emulator/faults/kinds")
    assert {"id", "kind", "path", "hits"} <= {*shown["common"]}
    for kind in shown["kinds"]:
        assert kind["what"].endswith(".")
        assert not {*shown["common"]} & {*kind["suggested"]}
        fault(memory, kind["kind"], **kind["suggested"])
    assert len(memory.get("/_emulator/faults")["faults"]) == 16


# --- other responses ---

JSON, HTML = "application/json", "text/html; charset=utf-8"
WRAPPED = '{"error": {"message": "no", "type": "server_error"'
SLOW = "You've exceeded the rate limit, please slow down"
REPLIES: list[tuple[str, dict[str, Any], int, str, str, int]] = [
    ("status", {"message": "no"}, 500, JSON, WRAPPED, 0),
    ("status", {"shape": "bare", "message": "no"}, 500, JSON, '{"code": 500, "message": "no"}', 0),
    ("status", {"shape": "string", "message": "no"}, 500, JSON, '{"error": "no"}', 0),
    ("status", {"shape": "html", "message": "no"}, 500, HTML, "<html>", 0),
    ("status", {"shape": "empty"}, 500, JSON, "", 0),
    ("status", {"body": {"odd": [1]}, "when": "after"}, 500, JSON, '{"odd": [1]}', 1),
    ("status", {"body": "oops"}, 500, "text/plain; charset=utf-8", "oops", 0),
    ("status", {"status": 204}, 204, JSON, "", 0),
    ("unrelated_404", {}, 404, JSON, "Unsupported endpoint", 0),
    ("unrelated_404", {"how": "invalid_url"}, 404, JSON, f"Invalid URL (POST /v1{ACCOUNTS})", 0),
    ("unrelated_404", {"how": "html"}, 404, HTML, "<html><head><title>404</title></head>", 0),
    ("throttle", {"seconds": 1.25}, 429, JSON, f"{SLOW} and try again after 1.25 seconds.", 0),
    ("throttle", {"advice": "none"}, 429, JSON, f"{SLOW}.", 0),
    ("redirect", {"status": 302, "location": "http://127.0.0.1:9/elsewhere"}, 302, JSON, "", 0),
    ("not_json", {"text": "OK"}, 200, JSON, "OK", 1),
    ("empty_body", {}, 200, JSON, "", 1),
    ("without_id", {}, 200, JSON, '{"object": "organization.project.service_account", "name": "a"', 1),
    ("delay", {"seconds": 20}, 200, JSON, '{"object":"organization.project.service_account","id":', 1),
]


@pytest.mark.parametrize(("kind", "settings", "status", "content_type", "text", "made"), REPLIES)
def test_a_response_is_another_one(
    memory: InMemory, kind: str, settings: dict[str, Any], status: int, content_type: str, text: str, made: int
) -> None:
    fault(memory, kind, **settings)
    found = reply(memory, "POST", ACCOUNTS, NAMED)
    assert (found.status, found.content_type, text in found.body.decode()) == (status, content_type, True)
    assert bool(found.body) is bool(text)
    assert len(memory.listed(ACCOUNTS)) == made
    assert memory.emulator.log.shown()[0]["fault_kind"] == kind
    assert memory.time.now() == 1_800_000_000 + (20 if kind == "delay" else 0)


def test_headers_of_a_fault(memory: InMemory) -> None:
    for advice, headers in (
        ("retry-after", {"retry-after": "2"}),
        ("retry-after-ms", {"retry-after-ms": "1250"}),
        *(("text", {}), ("none", {})),
    ):
        fault(memory, "throttle", advice=advice, seconds=1.25, headers={"X-Own": "1"})
        assert reply(memory, "GET", PROJECTS).headers == {**headers, "X-Own": "1"}
    fault(memory, "throttle", advice="retry-after-date")
    assert email.utils.parsedate_to_datetime(reply(memory, "GET", PROJECTS).headers["retry-after"])
    fault(memory, "status", headers={"X-Should-Retry": "false"})
    assert reply(memory, "GET", PROJECTS).headers == {"X-Should-Retry": "false"}
    fault(memory, "redirect", location="http://127.0.0.1:9/elsewhere")
    assert reply(memory, "GET", PROJECTS).headers == {"location": "http://127.0.0.1:9/elsewhere"}


def test_a_changed_reply_leaves_refusals_alone(memory: InMemory) -> None:
    for kind in ("without_id", "null_api_key"):
        fault(memory, kind)
        assert memory("GET", f"{PROJECTS}/proj_nobody")[1]["error"]["code"] == "not_found"
    fault(memory, "null_api_key")
    assert memory.post(ACCOUNTS, NAMED)["api_key"] is None


# --- lists ---


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ("without_new", ["Other name"]),
        ("as_before", ["There", "Gone"]),
        ("empty", []),
        (None, ["Other name", "New"]),
    ],
)
def test_a_list_that_lags_behind(memory: InMemory, how: str | None, names: list[str]) -> None:
    there, gone = (memory.post(GROUPS, {"name": name})["id"] for name in ("There", "Gone"))
    memory.server.advance(60)
    memory.post(GROUPS, {"name": "New"})
    memory.delete(f"{GROUPS}/{gone}")
    memory.post(f"{GROUPS}/{there}", {"name": "Other name"})
    if how is not None:
        fault(memory, "lagging_list", how=how, seconds=30)
    page = memory.get(GROUPS)
    assert ([row["name"] for row in page["data"]], page["has_more"], page["next"]) == (names, False, None)


@pytest.mark.parametrize(("path", "cursor"), [(PROJECTS, "last_id"), (GROUPS, "next")])
@pytest.mark.parametrize("how", ["no_cursor", "repeated_cursor", "endless", "no_has_more"])
def test_a_list_with_a_wrong_cursor(memory: InMemory, path: str, cursor: str, how: str) -> None:
    for number in range(3):
        memory.post(path, {"name": str(number)})
    fault(memory, "paging", how=how, method="GET", times=None)
    assert memory.get(f"{PROJECTS}/{DEMO}")["name"] == "Demo"
    first = memory.get(f"{path}?limit=1")
    if how in ("no_cursor", "no_has_more"):
        assert (first[cursor] is None) is (how == "no_cursor")
        assert ("has_more" in first) is (how == "no_cursor")
        return
    second = memory.get(f"{path}?limit=1&after={first[cursor]}")
    assert (first["has_more"], second["has_more"]) == (True, True)
    assert (first[cursor] == second[cursor]) is (how == "repeated_cursor")
    assert (first["data"] == second["data"]) is (how == "endless")


# --- other clients ---


def test_another_client_acts_around_a_call(memory: InMemory) -> None:
    other = {"path": f"{ACCOUNTS}?x=1", "body": {"name": "theirs"}}
    wanted = {"method": "POST", "path": "*/service_accounts", "requests": [other]}
    fault(memory, "interleave", skip=1, **wanted)
    for names in (["a"], ["a", "theirs", "a"]):
        memory.post(ACCOUNTS, NAMED)
        assert memory.listed(ACCOUNTS, "name") == names
    assert [entry["method"] for entry in memory.emulator.log.shown()] == ["POST", "GET", "POST", "GET"]
    ((found,),) = [shown["replies"] for shown in memory.get("/_emulator/faults")["faults"]]
    assert (found["status"], found["body"]["name"], found["body"]["api_key"]["value"]) == (200, "theirs", "sk-***")
    fault(memory, "interleave", when="after", **wanted)
    fault(memory, "reset", when="after", method="POST")
    assert memory("POST", ACCOUNTS, NAMED) == (0, None)
    assert memory.listed(ACCOUNTS, "name") == ["a", "theirs", "a", "a", "theirs"]


def test_another_client_has_a_name_in_the_audit_log(memory: InMemory) -> None:
    memory.post("/_emulator/seed", {"users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com"}]})
    make = {"path": GROUPS, "body": {"name": "theirs"}}
    made = [{**make, "email": "grace@example.com"}, {**make, "email": "gone@example.com"}, make]
    fault(memory, "interleave", path=GROUPS, requests=made)
    memory.get(GROUPS)
    keys = [event["actor"]["api_key"] for event in memory.events()]
    assert {key["id"] for key in keys} == {"key_another-client"}
    users = [{"id": "user-grace", "email": "grace@example.com"}, {"email": "gone@example.com"}, {}]
    assert [key["user"] for key in keys] == users


# --- calls whose client gives up, without a socket and with one ---


def test_a_call_in_the_same_process_acts_by_the_clock_of_its_client(memory: InMemory) -> None:
    fault(memory, "late", seconds=50, method="POST")
    assert memory("POST", GROUPS, {"name": "Late"}) == (0, None)
    assert memory.time.now() == 1_800_000_030
    memory.server.advance(49)
    assert memory.listed(GROUPS) == []
    memory.server.advance(1)
    (group,) = memory.get(GROUPS)["data"]
    assert (group["name"], group["created_at"]) == ("Late", 1_800_000_080)
    for kind, settings in (("reset", {}), ("hang", {"when": "after"}), ("delay", {"seconds": 20})):
        fault(memory, kind, **settings)
    assert memory("GET", GROUPS)[0] == memory("DELETE", f"{GROUPS}/{group['id']}")[0] == 0
    assert memory.listed(GROUPS) == []
    assert memory.time.now() == 1_800_000_130


@pytest.mark.parametrize(
    ("settings", "error", "made", "ended"),
    [
        ({"kind": "reset"}, requests.ConnectionError, 0, "reset"),
        ({"kind": "reset", "when": "after"}, requests.ConnectionError, 1, "reset"),
        ({"kind": "hang"}, requests.ReadTimeout, 0, "reset"),
        ({"kind": "hang", "when": "after"}, requests.ReadTimeout, 1, "reset"),
        ({"kind": "late", "seconds": 0.1}, requests.ReadTimeout, 1, "replied"),
        ({"kind": "truncate"}, requests.RequestException, 1, "truncated"),
    ],
)
def test_a_client_gets_no_whole_response(
    emulator: EmulatorServer, control: Control, settings: dict[str, Any], error: type[Exception], made: int, ended: str
) -> None:
    assert respond(emulator, "GET", PROJECTS).status_code == 200
    id_ = control.fault(method="POST", **settings)
    with pytest.raises(error):
        create(emulator, timeout=0.3)
    while control.requests()[-1]["ended"] == "open":
        time.sleep(0.01)
    entry = control.requests()[-1]
    assert (entry["fault"], entry["fault_kind"], entry["ended"]) == (id_, settings["kind"], ended)
    assert accounts_ever(control) == made
    assert create(emulator).status_code == 200


@pytest.mark.parametrize("wait", ["delay", "latency"])
def test_a_call_under_way_does_nothing_after_a_reset(emulator: EmulatorServer, control: Control, wait: str) -> None:
    if wait == "delay":
        control.fault(kind="delay", seconds=0.5, method="POST")
    else:
        control.world(latency_seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(create, emulator)
        while not control.requests():
            time.sleep(0.01)
        control.reset()
        with pytest.raises(requests.ConnectionError):
            call.result()
    assert accounts_ever(control) == 0

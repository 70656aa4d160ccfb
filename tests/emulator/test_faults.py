from __future__ import annotations

import email.utils
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin.emulator.control.emulator import Emulator, open_store
from pulumi_openai_admin.emulator.control.seed import empty
from pulumi_openai_admin.emulator.server.in_process import InProcess, SimulatedTime

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization.projects import Projects

    from pulumi_openai_admin.emulator import Control

DEMO = "proj_demo"
ACCOUNTS = f"/{DEMO}/service_accounts"


def accounts_ever(control: Control) -> int:
    return control.state()["totals"]["service_accounts_ever"]


def create(http: Http, **more: Any) -> requests.Response:
    return http("POST", ACCOUNTS, {"name": "a"}, **more)


def test_a_fault_is_for_a_method_and_a_path(http: Http, control: Control) -> None:
    control.fault(kind="status", method="POST", path="/organization/projects/*/service_accounts", times=None)
    control.fault(kind="status", status=418, path_regex=r"/organization/projects/proj_(demo|staging)", id="mine")
    assert http("GET", ACCOUNTS).status_code == 200
    assert http("GET", f"/{DEMO}").status_code == 418
    assert create(http).status_code == 500
    control.clear_faults("mine")
    assert http("GET", f"/{DEMO}").status_code == 200
    control.clear_faults()
    assert create(http).status_code == 200


def test_the_next_n_after_the_first_k(http: Http, control: Control) -> None:
    fault = control.fault(kind="status", status=503, skip=1, times=2)
    assert [http("GET", "").status_code for _ in range(5)] == [200, 503, 503, 200, 200]
    (shown,) = control.faults()
    assert (shown["id"], shown["hits"], shown["times"], shown["skip"]) == (fault, 2, 0, 0)


def test_a_probability_with_a_seed_throws_the_same_dice(http: Http, control: Control) -> None:
    def throw() -> list[int]:
        control.clear_faults()
        control.fault(kind="status", probability=0.5, random_seed=4, times=None)
        return [http("GET", "").status_code for _ in range(20)]

    first = throw()
    assert set(first) == {200, 500}
    assert throw() == first


def test_the_first_fault_that_matches_is_the_only_one(http: Http, control: Control) -> None:
    control.fault(kind="status", status=500)
    control.fault(kind="status", status=502)
    assert [http("GET", "").status_code for _ in range(3)] == [500, 502, 200]


@pytest.mark.parametrize(
    ("fault", "content_type", "text"),
    [
        ({"message": "no"}, "application/json", '{"error": {"message": "no", "type": "server_error"'),
        ({"shape": "bare", "message": "no"}, "application/json", '{"code": 500, "message": "no"}'),
        ({"shape": "string", "message": "no"}, "application/json", '{"error": "no"}'),
        ({"shape": "html", "message": "Bad gateway"}, "text/html; charset=utf-8", "<html>"),
        ({"shape": "empty"}, "application/json", ""),
        ({"body": {"odd": [1]}}, "application/json", '{"odd": [1]}'),
        ({"body": "oops"}, "text/plain; charset=utf-8", "oops"),
    ],
)
def test_a_status_in_each_shape(
    http: Http, control: Control, fault: dict[str, Any], content_type: str, text: str
) -> None:
    control.fault(kind="status", headers={"X-Should-Retry": "false"}, **fault)
    reply = create(http)
    assert (reply.status_code, reply.headers["content-type"]) == (500, content_type)
    assert reply.headers["x-should-retry"] == "false"
    assert reply.text.startswith(text)
    assert accounts_ever(control) == 0


@pytest.mark.parametrize("how", ["unsupported_endpoint", "invalid_url", "html"])
def test_a_404_that_is_not_about_the_object(api: Http, control: Control, how: str) -> None:
    control.fault(kind="unrelated_404", how=how)
    reply = api("GET", "/tunnels/x")
    text = {
        "unsupported_endpoint": '{"error": {"message": "Unsupported endpoint", "type": "invalid_request_error"',
        "invalid_url": '{"error": {"message": "Invalid URL (GET /v1/tunnels/x)", "type": "invalid_request_error"',
        "html": "<html><head><title>404</title></head>",
    }[how]
    assert (reply.status_code, reply.text[: len(text)]) == (404, text)
    assert reply.headers["content-type"].startswith("text/html" if how == "html" else "application/json")


def test_a_throttle_with_each_form_of_advice(http: Http, control: Control) -> None:
    def throttled(advice: str) -> tuple[requests.Response, str]:
        control.fault(kind="throttle", advice=advice, seconds=1.25)
        reply = http("GET", "")
        assert reply.status_code == 429
        return reply, reply.json()["error"]["message"]

    assert throttled("retry-after")[0].headers["retry-after"] == "2"
    assert throttled("retry-after-ms")[0].headers["retry-after-ms"] == "1250"
    assert email.utils.parsedate_to_datetime(throttled("retry-after-date")[0].headers["retry-after"])
    reply, message = throttled("text")
    assert "retry-after" not in reply.headers
    expected = "You've exceeded the rate limit, please slow down and try again after 1.25 seconds."
    assert message == expected
    reply, message = throttled("none")
    assert "retry-after" not in reply.headers
    assert "seconds" not in message


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_reset(http: Http, control: Control, when: str, made: int) -> None:
    assert http("GET", "").status_code == 200
    fault = control.fault(kind="reset", when=when, method="POST")
    with pytest.raises(requests.ConnectionError):
        create(http)
    assert accounts_ever(control) == made
    entry = control.requests()[-1]
    assert (entry["fault"], entry["fault_kind"], entry["ended"], entry["status"]) == (fault, "reset", "reset", None)
    assert create(http).status_code == 200


def test_a_body_that_breaks_off(http: Http, control: Control) -> None:
    control.fault(kind="truncate")
    with pytest.raises(requests.RequestException, match=r"IncompleteRead|Connection broken"):
        create(http)
    assert accounts_ever(control) == 1
    assert control.requests()[-1]["ended"] == "truncated"


@pytest.mark.parametrize(("fault", "text"), [({"kind": "not_json", "text": "OK"}, "OK"), ({"kind": "empty_body"}, "")])
def test_a_success_that_is_not_json(http: Http, control: Control, fault: dict[str, Any], text: str) -> None:
    control.fault(**fault)
    reply = create(http)
    assert (reply.status_code, reply.text) == (200, text)
    assert accounts_ever(control) == 1


def test_a_success_without_an_id_and_one_with_a_null_key(http: Http, control: Control) -> None:
    control.fault(kind="without_id")
    control.fault(kind="null_api_key")
    assert "id" not in create(http).json()
    content = create(http).json()
    assert content["id"]
    assert content["api_key"] is None
    assert accounts_ever(control) == 2


@pytest.mark.parametrize("wait", ["delay", "latency"])
def test_a_call_under_way_does_nothing_after_a_reset(http: Http, control: Control, wait: str) -> None:
    if wait == "delay":
        control.fault(kind="delay", seconds=0.5, method="POST")
    else:
        control.world(latency_seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(create, http)
        while not control.requests():
            time.sleep(0.01)
        control.reset()
        with pytest.raises(requests.ConnectionError):
            call.result()
    assert accounts_ever(control) == 0
    assert create(http).status_code == 200


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_call_that_hangs_until_the_client_gives_up(http: Http, control: Control, when: str, made: int) -> None:
    control.fault(kind="hang", when=when)
    with pytest.raises(requests.ReadTimeout):
        create(http, timeout=0.3)
    assert accounts_ever(control) == made
    assert create(http).status_code == 200


def test_a_late_call_acts_after_the_client_has_given_up(http: Http, control: Control) -> None:
    control.fault(kind="late", seconds=0.2)
    with pytest.raises(requests.ReadTimeout):
        create(http, timeout=0.2)
    while control.requests()[-1]["ended"] == "open":
        time.sleep(0.01)
    assert accounts_ever(control) == 1


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ("without_new", ["Other name"]),
        ("as_before", ["There", "Gone"]),
        ("empty", []),
        (None, ["Other name", "New"]),
    ],
)
def test_a_list_that_lags_behind(how: str | None, names: list[str]) -> None:
    server = in_process()
    there, gone = (made(server, "POST", "/organization/groups", {"name": name})["id"] for name in ("There", "Gone"))
    server.advance(60)
    made(server, "POST", "/organization/groups", {"name": "New"})
    made(server, "DELETE", f"/organization/groups/{gone}")
    made(server, "POST", f"/organization/groups/{there}", {"name": "Other name"})
    if how is not None:
        server.emulator.faults.add([{"kind": "lagging_list", "how": how, "seconds": 30}])
    page = made(server, "GET", "/organization/groups")
    assert [row["name"] for row in page["data"]] == names
    assert page["has_more"] is False


def test_a_call_in_the_same_process_acts_by_the_clock_of_its_client() -> None:
    server = in_process()
    server.emulator.faults.add([{"kind": "late", "seconds": 50, "method": "POST"}])
    assert made(server, "POST", "/organization/groups", {"name": "Late"}) is None
    assert server.time.now() == 1_800_000_030
    server.advance(49)
    assert made(server, "GET", "/organization/groups")["data"] == []
    server.advance(1)
    (group,) = made(server, "GET", "/organization/groups")["data"]
    assert (group["name"], group["created_at"]) == ("Late", 1_800_000_080)
    server.emulator.faults.add([{"kind": "reset"}, {"kind": "hang", "when": "after"}, {"kind": "delay", "seconds": 20}])
    assert made(server, "GET", "/organization/groups") is None
    assert made(server, "DELETE", f"/organization/groups/{group['id']}") is None
    assert made(server, "GET", "/organization/groups")["data"] == []
    assert server.time.now() == 1_800_000_130


def in_process() -> InProcess:
    clock = SimulatedTime(1_800_000_000)
    return InProcess(Emulator(open_store(None), empty(), "sk-admin-1234", clock), clock)


def made(server: InProcess, method: str, path: str, body: object = None) -> Any:
    headers = {"authorization": "Bearer sk-admin-1234"}
    sent = b"" if body is None else json.dumps(body).encode()
    answered = server.request(method, path, body=sent, headers=headers, timeout=30)
    return None if answered is None else json.loads(answered[0].body)


@pytest.mark.parametrize(("path", "cursor"), [("/organization/projects", "last_id"), ("/organization/groups", "next")])
@pytest.mark.parametrize("how", ["no_cursor", "repeated_cursor", "endless", "no_has_more"])
def test_a_list_with_a_wrong_cursor(api: Http, control: Control, path: str, cursor: str, how: str) -> None:
    for number in range(3):
        api("POST", path, {"name": str(number)})
    control.fault(kind="paging", how=how, method="GET", times=None)
    first = api("GET", f"{path}?limit=1").json()
    if how in ("no_cursor", "no_has_more"):
        assert (first[cursor] is None) is (how == "no_cursor")
        assert ("has_more" in first) is (how == "no_cursor")
        return
    second = api("GET", f"{path}?limit=1&after={first[cursor]}").json()
    assert (first["has_more"], second["has_more"]) == (True, True)
    assert (first[cursor] == second[cursor]) is (how == "repeated_cursor")
    assert (first["data"] == second["data"]) is (how == "endless")


def test_what_is_no_list_has_no_pages(projects: Projects, control: Control) -> None:
    control.fault(kind="paging", how="no_cursor")
    assert projects.retrieve(DEMO).name == "Demo"
    (entry,) = control.requests()
    assert (entry["status"], entry["ended"], entry["fault_kind"]) == (200, "replied", "paging")


def test_another_client_acts_just_before_a_call(http: Http, control: Control) -> None:
    other = {"path": f"/organization/projects/{DEMO}/service_accounts", "body": {"name": "theirs"}}
    control.fault(kind="interleave", method="POST", path="*/service_accounts", skip=1, requests=[other])
    assert create(http).status_code == 200
    assert accounts_ever(control) == 1
    assert create(http).status_code == 200
    names = [account["name"] for account in http("GET", ACCOUNTS).json()["data"]]
    assert names == ["a", "theirs", "a"]
    assert [entry["method"] for entry in control.requests()] == ["POST", "POST", "GET"]
    ((reply,),) = [fault["replies"] for fault in control.faults()]
    assert (reply["status"], reply["body"]["name"], reply["body"]["api_key"]["value"]) == (200, "theirs", "sk-***")


def test_another_client_acts_after_a_call_whose_reply_is_lost(http: Http, control: Control) -> None:
    other = {"path": f"/organization/projects/{DEMO}/service_accounts?x=1", "body": {"name": "theirs"}}
    control.fault(kind="interleave", method="POST", path="*/service_accounts", when="after", requests=[other])
    control.fault(kind="reset", when="after", method="POST")
    with pytest.raises(requests.ConnectionError):
        create(http)
    assert [account["name"] for account in http("GET", ACCOUNTS).json()["data"]] == ["a", "theirs"]


def test_another_client_has_a_name_in_the_audit_log(api: Http, control: Control) -> None:
    control.seed({"users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "owner"}]})
    make = {"path": "/organization/groups", "body": {"name": "theirs"}}
    requests_of_others = [{**make, "email": "grace@example.com"}, {**make, "email": "gone@example.com"}, make]
    control.fault(kind="interleave", path="/organization/groups", requests=requests_of_others)
    api("GET", "/organization/groups")
    events = api("GET", "/organization/audit_logs?event_types[]=group.created").json()["data"]
    keys = [event["actor"]["api_key"] for event in reversed(events)]
    assert {key["id"] for key in keys} == {"key_another-client"}
    assert [key["user"] for key in keys] == [
        {"id": "user-grace", "email": "grace@example.com"},
        {"email": "gone@example.com"},
        {},
    ]


def test_a_status_with_no_body_of_its_own(http: Http, control: Control) -> None:
    control.fault(kind="status", status=204)
    assert http("DELETE", f"{ACCOUNTS}/x").content == b""


def test_a_redirect(http: Http, control: Control) -> None:
    control.fault(kind="redirect", status=302, location="http://127.0.0.1:9/elsewhere")
    reply = http("GET", "", allow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (302, "http://127.0.0.1:9/elsewhere")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_delay_goes_on_as_usual(http: Http, control: Control, when: str) -> None:
    control.fault(kind="delay", seconds=0.05, when=when)
    assert create(http).status_code == 200
    assert control.requests()[-1]["seconds"] >= 0.05


def test_a_changed_reply_leaves_refusals_alone(http: Http, control: Control) -> None:
    control.fault(kind="without_id")
    assert http.refusal("GET", "/proj_nobody")[0] == 404

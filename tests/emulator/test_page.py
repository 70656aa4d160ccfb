"""What the page is made of: the document with its headers, the events, the numbers."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.by_hand import respond
from tests.company import spend_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import InMemory

    from pulumi_openai_admin.emulator import Control, EmulatorServer

DEMO = "proj_demo"
MANY = 250


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.trust_env = False
        yield opened


class Events:
    """The stream of events, read one at a time."""

    def __init__(self, reply: requests.Response) -> None:
        assert reply.headers["content-type"].startswith("text/event-stream")
        self._lines = reply.iter_lines(decode_unicode=True)

    def next(self) -> tuple[str, dict[str, Any]]:
        name = next(self._lines).removeprefix("event: ")
        data = json.loads(next(self._lines).removeprefix("data: "))
        assert next(self._lines) == ""
        return name, data

    def until(self, wanted: str) -> dict[str, Any]:
        while True:
            name, data = self.next()
            if name == wanted:
                return data

    def ended(self, path: str) -> dict[str, Any]:
        while True:
            for request in self.until("requests")["requests"]:
                if request["path"] == path and request["ended"] != "open":
                    return dict(request)


@pytest.fixture
def events(emulator: EmulatorServer, session: requests.Session) -> Iterator[Events]:
    address = f"http://127.0.0.1:{emulator.port}/_emulator/requests/events"
    with session.get(address, stream=True, timeout=10) as reply:
        yield Events(reply)


def test_the_page_lets_nothing_from_elsewhere_in(emulator: EmulatorServer, session: requests.Session) -> None:
    reply = session.get(f"http://127.0.0.1:{emulator.port}/", timeout=10)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["x-frame-options"] == "DENY"
    assert "//" not in reply.text.split("<script>")[0].replace("</", "")


def test_requests_come_as_events_with_secrets_masked(events: Events, emulator: EmulatorServer) -> None:
    assert events.next() == ("requests", {"requests": [], "left_off": 0})
    respond(emulator, "POST", f"/organization/projects/{DEMO}/service_accounts", {"name": "sk-admin-aaaabbbbcccc"})
    request = events.ended(f"/organization/projects/{DEMO}/service_accounts")
    assert (request["method"], request["status"], request["body"]) == ("POST", 200, {"name": "sk-***"})
    assert "sk-admin" not in json.dumps(request)


def test_a_request_that_hangs_is_shown_before_it_ends(events: Events, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="hang", path="*/nowhere")
    events.until("control")
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=10) as connection:
        connection.sendall(f"GET /v1/nowhere HTTP/1.1\r\nHost: 127.0.0.1:{emulator.port}\r\n\r\n".encode())
        shown: list[dict[str, Any]] = []
        while not shown:
            shown = events.until("requests")["requests"]
    assert (shown[0]["path"], shown[0]["ended"], shown[0]["status"]) == ("/nowhere", "open", None)
    assert events.ended("/nowhere")["ended"] == "reset"


def test_a_new_page_gets_the_newest_requests(emulator: EmulatorServer, session: requests.Session) -> None:
    for number in range(MANY):
        respond(emulator, "GET", f"/{number}")
    address = f"http://127.0.0.1:{emulator.port}/_emulator/requests/events"
    with session.get(address, stream=True, timeout=10) as reply:
        _name, data = Events(reply).next()
    assert len(data["requests"]) + data["left_off"] == MANY
    assert data["left_off"] > 0
    assert data["requests"][-1]["path"].endswith(f"/{MANY - 1}")


def test_the_overview_counts_and_sums_up(memory: InMemory) -> None:
    memory.post("/organization/spend_limit", spend_limit(50_000))
    memory.post("/organization/groups", {"name": "Engineering"})
    memory.post(f"/organization/projects/{DEMO}/service_accounts", {"name": "ci"})
    for project in (DEMO, "proj_staging"):
        used = {"project_id": project, "model": "gpt-4o", "output_tokens": 1_000_000}
        memory.post("/_emulator/usage", used)
        memory.post(f"/organization/projects/{project}/spend_limit", spend_limit(100))
    memory.delete("/organization/projects/proj_staging/spend_limit")
    found = memory.get("/_emulator/overview")
    assert (found["counts"]["project"], found["counts"]["group"], found["counts"]["service_account"]) == (5, 1, 1)
    spent = {"spent": 20, "spent_by_project": {DEMO: 10, "proj_staging": 10}}
    assert found["month"] == {"limit": 500, "limit_by_project": {DEMO: 1}, **spent}


def test_who_follows_hears_of_changed_faults_and_of_an_empty_log(events: Events, control: Control) -> None:
    events.next()
    control.fault(kind="reset")
    assert events.until("control") == {}
    control.clear_requests()
    assert events.until("cleared") == {}

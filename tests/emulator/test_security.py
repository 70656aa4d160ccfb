from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import requests
from openai import OpenAI

from pulumi_openai_admin.emulator import EmulatorServer
from tests.systems import needs_linux

if TYPE_CHECKING:
    from conftest import InMemory


PATHS = ("/_emulator/reset", "/v1/organization/projects", "/", "/docs")


def address(server: EmulatorServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def post(server: EmulatorServer, path: str, **headers: str) -> requests.Response:
    headers.setdefault("Authorization", f"Bearer {server.admin_key}")
    with requests.Session() as session:
        session.trust_env = False
        return session.post(address(server) + path, json={"name": "theirs"}, headers=headers, timeout=10)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin", ["https://example.com", "null", "http://localhost:1", "http://127.0.0.1.example.com"]
)
def test_a_page_from_elsewhere_changes_nothing(emulator: EmulatorServer, path: str, origin: str) -> None:
    before = emulator.control.live()
    reply = post(emulator, path, Origin=origin)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "foreign_origin")
    assert emulator.control.live() == before
    assert emulator.control.requests() == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["example.com", "example.com:80", "127.0.0.1.example.com", "[", "192.0.2.1", "x@y"])
def test_another_name_for_this_machine_is_refused(emulator: EmulatorServer, path: str, host: str) -> None:
    reply = post(emulator, path, Host=host)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "foreign_host")
    assert "127.0.0.1" in reply.json()["error"]["message"]


def test_its_own_pages_and_names_are_served(emulator: EmulatorServer) -> None:
    for host in (f"127.0.0.1:{emulator.port}", f"localhost:{emulator.port}", f"[::1]:{emulator.port}"):
        assert post(emulator, "/v1/organization/projects", Host=host, Origin=f"http://{host}").status_code == 200


def memory(server: EmulatorServer) -> int:
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def statuses(server: EmulatorServer, path: str) -> list[int]:
    """Send a body of 13 MB in pieces, thirty times; the connection may close before all is sent."""
    found = []
    for _ in range(30):
        with requests.Session() as session, contextlib.suppress(requests.ConnectionError):
            session.trust_env = False
            reply = session.post(address(server) + path, data=(b"x" * 65_536 for _ in range(200)), timeout=10)
            found.append(reply.status_code)
    return found


@needs_linux
@pytest.mark.parametrize("path", ["/v1/organization/projects", "/_emulator/seed"])
def test_bodies_without_end_take_no_memory(path: str) -> None:
    with EmulatorServer() as server:
        before = memory(server)
        assert set(statuses(server, path)) <= {413}
        assert memory(server) - before < 20_000


def test_a_body_that_is_announced_as_too_large_is_not_read(emulator: EmulatorServer) -> None:
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=10) as connection:
        lines = ["POST /v1/x HTTP/1.1", f"Host: 127.0.0.1:{emulator.port}", "Content-Length: 2000000", "", ""]
        connection.sendall("\r\n".join(lines).encode())
        reply = b""
        while chunk := connection.recv(65_536):
            reply += chunk
    assert reply.startswith(b"HTTP/1.1 413 ")
    assert b"request_too_large" in reply


def test_half_a_body_does_nothing(emulator: EmulatorServer) -> None:
    lines = [
        "POST /v1/organization/projects HTTP/1.1",
        f"Host: 127.0.0.1:{emulator.port}",
        f"Authorization: Bearer {emulator.admin_key}",
        "Transfer-Encoding: chunked",
        "",
        '10\r\n{"name": "half"}',
        "",
    ]
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
    assert post(emulator, "/v1/organization/groups").status_code == 200
    assert "'half'" not in str(emulator.control.live("project"))
    assert [entry["path"] for entry in emulator.control.requests()] == ["/organization/groups"]


@pytest.mark.parametrize("path", ["/organization/projects", "/_emulator/wrld", "/v2/organization/projects"])
def test_a_path_outside_the_api_is_refused_with_where_the_api_begins(emulator: EmulatorServer, path: str) -> None:
    reply = post(emulator, path)
    assert reply.status_code == 404
    advice = "The API begins at /v1, the control API at /_emulator; /openapi.json lists both."
    assert reply.json()["error"]["message"] == f"Invalid URL (POST {path}). {advice}"


DEMO = "proj_demo"
SEEDED = "sk-svcacct-from-the-seed-0123456789"
ADMIN = "sk-admin-a-secret-of-its-own-0123456789"


def test_a_keys_value_is_in_its_create_reply_and_nowhere_else(tmp_path: Path) -> None:
    seed = {"projects": [{"id": DEMO, "name": "D", "service_accounts": [{"name": "s", "keys": [{"value": SEEDED}]}]}]}
    with EmulatorServer(state=tmp_path / "state", seed=seed, admin_key=ADMIN) as server:
        control = server.control
        control.fault(kind="reset", when="after", path="*/nobody")
        with OpenAI(admin_api_key=ADMIN, base_url=server.base_url, max_retries=0) as client:
            projects = client.admin.organization.projects
            account = projects.service_accounts.create(DEMO, name=SEEDED)
            key = projects.service_accounts.api_keys.create(account.id, project_id=DEMO, name="k")
            shown = [projects.api_keys.list(DEMO).to_json(), account.model_copy(update={"api_key": None}).to_json()]
        values = (account.api_key.value, key.value, ADMIN)
        replies = [control.call("GET", path) for path in ("requests", "state", "world", "faults")]
        replies.append(control.key(key.value))
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        for value in values:
            assert value not in str(replies)
            assert value not in str(shown)
            assert value.encode() not in kept
        assert SEEDED not in str(control.requests())
        assert control.key(SEEDED)["state"] == "live"
    assert all(value.encode() not in (tmp_path / "state").read_bytes() for value in values)


def test_the_log_says_what_was_asked_and_how_it_ended(memory: InMemory) -> None:
    _, headers = memory.reply("POST", "/organization/projects/proj_demo?x=1", {"name": "New"}, user_agent="me/1")
    (entry,) = memory.get("/_emulator/requests")["requests"]
    about = {"number": 1, "time": memory.time.now(), "seconds": 0, "request_id": headers["x-request-id"]}
    asked = {"method": "POST", "path": "/organization/projects/proj_demo", "query": "x=1", "body": {"name": "New"}}
    ended = {"headers": {"user-agent": "me/1"}, "status": 200, "fault": None, "fault_kind": None, "ended": "replied"}
    assert entry == {**about, **asked, **ended}
    memory.delete("/_emulator/requests")
    assert memory.get("/_emulator/requests") == {"requests": []}


def test_the_log_keeps_long_bodies_short_and_old_ones_not_at_all(memory: InMemory) -> None:
    for number in range(2_000):
        memory("POST", f"/{number}", {"name": "x" * 12_000}, key="")
    entries = memory.get("/_emulator/requests")["requests"]
    assert len(str(entries)) < 20_000_000
    assert entries[-1]["path"].endswith("/1999")
    assert entries[0]["path"] != "/0"


@pytest.mark.parametrize(
    "secret",
    [
        "sk-admin-abcdefgh12345678",
        "sk-proj-abc_DEF-12345678",
        "sk-svcacct-abcdefgh12345678",
        "sk-abcdefgh12345678",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n",
    ],
)
def test_a_secret_is_in_no_part_of_the_log_wherever_it_is_typed(memory: InMemory, secret: str) -> None:
    quoted = quote(secret)
    memory.reply("GET", f"/organization/admin_api_keys/x?after={quoted}", openai_project=secret.partition("\n")[0])
    memory("POST", f"/organization/projects/{secret}/rate_limits/rl-gpt-4o", {"name": secret, secret: 1})
    for body in (f"name={secret}".encode(), b"x" * 9_990 + secret.encode()):
        memory.reply("POST", "/organization/projects", sent=body)
    shown = str(memory.get("/_emulator/requests"))
    assert shown.count("request_id") == 4
    for value in (secret, secret.splitlines()[-1], "12345678", "MIIEpAIBAAKCAQEA", quoted):
        assert value not in shown

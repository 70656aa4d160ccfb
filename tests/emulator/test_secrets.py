from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import requests
from openai import OpenAI

from pulumi_openai_admin.emulator import EmulatorServer

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Http

    from pulumi_openai_admin.emulator import Control

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


def test_the_log_says_what_was_asked_and_how_it_ended(http: Http, control: Control) -> None:
    reply = http("POST", "/proj_demo?x=1", {"name": "New"}, headers={"user-agent": "me/1"})
    (entry,) = control.requests()
    assert entry["time"]
    assert entry["seconds"]
    assert entry["request_id"] == reply.headers["x-request-id"]
    assert {name: entry[name] for name in ("method", "path", "query", "body", "status", "fault", "ended")} == {
        "method": "POST",
        "path": "/organization/projects/proj_demo",
        "query": "x=1",
        "body": {"name": "New"},
        "status": 200,
        "fault": None,
        "ended": "replied",
    }
    assert entry["headers"]["user-agent"] == "me/1"
    control.clear_requests()
    assert control.requests() == []


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
def test_a_secret_is_in_no_part_of_the_log_wherever_it_is_typed(api: Http, control: Control, secret: str) -> None:
    quoted = quote(secret)
    api(
        "GET",
        f"/organization/admin_api_keys/{quoted}?after={quoted}",
        headers={"openai-project": secret.partition("\n")[0]},
    )
    api("POST", f"/organization/projects/{quoted}/rate_limits/rl-gpt-4o", {"name": secret, secret: 1})
    api("POST", "/organization/projects", data=f"name={secret}".encode())
    api("POST", "/organization/projects", data=b"x" * 9_990 + secret.encode())
    address = f"{control._address}/_emulator/requests/events"
    with requests.Session() as session:
        session.trust_env = False
        with session.get(address, stream=True, timeout=10) as reply:
            events = "".join(islice(reply.iter_lines(decode_unicode=True), 2))
    shown = str(control.requests()) + events
    assert len(control.requests()) == 4
    assert secret not in shown
    assert secret.splitlines()[-1] not in shown
    for value in ("12345678", "MIIEpAIBAAKCAQEA", quoted):
        assert value not in shown

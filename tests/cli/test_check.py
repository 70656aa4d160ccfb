"""`check` says for each thing whether it is well, and what to do where it is not."""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import trustme

if TYPE_CHECKING:
    from conftest import Command, Done

    from pulumi_openai_admin.emulator.process import EmulatorServer

    Texts = dict[str, str]

CONFIGURED = ("key", "address")
ALL = (*CONFIGURED, "network", "admin key", "read", "write", "costs", "audit log", "clock")
ASKED = ALL[2:]
NO_OPENAI = {**dict.fromkeys(CONFIGURED, "good"), "network": "bad", **dict.fromkeys(ASKED[1:], "unknown")}
"""What is found if nobody answers, or another server."""

NOT_ASKED = dict.fromkeys(ASKED, "unknown")
UNUSABLE = {"key": "good", "address": "bad", **NOT_ASKED}
PAGE = {"kind": "not_json", "text": "<html>Log in</html>", "content_type": "text/html", "path": "*/projects"}


def states(done: Done) -> dict[str, str]:
    return {finding["check"]: finding["state"] for finding in json.loads(done.out)["checks"]}


def test_all_is_well(command: Command, emulator: EmulatorServer) -> None:
    before = emulator.control.state()
    done = command.ok("check", "--json")
    assert states(done) == dict.fromkeys(ALL, "good")
    assert json.loads(done.out)["ok"] is True
    assert emulator.control.state() == before
    read, write, *lists = emulator.control.requests()
    assert [(it["method"], it["status"]) for it in lists] == [("GET", 200)] * 2
    assert (read["method"], read["status"]) == ("GET", 200)
    assert write["method"] == "POST"
    assert write["status"] in {400, 404}


@pytest.mark.parametrize("key", ["sk-proj-of-a-project", "sk-admin-revoked"])
def test_a_key_that_is_no_admin_key(command: Command, emulator: EmulatorServer, key: str) -> None:
    done = command.fails("check", OPENAI_ADMIN_KEY=key)
    assert "✗  admin key" in done.out
    assert "Settings > Organization > Admin keys" in done.out
    assert "✓  network" in done.out
    assert f"Or the base URL is wrong: it is {emulator.base_url}, from OPENAI_BASE_URL." in " ".join(done.out.split())
    assert key not in done.out + done.err


def test_a_key_of_another_organization(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.world(organization_id="org-ours")
    command.ok("check", OPENAI_ORG_ID="org-ours")
    done = command.fails("check", OPENAI_ORG_ID="org-theirs")
    assert "✗  admin key" in done.out
    assert "is for another organization" in " ".join(done.out.split())


@pytest.mark.parametrize("shape", ["string", "usual"])
@pytest.mark.parametrize(
    ("scopes", "bad", "good"), [(["api.management.read"], "write", "read"), (["api.management.write"], "read", "write")]
)
def test_a_key_that_lacks_a_scope(
    command: Command, emulator: EmulatorServer, shape: str, scopes: list[str], bad: str, good: str
) -> None:
    emulator.control.world(missing_scope_shape=shape)
    emulator.control.seed({"admin_keys": [{"value": "sk-admin-narrow", "scopes": scopes}]})
    done = command.fails("check", "--json", OPENAI_ADMIN_KEY="sk-admin-narrow")
    found = states(done)
    assert (found["admin key"], found[good], found[bad]) == ("good", "good", "bad")
    finding = next(finding for finding in json.loads(done.out)["checks"] if finding["check"] == bad)
    assert finding["message"].startswith(f"the key cannot {bad}: it lacks the scope api.management.{bad} (status 403")
    assert json.dumps(finding).count(f"api.management.{bad}") == 1
    assert finding["advice"] == "Give the admin key that scope, or use a key that has it."
    assert f"api.management.{bad}" in command("check", OPENAI_ADMIN_KEY="sk-admin-narrow").out


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Missing scopes: api.a.read, api.b.read.", ": it lacks the scopes api.a.read, api.b.read"),
        ("Your role has no costs.", ": Your role has no costs"),
        ("", ""),
    ],
)
@pytest.mark.parametrize(("path", "check"), [("*/costs", "costs"), ("*/audit_logs", "audit log")])
def test_a_key_that_may_not_read_all(
    command: Command, emulator: EmulatorServer, path: str, check: str, message: str, reason: str
) -> None:
    emulator.control.fault(kind="status", status=403, message=message, path=path, times=None)
    done = command.fails("check", "--json")
    assert states(done) == {**dict.fromkeys(ALL, "good"), check: "bad"}
    finding = next(finding for finding in json.loads(done.out)["checks"] if finding["check"] == check)
    assert finding["message"].startswith(f"the key cannot read the {check}{reason} (status 403")


@pytest.mark.parametrize(
    ("fault", "environ", "expected", "told"),
    [
        ({}, {"OPENAI_ADMIN_KEY": ""}, {"key": "bad", "address": "good", **NOT_ASKED}, "config get openai-admin:admin"),
        ({}, {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, NO_OPENAI, "OPENAI_BASE_URL"),
        ({}, {"OPENAI_BASE_URL": "EMULATOR/v2"}, NO_OPENAI, "Check OPENAI_BASE_URL"),
        ({}, {"OPENAI_BASE_URL": "EMULATOR"}, NO_OPENAI, "Check OPENAI_BASE_URL"),
        (PAGE, {}, NO_OPENAI, "proxy"),
        (
            {"kind": "redirect", "location": "https://example.com/", "path": "*/projects"},
            {},
            NO_OPENAI,
            "that would send the key to another address",
        ),
        (
            {"kind": "status", "status": 503, "path": "*/projects"},
            {},
            {**dict.fromkeys((*CONFIGURED, "network", "clock"), "good"), **dict.fromkeys(ASKED[1:-1], "unknown")},
            "Run the same command again in a few minutes.",
        ),
        ({}, {"OPENAI_BASE_URL": "http://api.openai.com/v1"}, UNUSABLE, "https://"),
        ({}, {"OPENAI_BASE_URL": "api.openai.com"}, UNUSABLE, "https://"),
        ({}, {"OPENAI_BASE_URL": "https://key@api.openai.com/v1"}, UNUSABLE, "https://"),
        (
            {},
            {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "nonsense", "OPENAI_ORG_ID": "a b"},
            {**dict.fromkeys((*CONFIGURED, "organization"), "bad"), **NOT_ASKED},
            "OPENAI_ORG_ID",
        ),
    ],
    ids=["no key", "nobody", "v2", "no path", "page", "redirect", "503", "http", "name", "user", "all"],
)
def test_what_is_wrong_and_what_to_do(
    command: Command, emulator: EmulatorServer, fault: Texts, environ: Texts, expected: Texts, told: str
) -> None:
    if fault:
        emulator.control.fault(**fault, times=None)
    here = emulator.base_url.removesuffix("/v1")
    environ = {name: text.replace("EMULATOR", here) for name, text in environ.items()}
    done = command.fails("check", "--json", "--max-wait", "1", **environ)
    assert states(done) == expected
    assert told in done.out


def test_a_proxy_that_lets_nothing_be_changed_is_no_permission(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=405, body="<h1>Read only</h1>", method="POST", times=None)
    done = command("check", "--json")
    assert (done.code, states(done)) == (1, {**dict.fromkeys(ALL, "good"), "write": "unknown"})
    assert "the proxy" in done.out


def test_the_certificate_is_not_trusted(command: Command) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # the client hangs up on it: that is the test
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = command("check", "--json", "--max-wait", "1", OPENAI_BASE_URL=f"https://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert states(done) == NO_OPENAI
    assert "REQUESTS_CA_BUNDLE" in done.out


def test_the_table_fits_80_columns_and_any_encoding(command: Command) -> None:
    for encoding, mark in (("utf-8", "✓"), ("cp1252", "+")):
        environ = {"COLUMNS": "80", "PYTHONIOENCODING": encoding}
        with command.start("check", encoding=encoding, environ=environ) as process:
            out, err = process.communicate()
        lines = out.splitlines()
        assert process.returncode == 0, err
        assert all(line.startswith(mark) for line in lines)
        assert "All checks passed." in err
        assert max(map(len, lines)) <= 80

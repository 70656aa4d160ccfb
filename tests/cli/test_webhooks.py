"""`webhooks test` sends a sample event, with a key from the environment or a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

KEY = "sk-svcacct-webhooks-1234"
SHOP = {
    "id": "whe_shop",
    "project_id": "proj_hooks",
    "name": "shop",
    "url": "https://example.com/hooks",
    "event_types": ["batch.failed", "batch.completed"],
}


@pytest.fixture(autouse=True)
def _endpoint(emulator: EmulatorServer) -> None:
    accounts = [{"name": "ci", "keys": [{"value": KEY}]}]
    project = {"id": "proj_hooks", "name": "hooks", "service_accounts": accounts}
    emulator.control.seed({"projects": [project], "webhook_endpoints": [SHOP]})


def test_the_first_type_of_the_endpoint_is_sent(command: Command, emulator: EmulatorServer) -> None:
    done = command.ok("webhooks", "test", "whe_shop", OPENAI_API_KEY=KEY, OPENAI_ADMIN_KEY="")
    assert (
        done.out
        == "OpenAI sent a batch.failed event to webhook endpoint whe_shop. The endpoint responded with status 200.\n"
    )
    read, sent = emulator.control.requests()
    assert (read["method"], sent["method"]) == ("GET", "POST")
    assert sent["path"] == "/webhook_endpoints/whe_shop/test"


def test_a_type_is_given_and_json_is_printed(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", encoding="utf-16")  # as `>` of PowerShell writes it
    options = ("--event-type", "batch.completed", "--key-file", str(file), "--json")
    done = command.ok("webhooks", "test", "whe_shop", *options)
    event = {"webhook_endpoint_id": "whe_shop", "event_type": "batch.completed"}
    assert json.loads(done.out) == {**event, "status_code": 200}


def test_the_key_comes_from_stdin(command: Command) -> None:
    arguments = ("webhooks", "test", "whe_shop", "--key-file", "-")
    command.ok(*arguments, stdin=f"{KEY}\n")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "There is no API key of a project in OPENAI_API_KEY"),
        ("sk-svcacct-of-nobody", "OpenAI does not accept the API key in OPENAI_API_KEY"),
        ("sk-admin-emulator", "OpenAI does not accept the API key in OPENAI_API_KEY"),
        ("sk-a b", "The API key in OPENAI_API_KEY contains a space"),
    ],
)
def test_a_wrong_key_is_an_error_that_does_not_show_it(command: Command, key: str, message: str) -> None:
    done = command.fails("webhooks", "test", "whe_shop", OPENAI_API_KEY=key)
    assert message in done.said
    assert not key or key not in done.err + done.out


def test_an_endpoint_that_refuses_the_event_fails_the_command(command: Command, emulator: EmulatorServer) -> None:
    reply = {"webhook_endpoint_id": "whe_shop", "event_type": "batch.failed", "status_code": 500, "success": True}
    emulator.control.fault(kind="status", status=200, body=json.dumps(reply), path="/webhook_endpoints/whe_shop/test")
    done = command.fails("webhooks", "test", "whe_shop", OPENAI_API_KEY=KEY)
    assert "The endpoint responded with status 500." in done.out

"""The life of an `AdminApiKey`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from pulumi_openai_admin import AdminApiKey
from tests.host.delivery import TO_NOBODY, VAULT
from tests.host.rules import CreatedOnce
from tests.host.scripted_life import AnotherTeam, Life, Matrix, Verb

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


def is_admitted(server: EmulatorServer, secret: str) -> bool:
    """Whether the emulator accepts requests with a key."""
    headers = {"Authorization": f"Bearer {secret}"}
    return requests.get(f"{server.base_url}/organization/projects", headers=headers, timeout=10).ok


LIFE = Life(
    AdminApiKey,
    path="",
    inputs={"name": "ci", "triggers": ["2026-Q4", 1]},
    outputs={"name": "ci", "triggers": ["2026-Q4", 1], "expires_in_seconds": "", "expires_at": ""},
    drift=None,
    steps=[],
    replaced_by={"name": "ci", "triggers": ["2027-Q1", 1]},
    replaces="triggers",
    bad={
        "name is missing": {"name": None},
        "name is empty": {"name": ""},
        "expires_in_seconds must be a whole number from 1 to 31536000, not 0": {"expires_in_seconds": 0},
        "triggers must be a list, not a text": {"triggers": "2026"},
        "deliver_to is empty": {"deliver_to": {}},
        "deliver_to has command and vault: set exactly one of command, aws_secrets_manager": {
            "deliver_to": {"command": {"arguments": ["cat"]}, "vault": VAULT}
        },
        "deliver_to['command'] lacks arguments": {"deliver_to": {"command": {}}},
        "deliver_to['command']['arguments'] is an empty list": {"deliver_to": {"command": {"arguments": []}}},
        "deliver_to['command']['timeout_seconds'] must be a whole number, 1 or more, not 0": {
            "deliver_to": {"command": {"arguments": ["cat"], "timeout_seconds": 0}}
        },
    },
    missing="key_none",
    malformed="",
    is_in_project=False,
    is_live_secret=is_admitted,
    matrix=Matrix(
        path="/organization/admin_api_keys",
        rule=CreatedOnce("admin_api_key"),
        verbs=(
            Verb("create", None, {"name": "k-made"}, "POST"),
            Verb("deliver", None, {"name": "k-delivered", "deliver_to": TO_NOBODY}, "POST"),
            Verb("create-list", None, {"name": "k-listed"}, "GET"),
            Verb("read", {"name": "k-read"}, {"name": "k-read"}, "GET", "{id}"),
            Verb("delete", {"name": "k-deleted"}, None, "DELETE", "{id}"),
        ),
    ),
    another_team={"create": AnotherTeam(None, {"name": "shop"}, "/organization/admin_api_keys", {})},
)

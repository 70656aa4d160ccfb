"""The scenario of an `AdminApiKey`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from pulumi_openai_admin import AdminApiKey
from tests.host.delivery import REFUSED, TO_NOBODY
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}


def rotated(name: str, every: str) -> dict[str, str]:
    """A key that is rotated often or rarely."""
    return {"name": name, "rotate_every": every, "overlap": "10m"}


def is_admitted(server: EmulatorServer, secret: str) -> bool:
    """Whether the emulator accepts requests with a key."""
    headers = {"Authorization": f"Bearer {secret}"}
    return requests.get(f"{server.base_url}/organization/projects", headers=headers, timeout=10).ok


SCENARIO = Scenario(
    AdminApiKey,
    path="",
    inputs={"name": "ci", "triggers": ["2026-Q4", 1]},
    outputs={"name": "ci", "triggers": ["2026-Q4", 1], "expires_in_seconds": "", "expires_at": ""},
    drift=None,
    steps=[
        Step(
            {"name": "ci", "triggers": ["2026-Q4", 1], **SCHEDULE},
            {**SCHEDULE, "retiring_api_keys": ""},
            writes=[],
            keeps=("admin_api_key_id", "api_key"),
        ),
    ],
    replaced_by={"name": "ci", "triggers": ["2027-Q1", 1], **SCHEDULE},
    replaces="triggers",
    bad={
        "name is empty": {"name": ""},
        "expires_in_seconds must be a whole number from 1 to 31536000, not 0": {"expires_in_seconds": 0},
        "triggers must be a list, not a string": {"triggers": "2026"},
        **REFUSED,
        "rotate_every must be a number of minutes, hours, days or weeks": {"rotate_every": "90"},
        "overlap has no effect without rotate_every": {"overlap": "24h"},
        "overlap must be shorter than rotate_every": {"rotate_every": "1w", "overlap": "7d"},
        "rotate_every must be shorter than expires_in_seconds": {"rotate_every": "1d", "expires_in_seconds": 86_400},
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
            Verb("rotate", rotated("k-rotated", "30d"), rotated("k-rotated", "30m"), "POST", is_later=True),
            Verb("rotate-list", rotated("k-due", "30d"), rotated("k-due", "30m"), "GET", is_later=True),
            Verb(
                "retire",
                rotated("k-old", "30m"),
                rotated("k-old", "30d"),
                "DELETE",
                "{id}",
                earlier=(rotated("k-old", "30d"),),
                is_later=True,
            ),
            Verb("delete", {"name": "k-deleted"}, None, "DELETE", "{id}"),
        ),
    ),
    another_team={"create": AnotherTeam(None, {"name": "shop"}, "/organization/admin_api_keys", {})},
)

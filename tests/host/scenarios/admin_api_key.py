"""The scenario of an `AdminApiKey`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from pulumi_openai_admin import AdminApiKey
from tests.host.delivery import REFUSED, TO_NOBODY
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Scenario, Step, Verb, verbs_of_object

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


def _rotated(name: str, every: str) -> dict[str, str]:
    """A key that is rotated often or rarely."""
    return {"name": name, "rotate_every": every, "overlap": "10m"}


def is_admitted(server: EmulatorServer, secret: str) -> bool:
    """Whether the emulator accepts requests with a key."""
    headers = {"Authorization": f"Bearer {secret}"}
    return requests.get(f"{server.base_url}/organization/projects", headers=headers, timeout=10).ok


KEY = Scenario(
    AdminApiKey,
    inputs={"name": "ci", "triggers": ["2026-Q4", 1]},
    outputs={"expires_in_seconds": "", "expires_at": ""},
    steps=(Step({"rotate_every": "90d", "overlap": "24h"}, writes=()),),
    another={"triggers": ["2027-Q1", 1]},
    bad={
        **REFUSED,
        "rotate_every must be a number of minutes, hours, days or weeks": {"rotate_every": "90"},
        "overlap has no effect without rotate_every": {"overlap": "24h"},
        "overlap must be shorter than rotate_every": {"rotate_every": "1w", "overlap": "7d"},
        "rotate_every must be shorter than expires_in_seconds": {"rotate_every": "1d", "expires_in_seconds": 86_400},
    },
    is_live_secret=is_admitted,
    rule=CreatedOnce("admin_api_key"),
    verbs=(
        *verbs_of_object(lambda number: {"name": f"key {number}"}),
        Verb("deliver", None, {"name": "k-delivered", "deliver_to": TO_NOBODY}, "POST"),
        Verb("rotate", _rotated("k-rotated", "30d"), _rotated("k-rotated", "30m"), "POST", is_later=True),
        Verb("rotate-list", _rotated("k-due", "30d"), _rotated("k-due", "30m"), "GET", is_later=True),
        Verb(
            "retire",
            _rotated("k-old", "30m"),
            _rotated("k-old", "30d"),
            "DELETE",
            "{id}",
            earlier=(_rotated("k-old", "30d"),),
            is_later=True,
        ),
    ),
    another_team={"create": AnotherTeam()},
)

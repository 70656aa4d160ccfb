"""`adopt` of an organization with hundreds of projects: each list is read once."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.cli.conftest import Command

PROJECTS, ACCOUNTS = 200, 5
KINDS = [f"--include=kind:{kind}" for kind in ("Project", "ProjectRateLimits", "ProjectServiceAccount")]


def test_a_large_organization(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    projects = [
        {
            "id": f"proj_{number:04}",
            "name": f"Team {number}",
            "residency": "EU_STORAGE_PROCESSING" if number % 7 == 0 else None,
            "service_accounts": [
                {"name": f"bot {count}", "role": ("owner", "none", "member")[min(count, 2)], "keys": [{}]}
                for count in range(ACCOUNTS)
            ],
            "rate_limits": {"rl-gpt-4o": {"max_requests_per_1_minute": number}} if number % 5 == 0 else {},
        }
        for number in range(PROJECTS)
    ]
    emulator.control.seed({"projects": projects})
    emulator.control.clear_requests()
    others = ["--exclude", "proj_d*", "--exclude", "Staging", "--exclude", "Production"]
    command.ok("adopt", "--all", *KINDS, *others, "--out", str(tmp_path / "org"))
    asked = emulator.control.requests()
    assert {request["method"] for request in asked} == {"GET"}
    assert (
        len([request for request in asked if request["path"] == "/organization/projects"]) == 3
    )  # pages of 100, of 204
    of_projects = [request["path"] for request in asked if request["path"] != "/organization/projects"]
    assert len(of_projects) == len(set(of_projects)) == 2 * PROJECTS
    imported = json.loads((tmp_path / "org" / "import.json").read_text(encoding="utf-8"))["resources"]
    kinds = Counter(entry["type"].rpartition(":")[2] for entry in imported)
    assert [kinds[kind] for kind in ("Project", "ProjectRateLimits", "ProjectServiceAccount")] == [200, 40, 1000]

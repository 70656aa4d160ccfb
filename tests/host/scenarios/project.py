"""The scenario of a `Project`."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import Project
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Scenario, Step, Verb, verbs_of_object


def is_active(project: dict[str, Any]) -> bool:
    return project["archived_at"] is None


*VERBS, _ = verbs_of_object(lambda number: {"name": f"project {number}"}, {"name": "renamed"})
PROJECT = Scenario(
    Project,
    inputs={"name": "web", "residency": "EU_STORAGE_PROCESSING"},
    outputs={"status": "active", "archived_at": ""},
    drift=Drift({"name": "renamed by hand"}),
    steps=(
        Step({"name": "web-2"}),
        Step({"residency": None}, writes=()),
        Step({"external_key_id": "extkey_1"}),
    ),
    another={"residency": "GLOBAL"},
    rule=CreatedOnce("project", is_live=is_active),
    verbs=(*VERBS, Verb("archive", {"name": "archived"}, None, "POST", "{id}/archive")),
    another_team={"create": AnotherTeam()},
)

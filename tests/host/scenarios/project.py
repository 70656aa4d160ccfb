"""The scenario of a `Project`."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import Project
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Matrix, Scenario, Step, Verb


def is_active(project: dict[str, Any]) -> bool:
    return project["archived_at"] is None


SCENARIO = Scenario(
    Project,
    path="/organization/projects/{id}",
    inputs={"name": "web", "residency": "EU_STORAGE_PROCESSING"},
    outputs={"name": "web", "residency": "EU_STORAGE_PROCESSING", "status": "active", "archived_at": ""},
    drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
    steps=[
        Step(
            {"name": "web-2", "residency": "EU_STORAGE_PROCESSING"},
            {"name": "web-2"},
            writes=["POST projects"],
            keeps=("project_id", "created_at", "residency"),
        ),
        Step({"name": "web-2"}, {"residency": "EU_STORAGE_PROCESSING"}, writes=[], keeps=("project_id",)),
        Step(
            {"name": "web-2", "external_key_id": "extkey_1"},
            {"external_key_id": "extkey_1"},
            writes=["POST projects"],
            keeps=("project_id",),
        ),
    ],
    replaced_by={"name": "web-2", "residency": "GLOBAL"},
    replaces="residency",
    bad={
        "name is empty": {"name": ""},
        "_PROCESSING', not a number": {"residency": 3},
        "not 'Mars'": {"residency": "Mars"},
    },
    missing="proj_none",
    malformed="",
    archives_itself=True,
    matrix=Matrix(
        path="/organization/projects",
        rule=CreatedOnce("project", is_live=is_active),
        verbs=(
            Verb("create", None, {"name": "made"}, "POST"),
            Verb("create-list", None, {"name": "listed"}, "GET"),
            Verb("read", {"name": "read"}, {"name": "read"}, "GET", "{id}"),
            Verb("rename", {"name": "old"}, {"name": "renamed"}, "POST", "{id}"),
            Verb("archive", {"name": "archived"}, None, "POST", "{id}/archive"),
        ),
    ),
    another_team={"create": AnotherTeam(None, {"name": "shop"}, "/organization/projects", {})},
)

"""The life of a `ProjectRole`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectRole
from tests.host.rules import CreatedOnce
from tests.host.scripted_life import PROJECT, AnotherTeam, Drift, Life, Matrix, Step, Verb

READ, WRITE = "api.groups.read", "api.groups.write"


def _named(name: str) -> dict[str, object]:
    return {"name": name, "permissions": [READ]}


LIFE = Life(
    ProjectRole,
    path="/projects/proj_demo/roles/{id}",
    inputs={**PROJECT, "name": "Auditor", "permissions": [READ, "api.roles.read"], "description": "Reads"},
    outputs={
        **PROJECT,
        "name": "Auditor",
        "permissions": [READ, "api.roles.read"],
        "description": "Reads",
        "resource_type": "api.project",
        "is_predefined": False,
    },
    drift=Drift({"permissions": ["api.roles.read", WRITE]}, "permissions", shows=[WRITE, "api.roles.read"]),
    steps=[
        Step(
            {**PROJECT, "name": "Editor", "permissions": ["api.roles.read", WRITE], "description": "Reads"},
            {"name": "Editor", "permissions": [WRITE, "api.roles.read"]},
            writes=["POST roles"],
            keeps=("role_id", "description"),
        ),
        Step(
            {**PROJECT, "name": "Editor", "permissions": [WRITE, "api.roles.read"]},
            {"description": ""},
            writes=["POST roles"],
            keeps=("role_id", "permissions"),
        ),
    ],
    replaced_by={"project_id": "proj_staging", "name": "Editor", "permissions": [WRITE, "api.roles.read"]},
    replaces="project_id",
    bad={
        "project_id is missing": {"project_id": None},
        "name is empty": {"name": ""},
        "permissions is missing": {"permissions": None},
        "permissions must be a list": {"permissions": READ},
    },
    matrix=Matrix(
        path="/projects/{project_id}/roles",
        rule=CreatedOnce("project_role", kept_as="role_name"),
        verbs=(
            Verb("create", None, _named("r-made"), "POST"),
            Verb("create-list", None, _named("r-listed"), "GET"),
            Verb("read", _named("r-read"), _named("r-read"), "GET", "{id}"),
            Verb("change", _named("r-old"), {"name": "r-changed", "permissions": [READ, WRITE]}, "POST", "{id}"),
            Verb("delete", _named("r-deleted"), None, "DELETE", "{id}"),
        ),
    ),
    another_team={
        "create": AnotherTeam(
            None,
            _named("shop"),
            "/projects/{project_id}/roles",
            {"permissions": [WRITE]},
            sent_as="role_name",
            is_unique=True,
        )
    },
)

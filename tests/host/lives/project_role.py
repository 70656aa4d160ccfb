"""The life of a `ProjectRole`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectRole
from tests.host.roles import life_of_role
from tests.host.scripted_life import PROJECT

LIFE = life_of_role(
    ProjectRole,
    kind="project_role",
    path="/projects/{project_id}/roles",
    parents=PROJECT,
)

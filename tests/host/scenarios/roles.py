"""The scenarios of the roles, of the organization and of a project."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import ProjectRole, Role
from tests.host.rules import CreatedOnce
from tests.host.scenario import PROJECT, AnotherTeam, Drift, Inputs, Scenario, Step, verbs_of_object

_READ, _WRITE = "api.groups.read", "api.groups.write"


def _scenario(resource: type[Any], *, kind: str, parents: Inputs) -> Scenario:
    """The scenario of a role: `kind` is the emulator's name for it."""
    return Scenario(
        resource,
        inputs={**parents, "name": "Auditor", "permissions": [_READ, "api.roles.read"], "description": "Reads"},
        outputs={"resource_type": "api.project" if parents else "api.organization", "is_predefined": False},
        drift=Drift({"permissions": [_WRITE, "api.roles.read"]}),
        steps=(
            Step(
                {"name": "Editor", "permissions": ["api.roles.read", _WRITE]},
                {"permissions": [_WRITE, "api.roles.read"]},
            ),
            Step({"description": None}, {"description": ""}),
        ),
        bad={"name is empty": {"name": ""}},
        rule=CreatedOnce(kind),
        verbs=verbs_of_object(
            lambda number: {"name": f"role {number}", "permissions": [_READ]},
            {"name": "changed", "permissions": [_READ, _WRITE]},
        ),
        another_team={"create": AnotherTeam({"permissions": [_WRITE]}, is_unique=True)},
    )


ROLE = _scenario(Role, kind="role", parents={})
PROJECT_ROLE = _scenario(ProjectRole, kind="project_role", parents=PROJECT)

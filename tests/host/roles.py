"""What the scenarios of the roles share, of the organization and of a project."""

from __future__ import annotations

from typing import Any

from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Inputs, Matrix, Scenario, Step, Verb

_READ, _WRITE = "api.groups.read", "api.groups.write"


def _named(name: str) -> dict[str, object]:
    return {"name": name, "permissions": [_READ]}


def scenario_of_role(resource: type[Any], *, kind: str, path: str, parents: Inputs) -> Scenario:
    """The scenario of a role.

    Args:
        resource: The class.
        kind: The emulator's name for it.
        path: Where the requests go, with the name of the id of the project.
        parents: The id of the project, or none.
    """
    return Scenario(
        resource,
        path=f"{path.format(**parents)}/{{id}}",
        inputs={**parents, "name": "Auditor", "permissions": [_READ, "api.roles.read"], "description": "Reads"},
        outputs={
            **parents,
            "name": "Auditor",
            "permissions": [_READ, "api.roles.read"],
            "description": "Reads",
            "resource_type": "api.project" if parents else "api.organization",
            "is_predefined": False,
        },
        drift=Drift({"permissions": ["api.roles.read", _WRITE]}, "permissions", shows=[_WRITE, "api.roles.read"]),
        steps=[
            Step(
                {**parents, "name": "Editor", "permissions": ["api.roles.read", _WRITE], "description": "Reads"},
                {"name": "Editor", "permissions": [_WRITE, "api.roles.read"]},
                writes=["POST roles"],
                keeps=("role_id", "description"),
            ),
            Step(
                {**parents, "name": "Editor", "permissions": [_WRITE, "api.roles.read"]},
                {"description": ""},
                writes=["POST roles"],
                keeps=("role_id", "permissions"),
            ),
        ],
        replaced_by={"project_id": "proj_staging", "name": "Editor", "permissions": [_WRITE, "api.roles.read"]}
        if parents
        else None,
        replaces="project_id" if parents else "name",
        bad={
            **({"project_id is missing": {"project_id": None}} if parents else {}),
            "name is empty": {"name": ""},
            "permissions is missing": {"permissions": None},
            "permissions must be a list": {"permissions": _READ},
        },
        missing="proj_demo/none" if parents else "role_none",
        malformed="none" if parents else "",
        is_in_project=bool(parents),
        matrix=Matrix(
            path=path,
            rule=CreatedOnce(kind, kept_as="role_name"),
            verbs=(
                Verb("create", None, _named("r-made"), "POST"),
                Verb("create-list", None, _named("r-listed"), "GET"),
                Verb("read", _named("r-read"), _named("r-read"), "GET", "{id}"),
                Verb("change", _named("r-old"), {"name": "r-changed", "permissions": [_READ, _WRITE]}, "POST", "{id}"),
                Verb("delete", _named("r-deleted"), None, "DELETE", "{id}"),
            ),
        ),
        another_team={
            "create": AnotherTeam(
                None,
                _named("shop"),
                path,
                {"permissions": [_WRITE]},
                sent_as="role_name",
                is_unique=True,
            )
        },
    )

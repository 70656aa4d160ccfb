"""The life of a `ProjectGroup`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Group, ProjectGroup
from pulumi_openai_admin.emulator.api.project_group_roles import MEMBERS
from tests.host.rules import Member
from tests.host.scripted_life import PROJECT, UNTIL, Life, Matrix, Step, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {**PROJECT, "group_id": "group_life", "role": "member"}
MEMBER = {"role": "member"}


def group(host: DynamicHost, project: str) -> dict[str, Any]:
    """A group of the case."""
    return {"group_id": host.create(Group, {"name": f"of {project}"})[1]["group_id"]}


LIFE = Life(
    ProjectGroup,
    path="/organization/projects/proj_demo/groups/{id}",
    seed={"groups": [{"id": "group_life", "name": "Life"}]},
    inputs=INPUTS,
    outputs={**INPUTS, "group_name": "Life", "group_type": "group"},
    drift=None,
    steps=[Step({**INPUTS, **UNTIL}, UNTIL, writes=[])],
    replaced_by={**INPUTS, "role": "owner"},
    replaces="role",
    bad={
        "role is missing": {"role": None},
        "group_id is missing": {"group_id": None},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    malformed="none",
    matrix=Matrix(
        path="/organization/projects/{project_id}/groups",
        rule=Member(MEMBERS),
        prepare=group,
        verbs=(
            Verb("create", None, MEMBER, "POST"),
            Verb("create-list", None, MEMBER, "GET"),
            Verb("read", MEMBER, MEMBER, "GET"),
            Verb("until", MEMBER, {**MEMBER, **UNTIL}, "GET"),
            Verb("delete", MEMBER, None, "DELETE", "{id}"),
        ),
    ),
)

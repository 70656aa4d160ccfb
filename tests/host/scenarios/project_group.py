"""The scenario of a `ProjectGroup`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectGroup
from pulumi_openai_admin.emulator.api.roles import MEMBERS
from tests.host.principals import group_of
from tests.host.rules import Member
from tests.host.scenario import PROJECT, UNTIL, Matrix, Scenario, Step, Verb

INPUTS = {**PROJECT, "group_id": "group_life", "role": "member"}
MEMBER = {"role": "member"}


SCENARIO = Scenario(
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
        prepare=group_of,
        verbs=(
            Verb("create", None, MEMBER, "POST"),
            Verb("create-list", None, MEMBER, "GET"),
            Verb("read", MEMBER, MEMBER, "GET"),
            Verb("until", MEMBER, {**MEMBER, **UNTIL}, "GET"),
            Verb("delete", MEMBER, None, "DELETE", "{id}"),
        ),
    ),
)

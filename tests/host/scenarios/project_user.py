"""The scenario of a `ProjectUser`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectUser
from tests.host.rules import Member
from tests.host.scenario import PROJECT, Drift, Matrix, Scenario, Step, Verb

INPUTS = {**PROJECT, "user_id": "user-grace", "role": "member"}
MEMBER, OWNER = ({"email": "ada@example.com", "role": role} for role in ("member", "owner"))

SCENARIO = Scenario(
    ProjectUser,
    path="/organization/projects/proj_demo/users/{id}",
    seed={"users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"}]},
    inputs=INPUTS,
    outputs={**INPUTS, "name": "Grace", "email": "grace@example.com"},
    drift=Drift({"role": "viewer"}, "role", shows="viewer"),
    steps=[
        Step({**INPUTS, "role": "owner"}, {"role": "owner"}, writes=["POST users"], keeps=("added_at",)),
        Step({**PROJECT, "email": "Grace@example.com", "role": "owner"}, {"user_id": "user-grace"}, writes=[]),
    ],
    replaced_by={**PROJECT, "user_id": "user-emulator", "role": "owner"},
    replaces="user_id",
    bad={
        "role is missing": {"role": None},
        "Set exactly one of user_id and email: user_id and email are set": {"email": "grace@example.com"},
        "Set exactly one of user_id and email: none of them is set": {"user_id": None},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    malformed="none",
    matrix=Matrix(
        path="/organization/projects/{project_id}/users",
        rule=Member("project_user", "role"),
        verbs=(
            Verb("create", None, MEMBER, "POST"),
            Verb("create-list", None, MEMBER, "GET"),
            Verb("read", MEMBER, MEMBER, "GET"),
            Verb("update", MEMBER, OWNER, "POST", "{id}"),
            Verb("delete", MEMBER, None, "DELETE", "{id}"),
        ),
    ),
)

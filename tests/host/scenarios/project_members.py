"""The scenario of a `ProjectMembers`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectMembers
from tests import keyed
from tests.host.rules import Members
from tests.host.scenario import PROJECT, Drift, Matrix, Scenario, Step, Verb

INPUTS = {**PROJECT, "exclusive": True}
GRACE = keyed.members({"grace@example.com": "member"})
BOTH = keyed.members({"grace@example.com": "owner", "user-alan": "viewer"})
NOBODY: dict[str, object] = {"members": [], "exclusive": True}
MEMBER, OWNER = (
    {"members": keyed.members({"ada@example.com": role}), "exclusive": True} for role in ("member", "owner")
)

SCENARIO = Scenario(
    ProjectMembers,
    path="/organization/projects/proj_demo/users/user-grace",
    seed={
        "users": [
            {"id": "user-grace", "name": "Grace", "email": "Grace@example.com", "role": "reader"},
            {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"},
        ],
    },
    inputs={**INPUTS, "members": GRACE},
    outputs={**INPUTS, "members": GRACE, "__users": keyed.users({"grace@example.com": "user-grace"})},
    drift=Drift({"role": "viewer"}, "members", shows=keyed.members({"grace@example.com": "viewer"})),
    steps=[
        Step({**INPUTS, "members": BOTH}, {"members": BOTH}, writes=["POST users", "POST users"]),
        Step(
            {**INPUTS, "members": keyed.members({"user-alan": "member", "GRACE@example.com": "owner"})},
            {"members": keyed.members({"grace@example.com": "owner", "user-alan": "member"})},
            writes=["POST users"],
        ),
    ],
    replaced_by={
        **INPUTS,
        "project_id": "proj_staging",
        "members": keyed.members({"grace@example.com": "owner", "user-alan": "member"}),
    },
    replaces="project_id",
    bad={
        "members is missing": {"members": None},
        "members[0] must be a mapping": {"members": ["user-grace"]},
        "members must be a list": {"members": "user-grace"},
        "members[0]['user_id'] must be the id of a user (user-…)": {"members": keyed.members({"no id": "member"})},
        "members[1] is the same as the entry [0]": {
            "members": keyed.members({"Ada@example.com": "member", "ada@example.com": "owner"})
        },
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    missing="proj_none",
    malformed="a/b",
    is_gone_after_delete=False,
    matrix=Matrix(
        path="/organization/projects/{project_id}/users",
        rule=Members("project_user", "members", "role"),
        verbs=(
            Verb("create", None, MEMBER, "POST"),
            Verb("create-list", None, MEMBER, "GET"),
            Verb("read", MEMBER, MEMBER, "GET"),
            Verb("add", NOBODY, MEMBER, "POST"),
            Verb("update", MEMBER, OWNER, "POST", "*"),
            Verb("remove", OWNER, NOBODY, "DELETE", "*"),
            Verb("delete", MEMBER, None, "DELETE", "*"),
        ),
    ),
)

"""The scenario of a `GroupMembers`."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import GroupMembers
from tests.host.principals import GROUPS, USERS, group_of
from tests.host.rules import Members
from tests.host.scenario import Drift, Matrix, Scenario, Step, Verb

GROUP = {"group_id": "group_life", "exclusive": True}
NOBODY: dict[str, Any] = {"user_ids": []}
OWNER = {"user_ids": ["user-emulator"]}


SCENARIO = Scenario(
    GroupMembers,
    path="/organization/groups/group_life/users",
    seed={"groups": GROUPS, "users": USERS},
    inputs={**GROUP, "user_ids": ["user-grace"]},
    outputs={**GROUP, "user_ids": ["user-grace"]},
    drift=Drift({"user_id": "user-alan"}, "user_ids", shows=["user-alan", "user-grace"]),
    steps=[
        Step(
            {**GROUP, "user_ids": ["user-grace", "user-alan"]},
            {"user_ids": ["user-alan", "user-grace"]},
            writes=["POST users"],
        ),
    ],
    replaced_by={**GROUP, "group_id": "group_other", "user_ids": ["user-alan", "user-grace"]},
    replaces="group_id",
    bad={
        "user_ids is missing": {"user_ids": None},
        "user_ids must be a list": {"user_ids": "user-grace"},
        "group_id is not an id": {"group_id": "../admin_api_keys"},
    },
    missing="group_none",
    malformed="a/b",
    is_gone_after_delete=False,
    is_in_project=False,
    matrix=Matrix(
        path="/organization/groups/{group_id}/users",
        rule=Members("group_user", "user_ids"),
        prepare=group_of,
        verbs=(
            Verb("create", None, OWNER, "POST"),
            Verb("create-list", None, OWNER, "GET"),
            Verb("read", OWNER, OWNER, "GET"),
            Verb("add", NOBODY, OWNER, "POST"),
            Verb("remove", OWNER, NOBODY, "DELETE", "*"),
            Verb("delete", OWNER, None, "DELETE", "*"),
        ),
    ),
)

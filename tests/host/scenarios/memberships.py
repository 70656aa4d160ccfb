"""The scenarios of who is in groups and projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

from pulumi_openai_admin import Group, GroupMembers, GroupUser, ProjectGroup, ProjectMembers, ProjectUser
from pulumi_openai_admin.emulator.api.roles import MEMBERS
from tests import keyed
from tests.host.rules import Member, Members
from tests.host.scenario import PROJECT, UNTIL, Drift, Scenario, Step, Verb

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess

GROUPS = [{"id": "group_life", "name": "Life"}, {"id": "group_other", "name": "Other"}]
USERS = [
    {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"},
    {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"},
]
ROLE = {"id": "role_life", "role_name": "Auditor", "permissions": ["api.groups.read"]}
GRACE = {"user_id": "user-grace"}
OWNER = {"user_id": "user-emulator"}
MEMBER = {"role": "member"}


def group_of(host: DynamicProcess, project: str) -> dict[str, Any]:
    return {"group_id": host.create(Group, {"name": f"of {project}"})[1]["group_id"]}


def _group_and_owner(host: DynamicProcess, project: str) -> dict[str, Any]:
    return {**group_of(host, project), **OWNER}


GROUP_USER = Scenario(
    GroupUser,
    seed={"groups": GROUPS, "users": USERS},
    inputs={"group_id": "group_life", **GRACE},
    outputs={"name": "Grace", "email": "grace@example.com"},
    steps=(Step(UNTIL, writes=()),),
    another={"group_id": "group_other"},
    rule=Member("group_user"),
    verbs=(
        Verb("create", None, OWNER, "POST"),
        Verb("create-list", None, OWNER, "GET"),
        Verb("create-read", None, OWNER, "GET", "*"),
        Verb("read", OWNER, OWNER, "GET"),
        Verb("until", OWNER, {**OWNER, **UNTIL}, "GET"),
        Verb("delete", OWNER, None, "DELETE", "{id}"),
    ),
    prepare=_group_and_owner,
)

ONE: dict[str, Any] = {"user_ids": ["user-emulator"]}
NONE: dict[str, Any] = {"user_ids": []}
GROUP_MEMBERS = Scenario(
    GroupMembers,
    seed={"groups": GROUPS, "users": USERS},
    inputs={"group_id": "group_life", "exclusive": True, "user_ids": ["user-grace"]},
    drift=Drift({"user_ids": ["user-alan", "user-grace"]}, body={"user_id": "user-alan"}),
    steps=(Step({"user_ids": ["user-grace", "user-alan"]}, {"user_ids": ["user-alan", "user-grace"]}),),
    another={"group_id": "group_other"},
    is_gone_after_delete=False,
    rule=Members("group_user", "user_ids"),
    verbs=(
        Verb("create", None, ONE, "POST"),
        Verb("create-list", None, ONE, "GET"),
        Verb("read", ONE, ONE, "GET"),
        Verb("add", NONE, ONE, "POST"),
        Verb("remove", ONE, NONE, "DELETE", "*"),
        Verb("delete", ONE, None, "DELETE", "*"),
    ),
    prepare=group_of,
)

PROJECT_GROUP = Scenario(
    ProjectGroup,
    seed={"groups": [GROUPS[0]]},
    inputs={**PROJECT, "group_id": "group_life", **MEMBER},
    outputs={"group_name": "Life", "group_type": "group"},
    steps=(Step(UNTIL, writes=()),),
    another={"role": "owner"},
    rule=Member(MEMBERS),
    verbs=(
        Verb("create", None, MEMBER, "POST"),
        Verb("create-list", None, MEMBER, "GET"),
        Verb("read", MEMBER, MEMBER, "GET"),
        Verb("until", MEMBER, {**MEMBER, **UNTIL}, "GET"),
        Verb("delete", MEMBER, None, "DELETE", "{id}"),
    ),
    prepare=group_of,
)

ADA, ADA_AS_OWNER = ({"email": "ada@example.com", "role": role} for role in ("member", "owner"))
PROJECT_USER = Scenario(
    ProjectUser,
    seed={"users": [USERS[0]]},
    inputs={**PROJECT, **GRACE, **MEMBER},
    outputs={"name": "Grace", "email": "grace@example.com"},
    drift=Drift({"role": "viewer"}),
    steps=(
        Step({"role": "owner"}),
        Step({"user_id": None, "email": "Grace@example.com"}, {"email": "grace@example.com"}, writes=()),
    ),
    another={"user_id": "user-emulator", "email": None},
    bad={
        "Set exactly one of user_id and email: user_id and email are set": {"email": "grace@example.com"},
        "Set exactly one of user_id and email: none of them is set": {"user_id": None},
    },
    rule=Member("project_user", "role"),
    verbs=(
        Verb("create", None, ADA, "POST"),
        Verb("create-list", None, ADA, "GET"),
        Verb("read", ADA, ADA, "GET"),
        Verb("update", ADA, ADA_AS_OWNER, "POST", "{id}"),
        Verb("delete", ADA, None, "DELETE", "{id}"),
    ),
)

BOTH = keyed.members({"grace@example.com": "owner", "user-alan": "viewer"})
NOBODY: dict[str, Any] = {"members": [], "exclusive": True}
WITH_ADA, WITH_OWNER = (
    {"members": keyed.members({"ada@example.com": role}), "exclusive": True} for role in ("member", "owner")
)
PROJECT_MEMBERS = Scenario(
    ProjectMembers,
    seed={"users": [{**USERS[0], "email": "Grace@example.com"}, USERS[1]]},
    inputs={**PROJECT, "exclusive": True, "members": keyed.members({"grace@example.com": "member"})},
    outputs={"__users": keyed.users({"grace@example.com": "user-grace"})},
    drift=Drift(
        {"members": keyed.members({"grace@example.com": "viewer"})},
        body={"role": "viewer"},
        path="/organization/projects/proj_demo/users/user-grace",
    ),
    steps=(
        Step({"members": BOTH}, {"__users": ANY}, writes=("POST users", "POST users")),
        Step(
            {"members": keyed.members({"user-alan": "member", "GRACE@example.com": "owner"})},
            {"members": keyed.members({"grace@example.com": "owner", "user-alan": "member"})},
        ),
    ),
    bad={
        "members[0] must be a mapping": {"members": ["user-grace"]},
        "members[0]['user_id'] must be the id of a user (user-…)": {"members": keyed.members({"no id": "member"})},
        "members[1] is the same as the entry [0]": {
            "members": keyed.members({"Ada@example.com": "member", "ada@example.com": "owner"})
        },
    },
    is_gone_after_delete=False,
    rule=Members("project_user", "members", "role"),
    verbs=(
        Verb("create", None, WITH_ADA, "POST"),
        Verb("create-list", None, WITH_ADA, "GET"),
        Verb("read", WITH_ADA, WITH_ADA, "GET"),
        Verb("add", NOBODY, WITH_ADA, "POST"),
        Verb("update", WITH_ADA, WITH_OWNER, "POST", "*"),
        Verb("remove", WITH_OWNER, NOBODY, "DELETE", "*"),
        Verb("delete", WITH_ADA, None, "DELETE", "*"),
    ),
)

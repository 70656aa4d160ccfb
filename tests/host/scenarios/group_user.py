"""The scenario of a `GroupUser`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import GroupUser
from tests.host.principals import GROUPS, USERS, group_of
from tests.host.rules import Member
from tests.host.scenario import UNTIL, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {"group_id": "group_life", "user_id": "user-grace"}
OWNER = {"user_id": "user-emulator"}


def group(host: DynamicHost, project: str) -> dict[str, Any]:
    """A group of the case, and its user."""
    return {**group_of(host, project), **OWNER}


SCENARIO = Scenario(
    GroupUser,
    path="/organization/groups/group_life/users/{id}",
    seed={"groups": GROUPS, "users": USERS},
    inputs=INPUTS,
    outputs={**INPUTS, "name": "Grace", "email": "grace@example.com"},
    drift=None,
    steps=[Step({**INPUTS, **UNTIL}, UNTIL, writes=[])],
    replaced_by={"group_id": "group_other", "user_id": "user-grace"},
    replaces="group_id",
    bad={
        "user_id is missing": {"user_id": None},
        "group_id is not an id": {"group_id": "../admin_api_keys"},
    },
    missing="group_life/user-none",
    malformed="none",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/groups/{group_id}/users",
        rule=Member("group_user"),
        prepare=group,
        verbs=(
            Verb("create", None, OWNER, "POST"),
            Verb("create-list", None, OWNER, "GET"),
            Verb("create-read", None, OWNER, "GET", "*"),
            Verb("read", OWNER, OWNER, "GET"),
            Verb("until", OWNER, {**OWNER, **UNTIL}, "GET"),
            Verb("delete", OWNER, None, "DELETE", "{id}"),
        ),
    ),
)

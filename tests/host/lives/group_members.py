"""The life of a `GroupMembers`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Group, GroupMembers
from tests.host.scripted_life import Drift, Life, Matrix, Step, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost
    from tests.host.scripted_life import Case

GROUP = {"group_id": "group_life", "exclusive": True}
NOBODY: dict[str, Any] = {"user_ids": []}
OWNER = {"user_ids": ["user-emulator"]}


class ExactlyThese:
    """The group has the users that the program names, or the state knows of all whom it added."""

    def orphans(self, _case: Case) -> set[str]:
        """None: adding a user twice adds the user once."""
        return set()

    def check(self, case: Case) -> None:
        """Hold the users of the group against the inputs, or against the state."""
        found = case.server.control.live("group_user").get("group_user", {})
        paths = [path.split("/") for path in found]
        there = {path[-1] for path in paths if case.further["group_id"] in path}
        state = case.outcome.state
        if not case.outcome.error:
            assert there == set((case.verb.after or NOBODY)["user_ids"] if state else ()), case.outcome
        elif there:
            assert state, case.outcome
            assert there <= {*state["user_ids"], *state["__managed"].get("added", ())}, case.outcome


def group(host: DynamicHost, project: str) -> dict[str, Any]:
    """A group of the case."""
    return {"group_id": host.create(Group, {"name": f"of {project}"})[1]["group_id"]}


LIFE = Life(
    GroupMembers,
    path="/organization/groups/group_life/users",
    seed={
        "groups": [{"id": "group_life", "name": "Life"}, {"id": "group_other", "name": "Other"}],
        "users": [
            {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"},
            {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"},
        ],
    },
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
        rule=ExactlyThese(),
        prepare=group,
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

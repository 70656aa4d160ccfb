"""Users and groups of the scenarios that are about memberships and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Group

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

GROUPS = [{"id": "group_life", "name": "Life"}, {"id": "group_other", "name": "Other"}]
USERS = [
    {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"},
    {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"},
]

NOBODY_LISTED: dict[str, Any] = {
    "kind": "status",
    "method": "GET",
    "path_regex": r".*/(users|groups|roles|invites)",
    "status": 200,
    "body": {"object": "list", "data": [], "has_more": False},
    "times": None,
}
"""Each list is empty; an object that is asked for by its id is shown."""


def group_of(host: DynamicHost, project: str) -> dict[str, Any]:
    """A group of the case."""
    return {"group_id": host.create(Group, {"name": f"of {project}"})[1]["group_id"]}

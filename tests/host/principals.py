"""Users, groups and a role of the scenarios that are about memberships and roles."""

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
ROLE = {"id": "role_life", "role_name": "Auditor", "permissions": ["api.groups.read"]}


def group_of(host: DynamicHost, project: str) -> dict[str, Any]:
    """A group of the case."""
    return {"group_id": host.create(Group, {"name": f"of {project}"})[1]["group_id"]}

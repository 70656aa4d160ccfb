"""What the lives of the four kinds of role assignments share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.host.rules import Member
from tests.host.scripted_life import Matrix, Verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.host.dynamic_host import DynamicHost

GROUPS = [{"id": "group_life", "name": "Life"}, {"id": "group_other", "name": "Other"}]
USERS = [
    {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"},
    {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"},
]
ROLE = {"id": "role_life", "role_name": "Auditor", "permissions": ["api.groups.read"]}


def inputs_of_role(project: str) -> dict[str, Any]:
    """A role of the case: its inputs."""
    return {"name": f"of {project}", "permissions": ["api.groups.read"]}


def bad(principal: str) -> dict[str, dict[str, Any]]:
    """Inputs that check refuses, for the name of the input that says who has the role."""
    return {
        "role_id is missing": {"role_id": None},
        f"{principal} is not an id": {principal: "../admin_api_keys"},
    }


def matrix(kind: str, path: str, prepare: Callable[[DynamicHost, str], dict[str, Any]]) -> Matrix:
    """The fault matrix of one kind."""
    return Matrix(
        path=path,
        rule=Member(kind, list_ids=None),
        prepare=prepare,
        verbs=(
            Verb("create", None, {}, "POST"),
            Verb("create-list", None, {}, "GET"),
            Verb("read", {}, {}, "GET"),
            Verb("delete", {}, None, "DELETE", "{id}"),
        ),
    )

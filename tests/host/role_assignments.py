"""What the lives of the four kinds of role assignments share, single ones and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.host.rules import Member, Members
from tests.host.scripted_life import UNTIL, Drift, Life, Matrix, Step, Verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.host.dynamic_host import DynamicHost

GROUPS = [{"id": "group_life", "name": "Life"}, {"id": "group_other", "name": "Other"}]
USERS = [
    {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"},
    {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"},
]
ROLE = {"id": "role_life", "role_name": "Auditor", "permissions": ["api.groups.read"]}
OTHER_ROLE = {"id": "role_other", "role_name": "Other", "permissions": ["api.groups.read"]}


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
            Verb("until", {}, UNTIL, "GET"),
            Verb("delete", {}, None, "DELETE", "{id}"),
        ),
    )


def life_of_set(
    resource: type[Any],
    *,
    kind: str,
    path: str,
    parents: dict[str, str],
    replaced_by: dict[str, str],
    seed: dict[str, Any],
    prepare: Callable[[DynamicHost, str], dict[str, Any]],
    there: tuple[str, ...] = (),
) -> Life:
    """The life of a set of roles, which is exclusive.

    Args:
        resource: The class.
        kind: The emulator's name for an assignment.
        path: Where roles are assigned, with the names of the ids.
        parents: The ids.
        replaced_by: The id that differs in what replaces the set.
        seed: What has to exist before, with the roles `ROLE` and `OTHER_ROLE`.
        prepare: Creates a role for the fault matrix; the ids of parents, and `role_ids`.
        there: Roles that are assigned before.
    """
    inputs = {**parents, "role_ids": sorted([*there, "role_life"]), "exclusive": True}
    both = {**inputs, "role_ids": sorted([*there, "role_life", "role_other"])}
    (replaces,) = replaced_by
    none: dict[str, Any] = {"role_ids": []}
    return Life(
        resource,
        path=path.format(**parents),
        seed=seed,
        inputs=inputs,
        outputs=inputs,
        drift=Drift({"role_id": "role_other"}, "role_ids", shows=both["role_ids"]),
        steps=[Step(both, {"role_ids": both["role_ids"]}, writes=["POST roles"])],
        replaced_by={**both, **replaced_by},
        replaces=replaces,
        bad={
            "role_ids is missing": {"role_ids": None},
            "role_ids must be a list": {"role_ids": "role_life"},
            f"{replaces} is not an id": {replaces: "../admin_api_keys"},
        },
        missing="/".join(["proj_demo"] * ("project_id" in parents) + ["none"]),
        malformed="none" if len(parents) > 1 else "a/b",
        is_gone_after_delete=False,
        is_in_project="project_id" in parents,
        matrix=Matrix(
            path=path,
            rule=Members(kind, "role_ids", only_named=True),
            prepare=prepare,
            verbs=(
                Verb("create", None, {}, "POST"),
                Verb("create-list", None, {}, "GET"),
                Verb("read", {}, {}, "GET"),
                Verb("assign", none, {}, "POST"),
                Verb("take-away", {}, none, "DELETE", "*"),
                Verb("delete", {}, None, "DELETE", "*"),
            ),
        ),
    )

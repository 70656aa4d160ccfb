"""Which permissions follow from roles."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.cli.access import EVERY, NOT_KNOWN, RolePermissions, access_of
from pulumi_openai_admin.cli.memberships import ORGANIZATION, HeldRole


def role(id_: str, name: str, *permissions: str, is_base: bool = False) -> dict[str, Any]:
    return {"id": id_, "name": name, "permissions": list(permissions), "predefined_role": is_base}


ROLES = RolePermissions()
for place, row in (
    (ORGANIZATION, role("role_1", "reader", "api.files.read")),
    (ORGANIZATION, role("role-api-organization-reader__x", "Reader", "api.models.read", is_base=True)),
    ("proj_1", role("role_2", "Ops", "b", "a")),
    ("proj_1", role("role_3", "Idle")),
    ("proj_2", role("role-api-project-member__x", "Member", "api.files.read", is_base=True)),
    ("proj_2", role("role-api-project-viewer__x", "Viewer", is_base=True)),
):
    ROLES.add(place, row)
ROLES.add_all("proj_3", None)


@pytest.mark.parametrize(
    ("place", "name", "permissions"),
    [
        ("proj_1", "Ops", {"a", "b"}),
        ("proj_1", "role_2", {"a", "b"}),
        ("proj_1", "Idle", set()),
        ("proj_2", "Ops", {NOT_KNOWN}),
        ("proj_1", None, {NOT_KNOWN}),
        (ORGANIZATION, "owner", {EVERY}),
        ("proj_1", "owner", {EVERY}),
        ("proj_1", "none", set()),
        (ORGANIZATION, "none", {NOT_KNOWN}),
        ("proj_2", "member", {"api.files.read"}),
        ("proj_2", "viewer", {NOT_KNOWN}),
        ("proj_1", "member", {NOT_KNOWN}),
        (ORGANIZATION, "reader", {"api.files.read", "api.models.read"}),  # a custom role has the name of a base role
    ],
)
def test_the_permissions_of_a_role_are_those_of_its_place(place: str, name: str | None, permissions: set[str]) -> None:
    assert ROLES.permissions(HeldRole(place, name)) == permissions


def test_custom_roles_may_exist_where_the_list_was_refused() -> None:
    assert [ROLES.may_have_custom(f"proj_{number}") for number in (1, 2, 3)] == [True, False, True]


def test_access_is_the_union_of_all_roles_by_place_and_permission() -> None:
    viewer, ops, owner = (HeldRole("proj_1", name) for name in ("viewer", "Ops", "owner"))
    finance = HeldRole(ORGANIZATION, "reader")
    by_group = HeldRole("proj_1", "Ops", "group_1", "Engineers")
    access = access_of([viewer, ops, owner, finance, by_group, ops], ROLES)
    assert [(item.place, item.permission, item.through) for item in access] == [
        ("proj_1", EVERY, [owner]),
        ("proj_1", "a", [ops, by_group]),
        ("proj_1", "b", [ops, by_group]),
        ("proj_1", NOT_KNOWN, [viewer]),
        (ORGANIZATION, "api.files.read", [finance]),
        (ORGANIZATION, "api.models.read", [finance]),
    ]

"""What `members` and `access` show, without requests."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.cli.access import EVERY, NOT_KNOWN, RolePermissions, access_of
from pulumi_openai_admin.cli.members import cell_of, lines_of
from pulumi_openai_admin.cli.memberships import ORGANIZATION, HeldRole, role_name
from pulumi_openai_admin.cli.report import MatrixCell
from tests.results import invite, member

GROUP = ("group_eng", "Engineers")


@pytest.mark.parametrize(
    ("role_id", "is_predefined", "name", "expected"),
    [
        ("role-api-organization-owner__api-organization__org_1", True, "Organization Owner", "owner"),
        ("role-api-project-viewer__api-project__proj_1", True, "Project Viewer", "viewer"),
        ("role-api-project-member", True, "member", "member"),
        ("role_1", False, "Finance", "Finance"),
        ("role-api-project-owner", False, "Called like a predefined one", "Called like a predefined one"),
        ("role_1", False, "", None),
    ],
)
def test_predefined_roles_have_short_names(role_id: str, is_predefined: bool, name: str, expected: str | None) -> None:
    assert role_name({"id": role_id, "predefined_role": is_predefined, "name": name}) == expected


def test_a_member_without_a_role_has_a_row() -> None:
    assert lines_of(member(), {}) == [("organization", "–", "–")]  # noqa: RUF001 - an en dash is intended
    assert lines_of(member(is_in_organization=False), {})[0][2] == "not listed there"
    assert lines_of(invite(role="owner"), {})[0][2] == "invite"


@pytest.mark.parametrize(
    ("roles", "cell"),
    [
        ([("viewer",), ("owner", *GROUP)], ("O", "role-owner by-group", "viewer, direct; owner, group Engineers")),
        ([("member",), ("Ops", *GROUP)], ("M+", "role-member", "member, direct; Ops, group Engineers")),
        ([("member",), ("member", *GROUP)], ("M", "role-member", "member, direct; member, group Engineers")),
        ([("Ops", *GROUP), ("Ops", *GROUP)], ("+", "role-custom by-group", "Ops, group Engineers")),
        ([(None,)], ("?", "role-custom", "–, direct")),  # noqa: RUF001 - an en dash is intended
        ([(None,), ("reader",)], ("R", "role-reader", "–, direct; reader, direct")),  # noqa: RUF001 - as above
    ],
)
def test_the_highest_role_is_a_letter_and_all_are_in_words(
    roles: list[tuple[str | None, ...]], cell: tuple[str, ...]
) -> None:
    assert cell_of(HeldRole("proj_1", *role) for role in roles) == MatrixCell(*cell)


# Which permissions follow from roles


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

"""What `members` shows, without requests."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.members import cell_of, lines_of
from pulumi_openai_admin.cli.memberships import HeldRole, role_name
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

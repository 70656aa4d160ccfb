"""What `members` shows, without requests."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.members import cell_of, lines_of, only_owned
from pulumi_openai_admin.cli.memberships import Grant, ListedGroup, RolesInProject, role_name
from pulumi_openai_admin.cli.report import MatrixCell
from tests.results import invite, member

OWNER, MEMBER = Grant("owner"), Grant("member")
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
def test_a_predefined_role_has_its_short_name(
    role_id: str, is_predefined: bool, name: str, expected: str | None
) -> None:
    assert role_name({"id": role_id, "predefined_role": is_predefined, "name": name}) == expected


def test_only_what_somebody_owns() -> None:
    shop, search = RolesInProject("proj_1", "Shop", [OWNER, MEMBER]), RolesInProject("proj_2", "Search", [MEMBER])
    groups = [ListedGroup("g", "G", is_scim_managed=False)]
    reader = only_owned(member(role="reader", projects=[shop, search], groups=groups))
    assert reader is not None
    assert lines_of(reader) == [("Shop", "owner", "direct")]
    inherited = only_owned(member(organization_roles=[Grant("owner", "g", "G")]))
    assert inherited is not None
    assert lines_of(inherited) == [("organization", "owner", "group G")]
    invited = only_owned(invite(role="reader", projects=[shop, search], expires_at=1_796_249_811))
    assert invited is not None
    assert [*map(list, lines_of(invited))] == [
        ["organization", "–", "invite, expires 2026-12-02"],  # noqa: RUF001 - an en dash is intended
        ["Shop", "owner", "invite"],
    ]
    assert only_owned(member(role="reader", projects=[search])) is None


@pytest.mark.parametrize(
    ("grants", "cell"),
    [
        (
            [Grant("viewer"), Grant("owner", *GROUP)],
            ("O", "role-owner by-group", "viewer, direct; owner, group Engineers"),
        ),
        ([Grant("member"), Grant("Ops", *GROUP)], ("M+", "role-member", "member, direct; Ops, group Engineers")),
        ([Grant("member"), Grant("member", *GROUP)], ("M", "role-member", "member, direct; member, group Engineers")),
        ([Grant("Ops", *GROUP), Grant("Ops", *GROUP)], ("+", "role-custom by-group", "Ops, group Engineers")),
        ([Grant(None)], ("?", "role-custom", "–, direct")),  # noqa: RUF001 - an en dash is intended
        ([Grant(None), Grant("reader")], ("R", "role-reader", "–, direct; reader, direct")),  # noqa: RUF001 - as above
    ],
)
def test_the_highest_role_is_a_letter_and_all_are_in_words(grants: list[Grant], cell: tuple[str, ...]) -> None:
    assert cell_of(grants) == MatrixCell(*cell)

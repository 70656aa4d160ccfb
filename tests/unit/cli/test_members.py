"""What `members` shows, without requests."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.members import cell_of
from pulumi_openai_admin.cli.memberships import Grant, role_name
from pulumi_openai_admin.cli.report import MatrixCell

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

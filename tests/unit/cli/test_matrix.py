"""Which letter somebody has in the matrix of `members` and `access`."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.matrix import Cell, of_roles
from pulumi_openai_admin.cli.memberships import Grant

GROUP = ("group_eng", "Engineers")


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
    assert of_roles(grants) == Cell(*cell)

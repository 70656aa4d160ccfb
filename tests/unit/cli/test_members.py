"""What `members` shows, without requests."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.members import (
    TableLine,
    lines_of_invite,
    lines_of_person,
    only_owned,
    only_owned_invite,
)
from pulumi_openai_admin.cli.memberships import (
    Grant,
    InvitedProject,
    ListedGroup,
    ListedInvite,
    RolesInProject,
    Selection,
    group_ids,
    role_name,
)
from tests.results import person

OWNER, MEMBER = Grant("owner"), Grant("member")


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
    ("sources", "expected"), [(None, []), ([], []), ([{"principal_id": "g_1", "principal_type": "group"}], ["g_1"])]
)
def test_where_a_role_is_inherited_from(sources: object, expected: list[str]) -> None:
    assert group_ids({"assignment_sources": sources}) == expected


@pytest.mark.parametrize("word", ["ada@example.com", "ADA@EXAMPLE.COM", "user-1", "Ada L*", "*@example.com"])
def test_a_person_is_selected_by_address_id_name_or_glob(word: str) -> None:
    assert Selection([word]).has("user-1", "ada@example.com", "Ada Lovelace")
    assert not Selection([word]).has("user-2", None, "Grace")
    assert Selection([word]).unmatched([("user-2", None, "Grace")]) == [word]
    assert Selection([word, "grace"]).unmatched([("user-2", None, "Grace")]) == [word]


def test_without_words_everybody_is_selected() -> None:
    assert Selection().has("user-1", None)
    assert Selection().unmatched([]) == []


def test_a_person_without_anything_has_a_row() -> None:
    assert lines_of_person(person()) == [TableLine("organization", "–", "–")]  # noqa: RUF001 - an en dash is intended
    assert lines_of_person(person(is_in_organization=False))[0].through == "not listed there"


def test_the_members_of_some_groups_come_from_an_identity_provider() -> None:
    groups = [ListedGroup("g_1", "A", is_scim_managed=False), ListedGroup("g_2", "B", is_scim_managed=True)]
    assert [line.through for line in lines_of_person(person(groups=groups))] == ["direct", "identity provider"]


def test_only_what_a_person_owns() -> None:
    shop, search = RolesInProject("proj_1", "Shop", [OWNER, MEMBER]), RolesInProject("proj_2", "Search", [MEMBER])
    reader = only_owned(
        person(role="reader", projects=[shop, search], groups=[ListedGroup("g", "G", is_scim_managed=False)])
    )
    assert reader is not None
    assert lines_of_person(reader) == [TableLine("Shop", "owner", "direct")]
    assert only_owned(person(role="reader", projects=[search])) is None
    inherited = only_owned(person(organization_roles=[Grant("owner", "g", "G")]))
    assert inherited is not None
    assert lines_of_person(inherited) == [TableLine("organization", "owner", "group G")]


def test_an_invite_says_when_it_expires() -> None:
    projects = [InvitedProject("proj_1", "Shop", "owner"), InvitedProject("proj_2", "Search", "member")]
    invite = ListedInvite("invite-1", "lin@example.com", "reader", 1_796_249_811, projects)
    assert lines_of_invite(invite) == [
        TableLine("organization", "reader", "invite, expires 2026-12-02"),
        TableLine("Shop", "owner", "invite"),
        TableLine("Search", "member", "invite"),
    ]
    owned = only_owned_invite(invite)
    assert owned is not None
    assert [line.where for line in lines_of_invite(owned)] == ["organization", "Shop"]
    assert only_owned_invite(ListedInvite("invite-1", "x", "reader", None, projects[1:])) is None
    assert lines_of_invite(ListedInvite("invite-1", "x", "owner", None, ()))[0].through == "invite"

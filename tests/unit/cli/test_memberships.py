"""Who is where, from lists by group and by project."""

from __future__ import annotations

from pulumi_openai_admin.cli.memberships import Grant, ListedGroup, Memberships

PROJECTS = {"proj_2": "Batch", "proj_1": "Shop"}


def filled(*, only_in_projects: bool = False) -> Memberships:
    found = Memberships(PROJECTS, only_in_projects=only_in_projects)
    found.lists_people = True
    found.add_people(
        [{"id": "user-b", "name": "bob", "role": "owner"}, {"id": "user-a", "name": "Ada"}, {"id": "user-c"}],
        is_listed=True,
    )
    found.groups["g_1"] = ListedGroup("g_1", "Engineers", is_scim_managed=True)
    found.add_group_users("g_1", [{"id": "user-a"}])
    return found


def test_own_roles_come_before_those_of_groups() -> None:
    found = filled()
    found.add_project_role("proj_1", "g_1", "member")
    found.add_project_role("proj_1", "user-a", "owner")
    found.add_project_role("proj_2", "g_1", "viewer")
    ada = next(iter(found))
    by_group = [Grant(role, "g_1", "Engineers") for role in ("viewer", "member")]
    assert [(project.name, list(project.roles)) for project in ada.projects] == [
        ("Batch", by_group[:1]),
        ("Shop", [Grant("owner"), by_group[1]]),
    ]
    assert [group.is_scim_managed for group in ada.groups] == [True]


def test_only_people_in_the_projects_directly_or_by_a_group() -> None:
    found = filled(only_in_projects=True)
    assert list(found) == []
    found.add_project_role("proj_1", "user-c", "member")
    assert [person.id for person in found] == ["user-c"]
    found.add_project_role("proj_1", "g_1", "member")
    assert [person.id for person in found] == ["user-a", "user-c"]


def test_the_list_of_a_project_does_not_change_what_the_organization_lists() -> None:
    found = filled()
    found.add_people([{"id": "user-b", "name": "Other", "role": "member"}, {"id": "user-z"}], is_listed=False)
    people = {person.id: person for person in found}
    assert (people["user-b"].name, people["user-b"].role) == ("bob", "owner")
    assert [people[id_].is_in_organization for id_ in ("user-b", "user-z")] == [True, False]


def test_only_users_of_the_organization_may_have_roles_in_it() -> None:
    found = filled()
    found.add_people([{"id": "svc_acct_1", "is_service_account": True}, {"id": "user-z"}], is_listed=False)
    assert [*found.may_have_roles()] == ["user-a", "user-b", "user-c"]
    found.lists_people = False
    assert [*found.may_have_roles()] == ["user-a", "user-b", "user-c", "user-z"]

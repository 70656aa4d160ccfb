"""Which permissions follow from roles, compared with a second reading of the rules on random organizations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_openai_admin.cli.access import EVERY, NOT_KNOWN, Access, RolePermissions, access_of
from pulumi_openai_admin.cli.memberships import ORGANIZATION, Grant, HeldRole, ListedGroup, Memberships

PROJECTS = ("proj_1", "proj_2")
GROUPS = ("group_1", "group_2", "group_3")
PERMISSIONS = ("api.a.read", "api.b.write", "api.c.use")
CUSTOM = ("Finance", "Ops", "Idle")
BASE_OF_ORGANIZATION = ("owner", "reader")
BASE_OF_PROJECTS = ("owner", "member", "viewer", "none")
USER = "user-1"
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A slow machine fails no test."""


def in_project(access: list[Access], project_id: str) -> frozenset[str]:
    """What somebody may do in a project: by roles of the organization, and by roles of the project."""
    found = frozenset(item.permission for item in access if item.place in (ORGANIZATION, project_id))
    return frozenset({EVERY}) if EVERY in found else found


@dataclass(frozen=True)
class Company:
    """An organization as OpenAI has it, seen from one person: what is assigned, and to whom."""

    custom: dict[tuple[str, str], frozenset[str]]
    """The permissions of custom roles, by place and name."""
    listed: dict[tuple[str, str], frozenset[str]]
    """The permissions of base roles, by place and name, as the list of roles shows them."""
    groups: frozenset[str]
    """The groups that the person is in."""
    assigned: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)
    """Place, name of the role, and who has it: the person or a group."""


@st.composite
def companies(draw: st.DrawFn) -> Company:
    permissions = st.frozensets(st.sampled_from(PERMISSIONS))
    places = (ORGANIZATION, *PROJECTS)
    custom = st.tuples(st.sampled_from(places), st.sampled_from(CUSTOM))
    base = st.one_of(
        st.tuples(st.just(ORGANIZATION), st.sampled_from(BASE_OF_ORGANIZATION)),
        st.tuples(st.sampled_from(PROJECTS), st.sampled_from(BASE_OF_PROJECTS)),
    )
    holders = st.sampled_from((USER, *GROUPS, "user-other"))
    held = st.one_of(custom, base).flatmap(lambda role: st.tuples(st.just(role[0]), st.just(role[1]), holders))
    return Company(
        draw(st.dictionaries(custom, permissions)),
        draw(st.dictionaries(base, permissions)),
        draw(st.frozensets(st.sampled_from(GROUPS))),
        draw(st.frozensets(held)),
    )


# --- the second reading: one permission in one place at a time, from the assignments ---


def answer(company: Company, permission: str, project: str) -> str:
    """Whether the person has a permission in a project: `yes`, `assumed` (an owner), `not known`, or `no`."""
    answers = set()
    for place, role, holder in company.assigned:
        is_ours = holder == USER or holder in company.groups
        if is_ours and place in {"", project}:
            answers.add(answer_of_role(company, place, role, permission))
    return next((word for word in ("assumed", "yes", "not known") if word in answers), "no")


def answer_of_role(company: Company, place: str, role: str, permission: str) -> str:
    if role in CUSTOM:
        if (place, role) not in company.custom:
            return "not known"  # a role that no list shows
        return "yes" if permission in company.custom[place, role] else "no"
    if role == "owner":
        return "assumed"
    if role == "none":
        return "no"
    shown = company.listed.get((place, role))
    if not shown:
        return "not known"
    return "yes" if permission in shown else "no"


# --- the same organization as the command reads it ---


def roles_of(company: Company) -> RolePermissions:
    roles = RolePermissions()
    for number, ((place, name), permissions) in enumerate(company.custom.items()):
        row = {"id": f"role_{number}", "name": name, "permissions": [*permissions], "predefined_role": False}
        roles.add(place, row)
    for (place, name), permissions in company.listed.items():
        level = "project" if place else "organization"
        row = {
            "id": f"role-api-{level}-{name}__api-{level}__x",
            "name": f"{level} {name}".title(),
            "permissions": [*permissions],
            "predefined_role": True,
        }
        roles.add(place, row)
    return roles


def held_by(company: Company) -> list[HeldRole]:
    """The roles, as the lists of OpenAI show them."""
    found = Memberships(dict.fromkeys(PROJECTS, "Shop"))
    found.lists_people = True
    found.add_people([{"id": USER, "name": "Ada"}, {"id": "user-other", "name": "Bob"}], is_listed=True)
    found.groups.update({id_: ListedGroup(id_, id_, is_scim_managed=False) for id_ in GROUPS})
    for group in company.groups:
        found.add_group_users(group, [{"id": USER}])
    for place, role, holder in sorted(company.assigned):
        if place:
            found.add_project_role(place, holder, role)
        elif holder in GROUPS:
            for user in found.users_of[holder]:
                found.add_organization_role(user, role, holder)
        else:
            found.add_organization_role(holder, role, None)
    return next(person for person in found if person.id == USER).held


@untimed
@given(companies(), st.sampled_from(PERMISSIONS), st.sampled_from(PROJECTS))
def test_both_readings_agree(company: Company, permission: str, project: str) -> None:
    access = access_of(held_by(company), roles_of(company))
    found = in_project(access, project)
    words = {EVERY: "assumed", permission: "yes", NOT_KNOWN: "not known"}
    assert next((word for name, word in words.items() if name in found), "no") == answer(company, permission, project)


@untimed
@given(companies())
def test_what_it_comes_from_is_all_that_gives_it(company: Company) -> None:
    roles = roles_of(company)
    for item in access_of(held_by(company), roles):
        for held in item.through:
            alone = access_of([held], roles)
            assert [(part.place, part.through) for part in alone if part.permission == item.permission] == [
                (item.place, [held])
            ]


# --- single rules ---


def role(id_: str, name: str, *permissions: str, is_base: bool = False) -> dict[str, Any]:
    return {"id": id_, "name": name, "permissions": list(permissions), "predefined_role": is_base}


def names(roles: RolePermissions, place: str, role_: str | None) -> set[str]:
    return set(roles.permissions(HeldRole(place, Grant(role_))))


def test_a_custom_role_called_like_a_base_role_hides_neither() -> None:
    roles = RolePermissions()
    roles.add(ORGANIZATION, role("role_1", "reader", "api.files.read"))
    roles.add(ORGANIZATION, role("role-api-organization-reader__x", "Reader", "api.models.read", is_base=True))
    assert names(roles, ORGANIZATION, "reader") == {"api.files.read", "api.models.read"}


def test_custom_roles_may_exist_where_the_list_was_refused() -> None:
    roles = RolePermissions()
    roles.add_all("proj_1", None)
    roles.add("proj_2", role("role-api-project-member", "member", "api.files.read", is_base=True))
    roles.add("proj_3", role("role_1", "Ops"))
    assert [roles.may_have_custom(id_) for id_ in ("proj_1", "proj_2", "proj_3")] == [True, False, True]


def test_what_everything_and_nothing_come_first_and_last() -> None:
    roles = RolePermissions()
    roles.add("proj_1", role("role_1", "Ops", "b", "a"))
    grants = [Grant("viewer"), Grant("Ops"), Grant("owner")]
    access = access_of([HeldRole("proj_1", grant) for grant in grants], roles)
    assert [item.permission for item in access] == [EVERY, "a", "b", NOT_KNOWN]
    assert in_project(access, "proj_1") == {EVERY}
    assert in_project(access, "proj_2") == set()

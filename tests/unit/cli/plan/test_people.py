"""What a preview changes in the permissions of people and service accounts."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import resources
from pulumi_openai_admin.cli import memberships
from pulumi_openai_admin.cli.plan import Part, Review, in_markdown
from pulumi_openai_admin.handlers.handler import GrantedAccess, Shows, Subject
from pulumi_openai_admin.hosts.native.properties import camel
from tests import keyed
from tests.browser.pages import SOURCE
from tests.exported import DYNAMIC, NATIVE, record

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK = {"op": "same", "urn": "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev", "newState": {"type": "x:y:Z"}}

Values = dict[str, Any]


class Steps:
    """A preview of resources, for one of the providers."""

    def __init__(self, type_: str) -> None:
        self.type = type_
        self.documents: list[dict[str, Any]] = []

    def add(self, kind: str, name: str, old: Values | None, new: Values | None, **more: Any) -> str:
        """Add a step, whose operation follows from both sides; returns its URN."""
        sources = self._spelled(more.pop("sources", {}))
        shown = record(kind, more.get("id", ""), name, native=self.type == NATIVE, propertyDependencies=sources)
        operation = "create" if old is None else "delete" if new is None else "same" if old == new else "update"
        step: dict[str, Any] = {"op": operation, "urn": shown["urn"]}
        if old is not None:
            outputs = self._spelled({**old, **more.get("outputs", {})})
            step["oldState"] = {**shown, "inputs": self._spelled(old), "outputs": outputs}
        if new is not None:
            step["newState"] = {**shown, "inputs": self._spelled(new), "outputs": {}}
        self.documents.append(step)
        return str(shown["urn"])

    def _spelled(self, values: Values) -> Values:
        return {camel(key) if self.type == NATIVE and key[0] != "_" else key: value for key, value in values.items()}

    def review(self, *, shows_sames: bool = True) -> Review:
        shown = [STACK, *self.documents] if shows_sames else [step for step in self.documents if step["op"] != "same"]
        return Review({"steps": shown, "changeSummary": {}}, SOURCE)

    def changes(self) -> list[tuple[str, ...]]:
        return [
            (section.title, line.what, line.word, (line.before + line.after).strip("\N{EN DASH}"), line.resource)
            for section in self.review().sections
            for line in section.lines
            if line.part is Part.ACCESS
        ]


@pytest.fixture(params=[DYNAMIC, NATIVE])
def shop(request: pytest.FixtureRequest) -> Steps:
    """A project with a custom role, which a group has; nothing changes."""
    steps = Steps(request.param)
    project = {"name": "Shop"}
    steps.add("Project", "shop", project, project, id="proj_1", outputs={"project_id": "proj_1"})
    steps.add("Group", "team", {"name": "engineers"}, {"name": "engineers"}, outputs={"group_id": "group_1"})
    role = {"project_id": "proj_1", "name": "Ops", "permissions": ["api.files.read", "api.responses.write"]}
    steps.add("ProjectRole", "ops", role, role, outputs={"role_id": "role_1"})
    given_ = {"project_id": "proj_1", "group_id": "group_1", "role_id": "role_1"}
    steps.add("ProjectGroupRole", "given", given_, given_)
    member = {"project_id": "proj_1", "email": "ada@example.com", "role": "viewer"}
    steps.add("ProjectUser", "ada", member, member, outputs={"user_id": "user-ada"})
    return steps


EVERY = "every permission (not documented by OpenAI)"
BOTH = "api.files.read, api.responses.write"


def users(*ids: str) -> Values:
    return {"group_id": "group_1", "user_ids": list(ids)}


def test_who_leaves_a_group_loses_what_the_group_has(shop: Steps) -> None:
    shop.add("GroupMembers", "members", users("user-ada", "user-grace"), users("user-grace", "user-alan"))
    assert shop.changes() == [
        ("Shop", "ada@example.com", "loses", BOTH, "leaves engineers; the role viewer may have it"),
        ("Shop", "user-alan", "gains", BOTH, "joins engineers"),
    ]
    comment = in_markdown(shop.review())
    assert f"| **loses** | `ada@example.com` | `{BOTH}` | `leaves engineers; the role viewer may have it` |" in comment


def test_a_role_that_changes_changes_everybody_who_has_it(shop: Steps) -> None:
    shop.add("GroupMembers", "members", users("user-ada", "svc_acct_1"), users("user-ada", "svc_acct_1"))
    account = {"project_id": "proj_1", "name": "ci", "create_service_account_only": True}
    outputs = {"service_account_id": "svc_acct_1", "role": "none"}
    shop.add("ProjectServiceAccount", "ci", account, account, outputs=outputs)
    role = next(step for step in shop.documents if step["urn"].endswith("ProjectRole::ops"))
    role["op"] = "update"
    role["newState"] = {**role["newState"], "inputs": {**role["newState"]["inputs"], "permissions": ["api.files.read"]}}
    assert [change[1:] for change in shop.changes()] == [
        ("ada@example.com", "loses", "api.responses.write", "the role Ops loses it; the role viewer may have it"),
        ("ci", "loses", "api.responses.write", "the role Ops loses it"),
    ]


def test_objects_that_the_same_update_creates_are_recognized(shop: Steps) -> None:
    group = shop.add("Group", "new", None, {"name": "auditors"})
    role = shop.add("Role", "audit", None, {"name": "Audit", "permissions": ["api.usage.read"]})
    known = {"group_id": [group], "role_ids": [role]}
    shop.add("GroupRoles", "given", None, {"group_id": UNKNOWN, "role_ids": [UNKNOWN]}, sources=known)
    joins = {"group_id": UNKNOWN, "user_id": "user-ada"}
    shop.add("GroupUser", "joins", None, joins, sources={"group_id": [group]})
    assert shop.changes() == [("The organization", "ada@example.com", "gains", "api.usage.read", "joins auditors")]


def test_an_entry_of_a_project_or_a_person_of_the_same_update_is_resolved(shop: Steps) -> None:
    projects = [shop.add("Project", name, None, {"name": name}) for name in ("lab", "web")]
    entries = keyed.projects({UNKNOWN: "owner"})
    person = {"email": "lin@example.com", "projects": [*entries, *entries]}
    lin = shop.add("OrganizationMember", "lin", None, person, sources={"projects": projects})
    people = {"project_id": "proj_1", "members": keyed.members({UNKNOWN: "owner"})}
    shop.add("ProjectMembers", "people", None, people, sources={"members": [lin]})
    assert [change[:4] for change in shop.changes()] == [
        (project, "lin@example.com", "gains", EVERY) for project in ("lab", "Shop", "web")
    ]


OWNER, READER = "role-api-organization-owner", "role-api-organization-reader"
ADA = {"user_id": "user-ada"}


@pytest.mark.parametrize(
    ("kind", "values", "remembered", "loses"),
    [
        ("UserRole", {"role_id": OWNER}, {"__managed": {"role_before": READER}}, True),
        ("UserRole", {"role_id": OWNER}, {"__managed": {"role_before": ""}}, True),
        ("UserRole", {"role_id": OWNER}, {}, False),
        ("UserRoles", {"role_ids": [OWNER]}, {"__managed": {"role_before": READER, "objects": {OWNER: {}}}}, True),
        ("UserRoles", {"role_ids": [OWNER]}, {"__managed": {"objects": {OWNER: {}}}}, False),
        (
            "OrganizationUser",
            {"role": "owner"},
            {"baseline": {"role": "reader"}, "__managed": {"written": {"role": "owner"}, "touched": ["role"]}},
            True,
        ),
        ("OrganizationUser", {"role": "owner"}, {}, False),
    ],
)
def test_a_base_role_that_leaves_the_program_is_lowered_or_stays(
    shop: Steps, kind: str, values: Values, remembered: Values, loses: bool
) -> None:
    id_ = f"user-ada/{OWNER}" if kind == "UserRole" else "user-ada"
    shop.add(kind, "ada", {**ADA, **values}, None, id=id_, outputs={**remembered, **ADA})
    expected = [("The organization", "ada@example.com", "loses", EVERY)] if loses else []
    assert [change[:4] for change in shop.changes()] == expected


def test_a_role_of_the_organization_that_a_project_gives_too(shop: Steps) -> None:
    role = {"name": "Audit", "permissions": ["api.files.read"]}
    shop.add("Role", "audit", role, role, outputs={"role_id": "role_2"})
    shop.add("UserRole", "ada", {"user_id": "user-ada", "role_id": "role_2"}, None)
    shop.add("GroupMembers", "members", users("user-ada"), users("user-ada"))
    assert shop.changes() == [
        ("The organization", "ada@example.com", "loses", "api.files.read", "loses the role Audit; still has it in Shop")
    ]


@pytest.mark.parametrize("kind", ["ProjectUserRole", "UserRole"])
def test_what_another_role_gives_too_is_not_lost(shop: Steps, kind: str) -> None:
    shop.add("GroupMembers", "members", users("user-ada"), users())
    role = {"project_id": "proj_1", "role_id": "role_1"} if kind == "ProjectUserRole" else {"role_id": OWNER}
    shop.add(kind, "ada", {**ADA, **role}, {**ADA, **role})
    assert shop.changes() == []


def test_everybody_in_a_group_loses_the_role_that_the_group_loses(shop: Steps) -> None:
    shop.add("GroupMembers", "members", users("user-alan"), users("user-alan"))
    next(step for step in shop.documents if step["urn"].endswith("::given")).update(op="delete", newState=None)
    assert shop.changes() == [("Shop", "user-alan", "loses", BOTH, "engineers loses the role Ops")]


def test_a_removal_that_is_not_known_is_no_loss(shop: Steps) -> None:
    user = {"user_id": "user-ada", "role": "owner", "remove_on_destroy": "[secret]"}
    shop.add("OrganizationUser", "ada", user, None, id="user-ada", outputs={"__managed": "[secret]"})
    assert shop.changes() == []


def test_what_is_secret_joins_no_two_people_and_no_two_places(shop: Steps) -> None:
    for number in (1, 2):
        user = {"project_id": "[secret]", "email": "[secret]", "role": "owner" if number == 1 else "[secret]"}
        more: Values = {"id": f"proj_{number}/user-{number}", "outputs": {"user_id": f"user-{number}"}}
        shop.add("ProjectUser", f"it-{number}", user, {**user, "role": "member"}, **more)
    every = "every permission (not documented by OpenAI)"
    assert shop.changes() == [("Shop", "user-1", "loses", every, "loses the role owner")]


def test_a_secret_place_is_not_the_organization(shop: Steps) -> None:
    user = {"project_id": "[secret]", "email": "ada@example.com", "role": "owner"}
    shop.add("ProjectUser", "ada", None, user)
    assert [place for place, *_ in shop.changes()] == ["Projects whose ids are secret"]


def test_an_archived_project_ends_what_people_may_do_there(shop: Steps) -> None:
    shop.add("GroupMembers", "members", users("user-alan"), users("user-alan"))
    shop.documents[0] |= {"op": "delete", "newState": None}
    assert shop.changes() == [("Shop", "user-alan", "loses", BOTH, "the project is archived")]


def test_without_the_resources_that_do_not_change_nothing_is_said(shop: Steps) -> None:
    shop.add("GroupMembers", "members", users("user-ada"), users())
    assert not any(line.part is Part.ACCESS for line in shop.review(shows_sames=False).rows)


# A new kind that gives access is in the parts of the command line that say who has access.

GIVEN = {"role", "role_id", "role_ids", "members", "user_id", "user_ids"}
"""The inputs of a resource that gives access."""


@pytest.mark.every_resource
@pytest.mark.parametrize("name", resources.ALL)
def test_each_kind_that_gives_access_is_where_people_look_for_it(name: str) -> None:
    declaration, handler = resources.class_of(name).declaration, resources.class_of(name).handler
    gives = not GIVEN.isdisjoint(field.name for field in declaration.inputs)
    assert (handler.grants is not None) is gives, "its handler has to say what it `grants`"
    assert not gives or handler.traits.shows is Shows.NOTHING or name in memberships._LISTS
    assert (handler.traits.subject is Subject.PEOPLE) is (gives and name != "ProjectServiceAccount")
    read_by_plan: dict[GrantedAccess | None, set[str]] = {
        None: set(declaration.fields),
        GrantedAccess.PLACE: {"role", "members"},
        GrantedAccess.ROLES: {"role_id", "role_ids"},
        GrantedAccess.GROUP: {"user_id", "user_ids"},
    }
    assert not read_by_plan[handler.grants].isdisjoint(declaration.fields)

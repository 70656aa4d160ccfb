"""`members` shows who is where with which role, and through what."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

GRACE, ALAN = "user-grace", "user-alan"


@pytest.fixture
def company(emulator: EmulatorServer) -> EmulatorServer:
    """Grace is in Demo directly and by a group; Alan reads only, and has custom roles; Lin is invited."""
    emulator.control.seed(
        {
            "users": [
                {"id": GRACE, "email": "grace@example.com", "name": "Grace", "role": "owner"},
                {"id": ALAN, "email": "alan@example.com", "name": "Alan", "role": "reader"},
            ],
            "groups": [{"id": "group_eng", "name": "Engineers"}, {"id": "group_none", "name": "Nobody"}],
            "group_users": [{"group_id": "group_eng", "user_id": GRACE}],
            "roles": [{"id": "role_fin", "role_name": "Finance", "permissions": ["api.groups.read"]}],
            "user_roles": [{"user_id": ALAN, "role_id": "role_fin"}],
            "group_roles": [{"group_id": "group_eng", "role_id": "role_fin"}],
            "project_roles": [
                {"id": "role_ops", "project_id": "proj_demo", "role_name": "Ops", "permissions": ["api.groups.read"]}
            ],
            "project_users": [
                {"project_id": "proj_demo", "user_id": GRACE, "role": "owner"},
                {"project_id": "proj_staging", "user_id": ALAN, "role": "member"},
                {"project_id": "proj_demo", "user_id": ALAN, "role": "member"},
            ],
            "project_user_roles": [{"project_id": "proj_demo", "user_id": ALAN, "role_id": "role_ops"}],
            "project_groups": [{"project_id": "proj_demo", "group_id": "group_eng", "role": "member"}],
            "invites": [
                {"email": "lin@example.com", "role": "reader", "projects": [{"id": "proj_demo", "role": "owner"}]}
            ],
        }
    )
    return emulator


def rows(out: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in out.split("\n") if line.strip()]


def test_a_service_account_in_a_group_has_the_roles_of_the_group(command: Command, company: EmulatorServer) -> None:
    account = {"id": "svc_acct_ci", "name": "ci", "role": "none"}
    company.control.seed(
        {
            "projects": [{"id": "proj_ci", "name": "CI", "service_accounts": [account]}],
            "group_users": [{"group_id": "group_eng", "user_id": "svc_acct_ci"}],
        }
    )
    company.control.clear_requests()
    done = command.ok("members", "--user", "svc_acct_ci")
    assert rows(done.out)[1:] == [
        ["ci", "group Engineers", "member", "direct"],
        ["service account", "Demo", "member", "group Engineers"],
    ]
    assert "warning" not in done.err
    assert not [entry for entry in company.control.requests() if "svc_acct_ci" in entry["path"]]
    (shown,) = json.loads(command.ok("members", "--user", "ci", "--json").out)["people"]
    assert (shown["user_id"], shown["email"], shown["is_service_account"]) == ("svc_acct_ci", None, True)


@pytest.mark.usefixtures("company")
def test_a_person_with_everything_and_where_it_comes_from(command: Command) -> None:
    head, *shown = rows(command.ok("members", "--user", "GRACE@example.com").out)
    assert head == ["person", "where", "role", "through"]
    assert shown == [
        ["Grace", "organization", "owner", "direct"],
        ["grace@example.com", "Finance", "group Engineers"],
        ["group Engineers", "member", "direct"],
        ["Demo", "owner", "direct"],
        ["member", "group Engineers"],
    ]


@pytest.mark.usefixtures("company")
def test_everybody_is_shown_by_name_and_then_the_invites(command: Command) -> None:
    out = command.ok("members").out
    found = [row[0] for row in rows(out) if row[0] in {"Ada Emulated", "Alan", "Grace", "lin@example.com"}]
    assert found == ["Ada Emulated", "Alan", "Grace", "lin@example.com"]
    assert re.search(r"lin@example\.com +organization +reader +invite, expires 2\d{3}-\d\d-\d\d", out)
    assert re.search(r"Demo +owner +invite", out)


@pytest.mark.usefixtures("company")
def test_json_is_typed(command: Command) -> None:
    document = json.loads(command.ok("members", "--user", GRACE, "--user", "lin@*", "--json").out)
    assert document["not_read"] == []
    assert document["people"] == [
        {
            "user_id": GRACE,
            "name": "Grace",
            "email": "grace@example.com",
            "is_in_organization": True,
            "is_service_account": False,
            "role": "owner",
            "organization_roles": [{"role": "Finance", "group_id": "group_eng", "group_name": "Engineers"}],
            "groups": [{"group_id": "group_eng", "name": "Engineers", "is_scim_managed": False}],
            "projects": [
                {
                    "project_id": "proj_demo",
                    "name": "Demo",
                    "roles": [
                        {"role": "owner", "group_id": None, "group_name": None},
                        {"role": "member", "group_id": "group_eng", "group_name": "Engineers"},
                    ],
                }
            ],
        }
    ]
    (invite,) = document["invites"]
    assert invite["email"] == "lin@example.com"
    assert invite["projects"] == [{"project_id": "proj_demo", "name": "Demo", "role": "owner"}]


def test_only_pending_invites_are_shown(command: Command, company: EmulatorServer) -> None:
    (invite,) = json.loads(command.ok("members", "--json").out)["invites"]
    company.control.call("POST", f"invites/{invite['invite_id']}/expire")
    assert json.loads(command.ok("members", "--json").out)["invites"] == []


@pytest.mark.usefixtures("company")
def test_custom_roles_in_projects_are_read_where_they_are_asked_for(command: Command) -> None:
    def roles(*options: str) -> list[str]:
        (alan,) = json.loads(command.ok("members", "--user", "Alan", "--json", *options).out)["people"]
        (demo,) = (project for project in alan["projects"] if project["project_id"] == "proj_demo")
        return [grant["role"] for grant in demo["roles"]]

    assert roles() == ["member"]
    assert roles("--all-roles") == ["member", "Ops"]


@pytest.mark.usefixtures("company")
def test_a_project_shows_only_the_people_in_it_and_what_they_have_there(command: Command) -> None:
    document = json.loads(command.ok("members", "--project", "Staging", "--json").out)
    assert [person["name"] for person in document["people"]] == ["Alan"]
    assert [project["project_id"] for project in document["people"][0]["projects"]] == ["proj_staging"]
    assert document["invites"] == []
    document = json.loads(command.ok("members", "--project", "proj_demo", "--json").out)
    assert [person["name"] for person in document["people"]] == ["Alan", "Grace"]
    assert len(document["invites"]) == 1


@pytest.mark.usefixtures("company")
def test_owners_and_what_they_own(command: Command) -> None:
    shown = rows(command.ok("members", "--owners").out)
    assert ["Grace", "organization", "owner", "direct"] in shown
    assert {row[-2] for row in shown[1:] if len(row) > 1} == {"owner", "–"}  # noqa: RUF001 - an en dash is intended
    assert "Alan" not in {row[0] for row in shown}
    done = command.ok("members", "--owners", "--user", "Alan")
    assert (done.out, done.err.split("\n")[-2]) == ("", "No matching person is an owner.")


@pytest.mark.usefixtures("company")
def test_a_pattern_that_matches_nobody_is_refused_before_the_projects_are_read(
    command: Command, emulator: EmulatorServer
) -> None:
    done = command("members", "--user", "grase@example.com")
    assert (done.code, done.out) == (1, "")
    error = " ".join(done.err.split())
    assert "matches 'grase@example.com'. Did you mean grace@example.com" in error
    assert not [request for request in emulator.control.requests() if "/projects/" in request["path"]]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("*/organization/users", "the users of the organization"),
        ("*/users/*/roles", "the organization roles of users (3 lists)"),
        ("*/invites", "the invites"),
        ("*/organization/groups", "the groups"),
        ("*/groups/*/users", "the users of groups (2 lists)"),
        ("*/projects/*/users", "the users of projects (4 lists)"),
        ("*/projects/*/groups", "the groups of projects (4 lists)"),
        ("*/organization/projects", "the projects"),
    ],
)
def test_a_list_that_the_key_may_not_read_is_one_line_and_the_rest_is_shown(
    command: Command, emulator: EmulatorServer, path: str, what: str
) -> None:
    emulator.control.fault(kind="status", status=403, method="GET", path=path, times=None)
    done = command("members")
    assert done.code == 1
    assert "example.com" in done.out
    warnings = [line for line in done.err.split("\n") if line.startswith("warning: ")]
    assert [line.partition(". ")[0] for line in warnings] == [f"warning: Not shown: {what}"]
    document = json.loads(command("members", "--json").out)
    assert [text.partition(". ")[0] for text in document["not_read"]] == [f"Not shown: {what}"]


@pytest.mark.usefixtures("company")
def test_people_whom_only_projects_show_are_shown_without_the_list_of_users(
    command: Command, emulator: EmulatorServer
) -> None:
    emulator.control.fault(kind="status", status=403, method="GET", path="*/organization/users", times=None)
    (grace,) = json.loads(command("members", "--user", "Grace", "--json").out)["people"]
    assert grace["is_in_organization"] is None
    assert grace["role"] is None
    assert [grant["role"] for grant in grace["organization_roles"]] == ["owner", "Finance"]
    assert [project["project_id"] for project in grace["projects"]] == ["proj_demo"]

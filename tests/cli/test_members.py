"""`members` shows who is where with which role, and through what; `access` what they can do there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.terminal import NOT_READ
from tests.by_hand import lists

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

pytestmark = pytest.mark.usefixtures("company")


def test_a_person_with_everything_and_where_it_comes_from(command: Command) -> None:
    head, *shown = command.ok("members", "--user", "ALAN@example.com", "--all-roles").rows
    assert head == ["person", "where", "role", "through"]
    assert shown == [
        ["Alan", "organization", "reader", "direct"],
        ["alan@example.com", "Finance", "group Engineers"],
        ["group Engineers", "member", "direct"],
        ["Shop", "viewer", "direct"],
        ["Ops", "direct"],
        ["Deploy", "group Engineers"],
    ]
    assert "Ops" not in command.ok("members", "--user", "Alan").out


def test_everybody_is_shown_by_name_and_then_the_invites(command: Command) -> None:
    done = command.ok("members")
    found = [row[0] for row in done.rows if row[0] in {"Ada Emulated", "Alan", "Grace", "lin@example.com"}]
    assert found == ["Ada Emulated", "Alan", "Grace", "lin@example.com"]
    assert re.search(r"lin@example\.com +organization +reader +invite, expires 2\d{3}-\d\d-\d\d", done.out)
    assert ["Shop", "owner", "invite"] in done.rows


def test_json_is_typed(command: Command) -> None:
    document = json.loads(command.ok("members", "--user", "user-alan", "--user", "lin@*", "--json").out)
    assert document["not_read"] == []
    assert document["people"] == [
        {
            "user_id": "user-alan",
            "name": "Alan",
            "email": "alan@example.com",
            "is_in_organization": True,
            "is_service_account": False,
            "role": "reader",
            "organization_roles": [{"role": "Finance", "group_id": "group_eng", "group_name": "Engineers"}],
            "groups": [{"group_id": "group_eng", "name": "Engineers", "is_scim_managed": False}],
            "projects": [
                {
                    "project_id": "proj_shop",
                    "name": "Shop",
                    "roles": [
                        {"role": "viewer", "group_id": None, "group_name": None},
                        {"role": "Deploy", "group_id": "group_eng", "group_name": "Engineers"},
                    ],
                }
            ],
        }
    ]
    (invite,) = document["invites"]
    assert invite["email"] == "lin@example.com"
    assert invite["projects"] == [{"project_id": "proj_shop", "name": "Shop", "role": "owner"}]


def test_a_project_shows_only_the_people_in_it(command: Command) -> None:
    for project, people, invites in (("Search", [], 0), ("proj_shop", ["Alan", "ci"], 1)):
        document = json.loads(command.ok("members", "--project", project, "--json").out)
        assert [person["name"] for person in document["people"]] == people
        assert len(document["invites"]) == invites


def test_owners_and_what_they_own(command: Command) -> None:
    shown = command.ok("members", "--owners").rows
    assert ["Grace", "organization", "owner", "direct"] in shown
    assert {row[-2] for row in shown[1:] if len(row) > 1} == {"owner", "–"}  # noqa: RUF001 - an en dash is intended
    assert "Alan" not in {row[0] for row in shown}
    done = command.ok("members", "--owners", "--user", "Alan")
    assert (done.out, done.err.split("\n")[-2]) == ("", "No matching person is an owner.")


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("*/organization/users", "the users of the organization"),
        ("*/users/*/roles", "the organization roles of users (3 lists)"),
        ("*/invites", "the invites"),
        ("*/organization/groups", "the groups"),
        ("*/groups/*/users", "the users of groups"),
        ("*/projects/*/users", "the users of projects (6 lists)"),
        ("*/projects/*/groups", "the groups of projects (6 lists)"),
        ("*/organization/projects", "the projects"),
    ],
)
def test_a_list_that_the_key_may_not_read_is_one_line_and_the_rest_is_shown(
    command: Command, emulator: EmulatorServer, path: str, what: str
) -> None:
    emulator.control.fault(kind="status", status=403, method="GET", path=path, times=None)
    done = command.fails("members", code=NOT_READ)
    assert "example.com" in done.out
    warnings = [line for line in done.err.split("\n") if line.startswith("warning: ")]
    assert [line.partition(". ")[0] for line in warnings] == [f"warning: Not shown: {what}"]
    document = json.loads(command("members", "--json").out)
    assert [text.partition(". ")[0] for text in document["not_read"]] == [f"Not shown: {what}"]


@pytest.mark.parametrize("ended", ["users/user-alan", "groups/group_eng"])
def test_who_has_ended_since_hides_nobody_else(command: Command, emulator: EmulatorServer, ended: str) -> None:
    emulator.control.seed({"project_users": [{"project_id": "proj_shop", "user_id": "user-grace", "role": "member"}]})
    path, deletes = f"*/projects/proj_shop/{ended}/roles", {"method": "DELETE", "path": f"/organization/{ended}"}
    emulator.control.fault(kind="interleave", method="GET", path=path, requests=[deletes])
    done = command.ok("members", "--user", "grace@*", "--user", "alan@*", "--all-roles")
    assert f"{ended.partition('/')[2]} was not found" in done.said
    assert ["grace@example.com", "Shop", "member", "direct"] in done.rows, done.out


# `access`

ALAN = "user-alan"


def test_what_a_person_may_do_where_and_through_what(command: Command) -> None:
    done = command.ok("access", "ALAN@example.com", "--permission", "api.[fu]*", "--permission", "api.resp*")
    assert done.rows[:-1] == [
        ["person", "where", "permission", "through"],
        ["Alan", "organization", "api.usage.read", "Finance, group Engineers"],
        ["alan@example.com", "Shop", "api.files.read", "Ops, direct"],
        ["api.responses.write", "Ops, direct; Deploy, group Engineers"],
    ]
    assert "base roles" not in done.out


def test_who_has_a_permission_in_a_project(command: Command) -> None:
    done = command.ok("access", "--permission", "api.responses.write", "--project", "Shop")
    assert done.rows[3:10] == [
        ["Alan", "Shop", "api.responses.write", "Ops, direct; Deploy, group Engineers"],
        ["alan@example.com"],
        ["ci", "Shop", "api.responses.write", "Deploy, group Engineers"],
        ["service account"],
        ["Grace", "organization", "every permission", "owner*, direct"],
        ["grace@example.com"],
        ["lin@example.com", "Shop", "every permission", "owner*, invite"],
    ]
    assert "OpenAI does not document which permissions base roles have" in done.out
    elsewhere = command.ok("access", "--permission", "api.responses.write", "--project", "proj_search").rows
    assert [row[0] for row in elsewhere[1:5]] == ["Ada Emulated", "ada@example.com", "Grace", "grace@example.com"]


def test_json_is_typed_and_marks_base_roles(command: Command) -> None:
    document = json.loads(command.ok("access", "Alan", "ci", "lin@*", "--permission", "api.usage.read", "--json").out)
    assert document["not_read"] == []
    assert len(document["notes"]) == 2
    finance = {
        "project_id": None,
        "project": None,
        "permission": "api.usage.read",
        "is_every_permission": False,
        "is_documented": True,
        "through": [{"role": "Finance", "group_id": "group_eng", "group_name": "Engineers", "is_base_role": False}],
    }
    alan, ci = document["people"]
    person = {"user_id": ALAN, "name": "Alan", "email": "alan@example.com", "is_service_account": False}
    assert alan == {**person, "access": [finance]}
    assert (ci["user_id"], ci["is_service_account"], ci["access"]) == ("svc_acct_ci", True, [finance])
    (invite,) = document["invites"]
    (owner,) = invite["access"]
    assert (owner["permission"], owner["is_every_permission"], owner["is_documented"]) == (None, True, False)
    assert owner["through"] == [{"role": "owner", "group_id": None, "group_name": None, "is_base_role": True}]


def test_nobody_has_it(command: Command) -> None:
    done = command.ok("access", "Alan", "--permission", "api.videos.write")
    assert done.out == ""
    assert "No matching person has api.videos.write." in done.err


def test_roles_of_users_are_read_in_projects_with_custom_roles(command: Command, company: EmulatorServer) -> None:
    company.control.clear_requests()
    command.ok("access")
    paths = [request["path"].partition("?")[0] for request in company.control.requests()]
    read = [path for path in paths if path.startswith("/projects/") and "/users/" in path]
    assert read == [f"/projects/proj_shop/users/{ALAN}/roles"], "no other project has custom roles"


def test_what_the_key_may_not_read_is_said(command: Command, company: EmulatorServer) -> None:
    company.control.fault(kind="status", status=403, method="GET", path="*/organization/roles", times=None)
    done = command.fails("access", "Alan", "--json", code=NOT_READ)
    document = json.loads(done.out)
    assert document["not_read"][0].startswith("Not shown: the roles of the organization. ")
    (alan,) = document["people"]
    organization = [item for item in alan["access"] if item["project"] is None]
    assert [(item["permission"], item["is_every_permission"]) for item in organization] == [(None, False)]
    assert {role["role"] for role in organization[0]["through"]} == {"reader", "Finance"}


def test_what_is_denied_is_denied_of_what_was_read(command: Command, company: EmulatorServer) -> None:
    """Each of these sentences is about a list that the key may not read."""
    refused = {"kind": "status", "status": 403, "times": None}
    company.control.fault(**refused, path="*/organization/users")
    company.control.fault(**refused, path="*/organization/invites")
    company.control.fault(**refused, path="*/proj_shop/api_keys")
    extent = "in the lists that could be read"
    for arguments in (
        ("members", "--user", "nobody@example.com"),
        ("members", "--owners", "--project", "Search"),
        ("access", "--permission", "api.audit.read", "--project", "Search"),
        ("access", "nobody@example.com"),
        ("keys", "--expiring", "1m"),
        ("keys", "--owner", "nobody@example.com"),
    ):
        done = command(*arguments)
        assert done.code != 0
        assert (extent in done.said, "warning: Not shown: the users" in done.said) == (True, True), done
    assert "because no list that could be read shows it" in command.fails("keys", "revoke", "key_1", "--yes").out


@pytest.mark.parametrize("value", [10**18, 1_795_000_000_000, -1, 1.5e300, "soon", True])
def test_an_invite_with_an_odd_date_hides_nobody(command: Command, company: EmulatorServer, value: object) -> None:
    invite = {"id": "invite-1", "email": "lin@example.com", "role": "reader", "status": "pending", "expires_at": value}
    lists(company, "*/organization/invites", invite)
    for form in ((), ("--json",), ("--html", "-")):
        done = command("members", *form)
        assert "lin@example.com" in done.out
        assert "alan@example.com" in done.out
        assert "as expires_at of the invite of lin@example.com, which is not a time." in done.said
        assert done.code != 0

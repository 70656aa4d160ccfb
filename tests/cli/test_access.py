"""`access` shows who can do what, where, and through what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

pytestmark = pytest.mark.usefixtures("company")
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
    done = command.fails("access", "Alan", "--json")
    document = json.loads(done.out)
    assert document["not_read"][0].startswith("Not shown: the roles of the organization. ")
    (alan,) = document["people"]
    organization = [item for item in alan["access"] if item["project"] is None]
    assert [(item["permission"], item["is_every_permission"]) for item in organization] == [(None, False)]
    assert {role["role"] for role in organization[0]["through"]} == {"reader", "Finance"}

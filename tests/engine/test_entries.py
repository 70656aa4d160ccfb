"""Entries of lists with outputs of other resources in them, on the real engine, with both providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.host.principals import USERS

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack


def test_an_output_may_be_the_id_in_an_entry(either: Stack, emulator: EmulatorServer) -> None:
    stack = either
    emulator.control.seed({"users": USERS})

    def declare(role: str) -> None:
        demo, of_team = ({"project_id": id_, "role": "member"} for id_ in ("proj_demo", "$team.project_id"))
        grace = {"user_id": "$grace.user_id"}
        people = {
            "project_id": "proj_staging",
            "exclusive": True,
            "members": [{**grace, "role": role}, {"email": "alan@example.com", "role": "viewer"}],
            "until": [{**grace, "ends_at": "2999-12-31"}],
        }
        stack.declare({
            "team": ("Project", {"name": "Team"}),
            "grace": ("OrganizationMember", {"email": "grace@example.com", "projects": [of_team, demo]}),
            "people": ("ProjectMembers", people),
        })  # fmt: skip

    declare("member")
    stack.ok("config", "set", "openai-admin:previewReads", "true")
    told = " ".join(stack.ok("preview").text.split())
    assert "The users of project proj_staging, at OpenAI now: alan@example.com not found => viewer." in told
    stack.up()
    stack.assert_clean()
    team, grace, people = (stack.resource(name) for name in ("team", "grace", "people"))
    projects = grace["outputs"]["projects"]
    assert {entry[stack.spelled("project_id")]: entry["role"] for entry in projects} == {
        "proj_demo": "member",
        team["id"]: "member",
    }
    assert {entry["role"] for entry in people["outputs"]["members"]} == {"member", "viewer"}
    declare("owner")
    assert '"member" => "owner"' in stack.preview().text
    stack.up()
    stack.assert_clean()

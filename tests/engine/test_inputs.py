"""Inputs that a program leaves out, or that only an update knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.host.scenarios.memberships import USERS

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack


def test_the_name_of_the_preview_is_the_name_of_the_object_and_stays(either: Stack) -> None:
    stack = either

    def write(**groups: str | None) -> None:
        """Declare groups with these names, or without one."""
        stack.declare({name: ("Group", {} if given is None else {"name": given}) for name, given in groups.items()})

    def name_of(resource: str) -> str:
        state = stack.resource(resource)
        assert state["inputs"]["name"] == state["outputs"]["name"]
        return str(state["inputs"]["name"])

    write(team=None, given="Given")
    previewed = set(re.findall(r"^ {6,}\+? *name *: \"(team-[0-9a-f]{7})\"", stack.preview().text, re.MULTILINE))
    stack.up()
    name = name_of("team")
    assert previewed == {name}
    write(team=None, given=None)
    stack.assert_clean()
    stack.refresh()
    pattern = "pulumi:autonaming.providers.openai-admin.pattern"
    stack.ok("config", "set", "--path", pattern, "${project}-${name}-${num(3)}")
    stack.assert_clean()
    write(team=None, given=None, another=None)
    stack.up()
    assert (name_of("team"), name_of("given")) == (name, "Given")
    assert re.fullmatch("test-another-[0-9]{3}", name_of("another"))


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
    roles = {entry[stack.spelled("project_id")]: entry["role"] for entry in projects}
    assert roles == {"proj_demo": "member", team["id"]: "member"}
    assert {entry["role"] for entry in people["outputs"]["members"]} == {"member", "viewer"}
    declare("owner")
    assert '"member" => "owner"' in stack.preview().text
    stack.up()
    stack.assert_clean()

"""People, groups and roles on the real engine: nobody loses access by mistake, and nobody keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests import keyed
from tests.engine.stacks import OTHER_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.stacks import Stack

GRACE = {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"}
ALAN = {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"}
NEW_ADDRESS = "hopper@example.com"
SEED: dict[str, Any] = {
    "users": [GRACE, ALAN],
    "groups": [{"id": "group_life", "name": "Life"}],
    "group_users": [{"group_id": "group_life", "user_id": "user-alan"}],
    "roles": [{"id": "role_life", "role_name": "Auditor", "permissions": ["api.groups.read"]}],
}
IMPORTS = """
    from pulumi_openai_admin import GroupMembers, OrganizationMember, OrganizationUser, ProjectMembers, ProjectUser
    from pulumi_openai_admin import UserRoles
"""
PERSON = """
    IN_DEMO = [{{"project_id": "proj_demo", "role": "member"}}]
    OrganizationMember("grace", email="{email}", role="owner", projects=IN_DEMO)
"""
SETS = """
    GroupMembers("group", group_id="group_life", user_ids={users})
    UserRoles("roles", user_id="user-alan", role_ids=["{role}"])
"""
MOVED = """
    ProjectUser("in-demo", project_id="proj_demo", email="{email}", role="member")
    OrganizationUser("user", user_id="user-grace", role="owner", remove_on_destroy={removes})
"""


def writes(emulator: EmulatorServer) -> list[str]:
    """What was changed since the last time."""
    found = [
        f"{request['method']} {request['path']}"
        for request in emulator.control.requests()
        if request["method"] != "GET"
    ]
    emulator.control.clear_requests()
    return found


def call(emulator: EmulatorServer, method: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.request(method, f"{emulator.base_url}{path}", headers=headers, timeout=10).raise_for_status()


def change_address(emulator: EmulatorServer, address: str) -> None:
    """The user has another address from now on, and is where the user was."""
    (in_project,) = [path for path in emulator.control.live("project_user")["project_user"] if "user-grace" in path]
    assert in_project
    call(emulator, "DELETE", "/organization/users/user-grace")
    members = [{"project_id": "proj_demo", "user_id": "user-grace", "role": "member"}]
    emulator.control.seed({"users": [{**GRACE, "email": address, "role": "owner"}], "project_users": members})
    emulator.control.clear_requests()


def members(emulator: EmulatorServer, kind: str) -> set[str]:
    return {path.rpartition("/")[2] for path in emulator.control.live(kind).get(kind, {})}


def test_a_program_changes_and_everybody_has_the_access_that_it_says(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.seed(SEED)
    email, both = GRACE["email"], ["user-alan", "user-grace"]
    stack.program(IMPORTS + PERSON.format(email=email) + SETS.format(users=both, role="role_life"))
    stack.up()
    stack.assert_clean()
    assert members(emulator, "group_user") == {"user-alan", "user-grace"}
    writes(emulator)

    # The person moves to other kinds of resources: nothing changes at OpenAI.
    stack.program(IMPORTS + MOVED.format(email=email, removes=True) + SETS.format(users=both, role="role_life"))
    stack.up()
    stack.assert_clean()
    assert writes(emulator) == []

    # Who leaves the program leaves the group, although the user was there before. The preview says so.
    stack.program(
        IMPORTS + MOVED.format(email=email, removes=True) + SETS.format(users=["user-grace"], role="role_life")
    )
    assert "will be removed from group group_life: user-alan." in stack.preview().text
    stack.up()
    assert writes(emulator) == ["DELETE /organization/groups/group_life/users/user-alan"]

    # A misspelled role changes nothing.
    misspelled = SETS.format(users=["user-grace"], role="role_lief")
    stack.program(IMPORTS + MOVED.format(email=email, removes=True) + misspelled)
    run = stack.run("up", "--yes")
    assert run.code
    assert "The organization has no role role_lief. Did you mean role_life?" in run.text
    assert writes(emulator) == []

    # Another address of the user, with the program as it is and with one that follows.
    change_address(emulator, NEW_ADDRESS)
    for address in (email, NEW_ADDRESS):
        stack.program(IMPORTS + MOVED.format(email=address, removes=True) + SETS.format(users=[], role="role_life"))
        stack.refresh()
        stack.up()
        assert [request for request in writes(emulator) if "groups" not in request] == []

    # Back to one resource, without `remove_on_destroy`: nobody is removed from the organization or the project.
    stack.program(IMPORTS + PERSON.format(email=NEW_ADDRESS) + SETS.format(users=[], role="role_life"))
    stack.up()
    assert writes(emulator) == []
    stack.destroy()
    assert members(emulator, "user") == {"user-alan", "user-emulator", "user-grace"}


def outputs(stack: Stack) -> dict[str, Any]:
    """What the state has of each resource, by name."""
    found = stack.export()["deployment"]["resources"]
    return {
        resource["urn"].rpartition("::")[2]: resource["outputs"]
        for resource in found
        if "__managed" in (resource.get("outputs") or {})
    }


@pytest.fixture
def other() -> Iterator[EmulatorServer]:
    """Another organization, with users and a group of the same ids and addresses."""
    seed = {**SEED, "projects": [{"id": "proj_other", "name": "Other"}, {"id": "proj_demo", "name": "Demo"}]}
    server = EmulatorServer(admin_key=OTHER_KEY, seed=seed).start()
    yield server
    server.stop()


def test_another_organizations_key_changes_nothing(
    stack: Stack, emulator: EmulatorServer, other: EmulatorServer
) -> None:
    emulator.control.seed(SEED)
    program = """
    OrganizationMember("grace", email="grace@example.com", role="owner", remove_on_destroy=True)
    OrganizationUser("alan", user_id="user-alan", role="{role}", remove_on_destroy=True)
    """
    stack.program(IMPORTS + program.format(role="owner"))
    stack.up()
    before, theirs = outputs(stack), other.control.live()
    own = {name: stack.environ[name] for name in ("OPENAI_ADMIN_KEY", "OPENAI_BASE_URL")}
    stack.environ |= {"OPENAI_ADMIN_KEY": OTHER_KEY, "OPENAI_BASE_URL": other.base_url}
    stack.program(IMPORTS + program.format(role="reader"))
    for command in (["refresh", "--yes"], ["up", "--yes"], ["destroy", "--yes"]):
        run = stack.run(*command)
        assert run.code, command
        assert "The key may belong to another organization: it does not show project" in run.text
    assert other.control.live() == theirs
    assert writes(other) == []
    assert outputs(stack) == before
    stack.environ |= own
    stack.destroy()
    assert members(emulator, "user") == {"user-emulator"}


def test_an_output_may_be_the_id_in_an_entry(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.seed({"users": [GRACE, ALAN]})
    program = f"""{IMPORTS}
    from pulumi_openai_admin import ProjectMember
    web = Project("web", name="web")
    grace = OrganizationMember("grace", email="grace@example.com", projects=[
        {{{{"project_id": "proj_demo", "role": "member"}}}},
        {{{{"project_id": web.project_id, "role": "owner"}}}},
    ])
    ProjectMembers("in-demo", project_id="proj_staging", exclusive=True, members=[
        {{{{"user_id": grace.user_id, "role": "{{role}}"}}}},
        ProjectMember(email="alan@example.com", role="viewer"),
    ], until=[{{{{"user_id": grace.user_id, "ends_at": "2999-12-31"}}}}])
    """
    stack.program(program.format(role="member"))
    stack.ok("config", "set", "openai-admin:previewReads", "true")
    assert "The users of project proj_staging, at OpenAI now: alan@example.com not found => viewer." in " ".join(
        stack.ok("preview").text.split()
    )
    stack.up()
    stack.assert_clean()
    project_id = stack.resource("web")["id"]
    outputs = [stack.resource(name)["outputs"] for name in ("grace", "in-demo")]
    assert outputs[0]["projects"] == keyed.projects(dict(sorted({"proj_demo": "member", project_id: "owner"}.items())))
    assert outputs[1]["members"] == keyed.members({"alan@example.com": "viewer", "user-grace": "member"})
    stack.program(program.format(role="owner"))
    stack.up()
    stack.assert_clean()
    stack.program(
        program.format(role="owner").replace("ProjectMember(email", "ProjectMember(user_id='user-grace', email")
    )
    refused = stack.run("preview")
    assert refused.code
    assert "members[1] has user_id and email: set exactly one of them (__main__.py" in " ".join(refused.text.split())

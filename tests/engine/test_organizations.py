"""Two organizations in one program, each reached by a provider of its own, on the real engine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.by_hand import request
from tests.engine.stacks import OTHER_KEY, rotate
from tools.stacks import environ_of

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack


NEXT_KEY = "sk-admin-otherorganizationrotated01234"
PROGRAM = """
    from pulumi_openai_admin import Provider, get_project, list_projects, list_project_service_accounts_output

    config = pulumi.Config()
    b = Provider("b", admin_api_key=config.require_secret("keyOfB"), base_url=config.require("addressOfB"))
    in_b = pulumi.ResourceOptions(provider=b)

    class Team(pulumi.ComponentResource):
        def __init__(self, name, opts):
            super().__init__("my:Team", name, opts=opts)
            inner = pulumi.ResourceOptions(parent=self)
            demo = get_project(name="Demo", opts=pulumi.InvokeOptions(parent=self)).project_id
            ProjectRateLimits("rows", project_id=demo, limits={"o3*": {"max_requests_per_1_minute": 7}}, opts=inner)
            self.account = ProjectServiceAccount("of-team", project_id=demo, name="of-team", opts=inner)

    # The same object in both: nothing of one is taken for the other's.
    ProjectRateLimit("row-a", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)
    ProjectRateLimit("row-b", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=61, opts=in_b)
    ProjectServiceAccount("in-a", project_id="proj_demo", name="in-a")
    team = Team("team", pulumi.ResourceOptions(providers=[b]))
    made = Project("made", name="Made in b", opts=in_b)

    seen = list_project_service_accounts_output(
        project_id=pulumi.Output.all("proj_demo", team.account.id).apply(lambda both: both[0]),
        opts=pulumi.InvokeOptions(provider=b),
    )
    pulumi.export("accounts-of-b", seen.apply(lambda all_: [one.name for one in all_]))
    pulumi.export("projects-of-a", [one.name for one in list_projects()])
    of_b = [one.name for one in list_projects(opts=pulumi.InvokeOptions(provider=b))]
    pulumi.export("projects-of-b", [name for name in of_b if name != "Made in b"])
"""


@pytest.fixture
def stack(stack: Stack, other: EmulatorServer) -> Stack:
    stack.ok("config", "set", "--secret", "keyOfB", OTHER_KEY)
    stack.ok("config", "set", "addressOfB", other.base_url)
    stack.program(PROGRAM)
    return stack


def limit(server: EmulatorServer, model: str) -> int:
    rows = request(server, "GET", "/organization/projects/proj_demo/rate_limits?limit=1000")["data"]
    return int(next(row[REQUESTS] for row in rows if row["model"] == model))


def names(server: EmulatorServer) -> set[str]:
    accounts = request(server, "GET", "/organization/projects/proj_demo/service_accounts")["data"]
    return {account["name"] for account in accounts}


def test_two_organizations_live_in_one_program_and_one_gets_another_key(
    stack: Stack, emulator: EmulatorServer, other: EmulatorServer
) -> None:
    preview = stack.preview()
    assert preview.summary == {"to create": 9}
    assert OTHER_KEY not in preview.text
    stack.up()
    for server in (emulator, other):
        assert all(request["status"] < 400 for request in server.control.requests()), "asked with another one's key"
    assert (limit(emulator, "gpt-4o"), limit(other, "gpt-4o")) == (60, 61)
    assert (limit(emulator, "o3"), limit(other, "o3")) == (10000, 7)
    assert (names(emulator), names(other)) == ({"in-a"}, {"of-team"})
    outputs = stack.outputs()
    assert outputs["accounts-of-b"] == ["of-team"]
    assert "Only in b" not in outputs["projects-of-a"]
    assert "Only in b" in outputs["projects-of-b"]
    assert stack.refresh().summary == {"unchanged": 9}
    stack.assert_clean()
    before = stack.ids

    rotate(other, NEXT_KEY)
    refused = stack.refused("refresh", "--yes", "--skip-preview")
    assert "OpenAI does not accept the admin key from admin_api_key of Provider 'b'" in refused
    assert "refresh and destroy use the key that the last update recorded" in refused
    assert stack.ids == before, "nothing is taken for gone"

    stack.ok("config", "set", "--secret", "keyOfB", NEXT_KEY)
    assert stack.preview().summary == {"to update": 1, "unchanged": 8}
    assert stack.up().summary == {"updated": 1, "unchanged": 8}
    assert stack.ids == before
    assert stack.refresh().summary == {"unchanged": 9}
    stack.assert_clean()
    state = json.dumps(stack.export())
    for key in (OTHER_KEY, NEXT_KEY):
        assert key not in state, "the key is encrypted"
        assert key not in "".join(stack.log)

    rotate(other, f"{NEXT_KEY}5")
    stack.ok("config", "set", "--secret", "keyOfB", f"{NEXT_KEY}5")
    with_program = stack.ok("refresh", "--yes", "--skip-preview", "--run-program")
    assert stack.ids == before, with_program.text
    stack.assert_clean()

    stack.destroy()
    assert (limit(emulator, "gpt-4o"), limit(other, "gpt-4o"), limit(other, "o3")) == (10000, 10000, 10000)
    assert names(emulator) == names(other) == set()


def test_a_resource_that_moves_to_another_provider_is_not_replaced(stack: Stack, other: EmulatorServer) -> None:
    account = 'ProjectServiceAccount("it", project_id="proj_demo", name="it"{})'
    stack.program(account.format(""))
    stack.up(**environ_of(other))
    before = stack.resource("it")["id"]
    provider = (
        "from pulumi_openai_admin import Provider\n"
        f'b = Provider("b", admin_api_key=pulumi.Config().require_secret("keyOfB"), base_url={other.base_url!r})\n'
    )
    stack.program(provider + account.format(", opts=pulumi.ResourceOptions(provider=b)"))
    moved = stack.up()
    assert "replaced" not in moved.summary
    assert stack.resource("it")["id"] == before
    stack.destroy()
    assert names(other) == set()


WITH_ENVIRONMENT = """
    from pulumi_openai_admin import Provider, list_projects

    mappings = {"B_ADMIN_KEY": "OPENAI_ADMIN_KEY", "B_BASE_URL": "OPENAI_BASE_URL"}
    b = Provider("b", opts=pulumi.ResourceOptions(env_var_mappings=mappings))
    Project("in-a", name="in-a")
    of_b = {project.name: project.project_id for project in list_projects(opts=pulumi.InvokeOptions(provider=b))}
    of_provider = pulumi.ResourceOptions(provider=b)
    ProjectServiceAccount("in-b", project_id=of_b["Only in b"], name="in-b", opts=of_provider)
"""


def test_a_second_organization_is_managed_without_its_key_in_the_state(stack: Stack, other: EmulatorServer) -> None:
    stack.program(WITH_ENVIRONMENT)
    of_b = {"B_ADMIN_KEY": OTHER_KEY, "B_BASE_URL": other.base_url}
    preview = stack.ok("preview", **of_b)
    assert "Provider 'b' uses the admin key from the environment variable OPENAI_ADMIN_KEY and manages" in preview.text
    assert "use the same admin key" not in preview.text
    stack.up(**of_b)
    assert "adminApiKey" not in json.dumps(stack.resource("b")), "of the provider"

    # The variables are missing: the key is another organization's.
    wrong = stack.refused("refresh", "--yes", "--skip-preview")
    assert re.search("(Provider 'b' and the|The) default provider (and Provider 'b' )?use the same admin key", wrong)
    assert "another organization" in wrong
    stack.destroy(**of_b)

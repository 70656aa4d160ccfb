"""Look-ups in programs, on the real engine."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from tests.commands import ok
from tests.engine import key_service
from tests.engine.stacks import OTHER_KEY

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack
    from tools.engine import Engine


OF_WHAT_IS_MADE = """
    from pulumi_openai_admin import get_project_rate_limit_output, list_project_service_accounts_output
    from pulumi_openai_admin import get_project_service_account_output, list_project_service_accounts
    before = list_project_service_accounts(project_id="proj_demo")
    project = Project("made", name="Made")
    limits = get_project_rate_limit_output(project_id=project.project_id, model="gpt-4o")
    ProjectRateLimit("limit", project_id=project.project_id, model="gpt-4o-mini",
        max_requests_per_1_minute=limits.max_requests_per_1_minute)
    account = ProjectServiceAccount("ci", project_id="proj_demo", name="ci")
    by_name = get_project_service_account_output(project_id="proj_demo", name=account.created_at.apply(lambda _: "ci"))
    pulumi.export("limit", limits.max_requests_per_1_minute)
    pulumi.export("before", len(before))
    pulumi.export("is_same", pulumi.Output.all(account.service_account_id, by_name.service_account_id)
        .apply(lambda ids: ids[0] == ids[1]))
"""


def test_of_what_is_only_made_in_the_update_nothing_is_known_before(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(OF_WHAT_IS_MADE)
    preview = stack.preview()
    assert preview.summary == {"to create": 4}
    assert "max_requests_per_1_minute: [unknown]" in preview.text
    assert not [request for request in emulator.control.requests() if "rate_limits" in request["path"]]
    stack.up()
    outputs = stack.outputs()
    assert outputs["limit"] == 10000
    assert outputs["is_same"], "an account that this run made is found, though the list was fetched before"
    stack.assert_clean()


# Programs of the Automation API, which run in the process that calls it: several stacks, several runs, one process


PROGRAM = """\
import json, os, sys
import pulumi, requests
from pulumi import automation
from pulumi_openai_admin import get_project, list_projects, list_projects_output

def stack(name):
    options = automation.LocalWorkspaceOptions(secrets_provider=os.environ["SECRETS_PROVIDER"])
    return automation.create_or_select_stack(name, "automated", program, opts=options)

def program():
    pulumi.export("plain", sorted(project.name for project in list_projects()))
    found = list_projects_output()
    pulumi.export("twin", found.apply(lambda projects: sorted(project.name for project in projects)))
    get_project(name="Demo")

seen = []
stacks = [stack("a"), stack("b")]
for each, (key, address) in zip(stacks, (sys.argv[1:3], sys.argv[3:5])):
    each.set_config("openai-admin:adminApiKey", automation.ConfigValue(key, secret=True))
    each.set_config("openai-admin:baseUrl", automation.ConfigValue(address))
    outputs = each.up().outputs
    seen.append([outputs["plain"].value, outputs["twin"].value])
headers = {"Authorization": "Bearer " + sys.argv[1]}
body = {"name": "Made in between"}
requests.post(sys.argv[2] + "/organization/projects", json=body, headers=headers, timeout=10).raise_for_status()
outputs = stacks[0].up().outputs
seen.append([outputs["plain"].value, outputs["twin"].value])
print(json.dumps(seen))
"""
PROJECTS = "/organization/projects"


def test_each_stack_asks_the_organization_of_its_configuration_anew(
    pulumi: Engine, emulator: EmulatorServer, other: EmulatorServer, tmp_path: Path
) -> None:
    """A process with an environment of its own runs the script, and prints what it has seen as JSON."""
    organizations = (emulator.admin_key, emulator.base_url, OTHER_KEY, other.base_url)
    environ = {**pulumi.environment(tmp_path / "home"), **key_service.environment()}
    environ["SECRETS_PROVIDER"] = key_service.PROVIDER
    seen = json.loads(ok([sys.executable, "-c", PROGRAM, *organizations], tmp_path, environ).splitlines()[-1])
    before = ["Default project", "Demo", "Production", "Staging"]
    of_other = sorted([*before, "Only in b"])
    after = sorted([*before, "Made in between"])
    assert seen == [[before, before], [of_other, of_other], [after, after]]
    for server, runs in ((emulator, 2), (other, 1)):
        asked = [(request["method"], request["path"]) for request in server.control.requests()]
        assert asked.count(("GET", PROJECTS)) == runs, "one list a run"
        assert not [request for request in server.control.requests() if request["status"] >= 400]

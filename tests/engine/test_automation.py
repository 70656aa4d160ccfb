"""Programs of the Automation API, which run in the process that calls it: several stacks, several runs, one process."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine import key_service
from tests.engine.stacks import OTHER_KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

SECRETS = {"SECRETS_PROVIDER": key_service.PROVIDER}
PREAMBLE = """
import json, os, sys
import pulumi, requests
from pulumi import automation
from pulumi_openai_admin import Project, ProjectRateLimit, Provider, get_project, list_projects, list_projects_output

def stack(name, program, **env_vars):
    options = automation.LocalWorkspaceOptions(env_vars=env_vars, secrets_provider=os.environ["SECRETS_PROVIDER"])
    return automation.create_or_select_stack(name, "automated", program, opts=options)

def names():
    return sorted(one.name for one in list_projects())
"""


@pytest.fixture
def run(pulumi: Engine, tmp_path: Path) -> Callable[..., Any]:
    """Runs a script that uses the Automation API, with an environment of its own; what it prints last, as JSON."""

    def run(script: str, *arguments: str, **environ: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", PREAMBLE + textwrap.dedent(script), *arguments],
            cwd=tmp_path,
            env=pulumi.environment(tmp_path / "home") | SECRETS | key_service.environment() | environ,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


PROJECTS = "/organization/projects"


def test_each_stack_asks_the_organization_of_its_configuration_anew(
    run: Callable[..., Any], emulator: EmulatorServer, other: EmulatorServer
) -> None:
    script = """
        def program():
            pulumi.export("plain", names())
            pulumi.export("twin", list_projects_output().apply(lambda all_: sorted(one.name for one in all_)))
            get_project(name="Demo")

        seen = []
        stacks = [stack("a", program), stack("b", program)]
        for one, (key, address) in zip(stacks, (sys.argv[1:3], sys.argv[3:5])):
            one.set_config("openai-admin:adminApiKey", automation.ConfigValue(key, secret=True))
            one.set_config("openai-admin:baseUrl", automation.ConfigValue(address))
            outputs = one.up().outputs
            seen.append([outputs["plain"].value, outputs["twin"].value])
        headers = {"Authorization": "Bearer " + sys.argv[1]}
        body = {"name": "Made in between"}
        requests.post(sys.argv[2] + "/organization/projects", json=body, headers=headers, timeout=10).raise_for_status()
        outputs = stacks[0].up().outputs
        seen.append([outputs["plain"].value, outputs["twin"].value])
        print(json.dumps(seen))
    """
    seen = run(script, emulator.admin_key, emulator.base_url, OTHER_KEY, other.base_url)
    before = ["Default project", "Demo", "Production", "Staging"]
    of_other = sorted([*before, "Only in b"])
    after = sorted([*before, "Made in between"])
    assert seen == [[before, before], [of_other, of_other], [after, after]]
    for server, runs in ((emulator, 2), (other, 1)):
        asked = [
            request
            for request in server.control.requests()
            if (request["method"], request["path"]) == ("GET", PROJECTS)
        ]
        assert len(asked) == runs, "one list a run"
        assert not [request for request in server.control.requests() if request["status"] >= 400]

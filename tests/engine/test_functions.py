"""Look-ups in programs, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.store.catalogue import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

BY_NAME = """
    from pulumi_openai_admin import get_project, get_project_rate_limit, list_projects
    project = get_project(name="Demo")
    ceiling = get_project_rate_limit(project_id=project.project_id, model="gpt-4o").max_requests_per_1_minute
    ProjectRateLimit("limit", project_id=project.project_id, model="gpt-4o-mini", max_requests_per_1_minute=ceiling)
    pulumi.export("project", project)
    pulumi.export("names", [one.name for one in list_projects()])
"""
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


def test_a_project_is_found_by_name_with_the_key_of_the_stack(
    stack: Stack, emulator: EmulatorServer, openai: Callable[..., dict[str, object]]
) -> None:
    stack.ok("config", "set", "--secret", "openai-admin:adminApiKey", emulator.admin_key)
    stack.ok("config", "set", "openai-admin:baseUrl", emulator.base_url)
    own = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "", "OPENAI_LOG": "debug"}
    stack.program(BY_NAME)
    emulator.control.clear_requests()
    stack.ok("up", "--yes", "--skip-preview", "--diff", **own)
    asked = [(request["method"], request["path"]) for request in emulator.control.requests()]
    assert asked.count(("GET", "/organization/projects")) == 1, "the list of projects is fetched once"
    outputs = stack.outputs()
    assert outputs["project"]["project_id"] == "proj_demo"
    assert outputs["project"]["status"] == "active"
    assert outputs["names"] == ["Default project", "Demo", "Staging", "Production"]
    row = openai("POST", "proj_demo/rate_limits/rl-gpt-4o-mini", max_tokens_per_1_minute=1)
    assert row[REQUESTS] == 10000
    stack.ok("preview", "--expect-no-changes", "--diff", **own)

    stack.program("import pulumi_openai_admin as openai; pulumi.export('it', openai.get_project(name='Dem'))")
    missed = stack.refused("preview", **own)
    assert "error: The organization has no project with the name 'Dem'. Did you mean Demo?" in missed
    assert "unhandled" not in missed.replace("an unhandled error occurred: Program exited", "")
    log = "".join(stack.log)
    assert emulator.admin_key not in log
    assert "GET /organization/projects: 200" in log


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

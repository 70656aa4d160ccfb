"""A project described whole, and keys that rotate, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.by_hand import writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, object]]


WHOLE = """
    project = Project("web", name="{name}", residency="{residency}")
    ends_with_it = pulumi.ResourceOptions(deleted_with=project)
    ProjectRateLimit(
        "limit", project_id=project.project_id, model="gpt-4o", max_requests_per_1_minute=60, opts=ends_with_it)
    ProjectRateLimits("limits", project_id=project.id, limits={{"o3": {{"max_requests_per_1_minute": 5}}}})
    account = ProjectServiceAccount("ci", project_id=project.project_id, name="{account}")
    key = ProjectServiceAccountApiKey(
        "key", project_id=project.project_id, service_account_id=account.service_account_id,
        scopes=["api.model.request"], triggers=["{quarter}"])
    pulumi.export("project", project.project_id)
    pulumi.export("key", key.api_key)
    pulumi.export("archived", project.archived_at.apply(lambda at: "never" if at is None else at))
"""
FIRST = {"name": "Web", "residency": "EU_STORAGE_PROCESSING", "account": "ci", "quarter": "2026-Q4"}


def made(emulator: EmulatorServer, project: str) -> dict[str, Any]:
    return dict(emulator.control.state()["projects"][project])


def test_a_project_is_made_whole_renamed_replaced_and_archived(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(WHOLE.format(**FIRST))
    stack.up()
    outputs = stack.outputs()
    assert outputs["archived"] == "never"

    stack.program(WHOLE.format(**{**FIRST, "name": "Shop", "account": "ci-2"}))
    preview = stack.preview()
    assert preview.summary == {"to update": 2, "unchanged": 4}, "a rename of project and account replaces nothing"
    stack.up()
    stack.assert_clean()
    renamed = stack.outputs()
    assert (renamed["project"], renamed["key"]) == (outputs["project"], outputs["key"])
    old = outputs["project"]
    assert made(emulator, old)["name"] == "Shop"

    # Another residency replaces all, and warns.
    stack.program(WHOLE.format(**{**FIRST, "name": "Shop", "account": "ci-2", "residency": "GLOBAL"}))
    preview = stack.preview()
    assert "The old project 'Shop' will be archived after the new one is created" in preview.text
    stack.up()
    stack.assert_clean()
    new = stack.outputs()["project"]
    assert new != old
    assert (made(emulator, old)["status"], made(emulator, new)["status"]) == ("archived", "active")
    accounts = made(emulator, new)["service_accounts"].values()
    assert [account["deleted"] for account in accounts].count(False) == 1

    emulator.control.clear_requests()
    destroyed = stack.destroy()
    assert destroyed.summary == {"deleted": 6}
    assert "is archived, not deleted, because OpenAI does not delete projects." in destroyed.text
    assert destroyed.text.partition("Diagnostics:")[2].count("warning:") == 1, "that it is archived, not deleted"
    sent = [request.replace(f"/organization/projects/{new}/", "").partition("/")[0] for request in writes(emulator)]
    assert sent in (
        ["POST rate_limits", "DELETE api_keys", "DELETE service_accounts", "POST archive"],
        ["DELETE api_keys", "POST rate_limits", "DELETE service_accounts", "POST archive"],
        ["DELETE api_keys", "DELETE service_accounts", "POST rate_limits", "POST archive"],
    ), "the set of limits is restored; the single one is not, because it is deleted with the project"
    left = made(emulator, new)
    assert left["status"] == "archived"
    assert all(account["deleted"] for account in left["service_accounts"].values())

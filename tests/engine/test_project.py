"""A project described whole, and keys that rotate, on the real engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, object]]

ROTATION = Path(__file__).parents[2] / "examples" / "rotation" / "__main__.py"

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
    assert (
        len(
            [
                each_account
                for each_account in made(emulator, new)["service_accounts"].values()
                if not each_account["deleted"]
            ]
        )
        == 1
    )

    emulator.control.clear_requests()
    destroyed = stack.destroy()
    assert destroyed.summary == {"deleted": 6}
    assert "is archived, not deleted, because OpenAI does not delete projects." in destroyed.text
    assert destroyed.text.partition("Diagnostics:")[2].count("warning:") == 1, "that it is archived, not deleted"
    writes = [
        (request["method"], request["path"]) for request in emulator.control.requests() if request["method"] != "GET"
    ]
    place = f"/organization/projects/{new}"
    assert [(method, path.replace(place, "").split("/")[1]) for method, path in writes] in (
        [("POST", "rate_limits"), ("DELETE", "api_keys"), ("DELETE", "service_accounts"), ("POST", "archive")],
        [("DELETE", "api_keys"), ("POST", "rate_limits"), ("DELETE", "service_accounts"), ("POST", "archive")],
        [("DELETE", "api_keys"), ("DELETE", "service_accounts"), ("POST", "rate_limits"), ("POST", "archive")],
    ), "the set of limits is restored; the single one is not, because it is deleted with the project"
    left = made(emulator, new)
    assert left["status"] == "archived"
    assert all(account["deleted"] for account in left["service_accounts"].values())


def test_a_key_is_replaced_found_revoked_and_ended(stack: Stack, emulator: EmulatorServer, openai: OpenAI) -> None:
    (stack.folder / "__main__.py").write_text(ROTATION.read_text(encoding="utf-8"), encoding="utf-8")
    emulator.control.world(clock_offset_seconds=-3600)  # the key is no new one, which a list may not show yet
    stack.up()
    first = stack.outputs()
    openai("DELETE", f"proj_demo/api_keys/{first['api_key_id']}")
    stack.refresh()
    assert stack.up().summary == {"created": 1, "unchanged": 2}, "a key that was revoked outside Pulumi"
    old = stack.outputs()
    assert emulator.control.key(old["api_key"])["state"] == "live"
    stack.assert_clean()

    stack.ok("config", "set", "rotate", "2027-Q1")
    assert stack.preview().summary == {"to replace": 1, "unchanged": 2}
    emulator.control.clear_requests()
    stack.up()
    new = stack.outputs()
    assert emulator.control.key(old["api_key"])["state"] == "revoked"
    assert emulator.control.key(new["api_key"])["state"] == "live"
    writes = [request["method"] for request in emulator.control.requests() if request["method"] != "GET"]
    assert writes == ["POST", "DELETE"], "first the new one, then the old one's end"

    emulator.control.world(service_account_keys_deletable=False)
    emulator.control.fault(method="POST", path="*/api_keys/*", kind="status", status=400, times=None)
    stack.ok("config", "set", "rotate", "2027-Q2")
    failed = stack.run("up", "--yes", "--skip-preview")
    assert failed.code
    text = re.sub(r"\s+", " ", failed.text)
    assert "was not revoked: OpenAI refuses to delete it and to let it expire" in text
    assert "Revoke it in OpenAI's dashboard, then run `pulumi refresh`." in text
    emulator.control.clear_faults()
    stack.up()  # where only DELETE is refused, the key is made to expire
    stack.assert_clean()

    last = stack.outputs()
    emulator.control.clear_requests()
    stack.destroy()
    assert not [request for request in emulator.control.requests() if "api_keys" in request["path"]], (
        "deleted with its account"
    )
    assert emulator.control.key(last["api_key"])["state"] == "revoked"

"""What changes of a program do to a stack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.engine.stacks import shown_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, object]]

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"


def limits(openai: OpenAI, project: str = "proj_demo", field: str = RPM) -> dict[str, object]:
    """The limits at OpenAI, by model."""
    rows = openai("GET", f"{project}/rate_limits?limit=1000")["data"]
    assert isinstance(rows, list)
    return {row["model"]: row[field] for row in rows}


def row(name: str, more: str = 'model="gpt-4o", max_requests_per_1_minute=60', project: str = "proj_demo") -> str:
    return f'ProjectRateLimit("{name}", project_id="{project}", {more})\n'


def test_rows_whose_declarations_change(stack: Stack, openai: OpenAI) -> None:
    """Renamed, declared by another property, replaced, kept, and changed by others."""
    before, tokens = limits(openai), limits(openai, field=TPM)
    same = row("left", 'model="o1", max_requests_per_1_minute=63')
    # gpt-5-pro's row shows a value above the organization's ceiling, which POST refuses
    same += row("pro", 'model="gpt-5-pro", max_requests_per_1_minute=66')
    same += row("forced", 'model="gpt-5", max_requests_per_1_minute=65')
    same += row("archived", project="proj_staging")
    same += 'ProjectServiceAccount("archived", project_id="proj_staging", name="ci")\n'
    stack.program(
        same
        + row("old")
        + row("old-with-alias", 'model="gpt-4o-mini", max_requests_per_1_minute=61')
        + row("by", 'model="gpt-4.1", max_requests_per_1_minute=62')
        + row("field", 'model="o3", max_requests_per_1_minute=0, max_tokens_per_1_minute=7')
    )
    stack.up()
    assert (limits(openai)["o3"], limits(openai, field=TPM)["o3"]) == (0, 7)

    retain = 'model="o3", max_requests_per_1_minute=0, opts=pulumi.ResourceOptions(retain_on_delete=True)'
    alias = 'opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old-with-alias")])'
    same += row("new") + row("field", retain)
    same += row("new-with-alias", f'model="gpt-4o-mini", max_requests_per_1_minute=61, {alias}')
    stack.program(same + row("by", 'rate_limit_id="rl-gpt-4.1", max_requests_per_1_minute=62'))
    changed = stack.ok("up", "--yes", "--skip-preview", "--diff")
    assert changed.summary == {"created": 1, "updated": 2, "deleted": 1, "unchanged": 7}
    assert "- max_tokens_per_1_minute: 7" in shown_changes(changed.text)
    warned = [line for line in changed.text.splitlines() if "pulumi.ResourceOptions(aliases=" in line]
    assert [*re.findall(r"of project ([\w-]+)", "\n".join(warned))] == ["proj_demo"], warned
    assert limits(openai)["gpt-4o"] == 60
    assert limits(openai, field=TPM) == tokens
    stack.assert_clean()

    stack.program(same + row("by", 'model="whisper-1", max_requests_per_1_minute=62'))
    replaced = stack.ok("up", "--yes", "--skip-preview", "--replace", str(stack.resource("forced")["urn"]))
    assert replaced.summary == {"replaced": 2, "unchanged": 8}
    now = limits(openai)
    assert (now["gpt-4.1"], now["whisper-1"], now["gpt-5"]) == (before["gpt-4.1"], 62, 65)
    stack.assert_clean()

    openai("POST", "proj_demo/rate_limits/rl-o1", max_requests_per_1_minute=77)
    assert "previously" not in stack.refresh().text  # overwrites inputs and outputs with live values
    openai("POST", "proj_staging/archive")
    destroyed = stack.destroy()
    assert limits(openai) == {**before, "gpt-4o": 60, "o3": 0, "o1": 77, "gpt-5-pro": 500}
    told = destroyed.text.partition("Diagnostics:")[2]
    assert (
        "max_requests_per_1_minute stays at 77 instead of 10000 (changed outside Pulumi after it was set to 63)" in told
    )
    assert "Could not fully restore rate limit rl-gpt-5-pro of project proj_demo" in told
    assert told.count("Could not fully restore") == 2
    assert all(section.count("warning:") <= 1 for section in told.split("\n\n")), "one line a resource"


def test_inputs_that_are_not_known_yet(stack: Stack, openai: OpenAI) -> None:
    """What hangs on outputs can be previewed, and stays clean."""
    program = """
        limit = ProjectRateLimit("limit", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)
        account = ProjectServiceAccount("account", project_id="proj_demo", name="{name}")
        text = pulumi.Output.concat(limit.rate_limit_id, account.service_account_id)
        ProjectServiceAccount("by-id", project_id="proj_demo", name=text.apply(lambda text: text[:20]))
        images = limit.max_images_per_1_minute.apply(lambda value: "none" if value is None else f"{{value:d}}")
        expiry = account.api_key_expires_at.apply(lambda value: "never" if value is None else f"{{value:d}}")
        ProjectServiceAccount("by-absent", project_id="proj_demo", name=pulumi.Output.concat(images, expiry))
        tokens = limit.max_tokens_per_1_minute.apply(lambda value: f"{{value:d}}")
        ProjectServiceAccount("by-present", project_id="proj_demo", name=tokens)

        requests = account.created_at.apply(lambda at: {requests} if at else 0)
        ProjectRateLimits("limits", project_id="proj_staging", limits={{
            "gpt-4o*": requests.apply(lambda number: {{"max_requests_per_1_minute": number}}),
            "gpt-5": {{"max_requests_per_1_minute": requests}},
        }})
    """
    stack.program(program.format(requests=60, name="ci"))
    assert stack.preview().summary == {"to create": 7}
    stack.up()
    stack.assert_clean()
    assert stack.resource("by-absent")["inputs"]["name"] == "50000never"

    openai("POST", "proj_staging/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    stack.refresh()  # names the row that deviates from the pattern in the old inputs
    stack.program(program.format(requests=61, name="ci-2"))
    preview = stack.preview()
    assert '~ name: "ci" => "ci-2"' in shown_changes(preview.text)
    assert "replace" not in preview.text
    stack.up()
    now = limits(openai, "proj_staging")
    assert (now["gpt-4o"], now["gpt-5"]) == (61, 61)
    stack.assert_clean()

"""What changes of a program do to a stack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.store.catalogue import REQUESTS, TOKENS
from tests.by_hand import writes
from tests.engine.stacks import shown_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, object]]


def limits(openai: OpenAI, project: str = "proj_demo", field: str = REQUESTS) -> dict[str, object]:
    rows = openai("GET", f"{project}/rate_limits?limit=1000")["data"]
    assert isinstance(rows, list)
    return {row["model"]: row[field] for row in rows}


def row(name: str, more: str = 'model="gpt-4o", max_requests_per_1_minute=60', project: str = "proj_demo") -> str:
    return f'ProjectRateLimit("{name}", project_id="{project}", {more})\n'


def test_rows_whose_declarations_change(stack: Stack, openai: OpenAI) -> None:
    """Renamed, declared by another property, replaced, kept, and changed by others."""
    before, tokens = limits(openai), limits(openai, field=TOKENS)
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
    assert (limits(openai)["o3"], limits(openai, field=TOKENS)["o3"]) == (0, 7)

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
    assert limits(openai, field=TOKENS) == tokens
    stack.assert_clean()

    stack.program(same + row("by", 'model="whisper-1", max_requests_per_1_minute=62'))
    replaced = stack.ok("up", "--yes", "--skip-preview", "--replace", str(stack.resource("forced")["urn"]))
    assert replaced.summary == {"replaced": 2, "unchanged": 8}
    now = limits(openai)
    assert (now["gpt-4.1"], now["whisper-1"], now["gpt-5"]) == (before["gpt-4.1"], 62, 65)
    stack.assert_clean()

    openai("POST", "proj_demo/rate_limits/rl-o1", **{REQUESTS: 77})
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


ALLOW_LIST = """
    limits = ProjectRateLimits("limits", project_id="proj_demo",
        limits={{
            "gpt-4o": {{"max_requests_per_1_minute": {requests}}},
            "gpt-4o-mini*": {{"max_requests_per_1_minute": 9}},
        }},
        others={{"max_requests_per_1_minute": 0}})
    pulumi.export("gpt-4o", limits.rows["gpt-4o"]["max_requests_per_1_minute"])
    pulumi.export("skipped", limits.skipped)
"""


def requests_by_method(emulator: EmulatorServer) -> dict[str, int]:
    methods = [request["method"] for request in emulator.control.requests()]
    return {method: methods.count(method) for method in set(methods)}


def test_an_allow_list_shows_drift_and_is_put_back(stack: Stack, emulator: EmulatorServer, openai: OpenAI) -> None:
    rows = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
    stack.program(ALLOW_LIST.format(requests=60))
    stack.up()
    outputs = stack.outputs()
    assert outputs["gpt-4o"] == 60
    assert "rate_limit_not_updatable" in outputs["skipped"]["gpt-4o-shared"]

    emulator.control.clear_requests()
    assert stack.ok("up", "--yes", "--skip-preview", "--refresh").summary == {"unchanged": 2}
    assert requests_by_method(emulator) == {"GET": 1}, "one list, no POST"

    stack.program(ALLOW_LIST.format(requests=61))
    emulator.control.clear_requests()
    changed = stack.ok("up", "--yes", "--skip-preview", "--diff")
    assert shown_changes(changed.text, deep=True)[:1] == ["~ max_requests_per_1_minute: 60 => 61"]
    assert requests_by_method(emulator) == {"GET": 1, "POST": 1}
    stack.assert_clean()

    # What changed outside Pulumi, and a new model, show by row and field.
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", **{REQUESTS: 77})
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o-mini", **{REQUESTS: 88})
    added = {"model": "brand-new", "limits": dict.fromkeys((REQUESTS, TOKENS), 500)}
    emulator.control.seed({"rate_limit_rows": [added]})
    shown = stack.ok("preview", "--refresh", "--diff").text
    assert "~ max_requests_per_1_minute: 61 => 77" in shown, "what the refresh found"
    text = re.sub(r"\s+", " ", shown.rpartition("(update)")[2])
    assert "~ brand-new : { ~ max_requests_per_1_minute: 500 => 0 }" in text
    assert "~ gpt-4o : { ~ max_requests_per_1_minute: 77 => 61 }" in text
    assert "~ gpt-4o-mini: { ~ max_requests_per_1_minute: 88 => 9 }" in text
    assert text.count("=>") == 3, "only what differs"
    assert "whisper-1" not in shown, "nor in what the refresh found"
    stack.ok("up", "--yes", "--skip-preview", "--refresh")
    assert shown_changes(stack.refresh().text, deep=True) == []
    stack.assert_clean()

    stack.destroy()
    after = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
    assert isinstance(rows, list)
    assert isinstance(after, list)
    now = {row["model"]: row for row in after}
    different = [row["model"] for row in rows if row != now[row["model"]]]
    assert all("pro" in model for model in different), "only what the organization's ceiling refuses"


def test_a_forced_replacement_keeps_the_access_that_the_program_declares(
    either: Stack, emulator: EmulatorServer
) -> None:
    emulator.control.seed({"users": [{"id": "user-grace", "email": "grace@example.com"}]})
    member = {"project_id": "proj_demo", "user_id": "user-grace", "role": "member"}
    either.declare({"grace": ("ProjectUser", member)})
    either.up()
    (urn,) = (urn for urn in either.ids if urn.endswith("::grace"))
    sent = len(emulator.control.requests())
    assert either.ok("up", "--yes", "--skip-preview", "--replace", urn).summary["replaced"] == 1
    assert writes(emulator, sent) == []
    either.ok("destroy", "--yes", "--skip-preview", "--run-program")
    assert writes(emulator, sent) == ["DELETE /organization/projects/proj_demo/users/user-grace"]

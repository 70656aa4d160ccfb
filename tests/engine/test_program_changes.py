"""What changes of a program do to a stack."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.engine.stacks import shown_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, object]]


def limit(openai: OpenAI, row: str = "rl-gpt-4o", field: str = "max_requests_per_1_minute") -> object:
    rows = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
    assert isinstance(rows, list)
    return next(one[field] for one in rows if one["id"] == row)


def test_a_rename_without_alias_leaves_the_new_limits_and_recommends_aliases(stack: Stack, openai: OpenAI) -> None:
    stack.program("""ProjectRateLimit("old", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)""")
    stack.up()
    stack.program("""ProjectRateLimit("new", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)""")
    renamed = stack.up()
    assert renamed.summary == {"created": 1, "deleted": 1, "unchanged": 1}
    assert "pulumi.ResourceOptions(aliases=" in renamed.text
    assert limit(openai) == 60
    stack.assert_clean()


def test_a_rename_with_an_alias_keeps_the_baseline(stack: Stack, openai: OpenAI) -> None:
    stack.program("""ProjectRateLimit("old", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)""")
    stack.up()
    stack.program("""
        ProjectRateLimit("new", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60,
                         opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]))
    """)
    assert stack.up().summary == {"unchanged": 2}
    stack.destroy()
    assert limit(openai) == 10000


def test_the_same_row_by_its_id_is_no_replacement_and_another_is(stack: Stack, openai: OpenAI) -> None:
    stack.program("""ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)""")
    stack.up()
    stack.program(
        """ProjectRateLimit("x", project_id="proj_demo", rate_limit_id="rl-gpt-4o", max_requests_per_1_minute=60)"""
    )
    assert stack.up().summary == {"updated": 1, "unchanged": 1}
    stack.assert_clean()
    stack.program(
        """ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o-mini", max_requests_per_1_minute=60)"""
    )
    assert stack.up().summary == {"replaced": 1, "unchanged": 1}
    assert (limit(openai), limit(openai, "rl-gpt-4o-mini")) == (10000, 60)
    stack.assert_clean()


def test_a_field_taken_out_is_put_back_and_retain_on_delete_leaves_all(stack: Stack, openai: OpenAI) -> None:
    stack.program("""
        ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=0,
                         max_tokens_per_1_minute=7)
    """)
    stack.up()
    assert (limit(openai), limit(openai, field="max_tokens_per_1_minute")) == (0, 7)
    stack.program("""
        ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=0,
                         opts=pulumi.ResourceOptions(retain_on_delete=True))
    """)
    assert "- max_tokens_per_1_minute: 7" in shown_changes(stack.preview().text)
    stack.up()
    assert limit(openai, field="max_tokens_per_1_minute") == 30_000_000
    stack.assert_clean()
    stack.destroy()
    assert limit(openai) == 0


def test_destroy_leaves_what_somebody_else_set_and_says_so(stack: Stack, openai: OpenAI) -> None:
    stack.program("""ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)""")
    stack.up()
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    stack.refresh()  # overwrites inputs and outputs with live values
    destroyed = stack.destroy()
    assert "max_requests_per_1_minute stays at 77 (changed outside Pulumi after it was set to 60)" in destroyed.text
    assert limit(openai) == 77


def test_destroy_finishes_where_a_baseline_is_refused_or_the_project_archived(stack: Stack, openai: OpenAI) -> None:
    # gpt-5-pro's row shows a value above the organization's ceiling, which POST refuses
    program = """
        ProjectRateLimit("a", project_id="proj_demo", model="gpt-5-pro", max_requests_per_1_minute=60)
        ProjectServiceAccount("b", project_id="proj_demo", name="ci")
    """
    stack.program(program)
    stack.up()
    destroyed = stack.destroy()
    assert "rate limit rl-gpt-5-pro of project proj_demo was not fully restored" in destroyed.text
    stack.up()
    openai("POST", "proj_demo/archive")
    assert stack.destroy().summary == {"deleted": 3}


def test_what_hangs_on_outputs_stays_clean(stack: Stack) -> None:
    program = """
        limit = ProjectRateLimit("limit", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute={requests})
        account = ProjectServiceAccount("account", project_id="proj_demo", name="{name}")
        text = pulumi.Output.concat(limit.rate_limit_id, account.service_account_id)
        ProjectServiceAccount("by-id", project_id="proj_demo", name=text.apply(lambda text: text[:20]))
        images = limit.max_images_per_1_minute.apply(lambda value: "none" if value is None else f"{{value:d}}")
        expiry = account.api_key_expires_at.apply(lambda value: "never" if value is None else f"{{value:d}}")
        ProjectServiceAccount("by-absent", project_id="proj_demo", name=pulumi.Output.concat(images, expiry))
        tokens = limit.max_tokens_per_1_minute.apply(lambda value: f"{{value:d}}")
        ProjectServiceAccount("by-present", project_id="proj_demo", name=tokens)
    """
    stack.program(program.format(requests=60, name="ci"))
    stack.up()
    stack.assert_clean()
    assert stack.resource("by-absent")["inputs"]["name"] == "nonenever"
    stack.program(program.format(requests=60, name="ci-2"))
    preview = stack.preview()
    assert shown_changes(preview.text)[0] == '~ name: "ci" => "ci-2"'
    assert "replace" not in preview.text
    stack.up()
    stack.assert_clean()


def test_look_up_by_id_manages_nothing(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program("""
        limit = ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60,
                                 opts=pulumi.ResourceOptions(id="proj_demo/rl-gpt-4o"))
        pulumi.export("requests", limit.max_requests_per_1_minute)
    """)
    stack.up()
    assert stack.outputs()["requests"] == 10000
    stack.assert_clean()
    assert not [one for one in emulator.control.requests() if one["method"] != "GET"]
    stack.program("""
        ProjectServiceAccount("y", project_id="proj_demo", name="ci",
                              opts=pulumi.ResourceOptions(id="proj_demo/svc_acct_none"))
    """)
    gone = stack.run("preview")
    assert gone.code
    assert "service account svc_acct_none of project proj_demo is not at OpenAI any more" in gone.text
    assert "Traceback" not in gone.text


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (
            'ProjectRateLimit("x", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=-1)',
            "max_requests_per_1_minute must be a whole number, 0 or more, not -1.",
        ),
        (
            'Project("x", name="web", residency="Mars")',
            "residency must be 'GLOBAL', 'US_STORAGE_PROCESSING', 'EU_STORAGE_PROCESSING',",
        ),
        (
            'ProjectServiceAccount("x", project_id="../admin_api_keys", name="ci")',
            "project_id is not an id: only letters, digits and ._:@~+=- are allowed.",
        ),
    ],
)
def test_bad_input_is_told_at_preview(stack: Stack, program: str, reason: str) -> None:
    stack.program(program)
    preview = stack.run("preview")
    assert preview.code
    assert reason in preview.text
    assert "Traceback" not in preview.text


def test_a_misspelt_argument_is_told_in_one_line(stack: Stack) -> None:
    stack.program("""ProjectRateLimit("x", project_id="proj_demo", modle="gpt-4o", max_requests_per_1_minute=60)""")
    preview = stack.run("preview")
    assert preview.code
    told = "ProjectRateLimit has no argument 'modle' (__main__.py, line 4). Did you mean 'model'?"
    assert f"error: {told}" in [line.strip() for line in preview.text.splitlines()]
    assert "Traceback" not in preview.text


def test_an_asset_in_triggers_is_refused_at_preview(stack: Stack) -> None:
    stack.program("""
        ProjectServiceAccountApiKey("x", project_id="proj_demo", service_account_id="svc_acct_demo",
                                    triggers=["a", pulumi.FileAsset("Pulumi.yaml"), "b"])
    """)
    preview = stack.run("preview")
    assert preview.code
    assert "triggers[1] is an asset, which a dynamic provider can't keep: use a hash of the file" in preview.text
    assert "Traceback" not in preview.text


def test_limits_that_are_not_known_yet_can_be_previewed(stack: Stack, openai: OpenAI) -> None:
    program = """
        account = ProjectServiceAccount("a", project_id="proj_demo", name="{name}")
        requests = account.created_at.apply(lambda at: {requests} if at else 0)
        ProjectRateLimits("x", project_id="proj_demo", limits={{
            "gpt-4o*": requests.apply(lambda number: {{"max_requests_per_1_minute": number}}),
            "gpt-5": {{"max_requests_per_1_minute": requests}},
        }})
    """
    stack.program(program.format(name="a", requests=60))
    assert stack.preview().summary == {"to create": 3}
    stack.up()
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    stack.refresh()  # names the row that deviates from the pattern in the old inputs
    stack.program(program.format(name="b", requests=61))
    stack.preview()
    stack.up()
    assert (limit(openai), limit(openai, "rl-gpt-5")) == (61, 61)
    stack.assert_clean()


def test_limits_that_are_secret_are_nowhere_in_plain_text(stack: Stack, openai: OpenAI) -> None:
    program = """
        number = pulumi.Output.secret({number})
        ProjectRateLimit("row", project_id="proj_demo", model="gpt-5", max_requests_per_1_minute=number)
        ProjectRateLimits("rows", project_id="proj_demo", limits={{"gpt-4o*": {{"max_requests_per_1_minute": number}}}})
        ProjectServiceAccount("account", project_id=pulumi.Output.secret("proj_demo"), name="ci", {more})
    """

    def assert_hidden(number: int) -> None:
        shown = re.compile(rf"\b{number}\b")
        assert not shown.search(json.dumps(stack.export()))
        assert shown.search(json.dumps(stack.export("--show-secrets")))

    stack.program(program.format(number=4711, more=""))
    stack.up()
    assert (limit(openai), limit(openai, "rl-gpt-5")) == (4711, 4711)
    assert_hidden(4711)
    stack.assert_clean()
    stack.refresh()
    assert_hidden(4711)
    stack.assert_clean()
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    stack.refresh()  # the row that deviates gets a name of its own, which the next run wants at the secret limit
    stack.program(program.format(number=4712, more="expires_in_seconds=-5"))
    failed = stack.run("up", "--yes", "--skip-preview")
    assert failed.code
    assert "expires_in_seconds must be a whole number from 1 to 31536000, not -5." in failed.text
    stack.program(program.format(number=4712, more=""))
    stack.up()
    assert (limit(openai), limit(openai, "rl-gpt-5")) == (4712, 4712)
    assert_hidden(4712)
    stack.assert_clean()


def test_an_account_half_made_is_kept_and_finished(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(method="POST", path="*/service_accounts/*", kind="status", status=403, times=1)
    stack.program("""
        account = ProjectServiceAccount("x", project_id="proj_demo", name="ci", role="owner")
        pulumi.export("api_key", account.api_key)
    """)
    failed = stack.run("up", "--yes", "--skip-preview")
    assert failed.code
    assert "Could not set name, role of service account 'ci'" in failed.text
    assert "Traceback" not in failed.text
    half = stack.resource("x", "--show-secrets")["outputs"]
    assert half["role"] == "member"
    assert stack.up().summary == {"updated": 1, "unchanged": 1}
    stack.assert_clean()
    done = stack.resource("x", "--show-secrets")["outputs"]
    assert (done["role"], done["api_key"]) == ("owner", half["api_key"])
    assert emulator.control.state()["totals"]["service_accounts_ever"] == 1


def test_an_unknown_model_names_the_nearest_and_a_refusal_its_cure(stack: Stack) -> None:
    for program, told in (
        ('model="gpt-4oo", max_requests_per_1_minute=60', "Did you mean gpt-4o "),
        ('model="gpt-4o", max_requests_per_1_minute=10001', "Set max_requests_per_1_minute to at most 10000,"),
    ):
        stack.program(f'ProjectRateLimit("x", project_id="proj_demo", {program})')
        failed = stack.run("up", "--yes", "--skip-preview")
        assert failed.code
        assert told in failed.text
        assert "Traceback" not in failed.text


def test_two_resources_on_one_row_are_noticed_whichever_name_they_give_it(
    stack: Stack, emulator: EmulatorServer, openai: OpenAI
) -> None:
    by_model = 'ProjectRateLimit("a", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=60)\n'
    by_id = 'ProjectRateLimit("b", project_id="proj_demo", rate_limit_id="rl-gpt-4o", max_requests_per_1_minute=61)\n'
    both = "both manage {}: remove it from one of them"
    stack.program(by_id + by_id.replace('"b"', '"c"'))
    preview = stack.run("preview")
    assert preview.code
    assert both.format("rl-gpt-4o") in preview.text

    stack.program(by_model + by_id)
    up = stack.run("up", "--yes", "--skip-preview")
    assert up.code
    assert both.format("gpt-4o") in up.text
    assert "Traceback" not in up.text
    assert not [one for one in emulator.control.requests() if one["method"] == "POST"], "neither of them is written"

    stack.program(by_model)
    stack.up()
    stack.program(by_model + by_id)
    preview = stack.run("preview")  # an error, or a warning where the engine asks for the new resource first
    assert both.format("rl-gpt-4o") in preview.text, "now that the state knows both names of the row"
    assert stack.run("up", "--yes", "--skip-preview").code
    stack.program(by_model)
    stack.assert_clean()
    assert limit(openai) == 60

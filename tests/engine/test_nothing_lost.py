"""What one resource hands to another, another organization's key, and keys under a transformation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, object]]

ROW = """ProjectRateLimit("row", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute={requests})\n"""
SET = (
    """ProjectRateLimits("set", project_id="proj_demo","""
    """ limits={{"gpt-4o": {{"max_requests_per_1_minute": {requests}}}}})\n"""
)
OTHER_SET = (
    """ProjectRateLimits("set", project_id="proj_demo", limits={"gpt-4.1": {"max_requests_per_1_minute": 70}})\n"""
)
BOTH_SET = """ProjectRateLimits("set", project_id="proj_demo", limits={
    "gpt-4.1": {"max_requests_per_1_minute": 70}, "gpt-4o": {"max_requests_per_1_minute": 60}})\n"""


@pytest.fixture
def limit(openai: OpenAI) -> Callable[[], object]:
    """The limit of requests of gpt-4o at OpenAI, which is 10,000 at first."""

    def read() -> object:
        rows = openai("GET", "proj_demo/rate_limits?limit=1000")["data"]
        assert isinstance(rows, list)
        return next(row["max_requests_per_1_minute"] for row in rows if row["id"] == "rl-gpt-4o")

    return read


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ROW.format(requests=60), SET.format(requests=60)),
        (SET.format(requests=60), ROW.format(requests=60)),
        (ROW.format(requests=60) + OTHER_SET, BOTH_SET),
        (BOTH_SET, ROW.format(requests=60) + OTHER_SET),
    ],
    ids=["to a new set", "out of a set", "to a set that is there", "out of a set that stays"],
)
def test_a_row_that_moves_to_another_resource_keeps_its_limit(
    stack: Stack, limit: Callable[[], object], before: str, after: str
) -> None:
    stack.program(before)
    stack.up()
    stack.program(after)
    stack.up()
    assert limit() == 60
    stack.assert_clean()
    assert "previously" not in stack.refresh().text
    assert limit() == 60


def test_a_forced_replacement_keeps_the_baseline(stack: Stack, limit: Callable[[], object]) -> None:
    stack.program(ROW.format(requests=60))
    stack.up()
    replaced = stack.ok("up", "--yes", "--skip-preview", "--target-replace", _urn(stack, "row"))
    assert replaced.summary["replaced"] == 1
    assert limit() == 60
    stack.destroy()
    assert limit() == 10000


def test_a_row_whose_new_resource_fails_is_restored(stack: Stack, limit: Callable[[], object]) -> None:
    stack.program(ROW.format(requests=60))
    stack.up()
    stack.program(ROW.format(requests=10001).replace('"row"', '"renamed"'))
    failed = stack.run("up", "--yes", "--skip-preview", "--continue-on-error")
    assert failed.code
    assert "at most 10000" in failed.text
    assert limit() == 10000, "the old resource is deleted, and nothing else manages the row"


@pytest.fixture
def other_organization() -> Iterator[EmulatorServer]:
    server = EmulatorServer().start()
    yield server
    server.stop()


def test_destroy_with_another_organizations_key_is_an_error_and_keeps_the_state(
    stack: Stack, emulator: EmulatorServer, other_organization: EmulatorServer
) -> None:
    stack.program("""
        project = Project("project", name="web")
        account = ProjectServiceAccount("account", project_id=project.project_id, name="ci")
        ProjectServiceAccountApiKey("key", project_id=project.project_id,
                                    service_account_id=account.service_account_id)
        ProjectRateLimit("row", project_id=project.project_id, model="gpt-4o", max_requests_per_1_minute=60)
        ProjectRateLimits("set", project_id=project.project_id,
                          limits={"gpt-4.1": {"max_requests_per_1_minute": 70}})
    """)
    stack.up()
    before = {resource["urn"] for resource in stack.export()["deployment"]["resources"]}
    other_key = {"OPENAI_ADMIN_KEY": other_organization.admin_key, "OPENAI_BASE_URL": other_organization.base_url}
    destroyed = stack.run("destroy", "--yes", "--skip-preview", "--continue-on-error", **other_key)
    assert destroyed.code
    assert "pulumi state delete" in destroyed.text
    assert "Traceback" not in destroyed.text
    assert {resource["urn"] for resource in stack.export()["deployment"]["resources"]} == before
    assert {call["method"] for call in other_organization.control.requests()} <= {"GET", "DELETE", "POST"}
    stack.destroy()
    assert emulator.control.state()["totals"]["service_accounts_ever"] == 1


TRANSFORMED = """
def fresh_options(arguments):
    return pulumi.ResourceTransformationResult(
        arguments.props,
        pulumi.ResourceOptions(parent=arguments.opts.parent, protect=arguments.opts.protect),
    )

pulumi.runtime.register_stack_transformation(fresh_options)
"""
KEYS = """
account = ProjectServiceAccount("account", project_id="proj_demo", name="{name}")
key = ProjectServiceAccountApiKey("key", project_id="proj_demo", service_account_id=account.service_account_id,
                                  triggers=[{trigger}])
"""


def test_keys_stay_encrypted_under_a_transformation_that_drops_options(stack: Stack) -> None:
    def program(name: str, trigger: int) -> None:
        lines = TRANSFORMED + KEYS.format(name=name, trigger=trigger)
        (stack.folder / "__main__.py").write_text(
            "import pulumi\nfrom pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey\n"
            + lines,
            encoding="utf-8",
        )

    program("ci", 1)
    stack.up()
    _assert_no_plain_key(stack)
    program("ci-2", 2)
    stack.up()
    _assert_no_plain_key(stack)
    stack.refresh()
    _assert_no_plain_key(stack)
    stack.assert_clean()
    assert str(_plain(stack, "account", "api_key")).startswith("sk-svcacct-")
    assert str(_plain(stack, "key", "api_key")).startswith("sk-svcacct-")


def test_the_key_of_an_account_half_made_is_encrypted_too(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(method="POST", path="*/service_accounts/*", kind="status", status=403, times=1)
    stack.program(
        TRANSFORMED + """ProjectServiceAccount("account", project_id="proj_demo", name="ci", role="owner")""" + "\n"
    )
    assert stack.run("up", "--yes", "--skip-preview").code
    _assert_no_plain_key(stack)
    assert str(_plain(stack, "account", "api_key")).startswith("sk-svcacct-")


def test_destroying_a_project_archives_it_and_restores_nothing_inside(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program("""
        project = Project("project", name="web")
        ProjectRateLimits("set", project_id=project.project_id, limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
                          others={"max_requests_per_1_minute": 0})
        account = ProjectServiceAccount("account", project_id=project.project_id, name="ci")
        ProjectServiceAccountApiKey("key", project_id=project.project_id,
                                    service_account_id=account.service_account_id)
    """)
    stack.up()
    before = len(emulator.control.requests())
    destroyed = stack.destroy()
    changes = [
        (call["method"], call["path"]) for call in emulator.control.requests()[before:] if call["method"] != "GET"
    ]
    assert [(method, path.rpartition("/")[2]) for method, path in changes] == [("POST", "archive")]
    assert destroyed.text.partition("Diagnostics:")[2].count("warning:") == 1, "that it is archived, not deleted"


def test_a_warning_of_what_was_not_restored_is_one_line_a_resource(stack: Stack) -> None:
    stack.program("""
        ProjectRateLimit("row", project_id="proj_demo", model="gpt-5-pro", max_requests_per_1_minute=60)
    """)
    stack.up()
    destroyed = stack.destroy()
    diagnostics = destroyed.text.partition("Diagnostics:")[2]
    assert diagnostics.count("was not fully restored") == diagnostics.count("warning:") == 1, destroyed.text


def _urn(stack: Stack, name: str) -> str:
    return str(stack.resource(name)["urn"])


def _assert_no_plain_key(stack: Stack) -> None:
    assert "sk-svcacct-" not in json.dumps(stack.export())


def _plain(stack: Stack, name: str, output: str) -> Any:
    return json.loads(stack.resource(name, "--show-secrets")["outputs"][output]["plaintext"])


def test_drift_of_one_row_is_shown_without_the_rows_that_did_not_change(stack: Stack, openai: OpenAI) -> None:
    stack.program("""
        ProjectRateLimits("set", project_id="proj_demo", limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
                          others={"max_requests_per_1_minute": 0})
    """)
    stack.up()
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    shown = stack.ok("preview", "--refresh", "--diff").text
    assert "~ max_requests_per_1_minute: 60 => 77" in shown
    assert "~ max_requests_per_1_minute: 77 => 60" in shown
    assert "gpt-4o-mini" not in shown

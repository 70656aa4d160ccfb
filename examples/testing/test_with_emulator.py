"""What OpenAI makes of it. Needs the `pulumi` command; no key and no network."""

from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest
from pulumi import automation
from team import team

from pulumi_openai_admin.pytest_plugin import OpenAIEmulator


@pytest.fixture
def openai_emulator_seed() -> Path:
    """The organization in which each test of this file begins."""
    return Path(__file__).with_name("organization.json")


@pytest.fixture
def stack(openai_emulator: OpenAIEmulator) -> Iterator[automation.Stack]:
    """A stack in a separate backend, which `openai_emulator` has set."""

    def program() -> None:
        account, _ = team("search", share=0.5)
        pulumi.export("api_key", account.api_key)

    stack = automation.create_stack("test", "openai-team", program)
    yield stack
    stack.destroy()


def test_a_team_can_use_the_shared_models_only(stack: automation.Stack, openai_emulator: OpenAIEmulator) -> None:
    key = stack.up().outputs["api_key"].value

    changed = openai_emulator.control.live("rate_limit")["rate_limit"]
    limits = {row: change["limits"] for row, change in changed.items() if not row.startswith("proj_shared/")}
    requests = {row.rpartition("/")[2]: limit["max_requests_per_1_minute"] for row, limit in limits.items()}
    assert requests["rl-gpt-4o"] == 250
    assert requests["rl-o3"] == 0

    stack.destroy()
    found = openai_emulator.control.key(key)
    assert found is not None
    assert found["state"] == "revoked"


def test_a_lost_reply_creates_no_second_account(stack: automation.Stack, openai_emulator: OpenAIEmulator) -> None:
    openai_emulator.control.fault(kind="reset", when="after", method="POST", path="*/service_accounts")
    stack.up()
    assert len(openai_emulator.control.live("service_account")["service_account"]) == 1

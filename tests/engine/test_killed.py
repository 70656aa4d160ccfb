"""`kill -9` of the engine or of its provider while a service account is made, and the first Ctrl-C while one waits.

What OpenAI has then, what the next commands say, and which of them put all right again.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.engine.under_way import is_alive, up, wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack
    from tests.engine.under_way import Running
    from tools.stacks import Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

PROGRAM = """ProjectServiceAccount("ci", project_id="proj_demo", name="ci", role="owner")"""
PROJECT = "/organization/projects/proj_demo"
ACCOUNTS = f"{PROJECT}/service_accounts"


def test_after_a_kill_of_the_engine_the_next_run_names_what_was_left(stack: Stack, emulator: EmulatorServer) -> None:
    """The account is made, and its reply has not arrived."""
    with _up_to_the_reply(stack, emulator) as running:
        running.kill_engine()
    (orphan,) = _accounts(emulator)
    assert "error: the stack is currently locked by 1 lock(s)" in stack.refused("up", "--yes", "--skip-preview")
    stack.ok("cancel", "--yes")
    again = stack.up()
    _assert_named(again, orphan)
    assert _says_interrupted(again)
    stack.ok("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    assert not _says_interrupted(stack.ok("preview", "--diff", "--expect-no-changes"))
    _assert_known(stack, emulator, orphan)


def test_after_a_kill_of_the_provider_the_next_run_names_what_was_left(stack: Stack, emulator: EmulatorServer) -> None:
    with _up_to_the_reply(stack, emulator) as running:
        running.kill_provider()
        assert running.end() != 0
        assert "error reading from server: EOF" in running.text
    (orphan,) = _accounts(emulator)
    again = stack.up()
    _assert_named(again, orphan)
    assert not _says_interrupted(again)
    stack.assert_clean()
    _assert_known(stack, emulator, orphan)


def test_a_provider_whose_engine_was_killed_ends_itself(either: Stack, emulator: EmulatorServer) -> None:
    """The native provider at once, and the dynamic one before it sends the next request."""
    seconds = 300 if either.is_native else 12
    emulator.control.fault(kind="throttle", seconds=seconds, advice="retry-after-ms", method="GET", path=ACCOUNTS)
    either.declare({"ci": ("ProjectServiceAccount", {"project_id": "proj_demo", "name": "ci"})})
    with up(either) as running:
        wait(lambda: "Waiting" in running.text)
        providers = running.providers
        assert providers
        running.kill_engine()
        wait(lambda: not any(map(is_alive, providers)))
    assert _posts(emulator) == 0, "it ended itself before it sent anything"


def _assert_named(again: Run, orphan: str) -> None:
    assert f"{orphan}. If this stack manages it under another name" in again.text
    assert "If it is left over from an interrupted run" in again.text


def _assert_known(stack: Stack, emulator: EmulatorServer, orphan: str) -> None:
    assert _posts(emulator) == 2, "one by each run"
    own = stack.resource("ci")["outputs"]["service_account_id"]
    assert _accounts(emulator) == {orphan, own}


def test_the_first_ctrl_c_lets_a_wait_end_and_keeps_what_it_led_to(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="throttle", seconds=10.5, advice="retry-after-ms", method="GET", path=ACCOUNTS)
    stack.program(PROGRAM)
    with up(stack) as running:
        wait(lambda: "To stop at once, press Ctrl-C a second time." in running.text)
        assert "Waiting 1" in running.text
        assert _posts(emulator) == 0
        running.press_ctrl_c()
        code = running.end()
        assert (code, "error: update canceled" in running.text) == (1, True), running.text
    assert _accounts(emulator) == {stack.resource("ci")["outputs"]["service_account_id"]}
    assert emulator.control.key(stack.resource("ci", "--show-secrets")["outputs"]["api_key"]["plaintext"].strip('"'))
    assert not _says_interrupted(stack.up()), "neither a lock nor a pending operation is left"


def test_ctrl_c_ends_a_wait_at_once_and_keeps_the_state(native: Stack, emulator: EmulatorServer) -> None:
    stack, accounts = native, "/organization/projects/*/service_accounts"
    emulator.control.fault(kind="throttle", seconds=300, advice="retry-after-ms", method="GET", path=accounts)
    stack.declare({
        "team": ("Project", {"name": "Team"}),
        "ci": ("ProjectServiceAccount", {"project_id": "$team.project_id", "name": "ci", "role": "owner"}),
    })  # fmt: skip
    with up(stack) as running:
        wait(lambda: "Waiting" in running.text)
        running.press_ctrl_c()
        assert running.end() == 1
        assert "you cancelled it" in running.text
        assert "Traceback" not in running.text
    assert "ci" not in {urn.rpartition("::")[2] for urn in stack.ids}
    team = stack.resource("team")["id"]
    emulator.control.clear_faults()
    assert stack.up().summary == {"created": 1, "unchanged": 2}, "neither a lock nor a pending operation is left"
    assert stack.resource("team")["id"] == team


def _says_interrupted(run: Run) -> bool:
    return "interrupted while creating" in run.text and "refresh" in run.text


def _accounts(emulator: EmulatorServer) -> set[str]:
    found = emulator.control.state()["projects"]["proj_demo"]["service_accounts"]
    return {id_ for id_, account in found.items() if account["name"] == "ci" and not account["deleted"]}


def _posts(emulator: EmulatorServer) -> int:
    return sum((call["method"], call["path"]) == ("POST", ACCOUNTS) for call in emulator.control.requests())


@contextmanager
def _up_to_the_reply(stack: Stack, emulator: EmulatorServer) -> Iterator[Running]:
    """An update whose account OpenAI has made, and whose reply does not arrive; in the end its processes are gone."""
    fault = emulator.control.fault(kind="hang", method="POST", path=ACCOUNTS, when="after")
    stack.program(PROGRAM)
    with up(stack) as running:
        wait(lambda: any(call["fault"] == fault for call in emulator.control.requests()))
        wait(lambda: bool(_accounts(emulator)))
        yield running
    emulator.control.clear_faults()

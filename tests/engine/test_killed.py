"""`kill -9` of the engine or of its provider while a service account is made, and the first Ctrl-C while one waits.

What OpenAI has then, what the next commands say, and which of them put all right again.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.engine.gate import gate
from tests.engine.under_way import is_alive, up, wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.gate import Gate
    from tests.engine.stacks import Run, Stack
from tests.engine.under_way import Running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

PROGRAM = """ProjectServiceAccount("ci", project_id="proj_demo", name="ci", role="owner")"""
PROJECT = "/organization/projects/proj_demo"
ACCOUNTS = f"{PROJECT}/service_accounts"
SET_OF_ALL_ROWS = """
ProjectRateLimits("set", project_id="proj_demo", limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
                  others={"max_requests_per_1_minute": 0})
"""
AT_ONCE = 16
"""More rows than a set has under way at once."""


@dataclass(frozen=True)
class Moment:
    """A moment of the creation: while a call is held."""

    method: str
    path: str
    when: str
    orphans: int
    """How many accounts there are then that no state knows."""


MOMENTS = {
    "before-the-post": Moment("GET", ACCOUNTS, "before", orphans=0),
    "before-the-reply": Moment("POST", ACCOUNTS, "after", orphans=1),
    "after-the-reply": Moment("POST", f"{ACCOUNTS}/*", "after", orphans=1),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_after_a_kill_of_the_engine_the_next_run_names_what_was_left(
    stack: Stack, emulator: EmulatorServer, moment: Moment
) -> None:
    with _up_until(stack, emulator, moment) as (running, held):
        provider = running.provider
        running.kill_engine()
        held.open()
        wait(lambda: held.is_quiet)
        if moment.orphans == 0:
            wait(lambda: not is_alive(provider))
            assert _posts(emulator) == 0, "it ended itself before it sent anything"
        orphans = _accounts(emulator)
        _assert_locked(stack.run("up", "--yes", "--skip-preview"))
        stack.ok("cancel", "--yes")
        again = stack.up()
        _assert_named(again, orphans, moment)
        assert _says_interrupted(again)
        stack.ok("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
        assert not _says_interrupted(stack.ok("preview", "--diff", "--expect-no-changes"))
    _assert_known(stack, emulator, orphans, moment)


def test_after_a_kill_of_the_provider_the_next_run_names_what_was_left(stack: Stack, emulator: EmulatorServer) -> None:
    """At one of the moments: tests/host/test_killed.py has all."""
    moment = MOMENTS["before-the-reply"]
    with _up_until(stack, emulator, moment) as (running, held):
        running.kill_provider()
        assert running.end() != 0
        assert "error reading from server: EOF" in running.text
        held.open()
        orphans = _accounts(emulator)
        again = stack.up()
        _assert_named(again, orphans, moment)
        assert not _says_interrupted(again)
        stack.assert_clean()
    _assert_known(stack, emulator, orphans, moment)


def _assert_named(again: Run, orphans: set[str], moment: Moment) -> None:
    assert len(orphans) == moment.orphans
    assert all(f"{orphan}. If it is left over from an interrupted run" in again.text for orphan in orphans)


def _assert_known(stack: Stack, emulator: EmulatorServer, orphans: set[str], moment: Moment) -> None:
    # One by the second run, and by the killed one as many as it left: its provider, alive all the time, sent no other.
    assert _posts(emulator) == 1 + moment.orphans
    own = stack.resource("ci")["outputs"]["service_account_id"]
    assert _accounts(emulator) == {*orphans, own}


def test_a_provider_whose_engine_was_killed_writes_no_further_row(stack: Stack, emulator: EmulatorServer) -> None:
    rows = f"{PROJECT}/rate_limits/*"
    emulator.control.fault(kind="delay", seconds=1, method="POST", path=rows, when="before", times=None)
    with _up(stack, SET_OF_ALL_ROWS) as running:
        wait(lambda: _writes(emulator) > 0)
        running.kill_engine()
        killed_at = _writes(emulator)
        wait(lambda: _is_quiet(emulator))
        wait(lambda: not running.processes())
    assert _writes(emulator) <= killed_at + AT_ONCE, "only what was on its way or about to be sent"


def test_the_first_ctrl_c_lets_a_wait_end_and_keeps_what_it_led_to(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="throttle", seconds=10.5, advice="retry-after-ms", method="GET", path=ACCOUNTS)
    with _up(stack) as running:
        wait(lambda: "To stop at once, press Ctrl-C a second time." in running.text)
        assert "Waiting 1" in running.text
        assert _posts(emulator) == 0
        running.press_ctrl_c()
        code = running.end()
        assert (code, "error: update canceled" in running.text) == (1, True), running.text
    assert _accounts(emulator) == {stack.resource("ci")["outputs"]["service_account_id"]}
    assert emulator.control.key(stack.resource("ci", "--show-secrets")["outputs"]["api_key"]["plaintext"].strip('"'))
    assert not _says_interrupted(stack.up()), "neither a lock nor a pending operation is left"


def _assert_locked(run: Run) -> None:
    assert run.code != 0
    assert "error: the stack is currently locked by 1 lock(s)" in run.text
    assert "`pulumi cancel`" in run.text


def _says_interrupted(run: Run) -> bool:
    return "interrupted while creating" in run.text and "refresh" in run.text


def _accounts(emulator: EmulatorServer) -> set[str]:
    found = emulator.control.state()["projects"]["proj_demo"]["service_accounts"]
    return {id_ for id_, account in found.items() if account["name"] == "ci" and not account["deleted"]}


def _posts(emulator: EmulatorServer) -> int:
    return sum((call["method"], call["path"]) == ("POST", ACCOUNTS) for call in emulator.control.requests())


def _writes(emulator: EmulatorServer) -> int:
    return sum(call["method"] == "POST" for call in emulator.control.requests())


def _is_quiet(emulator: EmulatorServer) -> bool:
    return all(call["ended"] != "open" for call in emulator.control.requests())


@contextmanager
def _up(stack: Stack, program: str = PROGRAM) -> Iterator[Running]:
    stack.program(program)
    with up(stack) as running:
        yield running


@contextmanager
def _up_until(stack: Stack, emulator: EmulatorServer, moment: Moment) -> Iterator[tuple[Running, Gate]]:
    """An update whose call is held at this moment."""
    stack.program(PROGRAM)
    with (
        gate(emulator.base_url, moment.method, moment.path, moment.when) as held,
        up(stack, OPENAI_BASE_URL=held.base_url) as running,
    ):
        wait(lambda: held.is_holding)
        yield running, held

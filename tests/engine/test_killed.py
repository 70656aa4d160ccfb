"""`kill -9` of the engine or of its provider while a service account is made, and the first Ctrl-C while one waits.

What OpenAI has then, what the next commands say, and which of them put all right again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Run, Stack

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
    """A moment of the creation: while a call is open, since the emulator takes its time over it."""

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
@pytest.mark.parametrize("who", ["engine", "provider"])
def test_after_a_kill_the_next_run_names_what_was_left(
    stack: Stack, emulator: EmulatorServer, who: str, moment: Moment
) -> None:
    with _up_until(stack, emulator, moment) as up:
        if who == "engine":
            up.kill_engine()
            _wait(lambda: _is_quiet(emulator))
            orphans = _accounts(emulator)
            _assert_locked(stack.run("up", "--yes", "--skip-preview"))
            stack.ok("cancel", "--yes")
        else:
            up.kill_provider()
            assert up.end() != 0
            assert "error reading from server: EOF" in up.text
            orphans = _accounts(emulator)
        again = stack.up()
        assert len(orphans) == moment.orphans
        assert all(f"already: {orphan}. If an interrupted run left it behind" in again.text for orphan in orphans)
        assert _says_interrupted(again) == (who == "engine")
        if who == "engine":
            stack.ok("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
        assert not _says_interrupted(stack.preview())
        stack.assert_clean()
    # One by the second run, and by the killed one as many as it left: its provider, alive all the time, sent no other.
    assert _posts(emulator) == 1 + moment.orphans
    own = stack.resource("ci")["outputs"]["service_account_id"]
    assert _accounts(emulator) == {*orphans, own}


def test_a_provider_whose_engine_was_killed_ends_itself(stack: Stack, emulator: EmulatorServer) -> None:
    with _up_until(stack, emulator, MOMENTS["before-the-post"]) as up:
        provider = up.provider
        up.kill_engine()
        _wait(lambda: _is_quiet(emulator))
        _wait(lambda: not _is_alive(provider), seconds=3)
    assert _posts(emulator) == 0


def test_a_provider_whose_engine_was_killed_writes_no_further_row(stack: Stack, emulator: EmulatorServer) -> None:
    rows = f"{PROJECT}/rate_limits/*"
    emulator.control.fault(kind="delay", seconds=1, method="POST", path=rows, when="before", times=None)
    with _up(stack, SET_OF_ALL_ROWS) as up:
        _wait(lambda: _writes(emulator) > 0)
        up.kill_engine()
        killed_at = _writes(emulator)
        _wait(lambda: _is_quiet(emulator))
        _wait(lambda: not up.processes(), seconds=20)
    assert _writes(emulator) <= killed_at + AT_ONCE, "only what was on its way or about to be sent"


def test_the_first_ctrl_c_lets_a_wait_end_and_keeps_what_it_led_to(stack: Stack, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="throttle", seconds=10.5, advice="retry-after-ms", method="GET", path=ACCOUNTS)
    with _up(stack) as up:
        _wait(lambda: "To stop at once, press Ctrl-C a second time." in up.text)
        assert "Waiting 1" in up.text
        assert _posts(emulator) == 0
        up.press_ctrl_c()
        code = up.end()
        assert (code, "error: update canceled" in up.text) == (1, True), up.text
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


@dataclass
class _Running:
    """A command under way, in a session of its own: by that its processes are found, orphaned or not."""

    process: subprocess.Popen[bytes]
    output: Path

    @property
    def text(self) -> str:
        """What it has printed so far."""
        return self.output.read_text(encoding="utf-8")

    @property
    def provider(self) -> int:
        (found,) = (pid for pid in self.processes() if b"pulumi.dynamic" in _command(pid))
        return found

    def processes(self) -> list[int]:
        """All that it started and that still run."""
        numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [pid for pid in numbers if _is_alive(pid) and _stat(pid)[3:4] == [str(self.process.pid)]]

    def kill_engine(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def kill_provider(self) -> None:
        os.kill(self.provider, signal.SIGKILL)

    def press_ctrl_c(self) -> None:
        """A terminal sends it to the whole group, of which the engine keeps its plugins out."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> int:
        """Wait for it; its code."""
        return self.process.wait(60)

    def reap(self) -> None:
        """End what is left of it: a killed engine's language host and provider live on."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        _wait(lambda: not self.processes())


@contextmanager
def _up(stack: Stack, program: str = PROGRAM) -> Iterator[_Running]:
    """`pulumi up` under way; in the end nothing of it is left."""
    stack.program(program)
    output = stack.folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [str(stack.engine.pulumi), "up", "--yes", "--skip-preview", "--non-interactive"],
            cwd=stack.folder,
            env=stack.environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = _Running(process, output)
    try:
        yield running
    finally:
        running.reap()


@contextmanager
def _up_until(stack: Stack, emulator: EmulatorServer, moment: Moment) -> Iterator[_Running]:
    fault = emulator.control.fault(kind="delay", seconds=2, method=moment.method, path=moment.path, when=moment.when)
    with _up(stack) as running:
        _wait(lambda: any(call["fault"] == fault for call in emulator.control.requests()))
        assert not _is_quiet(emulator), "it has come to this moment, and not gone past it"
        yield running


def _wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _stat(pid: int) -> list[str]:
    """State, parent, group, session and more; nothing where the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _is_alive(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""

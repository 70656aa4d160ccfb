"""A command of the engine under way, whose processes a test ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.stacks import Stack

_PROVIDERS = (b"pulumi.dynamic", b"pulumi_openai_admin.hosts.native")
"""What is in the command of a provider's process: the dynamic and the native one."""


@dataclass
class Running:
    """A command under way, in a session of its own: by that its processes are found, orphaned or not."""

    process: subprocess.Popen[bytes]
    output: Path

    @property
    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    @property
    def providers(self) -> list[int]:
        """The processes of this package. The language host may have one of its own, for the schema."""
        return [pid for pid in self.processes() if any(name in _command(pid) for name in _PROVIDERS)]

    def processes(self) -> list[int]:
        """All that it started and that still run."""
        numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [pid for pid in numbers if is_alive(pid) and _stat(pid)[3:4] == [str(self.process.pid)]]

    def kill_engine(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def kill_provider(self) -> None:
        (provider,) = self.providers
        os.kill(provider, signal.SIGKILL)

    def press_ctrl_c(self) -> None:
        """A terminal sends it to the whole group, of which the engine keeps its plugins out."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> int:
        return self.process.wait(60)


@contextmanager
def up(stack: Stack, *options: str, **environ: str) -> Iterator[Running]:
    """`pulumi up` under way; in the end nothing of it is left."""
    output = stack.folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [str(stack.engine.pulumi), "up", "--yes", "--skip-preview", "--non-interactive", *options],
            cwd=stack.folder,
            env=stack.environment(COLD_START="yes", **environ),  # its processes are its own, as on a user's machine
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process, output)
    try:
        yield running
    finally:  # a killed engine's language host and provider live on
        for pid in running.processes():
            os.kill(pid, signal.SIGKILL)
        process.wait(10)
        wait(lambda: not running.processes())


def wait(condition: Callable[[], bool], seconds: float = 60) -> None:
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


def is_alive(pid: int) -> bool:
    """Whether a process runs: a zombie does not."""
    return _stat(pid)[:1] not in ([], ["Z"])


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""

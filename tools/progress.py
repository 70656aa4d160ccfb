"""Long steps: run them, keep what they print, and never be silent meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

SAY_AGAIN_AFTER = 15.0
TAIL_LINES = 3


class StepError(Exception):
    """A step that did not work out, in words for the reader."""


class Progress:
    """One line that says what goes on: redrawn on a terminal, repeated now and then elsewhere."""

    def __init__(self, title: str) -> None:
        """Begin the clock."""
        self.title = title
        self.note = ""
        self._began = time.monotonic()

    def __str__(self) -> str:
        """Like `building the engine: 812 of 1729 packages, 1 min 20 s`."""
        elapsed = seconds(time.monotonic() - self._began)
        return f"{self.title}: {self.note}, {elapsed}" if self.note else f"{self.title}: {elapsed}"


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Show a step until it ends; set `.note` to say how far it is."""
    shown, ended = Progress(title), threading.Event()
    console = Console(stderr=True, highlight=False)
    show = _redraw if console.is_terminal else _repeat
    thread = threading.Thread(target=show, args=(shown, ended, console), daemon=True)
    thread.start()
    try:
        yield shown
    finally:
        ended.set()
        thread.join()


def _redraw(shown: Progress, ended: threading.Event, console: Console) -> None:
    with console.status(str(shown)) as status:
        while not ended.wait(0.5):
            status.update(str(shown))
    console.print(str(shown), style="dim")


def _repeat(shown: Progress, ended: threading.Event, _console: Console) -> None:
    say(shown.title)
    while not ended.wait(SAY_AGAIN_AFTER):
        say(str(shown))


def run(  # noqa: PLR0913 -- all but argv by name
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
    on_line: Callable[[str], None] | None = None,
) -> None:
    """Run a command to its end, with what it prints added to the log.

    Raises:
        StepError: It failed or took longer than `timeout`, with the end of what it said.
    """
    late = threading.Event()
    with subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # its own group: ended as a whole
    ) as process:
        try:
            with _deadline(process, timeout, late):
                lines = _follow(process, log, on_line)
                process.wait()
        finally:
            end_group(process)
    if late.is_set():
        raise StepError(f"`{argv[0]}` was ended after {timeout:.0f} s")
    if process.returncode:
        said = "; ".join(line.strip() for line in lines if line.strip()) or f"exit code {process.returncode}"
        raise StepError(f"`{argv[0]}` said: {said} (all of it in {log})")


def _follow(process: subprocess.Popen[str], log: Path, on_line: Callable[[str], None] | None) -> list[str]:
    """Keep and hand on each line as it comes; the last few."""
    lines: list[str] = []
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as kept:
        for line in process.stdout or ():
            kept.write(line)
            lines = [*lines[1 - TAIL_LINES :], line.rstrip()]
            if on_line:
                on_line(lines[-1])
    return lines


@contextmanager
def _deadline(process: subprocess.Popen[str], timeout: float | None, late: threading.Event) -> Iterator[None]:
    """End the process when its time is over, and say so."""

    def give_up() -> None:
        late.set()
        end_group(process)

    timer = threading.Timer(timeout or 0, give_up)
    timer.daemon = True
    if timeout:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def end_group(process: subprocess.Popen[str], grace: float = 5) -> None:
    """End a process and its children: first asked, then made to."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)


def seconds(count: float) -> str:
    """Like `1 min 20 s`."""
    minutes, rest = divmod(int(count), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def say(text: str) -> None:
    """To the reader; stdout is for programs."""
    print(text, file=sys.stderr, flush=True)

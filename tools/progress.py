"""Long steps: run them, log what they print, and show that they are still running."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rich.console import Console

from pulumi_openai_admin import process_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

REPEAT_SECONDS = 15.0
_KNOWN_FROM = 0.05
"""From this part of the work on, its speed says how long the rest will take."""
TAIL_LINES = 3
_GRACE_SECONDS = 5
KEPT = {
    *("HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "TEMP", "TERM", "TMP", "TMPDIR", "USER"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"),
    *("ALL_PROXY", "FTP_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"),
    *("CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    "NETRC",
}
"""The environment variables that installers and builds of other projects need."""


class StepError(Exception):
    """A step that failed, in words for the reader."""


class Progress:
    """One line that says what is running: redrawn on a terminal, repeated every 15 seconds elsewhere."""

    def __init__(self, title: str) -> None:
        """Start the clock."""
        self.title = title
        self.note = ""
        self.done = 0.0
        """The part of the work that is done, from 0 to 1, where that is known."""
        self._began = time.monotonic()

    def __str__(self) -> str:
        """Like `Building the engine: 812 of 1729 packages, 1 min 20 s, about 1 min 30 s left`."""
        elapsed = time.monotonic() - self._began
        parts = [self.note, duration(elapsed)] if self.note else [duration(elapsed)]
        if _KNOWN_FROM < self.done < 1:
            parts.append(f"about {duration(elapsed * (1 - self.done) / self.done)} left")
        return f"{self.title}: {', '.join(parts)}"


def duration(seconds: float) -> str:
    """Like `1 min 20 s`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Show a step until it ends; set `.note` to show how far it is."""
    shown, ended = Progress(title), threading.Event()
    console = Console(stderr=True, highlight=False)
    thread = threading.Thread(target=_redraw if console.is_terminal else _repeat, args=(shown, ended, console))
    thread.daemon = True
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
    while not ended.wait(REPEAT_SECONDS):
        say(str(shown))


def run(  # noqa: PLR0913 -- all but argv by name
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path | None = None,
    timeout: float | None = None,
    on_line: Callable[[str], None] | None = None,
) -> None:
    """Run a command to its end, and add what it prints to the log.

    Raises:
        StepError: It failed or took longer than `timeout`, with the end of what it printed.
    """
    late, lines = threading.Event(), list[str]()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as kept, started(argv, env=env, cwd=cwd) as process:

        def end() -> None:
            late.set()
            end_group(process)

        timer = threading.Timer(timeout or 0, end)
        try:
            if timeout:
                timer.start()
            for line in process.stdout or ():
                kept.write(line)
                lines = [*lines[1 - TAIL_LINES :], line.rstrip()]
                if on_line:
                    on_line(lines[-1])
            process.wait()
        finally:
            timer.cancel()
            end_group(process)
    if late.is_set():
        raise StepError(f"`{argv[0]}` was ended after {timeout:.0f} s")
    if process.returncode:
        said = "; ".join(line.strip() for line in lines if line.strip()) or f"exit code {process.returncode}"
        raise StepError(f"`{argv[0]}` said: {said} (complete output: {log})")


def started(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path | None) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, with all that it prints on one pipe."""
    return subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        encoding="utf-8",  # what the engine writes, on Windows too
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **process_tree.own_group(),
    )


def end_group(process: subprocess.Popen[str]) -> None:
    """End a process and its children: SIGTERM first, then SIGKILL."""
    for by_force in (False, True):
        if process.poll() is not None:
            return
        process_tree.end(process, by_force=by_force)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)


def reduced_environment(*own: str) -> dict[str, str]:
    """The user's environment for programs of other projects: what they need, and none of the user's keys and tokens.

    Args:
        own: Prefixes of the program's own settings, like `PIP_`.
    """
    return {name: value for name, value in os.environ.items() if name.upper() in KEPT or name.startswith(("LC_", *own))}


def say(text: str) -> None:
    """Print to stderr; stdout is for programs."""
    print(text, file=sys.stderr, flush=True)

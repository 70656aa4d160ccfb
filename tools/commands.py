"""Runs commands of other projects: what they print goes to a log, and they get none of the user's keys and tokens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console

from pulumi_openai_admin.delivery.command import end_with_children, own_group
from pulumi_openai_admin.emulator.process import EmulatorError
from tools import pinned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rich.status import Status

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
    """Why a tool can't do its work, in words for the reader."""


def say(text: str) -> None:
    """Print to stderr; stdout is for programs."""
    print(text, file=sys.stderr, flush=True)


def progress(title: str) -> Status:
    """Say what a step does; on a terminal, rich also shows that it is still running."""
    say(title)
    return Console(stderr=True).status("")


def run(
    argv: Sequence[str], *, log: Path, env: Mapping[str, str], cwd: Path | None = None, timeout: float | None = None
) -> None:
    """Run a command to its end, and add what it prints to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        begin = output.tell()
        process = started(argv, env=env, cwd=cwd, output=output.fileno())
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise StepError(f"`{argv[0]}` was ended after {timeout:.0f} s") from None
        finally:
            end_group(process)
    if code:
        lines = log.read_bytes()[begin:].decode(errors="replace").splitlines()
        said = "; ".join([line.strip() for line in lines if line.strip()][-TAIL_LINES:]) or f"exit code {code}"
        raise StepError(f"`{argv[0]}` said: {said} (complete output: {log})")


def output(argv: Sequence[str | Path], env: Mapping[str, str] | None = None, text: str | None = None) -> str:
    """Return what a command prints to stdout, after it has read a text."""
    try:
        done = subprocess.run(
            argv, env=env, cwd=pinned.ROOT, input=text, capture_output=True, encoding="utf-8", timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepError(f"{argv[0]} does not run ({error})") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise StepError(f"`{argv[0]}` said: {said or f'exit code {done.returncode}'}")
    return done.stdout


def git(*arguments: str) -> str:
    """Return what git prints for this clone."""
    return output(["git", *arguments])


def started(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path | None, output: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, with all that it prints on one pipe or file."""
    return subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        encoding="utf-8",  # what the engine writes, on Windows too
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        **own_group(),
    )


def end_group(process: subprocess.Popen[str]) -> None:
    """End a process and its children: SIGTERM first, then SIGKILL."""
    for by_force in (False, True):
        if process.poll() is not None:
            return
        end_with_children(process, by_force=by_force)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)


def reduced_environment(*own: str) -> dict[str, str]:
    """The user's environment for a program of others, whose own settings have prefixes like `PIP_`."""
    return {name: value for name, value in os.environ.items() if name.upper() in KEPT or name.startswith(("LC_", *own))}


def print_result(make: Callable[[], object]) -> int:
    """Print what a tool makes or finds to stdout, or why it can't to stderr; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        print(make())
    except (StepError, EmulatorError, ValueError, OSError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. What has been downloaded and built is kept.")
        return 130
    return 0

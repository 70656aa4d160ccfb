"""`make demo`: the provider at work, with the real engine, on an OpenAI organization that lives on this machine.

    python -m tools.demo            # the demo
    python -m tools.demo emulator   # its organization again, to go on by hand

All state is in `.demo/`, made anew by each demo.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from rich.console import Console

from tools import engine, pinned
from tools.progress import StepError, progress

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = pinned.ROOT / ".demo"
STACK = "emulator"
KEY = "sk-admin-emulator"
ANY_PORT = 0
PROJECT = "proj_demo"
MODEL = "gpt-4o"
BEHIND = {"max_requests_per_1_minute": 77}

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Step:
    """One thing to watch, and why."""

    title: str
    why: str
    command: tuple[str, ...]


BEFORE = (
    Step(
        "What would be done",
        "A preview reads nothing and writes nothing: it says what `up` would make.",
        ("preview", "--diff"),
    ),
    Step(
        "Do it",
        "The limit is set on the row that OpenAI made; the service account is created, and its key kept as a secret.",
        ("up", "--yes"),
    ),
    Step(
        "Do it again",
        "The program and the organization agree, so there is nothing to do.",
        ("preview", "--expect-no-changes"),
    ),
)
AFTER = (
    Step("Notice", "A refresh reads what is there now, and finds the drift.", ("refresh", "--yes", "--diff")),
    Step(
        "What would put it right", "The program still says 60: the next `up` would put it back.", ("preview", "--diff")
    ),
)


def demo() -> None:
    """Run it from beginning to end."""
    found = engine.find_or_get()
    console.print(f"Pulumi {found.version} from {found.folders[0]}", style="dim")
    wanted = last_port()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    with organization(wanted, ANY_PORT) as port:
        settings = found.settings(HOME) | demo_settings(port)
        write_env(settings, port)
        env = found.environment(HOME) | settings
        console.print(f"The organization's page, as long as the demo runs: {page(port)}")
        make_stack(found.pulumi, env)
        total = len(BEFORE) + 1 + len(AFTER)
        for number, step in enumerate(BEFORE, 1):
            show(f"{number} of {total}: {step.title}", step.why, "pulumi", *step.command)
            run([str(found.pulumi), *step.command], env)
        change_behind(settings, f"{len(BEFORE) + 1} of {total}")
        for number, step in enumerate(AFTER, len(BEFORE) + 2):
            show(f"{number} of {total}: {step.title}", step.why, "pulumi", *step.command)
            run([str(found.pulumi), *step.command], env)
    say_how_to_go_on(port)


def page(port: int) -> str:
    """Where a browser shows the organization."""
    return f"http://127.0.0.1:{port}/"


def demo_settings(port: int) -> dict[str, str]:
    """What the program and the engine are told beside the engine's own settings."""
    return {
        "OPENAI_ADMIN_KEY": KEY,
        "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "PULUMI_OPTION_CONFIG_FILE": str(HOME / f"Pulumi.{STACK}.yaml"),
        "PULUMI_STACK": STACK,
    }


def write_env(settings: dict[str, str], port: int) -> None:
    """Keep the environment for the reader's own shell, and the port for the next run."""
    path, *_ = settings["PATH"].partition(os.pathsep + os.environ["PATH"])
    lines = [f"export {name}={shlex.quote(value)}" for name, value in settings.items() if name != "PATH"]
    lines.append(f"export PATH={shlex.quote(path)}:$PATH")
    (HOME / "env").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (HOME / "port").write_text(f"{port}\n", encoding="utf-8")


def last_port() -> int:
    """The port of the last demo, so that a sourced `.demo/env` stays true; any, where there was none."""
    with suppress(OSError, ValueError):
        return int((HOME / "port").read_text(encoding="utf-8"))
    return ANY_PORT


@contextmanager
def organization(*ports: int) -> Iterator[int]:
    """Have OpenAI's API answer on this machine for as long as this lasts, at the first of the ports that is free."""
    with progress("Starting an OpenAI organization on this machine"):
        from pulumi_openai_admin.emulator.process import (  # noqa: PLC0415 -- brings Pulumi along: half a second
            EmulatorError,
            EmulatorServer,
        )

        for port in ports:
            server = EmulatorServer(state=HOME / "organization.db", port=port, admin_key=KEY)
            try:
                server.start()
                break
            except EmulatorError as error:
                if port == ports[-1]:
                    raise StepError(str(error)) from None
    try:
        yield server.port
    finally:
        server.stop()


def make_stack(pulumi: Path, env: dict[str, str]) -> None:
    """Make the stack from inside `.demo`, where its configuration file shall be."""
    project = shutil.copy(pinned.ROOT / "Pulumi.yaml", HOME)
    command = [str(pulumi), "--cwd", str(HOME), "stack", "init", STACK]
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    Path(project).unlink()
    if done.returncode:
        raise StepError(f"`pulumi stack init {STACK}` failed: {done.stderr or done.stdout}")


def change_behind(settings: dict[str, str], number: str) -> None:
    """Change the limit as a colleague would in the dashboard."""
    rows = f"{settings['OPENAI_BASE_URL']}/organization/projects/{PROJECT}/rate_limits"
    session = requests.Session()
    session.trust_env = False  # a proxy has no way to this machine's own addresses
    session.headers["Authorization"] = f"Bearer {KEY}"
    found = session.get(rows, params={"limit": 100}, timeout=10)
    found.raise_for_status()
    row = next(row["id"] for row in found.json()["data"] if row["model"] == MODEL)
    body = json.dumps(BEHIND)
    show(
        f"{number}: Behind Pulumi's back",
        "Somebody changes the limit without Pulumi: in the dashboard, or like this.",
        *("curl", "-X", "POST", f"{rows}/{row}", "-H", f"Authorization: Bearer {KEY}", "-d", body),
    )
    answer = session.post(f"{rows}/{row}", json=BEHIND, timeout=10)
    answer.raise_for_status()
    console.print_json(answer.text)


def show(title: str, why: str, *command: str) -> None:
    """Say what comes, why, and by which command."""
    console.print()
    console.rule(f"[bold]{title}", align="left")
    console.print(why)
    console.print(f"$ {shlex.join(command)}", style="bold cyan", markup=False)


def run(command: list[str], env: dict[str, str]) -> None:
    """Run the engine, which prints for itself."""
    process = subprocess.Popen(command, cwd=pinned.ROOT, env=env)
    try:
        status = process.wait()
    except KeyboardInterrupt:  # the terminal has told the engine too
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        raise
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(10)
    if status:
        raise StepError(f"`pulumi {shlex.join(command[1:])}` failed with exit code {status}; the reason stands above.")


def say_how_to_go_on(port: int) -> None:
    """Leave the reader with lines that work when pasted."""
    console.print()
    console.rule("[bold]Go on by hand", align="left")
    console.print(
        "source .demo/env   [dim]# this engine and stack, the emulator's address and key[/dim]\n"
        "make emulator &    [dim]# the same organization again, with the limit at 77[/dim]\n"
        "pulumi up          [dim]# puts it back to 60; `pulumi destroy` removes everything[/dim]\n"
        f"{page(port)}  [dim]# its page in a browser, while `make emulator` runs[/dim]"
    )


def serve() -> None:
    """Be the demo's organization again, until Ctrl-C."""
    if not (HOME / "port").exists():
        raise StepError("There is no demo to go on with yet: `make demo` first.")
    with organization(int((HOME / "port").read_text(encoding="utf-8"))) as port:
        console.print(f"The demo's organization is back; Ctrl-C ends it (in the background: kill {os.getpid()}).")
        console.print(f"Its page for a browser: {page(port)}")
        threading.Event().wait()


def main(arguments: list[str]) -> int:
    """Do one of the two; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # in order with what the engine prints
    try:
        serve() if arguments == ["emulator"] else demo()
    except (StepError, engine.NoEngineError, requests.RequestException) as error:
        console.print(f"\n{error}", style="bold red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

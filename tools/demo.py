"""`make demo`: the provider with the real engine, and an emulator in place of OpenAI.

    python -m tools.demo            # the demo
    python -m tools.demo emulator   # its emulator again, to continue by hand

All state is in `.demo/`, which each demo replaces.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import requests
from rich.console import Console

from tools import engine, pinned
from tools.commands import StepError, progress
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOME = pinned.ROOT / ".demo"
STACK = "emulator"
KEY = "sk-admin-emulator"
ANY_PORT = 0
MODEL = "gpt-4o"
ROW = f"rl-{MODEL}"
BEHIND = {"max_requests_per_1_minute": 77}
ROTATION = ("--cwd", "examples/rotation")
STEPS = 10

console = Console(highlight=False, soft_wrap=True, width=80)


def demo() -> None:
    """Run it from beginning to end."""
    found = engine.find_or_get()
    console.print(f"Pulumi {found.version} (source: {found.source})", style="dim")
    wanted = last_port()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    with organization(wanted, ANY_PORT) as port:
        stack = Stack(found, pinned.ROOT, settings(port), HOME)
        write_env(found.settings(HOME) | stack.environ, port)
        console.print(f"The organization in your browser, while the demo runs: {page(port)}")
        init(stack, pinned.ROOT / "Pulumi.yaml")
        address = limit(stack, port)
        rotation(stack)
        destroy(stack, port, address)
    say_how_to_continue(port)


def limit(stack: Stack, port: int) -> str:
    """The scenario of a limit: created, changed behind Pulumi's back, found, and set again; the path of its list."""
    show(1, "Preview", "A preview sends no request. It lists what `up` would create.")
    pulumi(stack, "preview")
    show(2, "Create", "`up` creates a project with a limit and a service account. Its key is a secret.")
    pulumi(stack, "up", "--yes")
    show(3, "Preview again", "The program and the organization agree: there is nothing to do.")
    pulumi(stack, "preview", "--expect-no-changes")
    show(4, "A change without Pulumi", "Somebody changes the limit in the dashboard, or by this request.")
    path = f"/organization/projects/{stack.outputs()['projectId']}/rate_limits"
    call(port, path, BEHIND)
    show(5, "Refresh", "A refresh reads the current values and finds the change.")
    pulumi(stack, "refresh", "--yes", "--skip-preview", "--diff")
    show(6, "Correct", "The program still says 60, so `up` sets it again.")
    pulumi(stack, "up", "--yes", "--skip-preview", "--diff")
    return path


def rotation(stack: Stack) -> None:
    """A key, and its successor."""
    show(7, "A key to rotate", "`examples/rotation` creates another service account with a key.")
    init(stack, pinned.ROOT / ROTATION[1] / "Pulumi.yaml")
    pulumi(stack, *ROTATION, "up", "--yes", "--skip-preview")
    show(8, "Rotate", "The new key is created first, then the old one is revoked: no outage.")
    pulumi(stack, *ROTATION, "up", "--yes", "--skip-preview", "--config", "rotate=2027-Q1")


def destroy(stack: Stack, port: int, path: str) -> None:
    """A limit that is destroyed has its first value again; what was created is deleted or archived."""
    show(9, "Restore", "OpenAI deletes no limits: destroyed, the limit gets its first value, 10000.")
    pulumi(stack, "destroy", "--yes", "--skip-preview", "--target", "**:ProjectRateLimit::*")
    call(port, path)
    show(10, "Destroy", "The account and its key are deleted, and the project is archived.")
    pulumi(stack, "destroy", "--yes", "--skip-preview")


def page(port: int) -> str:
    """The address of the emulator's page."""
    return f"http://127.0.0.1:{port}/"


def settings(port: int) -> dict[str, str]:
    """The settings of program and engine, beside those that each engine on this machine gets."""
    return {
        "OPENAI_ADMIN_KEY": KEY,
        "OPENAI_BASE_URL": f"{page(port)}v1",
        "PULUMI_OPTION_CONFIG_FILE": str(HOME / f"Pulumi.{STACK}.yaml"),
        "PULUMI_STACK": STACK,
    }


def write_env(variables: dict[str, str], port: int) -> None:
    """Keep the environment for the reader's own shell, and the port for the next run."""
    path, *_ = variables["PATH"].partition(os.pathsep + os.environ["PATH"])
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items() if name != "PATH"]
    lines.append(f"export PATH={shlex.quote(path)}:$PATH")
    (HOME / "env").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (HOME / "port").write_text(f"{port}\n", encoding="utf-8")


def last_port() -> int:
    """The port of the last demo, so that a sourced `.demo/env` stays valid; any port, if there was none."""
    with suppress(OSError, ValueError):
        return int((HOME / "port").read_text(encoding="utf-8"))
    return ANY_PORT


@contextmanager
def organization(*ports: int) -> Iterator[int]:
    """Run an emulator, at the first of the ports that is free."""
    with progress("Starting the emulator"):
        from pulumi_openai_admin.emulator.process import (  # noqa: PLC0415 -- imports Pulumi: half a second
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


def init(stack: Stack, project: Path) -> None:
    """Create the stack of a project from inside `.demo`, where its configuration file belongs."""
    copy = HOME / "Pulumi.yaml"
    shutil.copy(project, copy)
    stack.ok("--cwd", str(HOME), "stack", "init", STACK)
    copy.unlink()


def call(port: int, path: str, body: dict[str, Any] | None = None) -> None:
    """Read the limit from the list at this path, or change it, as anybody could, and show it."""
    method, path = ("POST", f"{path}/{ROW}") if body else ("GET", path)
    with requests.Session() as session:
        session.trust_env = False  # a proxy cannot reach this machine's own addresses
        session.headers["Authorization"] = f"Bearer {KEY}"
        url = f"{settings(port)['OPENAI_BASE_URL']}{path}" + ("" if body else "?limit=100")
        console.print(f"{method} {path}", style="bold cyan", markup=False)
        if body:
            console.print(json.dumps(body), style="bold cyan", markup=False)
        reply = session.request(method, url, json=body, timeout=10)
    reply.raise_for_status()
    row = reply.json()
    row = row if body else next(item for item in row["data"] if item["id"] == ROW)
    console.print_json(json.dumps(row))


def show(number: int, title: str, why: str) -> None:
    """Announce a step."""
    console.print()
    console.rule(f"[bold]{number} of {STEPS}: {title}", align="left")
    console.print(why)


def pulumi(stack: Stack, *command: str) -> None:
    """Run the engine, which prints to the terminal."""
    console.print(f"$ pulumi {shlex.join(command)}", style="bold cyan", markup=False)
    stack.show(*command)


def say_how_to_continue(port: int) -> None:
    """Leave the reader with lines that work when pasted."""
    console.print()
    console.rule("[bold]Continue by hand", align="left")
    console.print(
        "source .demo/env   [dim]# this engine and stack, the emulator's address and key[/dim]\n"
        "make emulator &    [dim]# the same organization again[/dim]\n"
        "pulumi up          [dim]# creates it again; `pulumi destroy` removes it[/dim]\n"
        f"{page(port)}  [dim]# the organization in your browser, meanwhile[/dim]"
    )


def serve() -> None:
    """Run the demo's emulator again, until Ctrl-C."""
    if not (HOME / "port").exists():
        raise StepError("There is no demo to continue yet: run `make demo` first.")
    with organization(int((HOME / "port").read_text(encoding="utf-8"))) as port:
        console.print(f"The demo's emulator runs; Ctrl-C ends it (in the background: kill {os.getpid()}).")
        console.print(f"The organization in your browser: {page(port)}")
        threading.Event().wait()


def main(arguments: list[str]) -> int:
    """Do one of the two; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # in order with what the engine prints
    try:
        serve() if arguments == ["emulator"] else demo()
    except (StepError, requests.RequestException) as error:
        console.print(f"\n{error}", style="bold red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

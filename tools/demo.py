"""`make demo`: the provider with the real engine, and an emulator in place of OpenAI.

    python -m tools.demo            # the demo
    python -m tools.demo emulator   # its emulator again, to continue by hand

All state is in `.demo/`, which each demo replaces.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests
from rich.console import Console

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import engine, pinned
from tools.commands import StepError, print_result, say
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOME = pinned.ROOT / ".demo"
STACK = "emulator"
KEY = "sk-admin-emulator"
ANY_PORT = 0
ROW = "rl-gpt-4o"
BEHIND = {"max_requests_per_1_minute": 77}
ROTATION = ("--cwd", "examples/rotation")
STEPS = 10

console = Console(highlight=False, soft_wrap=True, width=80)


def demo() -> str:
    """Run it from beginning to end; how to continue."""
    found = engine.find_or_get()
    console.print(f"Pulumi {found.version} (source: {found.source})", style="dim")
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    with organization(ANY_PORT) as port:
        stack = Stack(found, pinned.ROOT, settings(port), HOME)
        # The environment for the reader's own shell, and the port for `make emulator`.
        variables = stack.environment()
        path = variables["PATH"].removesuffix(os.pathsep + os.environ["PATH"])
        own = sorted(name for name in variables if name.startswith(("OPENAI_", "PULUMI_")))
        lines = [f"export {name}={shlex.quote(variables[name])}\n" for name in own]
        lines.append(f"export PATH={shlex.quote(path)}:$PATH\n")
        (HOME / "env").write_text("".join(lines), encoding="utf-8")
        (HOME / "port").write_text(f"{port}\n", encoding="utf-8")
        init(stack, pinned.ROOT / "Pulumi.yaml")
        show_all(stack, port)
    console.print()
    console.rule("[bold]Continue by hand", align="left")
    return (
        "source .demo/env   # this engine and stack, the emulator's address and key\n"
        "make emulator &    # the same organization again\n"
        "pulumi up          # creates it again; `pulumi destroy` removes it"
    )


def show_all(stack: Stack, port: int) -> None:
    """Show a limit: created, changed behind Pulumi's back, found, set again, restored. Show a key and its successor."""
    show(1, "Preview", "A preview sends no request. It lists what `up` would create.")
    pulumi(stack, "preview")
    show(2, "Create", "`up` creates a project with a limit and a service account. Its key is a secret.")
    pulumi(stack, "up", "--yes")
    show(3, "Preview again", "The program and the organization agree: there is nothing to do.")
    pulumi(stack, "preview", "--expect-no-changes")
    show(4, "A change without Pulumi", "Somebody changes the limit in the dashboard, or by this request.")
    limits = f"/organization/projects/{stack.outputs()['projectId']}/rate_limits"
    call(port, "POST", f"{limits}/{ROW}", BEHIND)
    show(5, "Refresh", "A refresh reads the current values and finds the change.")
    pulumi(stack, "refresh", "--yes", "--skip-preview", "--diff")
    show(6, "Correct", "The program still says 60, so `up` sets it again.")
    pulumi(stack, "up", "--yes", "--skip-preview", "--diff")
    show(7, "A key to rotate", "`examples/rotation` creates another service account with a key.")
    init(stack, pinned.ROOT / ROTATION[1] / "Pulumi.yaml")
    pulumi(stack, *ROTATION, "up", "--yes", "--skip-preview")
    show(8, "Rotate", "The new key is created first, then the old one is revoked: no outage.")
    pulumi(stack, *ROTATION, "up", "--yes", "--skip-preview", "--config", "rotate=2027-Q1")
    show(9, "Restore", "OpenAI deletes no limits: destroyed, the limit gets its first value, 10000.")
    pulumi(stack, "destroy", "--yes", "--skip-preview", "--target", "**:ProjectRateLimit::*")
    call(port, "GET", f"{limits}?limit=100")
    show(10, "Destroy", "The account and its key are deleted, and the project is archived.")
    pulumi(stack, "destroy", "--yes", "--skip-preview")


def settings(port: int) -> dict[str, str]:
    """The settings of program and engine, beside those that each engine on this machine gets."""
    return {
        "OPENAI_ADMIN_KEY": KEY,
        "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "PULUMI_OPTION_CONFIG_FILE": str(HOME / f"Pulumi.{STACK}.yaml"),
        "PULUMI_STACK": STACK,
    }


@contextmanager
def organization(port: int) -> Iterator[int]:
    """Run an emulator, and say where; its port."""
    say("Starting the emulator")
    with EmulatorServer(state=HOME / "organization.db", port=port, admin_key=KEY) as server:
        console.print(f"The organization in your browser, while it runs: http://127.0.0.1:{server.port}/")
        yield server.port


def init(stack: Stack, project: Path) -> None:
    """Create the stack of a project from inside `.demo`, where its configuration file belongs."""
    copy = HOME / "Pulumi.yaml"
    shutil.copy(project, copy)
    stack.ok("--cwd", str(HOME), "stack", "init", STACK)
    copy.unlink()


def call(port: int, method: str, path: str, body: dict[str, Any] | None = None) -> None:
    """Change the limit, or read it from the list of all, as anybody could, and show it."""
    for line in (f"{method} {path}", *([json.dumps(body)] if body else [])):
        console.print(line, style="bold cyan", markup=False)
    url, headers = settings(port)["OPENAI_BASE_URL"] + path, {"Authorization": f"Bearer {KEY}"}
    with requests.Session() as session:
        session.trust_env = False  # a proxy cannot reach this machine's own addresses
        reply = session.request(method, url, json=body, headers=headers, timeout=10)
    reply.raise_for_status()
    rows = reply.json().get("data", [reply.json()])
    console.print_json(json.dumps(next(row for row in rows if row["id"] == ROW)))


def show(number: int, title: str, why: str) -> None:
    """Announce a step."""
    console.print()
    console.rule(f"[bold]{number} of {STEPS}: {title}", align="left")
    console.print(why)


def pulumi(stack: Stack, *command: str) -> None:
    """Run the engine, which prints to the terminal."""
    console.print(f"$ pulumi {shlex.join(command)}", style="bold cyan", markup=False)
    stack.show(*command)


def serve() -> None:
    """Run the demo's emulator again, until Ctrl-C."""
    if not (HOME / "port").exists():
        raise StepError("There is no demo to continue yet: run `make demo` first.")
    with organization(int((HOME / "port").read_text(encoding="utf-8"))):
        console.print(f"The demo's emulator runs; Ctrl-C ends it (in the background: kill {os.getpid()}).")
        threading.Event().wait()


def main(arguments: list[str]) -> int:
    """Do one of the two; the exit code."""
    return print_result(serve if arguments == ["emulator"] else demo)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

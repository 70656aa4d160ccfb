"""Installs the wheel as a user does, in an environment of its own outside of the sources, and runs the quickstart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import pinned
from tools.progress import StepError, progress, run
from tools.stacks import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine

NAME = "pulumi-openai-admin"
TEMPLATE = pinned.ROOT / "templates" / "openai-admin-python"
INSTALL_SECONDS, STEP_SECONDS = 600, 180
NO_KEY = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
ALL_NAMES = """
import sys
import pulumi_openai_admin
assert pulumi_openai_admin.__file__.startswith(sys.prefix), pulumi_openai_admin.__file__
from pulumi_openai_admin import *
"""


def check(wheel: Path, work: Path, found: Engine, log: Path) -> None:
    """Install the wheel and use it.

    Raises:
        StepError: Something does not work, in a sentence.
    """
    place = CleanInstall(work, log)
    with progress("Installing the wheel into a clean environment"):
        run([sys.executable, "-m", "venv", str(place.venv)], log=log, env=place.environ, timeout=INSTALL_SECONDS)
        place.install("--find-links", str(wheel.parent), "--requirement", str(TEMPLATE / "requirements.txt"))
        place.python("-m", "pip", "check")
        place.python("-c", ALL_NAMES)
        place.expect_help(code=2, text=f"{NAME}[cli]", lines=1)
    with progress("Running the quickstart with it"):
        quickstart(place, found, wheel)
    with progress("Adding the extra `cli`"):
        place.install(f"{wheel}[cli]")
        place.expect_help(code=0, text="Usage")
        place.python("-m", "pulumi_openai_admin.emulator", "--help")


@dataclass(frozen=True)
class CleanInstall:
    """A virtual environment in a folder of its own."""

    folder: Path
    log: Path

    @property
    def venv(self) -> Path:
        """Its folder."""
        return self.folder / "venv"

    @cached_property
    def environ(self) -> dict[str, str]:
        """The user's environment without what leads to the sources, with this environment activated."""
        drop = ("PULUMI_", "OPENAI_", "PYTHON", "COVERAGE_", "VIRTUAL_ENV")
        own = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
        return {**own, "PATH": f"{self.venv / 'bin'}{os.pathsep}{own['PATH']}", "VIRTUAL_ENV": str(self.venv)}

    def install(self, *what: str) -> None:
        """Install it with pip."""
        self.python("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *what)

    def python(self, *arguments: str) -> None:
        """Run its Python, isolated: neither the folder nor the environment adds to what it can import."""
        command = [str(self.venv / "bin" / "python"), "-I", *arguments]
        run(command, log=self.log, env=self.environ, cwd=self.folder, timeout=INSTALL_SECONDS)

    def expect_help(self, code: int, text: str, lines: int | None = None) -> None:
        """Run the package's command with `--help`.

        Raises:
            StepError: It does not end with this code, or does not print this text in so many lines.
        """
        command = [str(self.venv / "bin" / NAME), "--help"]
        done = subprocess.run(
            command,
            env=self.environ,
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=STEP_SECONDS,
            check=False,
        )
        said = done.stderr if code else done.stdout
        if done.returncode != code or text not in said or (lines and said.count("\n") != lines):
            told = (done.stderr or done.stdout).strip()[-300:]
            raise StepError(
                f"`{NAME} --help` should end with {code} and print {text!r}; it ended with {done.returncode}: {told}"
            )


def quickstart(place: CleanInstall, found: Engine, wheel: Path) -> None:
    """Create a project from the template, and run preview, up, a second preview and destroy, with an emulator.

    Raises:
        StepError: One of them did not do what the README says.
    """
    folder = place.folder / "quickstart"
    folder.mkdir()
    with EmulatorServer() as emulator:  # of this checkout: the environment under test has no extra yet
        links = " ".join([str(wheel.parent), os.environ.get("PIP_FIND_LINKS", "")])
        environ = environment(place, found, emulator) | {"PIP_FIND_LINKS": links}
        stack = Stack(found, folder, environ, place.folder / "home")
        stack.ok("new", str(TEMPLATE), "--yes", "--stack", "dev", timeout=INSTALL_SECONDS)
        if not (folder / ".venv").exists():  # the stand-in for the language host installs nothing
            (folder / ".venv").symlink_to(place.venv)
        seen = [
            stack.ok("preview", "--diff", **NO_KEY).summary,
            stack.up().summary,
            keys(emulator),
            json.loads(stack.ok("stack", "output", "apiKey", "--json").text),
            stack.ok("preview", "--expect-no-changes").summary,
            stack.destroy().summary,
            keys(emulator),
        ]
    expected = [
        {"to create": 4},
        {"created": 4},
        ["live"],
        "[secret]",
        {"unchanged": 4},
        {"deleted": 4},
        ["revoked"],
    ]
    if seen != expected:
        raise StepError(f"The quickstart gave\n{seen}\nin place of\n{expected}")


def environment(place: CleanInstall, found: Engine, emulator: EmulatorServer) -> dict[str, str]:
    """The environment of the quickstart: the engine on the clean environment's Python."""
    return {
        **{name: "" for name in os.environ if name not in place.environ},
        "PATH": os.pathsep.join([str(place.venv / "bin"), *map(str, found.folders), os.environ["PATH"]]),
        "VIRTUAL_ENV": str(place.venv),
        "PULUMI_PYTHON_CMD": str(place.venv / "bin" / "python"),
        "OPENAI_ADMIN_KEY": emulator.admin_key,
        "OPENAI_BASE_URL": emulator.base_url,
    }


def keys(emulator: EmulatorServer) -> list[str]:
    """The states of the keys that were created."""
    projects = emulator.control.state()["projects"].values()
    accounts = [account for project in projects for account in project["service_accounts"].values()]
    return [fate for account in accounts for fate in account["keys"].values()]

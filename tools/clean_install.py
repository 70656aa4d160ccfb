"""A wheel as its user meets it: in an environment of its own, far from the sources, with the quickstart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import quickstart
from tools.progress import StepError, progress, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.engine import Engine

NAME = "pulumi-openai-admin"
INSTALL_SECONDS, STEP_SECONDS = 600, 180
NOT_INSTALLED = 2
INSTALLER = {"pip", "setuptools", "wheel"}
"""What `python -m venv` brings by itself, by the version of Python."""
ALL_NAMES = """
import sys
import pulumi_openai_admin
assert pulumi_openai_admin.__file__.startswith(sys.prefix), pulumi_openai_admin.__file__
from pulumi_openai_admin import *
"""
INSTALLED = """
import importlib.metadata, json
found = importlib.metadata.distributions()
print(json.dumps({one.metadata["Name"]: one.requires or [] for one in found}))
"""


def check(wheel: Path, work: Path, found: Engine, log: Path) -> None:
    """Install the wheel as a user would, use it, and see that it is what it says.

    Raises:
        StepError: It is not, in a sentence.
    """
    place = CleanInstall(work, log)
    with progress("Installing the wheel into a clean environment"):
        place.make()
        place.install(str(wheel))
        place.python("-c", ALL_NAMES)
        assert_only_declared(json.loads(place.python("-c", INSTALLED)))
        place.assert_command_names_its_extra()
    with progress("Running the quickstart with it") as shown:
        quickstart.live(place, found, shown)
    with progress("Adding the extra `cli`"):
        place.install(f"{wheel}[cli]")
        place.assert_command_helps()
        place.python("-m", "pulumi_openai_admin.emulator", "--help")


def assert_only_declared(installed: Mapping[str, list[str]]) -> None:
    """Nothing came but what the package's own requirements lead to; `installed` is each name's requirements."""
    requirements = {canonicalize_name(name): requires for name, requires in installed.items()}
    seen, ahead = set[tuple[str, str]](), [(canonicalize_name(NAME), "")]
    while ahead:
        name, extra = step = ahead.pop()
        if step in seen:
            continue
        seen.add(step)
        for wanted in map(Requirement, requirements.get(name, [])):
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                ahead += [(canonicalize_name(wanted.name), one) for one in ("", *wanted.extras)]
    late_duplicates = sorted(set(requirements) - {name for name, _ in seen} - INSTALLER)
    if late_duplicates:
        raise StepError(f"The clean environment has {', '.join(late_duplicates)}, which the package does not declare.")


@dataclass(frozen=True)
class CleanInstall:
    """A virtual environment in a folder of its own, and its user, who stands in that folder."""

    folder: Path
    log: Path

    @property
    def venv(self) -> Path:
        """Where it is."""
        return self.folder / "venv"

    @cached_property
    def environ(self) -> dict[str, str]:
        """The user's environment, with no way back to the sources, and this environment activated."""
        drop = ("PULUMI_", "OPENAI_", "PYTHON", "COVERAGE_", "VIRTUAL_ENV")
        own = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
        return {**own, "PATH": f"{self.venv / 'bin'}{os.pathsep}{own['PATH']}", "VIRTUAL_ENV": str(self.venv)}

    def make(self) -> None:
        """Make it, by the Python that runs this."""
        run([sys.executable, "-m", "venv", str(self.venv)], log=self.log, timeout=INSTALL_SECONDS)

    def install(self, what: str) -> None:
        """Have pip bring it, with what it needs."""
        quietly = ("--quiet", "--disable-pip-version-check", "--no-input")
        command = [str(self.venv / "bin" / "python"), "-m", "pip", "install", *quietly, what]
        run(command, log=self.log, env=self.environ, cwd=self.folder, timeout=INSTALL_SECONDS)

    def python(self, *arguments: str) -> str:
        """Run its Python, isolated: neither the folder nor the environment adds to what it can import."""
        said: list[str] = []
        command = [str(self.venv / "bin" / "python"), "-I", *arguments]
        run(command, log=self.log, env=self.environ, cwd=self.folder, timeout=STEP_SECONDS, on_line=said.append)
        return "\n".join(said)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the package's own command, whatever becomes of it."""
        command = [str(self.venv / "bin" / NAME), *arguments]
        return subprocess.run(
            command,
            env=self.environ,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=STEP_SECONDS,
            check=False,
        )

    def assert_command_names_its_extra(self) -> None:
        """Without its extra the command says in one line what to install."""
        done = self.command("--help")
        if done.returncode != NOT_INSTALLED or f"{NAME}[cli]" not in done.stderr or done.stderr.count("\n") != 1:
            raise StepError(
                f"Without its extra, `{NAME} --help` should end with {NOT_INSTALLED} and a line that names "
                f"{NAME}[cli]; it ended with {done.returncode} and {done.stderr.strip()[-300:]!r}."
            )

    def assert_command_helps(self) -> None:
        """With it, the command says how it is used."""
        done = self.command("--help")
        if done.returncode or "Usage" not in done.stdout:
            raise StepError(
                f"With its extra, `{NAME} --help` should tell its usage; it ended with {done.returncode} and "
                f"{(done.stderr or done.stdout).strip()[-300:]!r}."
            )

"""The README's program, lived through on the real engine by whoever has just installed the package."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import pinned
from tools.progress import Progress, StepError, run

if TYPE_CHECKING:
    from pathlib import Path

    from tools.clean_install import CleanInstall
    from tools.engine import Engine

PROGRAM = pinned.ROOT / "examples" / "quickstart" / "__main__.py"
PROJECT = """\
name: quickstart
runtime:
  name: python
  options: {{ toolchain: pip, virtualenv: "{venv}" }}
"""
COMMAND_SECONDS = 180
NO_KEY = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}


def live(place: CleanInstall, found: Engine, shown: Progress) -> None:
    """Preview, up, a second preview, destroy, against an organization on this machine.

    Raises:
        StepError: One of them did not do what the README says.
    """
    folder = place.folder / "quickstart"
    folder.mkdir()
    shutil.copy(PROGRAM, folder)
    (folder / "Pulumi.yaml").write_text(PROJECT.format(venv=place.venv), encoding="utf-8")
    # The emulator is this checkout's: the environment under test has no extra yet.
    with EmulatorServer() as emulator:
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        stack = _Stack(place, found, folder, environ, shown)
        stack.run("stack", "init", "dev")
        stack.expect("+ 3 to create", "preview", "--diff", **NO_KEY)
        stack.expect("+ 3 created", "up", "--yes", "--skip-preview")
        outputs = json.loads(stack.run("stack", "output", "--json"))
        if outputs != {"api_key": "[secret]", "limits": 60}:
            raise StepError(f"The quickstart's outputs are {outputs}.")
        if (fates := _keys(emulator)) != ["live"]:
            raise StepError(f"After the quickstart's `up` there are these keys: {fates}.")
        stack.expect("3 unchanged", "preview", "--expect-no-changes")
        stack.expect("- 3 deleted", "destroy", "--yes", "--skip-preview")
        if (fates := _keys(emulator)) != ["revoked"]:
            raise StepError(f"After the quickstart's `destroy` there are these keys: {fates}.")


def _keys(emulator: EmulatorServer) -> list[str]:
    """What became of the keys that were made."""
    accounts = emulator.control.state()["projects"]["proj_demo"]["service_accounts"].values()
    return [fate for account in accounts for fate in account["keys"].values()]


@dataclass(frozen=True)
class _Stack:
    """A stack of the program in a folder, on the Python of a clean environment."""

    place: CleanInstall
    found: Engine
    folder: Path
    environ: dict[str, str]
    shown: Progress

    def run(self, *arguments: str, **environ: str) -> str:
        """Run an engine's command that has to succeed; what it printed."""
        self.shown.note = " ".join(arguments[:2]) if arguments[0] == "stack" else arguments[0]
        settings = self.found.settings(self.place.folder / "home")
        own = self.place.environ
        search = [str(self.place.venv / "bin"), *map(str, self.found.folders), own["PATH"]]
        env = {
            **own,
            **settings,
            "PATH": ":".join(search),
            "PULUMI_PYTHON_CMD": str(self.place.venv / "bin" / "python"),
            **self.environ,
            **environ,
        }
        said: list[str] = []
        command = [str(self.found.pulumi), *arguments, "--non-interactive"]
        run(
            command,
            log=self.place.log,
            env=env,
            cwd=self.folder,
            timeout=COMMAND_SECONDS,
            on_line=said.append,
        )
        return "\n".join(said)

    def expect(self, what: str, *arguments: str, **environ: str) -> None:
        """Run it, and see that its summary says so."""
        said = self.run(*arguments, **environ)
        if what not in said:
            raise StepError(f"The quickstart's `{arguments[0]}` does not say {what!r} (all of it in {self.place.log}).")

"""Runs the Pulumi engine: for tests, benchmarks, the check of the wheel and the demo.

It runs the command line, since its callers need what the Automation API does not give: the text that a user sees, the
process to measure, and an environment without the user's own Pulumi and OpenAI settings.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tools.commands import StepError, end_group, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

MAX_SECONDS = 180
_TAIL_CHARACTERS = 4000


@dataclass(frozen=True)
class Run:
    """The result of one command."""

    code: int
    text: str
    seconds: float = 0

    @property
    def summary(self) -> dict[str, int]:
        """The counts of the last summary, such as `{"created": 3}`."""
        block = self.text.rpartition("Resources:")[2]
        found = re.findall(r"^\s+\W*\s*(?:\d+ changes\. )?(\d+) (to \w+|\w+)$", block, re.MULTILINE)
        return {word: int(number) for number, word in found}


@dataclass
class Stack:
    """A program in a folder, with a backend of its own."""

    engine: Engine
    folder: Path
    """Where `Pulumi.yaml` is."""
    environ: dict[str, str] = field(repr=False)  # it may contain a real key
    """Added to the engine's environment. An empty value removes a variable."""
    home: Path | None = None
    """Where the engine keeps its files and the backend: by default `home` in the folder."""
    log: list[str] = field(default_factory=list)
    """What the commands printed."""

    def environment(self, **environ: str) -> dict[str, str]:
        """The environment of a command."""
        merged = {**self.engine.environment(self.home or self.folder / "home"), **self.environ, **environ}
        return {name: value for name, value in merged.items() if value}

    def run(
        self,
        *arguments: str,
        timeout: float = MAX_SECONDS,
        watch: Callable[[int], None] | None = None,
        **environ: str,
    ) -> Run:
        """Run a command, whether it succeeds or not. `watch` is called with its process id when it runs."""
        command, began = [str(self.engine.pulumi), *arguments, "--non-interactive"], time.perf_counter()
        with started(command, env=self.environment(**environ), cwd=self.folder) as process:
            try:
                if watch:
                    watch(process.pid)
                text, _ = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                raise StepError(f"{_named(arguments)} was ended after {timeout:.0f} s") from None
            finally:
                end_group(process)
        self.log.append(text)
        return Run(process.returncode, text, time.perf_counter() - began)

    def ok(self, *arguments: str, **options: Any) -> Run:
        """Run a command that has to succeed; see `run`."""
        run = self.run(*arguments, **options)
        if run.code:
            raise StepError(f"{_named(arguments)} failed with exit code {run.code}:\n{run.text[-_TAIL_CHARACTERS:]}")
        return run

    def show(self, *arguments: str) -> None:
        """Run a command that prints to this terminal, and has to succeed."""
        command = [str(self.engine.pulumi), *arguments]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment()) as process:
            try:
                process.wait()
            except KeyboardInterrupt:  # the terminal sends it to the engine too
                with suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                raise
            finally:
                process.terminate()  # if it has not ended
        if process.returncode:
            raise StepError(f"{_named(arguments)} failed with exit code {process.returncode}; see above.")

    def up(self, **options: Any) -> Run:
        """Run `pulumi up`."""
        return self.ok("up", "--yes", "--skip-preview", **options)

    def preview(self) -> Run:
        """Run `pulumi preview`, with all properties."""
        return self.ok("preview", "--diff")

    def assert_clean(self) -> None:
        """Run a preview without changes: the program and the state agree."""
        self.ok("preview", "--diff", "--expect-no-changes")

    def refresh(self) -> Run:
        """Run `pulumi refresh`."""
        return self.ok("refresh", "--yes", "--skip-preview", "--diff")

    def destroy(self, **options: Any) -> Run:
        """Run `pulumi destroy`."""
        return self.ok("destroy", "--yes", "--skip-preview", **options)

    def export(self, *options: str) -> dict[str, Any]:
        """The state."""
        return dict(json.loads(self.ok("stack", "export", *options).text))

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, with secrets."""
        return dict(json.loads(self.ok("stack", "output", "--json", "--show-secrets").text))


def environ_of(emulator: EmulatorServer) -> dict[str, str]:
    """The environment variables with which a program calls an emulator."""
    return {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}


def _named(arguments: tuple[str, ...]) -> str:
    return f"`pulumi {' '.join(arguments[:3])}`"  # what follows may be a key

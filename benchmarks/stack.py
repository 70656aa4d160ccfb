"""One stack on the real engine, with all its state in a folder of its own, and a stopwatch."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks import processes
from benchmarks.program import TEXT
from tools import engine, stacks
from tools.commands import StepError
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.engine import Engine

PROVIDERS = ("pulumi.dynamic", "pulumi-resource-openai-admin")
"""What is in the command of a provider's process: the dynamic and the native one."""
MAX_SECONDS = 3600
"""No command runs longer: it is ended, and counts as not measured."""


class NotMeasuredError(Exception):
    """Something could not be measured, and why."""


@dataclass(frozen=True)
class Run:
    """How long a command took, and the most memory that its provider had."""

    seconds: float
    provider_bytes: int | None


def find_engine() -> Engine:
    """The engine of this machine; it is downloaded or built if there is none."""
    try:
        return engine.find_or_get()
    except StepError as error:
        raise NotMeasuredError(str(error)) from None


def with_bytecode(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """An environment in which Python compiles once, as where the package is installed. The checkout does not change."""
    return {**environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home / "bytecode")}


class Stack:
    """A stack of the program that `benchmarks.program` describes."""

    def __init__(self, engine: Engine, folder: Path, home: Path, environ: Mapping[str, str]) -> None:
        """Make it.

        Args:
            engine: What runs it.
            folder: Made for it; its name is the project's.
            home: The engine's files, for all stacks.
            environ: The address and the key of the emulator, and the floor's delay.
        """
        folder.mkdir(parents=True)
        # As the README tells users: the program runs where this process runs.
        (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n", encoding="utf-8")
        (folder / "__main__.py").write_text(TEXT, encoding="utf-8")
        paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.folder = folder
        self._stack = stacks.Stack(engine, folder, with_bytecode({**environ, "PYTHONPATH": paths}, home), home)
        self.run("stack", "init", "bench")

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None, watch_memory: bool = False) -> Run:
        """Run a command to its end.

        Raises:
            NotMeasuredError: It failed, or took too long; with the end of what it printed.
        """
        watched: list[processes.PeakMemory] = []

        def watch(process_id: int) -> None:
            if watch_memory:
                watched.append(processes.PeakMemory(process_id, *PROVIDERS))

        try:
            done = self._stack.ok(*arguments, timeout=MAX_SECONDS, watch=watch, **(environ or {}))
        except StepError as error:
            raise NotMeasuredError(str(error)) from None
        return Run(done.seconds, watched[0].stop() if watched else None)

    def export(self) -> list[dict[str, Any]]:
        """The resources in the state."""
        return list(self._stack.export()["deployment"].get("resources", []))

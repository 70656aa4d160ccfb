"""One stack on the real engine, with all its state in a folder of its own, and a stopwatch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import processes
from benchmarks.program import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
MAX_SECONDS = 3600
"""No command runs longer: it is ended, and counts as not measured."""


class NotMeasuredError(Exception):
    """Something could not be measured, and why."""


@dataclass(frozen=True)
class Engine:
    """What of `tools/engine.py`'s finding is needed."""

    pulumi: str
    version: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """How long a command took, and the most memory that its provider had."""

    seconds: float
    provider_bytes: int | None
    text: str


def find_engine(home: Path) -> Engine:
    """The engine of this machine, got if need be; its state and stacks below `home`."""
    from tools import engine  # noqa: PLC0415 - brings its own tools along

    try:
        found = engine.find_or_get()
    except engine.NoEngineError as error:
        raise NotMeasuredError(str(error)) from None
    return Engine(str(found.pulumi), found.version, with_bytecode(found.environment(home), home))


def with_bytecode(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """As where the package is installed: compiled once, not in every process. The checkout stays as it is."""
    kept = {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(home / "bytecode")}


class Stack:
    """A stack of the program that `benchmarks.program` describes."""

    def __init__(self, engine: Engine, folder: Path, environ: Mapping[str, str]) -> None:
        """Make it.

        Args:
            engine: What runs it.
            folder: Made for it; its name is the project's.
            environ: The address and the key of the emulator, and the floor's delay.
        """
        folder.mkdir(parents=True)
        # As the README tells users: the program runs where this process runs.
        (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n", encoding="utf-8")
        (folder / "__main__.py").write_text(TEXT, encoding="utf-8")
        self._engine, self.folder = engine, folder
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._environ = {**engine.environment, **environ, "PYTHONPATH": os.pathsep.join(paths)}
        self.run("stack", "init", "bench")

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None, watch_memory: bool = False) -> Run:
        """Run a command to its end.

        Raises:
            NotMeasuredError: It failed, or took too long; with the end of what it said.
        """
        command = [self._engine.pulumi, *arguments, "--non-interactive"]
        began = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - the engine found above
            command,
            cwd=self.folder,
            env={**self._environ, **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # its own group: ended as a whole
        ) as process:
            memory = processes.PeakMemory(process.pid, "pulumi.dynamic") if watch_memory else None
            text = _text(process)
            seconds = time.perf_counter() - began
        if process.returncode:
            told = " ".join(arguments)
            raise NotMeasuredError(f"`pulumi {told}` failed with exit code {process.returncode}:\n{text[-2000:]}")
        return Run(seconds, memory.stop() if memory else None, text)

    def export(self) -> list[dict[str, Any]]:
        """The resources as the state holds them."""
        deployment = json.loads(self.run("stack", "export").text)["deployment"]
        return list(deployment.get("resources", []))


def _text(process: subprocess.Popen[str]) -> str:
    """What the command prints, for as long as it may take."""
    try:
        text, _ = process.communicate(timeout=MAX_SECONDS)
    except BaseException as interrupt:
        for how in (signal.SIGTERM, signal.SIGKILL):
            os.killpg(process.pid, how)
            time.sleep(1)
        if isinstance(interrupt, subprocess.TimeoutExpired):
            raise NotMeasuredError(f"a command took longer than {MAX_SECONDS} s and was ended") from None
        raise
    return text

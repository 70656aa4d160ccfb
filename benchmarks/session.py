"""What every benchmark is given: an engine, stacks in a folder, and how thorough to be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import requests

from benchmarks import processes
from benchmarks.measure import NotMeasuredError, Sample
from benchmarks.program import TEXT
from tools import engine, stacks
from tools.commands import StepError
from tools.pinned import ROOT
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from benchmarks.program import Program
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

PROJECT = "proj_demo"
ROWS = 150
DELAY_SECONDS = 0.1
PATHS = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
"""The folders from which Python imports: this clone first."""
UP = ("up", "--yes", "--skip-preview")
PROVIDERS = ("pulumi.dynamic", "pulumi-resource-openai-admin")
"""What is in the command of a provider's process: the dynamic and the native one."""
MAX_SECONDS = 3600
"""No command runs longer: it is ended, and counts as not measured."""
_REFUSED = re.compile(r"ft:|.*-shared$|gpt-4-32k|gpt-image-0")
"""Rows that OpenAI, and so the emulator, lets nobody change."""


_COMMAND = """
import resource, sys
from pulumi_openai_admin.cli.__main__ import run
try:
    run()
finally:
    sys.stderr.write(f"\\n{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")
"""
"""The command, and its peak memory in the last line of stderr."""


@dataclass
class Session:
    """One run of the benchmarks."""

    work: Path
    """A folder that is thrown away afterwards."""
    quick: bool
    large: bool
    step: Callable[[str], None]
    """Tells the reader what comes now."""

    def __post_init__(self) -> None:
        self._numbers = count(1)

    @cached_property
    def engine(self) -> Engine:
        """The engine of this machine, when the first benchmark needs it; it is downloaded or built if there is none."""
        try:
            return engine.find_or_get()
        except StepError as error:
            raise NotMeasuredError(str(error)) from None

    @property
    def repetitions(self) -> int:
        """How often what is compared is repeated."""
        return 3 if self.quick else 5

    def stack(self, emulator: EmulatorServer, delay_seconds: float = 0) -> Stack:
        """A new stack that talks to the emulator, or sleeps as long as a call takes there."""
        folder, home = self.work / f"stack{next(self._numbers)}", self.work / "home"
        folder.mkdir(parents=True)
        # As the README tells users: the program runs where this process runs.
        (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n", encoding="utf-8")
        (folder / "__main__.py").write_text(TEXT, encoding="utf-8")
        environ = {"BENCHMARK_DELAY_SECONDS": str(delay_seconds), **environ_of(emulator), **python_environment(home)}
        stack = Stack(stacks.Stack(self.engine, folder, environ, home), emulator)
        stack.run("stack", "init", "bench")
        return stack


@dataclass(frozen=True)
class Stack:
    """A stack of the program that `benchmarks.program` describes, with all its state in a folder of its own."""

    stack: stacks.Stack
    emulator: EmulatorServer

    def run(
        self,
        *arguments: str,
        program: Program | None = None,
        environ: Mapping[str, str] = MappingProxyType({}),
        watch_memory: bool = False,
    ) -> Sample:
        """Run a command to its end, and keep what the emulator was asked meanwhile.

        Raises:
            NotMeasuredError: It failed, or took too long; with the end of what it printed.
        """
        watched: list[processes.PeakMemory] = []

        def watch(process_id: int) -> None:
            if watch_memory:
                watched.append(processes.PeakMemory(process_id, *PROVIDERS))

        own = {**environ, **(program.environment() if program else {})}
        self.emulator.control.clear_requests()
        try:
            done = self.stack.ok(*arguments, timeout=MAX_SECONDS, watch=watch, **own)
        except StepError as error:
            raise NotMeasuredError(str(error)) from None
        return Sample(done.seconds, self.emulator.control.requests(), watched[0].stop() if watched else None)

    def export(self) -> list[dict[str, Any]]:
        """The resources in the state."""
        return list(self.stack.export()["deployment"].get("resources", []))


def python_environment(home: Path) -> dict[str, str]:
    """The variables with which Python compiles once, as where the package is installed. This clone does not change."""
    return {"PYTHONPATH": PATHS, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home / "bytecode")}


def run_command(emulator: EmulatorServer, *arguments: str) -> Sample:
    """Run a command of the package: its time, what the emulator was asked, and its peak memory."""
    emulator.control.clear_requests()
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", _COMMAND, *arguments],
        env={**os.environ, **environ_of(emulator), "PYTHONPATH": PATHS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise NotMeasuredError(f"`{arguments[0]}` failed with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    peak = int(done.stderr.split()[-1]) * (1 if sys.platform == "darwin" else 1024)
    return Sample(seconds, emulator.control.requests(), peak)


def projects_of(emulator: EmulatorServer, ways: Iterable[str]) -> dict[str, str]:
    """A new project for each way: in the same project, the second would find the limits that it wants."""
    projects = {way: f"proj_bench{number}" for number, way in enumerate(ways)}
    emulator.control.seed({"projects": [{"id": id_, "name": id_} for id_ in projects.values()]})
    return projects


def models(emulator: EmulatorServer, project: str = PROJECT) -> list[str]:
    """The models whose limits can be changed in a project, as the emulator lists them."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy has no way to this machine's own addresses
        reply = session.get(
            f"{emulator.base_url}/organization/projects/{project}/rate_limits",
            params={"limit": 1000},
            headers={"Authorization": f"Bearer {emulator.admin_key}"},
            timeout=30,
        )
    reply.raise_for_status()
    listed = [row["model"] for row in reply.json()["data"]]
    return [model for model in listed if not _REFUSED.match(model)]

"""What every benchmark is given: an engine, an emulator, a folder, and how thorough to be."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

import requests

from benchmarks.stack import Stack, find_engine
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tools.engine import Engine

PROJECT = "proj_demo"
ROWS = 150
DELAY_SECONDS = 0.1
_REFUSED = re.compile(r"ft:|.*-shared$|gpt-4-32k|gpt-image-0")
"""Rows that OpenAI, and so the emulator, lets nobody change."""


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
        """The engine, found when the first benchmark needs it."""
        return find_engine()

    @property
    def repetitions(self) -> int:
        """How often what is compared is repeated."""
        return 3 if self.quick else 5

    @contextmanager
    def emulator(self) -> Iterator[EmulatorServer]:
        """An emulator of one's own."""
        with EmulatorServer() as server:
            yield server

    def stack(self, emulator: EmulatorServer, delay_seconds: float = 0) -> Stack:
        """A new stack that talks to the emulator, or sleeps as long as a call takes there."""
        environ = {
            "OPENAI_ADMIN_KEY": emulator.admin_key,
            "OPENAI_BASE_URL": emulator.base_url,
            "BENCHMARK_DELAY_SECONDS": str(delay_seconds),
        }
        return Stack(self.engine, self.work / f"stack{next(self._numbers)}", self.work / "home", environ)


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

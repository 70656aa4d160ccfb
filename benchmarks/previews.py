"""Previews that ask OpenAI (`previewReads`), beside the same previews that do not, at 100 ms a call.

Each project has what a team has: limits, a spend limit, model permissions, members and a service account.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, Sample, Table
from benchmarks.program import TEAM, Program
from benchmarks.session import DELAY_SECONDS, UP
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from benchmarks.session import Session, Stack

SIZES, _QUICK = (1, 10), (1, 4)
_MODELS = ["gpt-4o", "gpt-4o-mini"]
FIRST, UNCHANGED, CHANGED = "first preview", "preview without changes", "preview of a change in each project"
THROTTLED_PROJECTS = 20
A_MINUTE = 10
"""Requests to one endpoint, as observed of OpenAI."""


def measure(session: Session) -> Report:
    """The time of a preview that asks, divided by that of one that does not; its requests for each project."""
    sizes = _QUICK if session.quick else SIZES
    figures, rows = [], list[list[str]]()
    with EmulatorServer() as emulator:
        for size in sizes:
            for step, pairs in _compared(session, emulator, size).items():
                seconds = [median(pair[asks].seconds for pair in pairs) for asks in (0, 1)]
                requests = [max(len(pair[asks].requests) for pair in pairs) for asks in (0, 1)]
                ratio = median(asking.seconds / silent.seconds for silent, asking in pairs)
                rows.append(
                    [str(size), step, f"{seconds[0]:.2f}", f"{seconds[1]:.2f}", f"{ratio:.2f}", *map(str, requests)]
                )
                if size == sizes[-1]:
                    absolute = {"projects": size, "seconds": seconds[1], "seconds_without": seconds[0]}
                    figures += [
                        Figure(f"{step}: time", round(ratio, 3), "x without asking", absolute=absolute),
                        Figure(f"{step}: requests", round(requests[1] / size, 2), "for each project"),
                    ]
        if not session.quick:
            figures.append(_throttled(session, emulator))
    columns = ["projects", "preview", "s", "s, asking", "ratio", "requests", "requests, asking"]
    return Report(figures, [Table("Previews that ask", columns, rows)])


def _compared(session: Session, emulator: EmulatorServer, size: int) -> dict[str, list[tuple[Sample, Sample]]]:
    """By step, pairs of a preview that does not ask and one that does."""
    pairs: dict[str, list[tuple[Sample, Sample]]] = defaultdict(list)
    for number in range(1, session.repetitions + 1):
        emulator.control.reset()
        stack, projects = _stack(session, emulator, size)
        emulator.control.world(latency_seconds=DELAY_SECONDS)
        before, after = (Program(TEAM, dict.fromkeys(projects, _MODELS), limit) for limit in (60, 61))
        for step, program in ((FIRST, before), (UNCHANGED, before), (CHANGED, after)):
            if step == UNCHANGED:
                stack.run(*UP, program=before)
            samples = {}
            for asks in (False, True) if number % 2 else (True, False):
                session.step(f"{step}, {size} projects, {'asking' if asks else 'not asking'}, {number}")
                stack.run("config", "set", "openai-admin:previewReads", str(asks).lower())
                samples[asks] = stack.run("preview", program=program)
            pairs[step].append((samples[False], samples[True]))
    return pairs


def _throttled(session: Session, emulator: EmulatorServer) -> Figure:
    """A first preview of many projects, where OpenAI accepts ten requests a minute to one endpoint."""
    session.step(f"first preview of {THROTTLED_PROJECTS} projects at {A_MINUTE} requests a minute")
    emulator.control.reset()
    stack, projects = _stack(session, emulator, THROTTLED_PROJECTS)
    emulator.control.world(throttle={"per_minute": A_MINUTE, "burst": A_MINUTE, "advice": "retry-after"})
    stack.run("config", "set", "openai-admin:previewReads", "true")
    sample = stack.run("preview", program=Program(TEAM, dict.fromkeys(projects, _MODELS), 60))
    name = f"{FIRST} of {THROTTLED_PROJECTS} projects at {A_MINUTE} requests a minute"
    return Figure(name, round(sample.seconds, 1), "s")


def _stack(session: Session, emulator: EmulatorServer, size: int) -> tuple[Stack, list[str]]:
    projects = [f"proj_bench{number}" for number in range(size)]
    emulator.control.seed({"projects": [{"id": id_, "name": id_} for id_ in projects]})
    return session.stack(emulator), projects
